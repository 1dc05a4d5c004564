"""Make the town, sheet by sheet, and write it into every source as it goes."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from ingest.generatore.caso import Obblighi, new_caso
from ingest.generatore.comune import Comune, find
from ingest.generatore.difetti import plant
from ingest.generatore.fabbricati import furnish
from ingest.generatore.fogli import Foglio, draw_sheets, expected_buildings
from ingest.generatore.forniture import Fornitura, open_supplies
from ingest.generatore.maglia import Maglia, weave
from ingest.generatore.modello import Difetto, Mondo
from ingest.generatore.persone import Popolo
from ingest.generatore.pianta import Pianta, plan
from ingest.generatore.proiezione import Proiezione
from ingest.generatore.rilievo import Numeratore, Poderi, Territorio, survey
from ingest.generatore.scrittura.censuario import Censuario
from ingest.generatore.scrittura.cxf import MappaCtf
from ingest.generatore.scrittura.dichiarazioni import Dichiarazioni
from ingest.generatore.scrittura.edifici import Edifici
from ingest.generatore.scrittura.imu import Posizioni, write_rates
from ingest.generatore.scrittura.indirizzi import Indirizzi
from ingest.generatore.scrittura.mappa import MappaGml
from ingest.generatore.scrittura.piano import Piano
from ingest.generatore.scrittura.popolazione import Anagrafe
from ingest.generatore.semi import sow
from ingest.generatore.speciali import choose_places
from ingest.generatore.storia import reshape
from ingest.generatore.storie import STORIE, tell
from ingest.generatore.strade import half_widths, name_streets, rename_some
from ingest.generatore.terreni import assess
from ingest.generatore.titoli import Possidenti, people
from ingest.generatore.verita import Verita
from ingest.generatore.vicende import Vicende

#: Share of the buildings that stand in towns and villages, farms and lone houses apart.
_MINIMO_URBANO: Final = 0.78
_MASSIMO_URBANO: Final = 0.90

#: What even the smallest town must show.
_DA_MOSTRARE: Final = (
    "nuova_costruzione", "demolizione", "ampliamento_non_dichiarato", "edificio_non_dichiarato",
    "divisione_edifici", "fusione_edifici", "divisione_particelle", "fusione_particelle",
    "rettifica", "vendita", "vendita_tardiva", "residente_civico_errato", "omonimi",
    "rendita_diversa",
)  # fmt: skip

type Progress = Callable[[int, int], None]


@dataclass(frozen=True, slots=True)
class Riepilogo:
    """What was made."""

    comune: str
    denominazione: str
    edifici: int
    fogli: int
    forniture: tuple[Path, ...]
    verita: Path
    secondi: float


def genera(
    comune: str, edifici: int, seme: int, cartella: Path, progress: Progress | None = None
) -> Riepilogo:
    """Write an invented town under a real municipality code; ``progress`` gets (done, of)."""
    inizio = time.monotonic()
    dove = find(comune)
    cartella.mkdir(parents=True, exist_ok=True)
    pianta, maglia = _lay_out(edifici, seme)
    viario = name_streets(pianta, maglia, seme)
    rename_some(viario, seme)
    fogli = draw_sheets(maglia)
    speciali = choose_places(pianta, maglia)
    territorio = Territorio(
        maglia,
        half_widths(maglia, pianta.larghezza_fiume, seme),
        viario,
        speciali,
        pianta.larghezza_fiume * 500,
        seme,
    )
    proiezione = Proiezione(dove)
    forniture = open_supplies(cartella)
    piano = Piano(dove, proiezione, pianta, maglia, fogli, speciali)
    piano.write(forniture)
    write_rates(dove, forniture)
    verita = Verita(cartella, dove, piano.zone_of)
    cantiere = _Cantiere(dove, proiezione, forniture, verita, territorio, edifici)
    fatti = cantiere.build(fogli, progress)
    cantiere.finish()
    return Riepilogo(
        dove.belfiore,
        dove.nome,
        fatti,
        len(fogli),
        tuple(f.cartella for f in forniture),
        cartella / "verita.json",
        time.monotonic() - inizio,
    )


def _lay_out(edifici: int, seme: int) -> tuple[Pianta, Maglia]:
    """Plan the territory until towns make up most of the buildings, and farms the rest."""
    scala = 1.0
    tentativi = 4
    while True:
        pianta = plan(edifici, seme, scala)
        maglia = weave(pianta, sow(pianta, seme))
        quota = sum(expected_buildings(maglia)) / edifici
        tentativi -= 1
        if not tentativi or _MINIMO_URBANO < quota < _MASSIMO_URBANO:
            return pianta, maglia
        scala *= (_MINIMO_URBANO + _MASSIMO_URBANO) / 2 / quota


class _Cantiere:
    """Holds the writers while the sheets go by."""

    def __init__(
        self,
        comune: Comune,
        proiezione: Proiezione,
        forniture: list[Fornitura],
        verita: Verita,
        territorio: Territorio,
        voluti: int,
    ) -> None:
        self.comune = comune
        self.territorio = territorio
        self.forniture = forniture
        self.voluti = voluti
        self.fatti = 0
        self.poderi = Poderi()
        self.obblighi = Obblighi(_DA_MOSTRARE)
        self.numeri = Numeratore()
        popolo = Popolo(self.numeri, comune.belfiore, voluti)
        self.possidenti = Possidenti(popolo, self.numeri, comune.nome)
        self.verita = verita
        self.proiezione = proiezione
        self.mancano = set(STORIE)
        self.censuario = Censuario(comune, forniture, self.verita)
        self.mappa = MappaGml(comune, proiezione, forniture)
        self.disegno = MappaCtf(comune, proiezione, forniture)
        self.edifici = Edifici(comune, proiezione, forniture, self.verita, territorio.seme)
        self.indirizzi = Indirizzi(comune, proiezione, forniture)
        self.anagrafe = Anagrafe(comune, forniture)
        self.posizioni = Posizioni(comune, forniture)
        self.dichiarazioni = Dichiarazioni(comune, forniture)

    def build(self, fogli: list[Foglio], progress: Progress | None) -> int:
        """Make and write the sheets, the built-up ones first; return the buildings made."""
        ordine = sorted(fogli, key=lambda f: (-f.attesi, f.numero))
        attesi = sum(f.attesi for f in fogli)
        campagna = sum(f.campagna for f in fogli)
        for n, foglio in enumerate(ordine):
            ultimo = n == len(ordine) - 1
            mancano = self.voluti - self.fatti - attesi
            self.poderi.spread(mancano, foglio.campagna if ultimo else campagna)
            mondo = self._make(foglio)
            attesi -= foglio.attesi
            campagna -= foglio.campagna
            self._write(mondo)
            if progress is not None:
                progress(min(self.fatti, self.voluti), self.voluti)
        return self.fatti

    def _make(self, foglio: Foglio) -> Mondo:
        seme = self.territorio.seme
        mondo = survey(self.territorio, foglio, self.poderi, self.numeri)
        self.fatti += len(mondo.edifici)
        caso = new_caso(seme, "mondo", foglio.numero)
        reshape(mondo, self.numeri, caso, self.obblighi)
        assess(mondo, caso)
        furnish(mondo, self.numeri, caso)
        people(mondo, self.possidenti, self.numeri, caso)
        Vicende(mondo, self.possidenti, self.numeri, caso, self.obblighi).run()
        plant(mondo, self.possidenti, self.numeri, caso, self.obblighi)
        self.verita.storie += tell(mondo, self.proiezione, self.mancano)
        return mondo

    def _write(self, mondo: Mondo) -> None:
        for scrittore in (
            self.censuario,
            self.mappa,
            self.disegno,
            self.edifici,
            self.indirizzi,
            self.anagrafe,
            self.posizioni,
            self.dichiarazioni,
            self.verita,
        ):
            scrittore.write(mondo)

    def finish(self) -> None:
        """Close what stays open to the end."""
        self.indirizzi.finish(self.territorio.viario.strade)
        self.mappa.finish()
        self.edifici.finish()
        self.dichiarazioni.finish()
        self._damage()
        self.censuario.finish()
        for fornitura in self.forniture:
            fornitura.close()
        self.verita.finish(self.forniture, self.territorio.seme, self.fatti)

    def _damage(self) -> None:
        """Append a few lines no reader can take, in the middle supply."""
        fornitura = self.forniture[len(self.forniture) // 2]
        codice = self.comune.belfiore
        for nome, riga in (
            (
                self.censuario.name("fabbricati", fornitura, "FAB"),
                f"{codice}| |1|F|1|1||A02|03|\r\n",
            ),
            (
                self.censuario.name("fabbricati", fornitura, "TIT"),
                f"{codice}| |1|P|1|F|10||1|1|\r\n",
            ),
            (
                self.anagrafe.name(fornitura),
                f"{self.comune.istat[:3]};{self.comune.istat[3:]};1;1\n",
            ),
            (self.indirizzi.name("INDIR", fornitura), f"{codice};{self.comune.istat};VIA\n"),
            (self.posizioni.name(fornitura), f"1;1;VIA;{codice}\n"),
        ):
            fornitura.append(nome, riga)
            guasto = Difetto(
                "riga_malformata",
                fornitura.data.isoformat(),
                nome,
                str(fornitura.righe[nome]),
                "",
                "",
            )
            self.verita.plant([guasto])
