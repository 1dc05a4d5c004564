"""Make the town, sheet by sheet, and write it into every source as it goes."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from ingest.generatore.caso import Obblighi, new_caso
from ingest.generatore.comune import Comune, find
from ingest.generatore.contesto import Contesto
from ingest.generatore.demografia import Demografia
from ingest.generatore.difetti import plant
from ingest.generatore.fabbricati import furnish
from ingest.generatore.fogli import Foglio
from ingest.generatore.forniture import Fornitura, open_supplies
from ingest.generatore.modello import Difetto, Mondo
from ingest.generatore.persone import Popolo
from ingest.generatore.proiezione import Proiezione
from ingest.generatore.quadro import Quadro, lay_out
from ingest.generatore.rilievo import Numeratore, Poderi, survey
from ingest.generatore.scrittura.censuario import Censuario
from ingest.generatore.scrittura.cxf import MappaCtf
from ingest.generatore.scrittura.dichiarazioni import Dichiarazioni
from ingest.generatore.scrittura.edifici import Edifici
from ingest.generatore.scrittura.imu import Posizioni, write_rates
from ingest.generatore.scrittura.indirizzi import Indirizzi
from ingest.generatore.scrittura.mappa import MappaGml
from ingest.generatore.scrittura.piano import Piano, Zonizzazione
from ingest.generatore.scrittura.popolazione import Anagrafe
from ingest.generatore.storia import reshape
from ingest.generatore.storie import STORIE, tell
from ingest.generatore.terreni import assess
from ingest.generatore.titoli import Possidenti, people
from ingest.generatore.verita import Verita
from ingest.generatore.vicende import Vicende

#: What even the smallest town must show.
_DA_MOSTRARE: Final = (
    "nuova_costruzione", "demolizione", "ampliamento_non_dichiarato", "edificio_non_dichiarato",
    "divisione_edifici", "fusione_edifici", "divisione_particelle", "fusione_particelle",
    "rettifica", "vendita", "vendita_tardiva", "residente_civico_errato", "omonimi",
    "rendita_diversa",
    "riga_doppia",
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
    """Write an invented town under a real municipality code; ``progress`` gets (done, of).

    ``verita.json`` is written last: without it the folder is not complete.
    """
    inizio = time.monotonic()
    dove = find(comune)
    cartella.mkdir(parents=True, exist_ok=True)
    forniture = open_supplies(cartella)
    write_rates(dove, forniture)
    cantiere = _Cantiere(dove, forniture, cartella, edifici, seme)
    fogli = 0
    for quadro in lay_out(edifici, seme):
        cantiere.build(quadro, progress)
        fogli += len(quadro.fogli)
    cantiere.finish()
    return Riepilogo(
        dove.belfiore,
        dove.nome,
        cantiere.fatti,
        fogli,
        tuple(f.cartella for f in forniture),
        cartella / "verita.json",
        time.monotonic() - inizio,
    )


class _Cantiere:
    """Holds the writers while the sheets go by."""

    def __init__(
        self, comune: Comune, forniture: list[Fornitura], cartella: Path, voluti: int, seme: int
    ) -> None:
        self.comune = comune
        self.forniture = forniture
        self.voluti = voluti
        self.seme = seme
        self.fatti = 0
        self.poderi = Poderi()
        self.obblighi = Obblighi(_DA_MOSTRARE)
        self.mancano = set(STORIE)
        self.numeri = Numeratore()
        popolo = Popolo(self.numeri, comune.belfiore, voluti)
        self.possidenti = Possidenti(popolo, self.numeri, comune.nome)
        self.proiezione = Proiezione(comune)
        self.verita = Verita(cartella, comune)
        self.piano = Piano(comune, self.proiezione, forniture)
        self.censuario = Censuario(comune, forniture, self.verita)
        self.mappa = MappaGml(comune, self.proiezione, forniture)
        self.disegno = MappaCtf(comune, self.proiezione, forniture)
        self.edifici = Edifici(comune, self.proiezione, forniture, self.verita, seme)
        self.indirizzi = Indirizzi(comune, self.proiezione, forniture)
        self.anagrafe = Anagrafe(comune, forniture)
        self.posizioni = Posizioni(comune, forniture)
        self.dichiarazioni = Dichiarazioni(comune, forniture)

    def build(self, quadro: Quadro, progress: Progress | None) -> None:
        """Make and write the sheets of a square, the built-up ones first."""
        self.proiezione.move(quadro.parte.x, quadro.parte.y)
        zone = Zonizzazione(quadro)
        self.piano.write(quadro, zone)
        self.verita.zona = zone.zone_of
        traguardo = self.fatti + quadro.parte.edifici
        self.poderi.capienza = quadro.parte.edifici
        ordine = sorted(quadro.fogli, key=lambda f: (-f.attesi, f.numero))
        attesi = sum(f.attesi for f in ordine)
        campagna = sum(f.campagna for f in ordine)
        for foglio in ordine:
            ultimo = foglio is ordine[-1]
            mancano = traguardo - self.fatti - attesi
            self.poderi.spread(mancano, foglio.campagna if ultimo else campagna)
            mondo = self._make(quadro, foglio)
            attesi -= foglio.attesi
            campagna -= foglio.campagna
            self._write(mondo)
            if progress is not None:
                progress(min(self.fatti, self.voluti), self.voluti)
        self.indirizzi.write_streets(quadro.territorio.viario.strade)

    def _make(self, quadro: Quadro, foglio: Foglio) -> Mondo:
        mondo = survey(quadro.territorio, foglio, self.poderi, self.numeri)
        self.fatti += len(mondo.edifici)
        caso = new_caso(quadro.seme, "mondo", foglio.numero)
        reshape(mondo, self.numeri, caso, self.obblighi)
        assess(mondo, caso)
        furnish(mondo, self.numeri, caso)
        people(mondo, self.possidenti, self.numeri, caso)
        contesto = Contesto(mondo, self.possidenti, self.numeri, caso, self.obblighi)
        Vicende(contesto).run()
        Demografia(contesto).run()
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
        self.piano.finish()
        self.mappa.finish()
        self.edifici.finish()
        self.dichiarazioni.finish()
        self._damage()
        self.censuario.finish()
        for fornitura in self.forniture:
            fornitura.close()
        self.verita.finish(self.forniture, self.seme, self.fatti)

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
