"""Make the town, sheet by sheet, and write it into every source as it goes."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from ingest.generatore.caso import new_caso
from ingest.generatore.comune import Comune, find
from ingest.generatore.difetti import plant
from ingest.generatore.fabbricati import furnish
from ingest.generatore.fogli import Foglio, draw_sheets, expected_buildings
from ingest.generatore.forniture import Fornitura, open_supplies
from ingest.generatore.maglia import Maglia, weave
from ingest.generatore.modello import Mondo
from ingest.generatore.persone import Popolo
from ingest.generatore.pianta import Pianta, plan
from ingest.generatore.proiezione import Proiezione
from ingest.generatore.rilievo import Numeratore, Territorio, survey
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
from ingest.generatore.strade import half_widths, name_streets, rename_some
from ingest.generatore.terreni import assess
from ingest.generatore.titoli import Possidenti, people
from ingest.generatore.verita import Verita
from ingest.generatore.vicende import Vicende

#: Share of the buildings that stand in towns and villages, farms and lone houses apart.
_MINIMO_URBANO: Final = 0.78
_MASSIMO_URBANO: Final = 0.90

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
    viario = name_streets(pianta, maglia, dove.nome, seme)
    rename_some(viario, seme)
    fogli = draw_sheets(maglia)
    speciali = choose_places(pianta, maglia)
    territorio = Territorio(
        maglia, half_widths(maglia, pianta.larghezza_fiume, seme), viario, speciali,
        pianta.larghezza_fiume * 500, seme,
    )  # fmt: skip
    proiezione = Proiezione(dove)
    forniture = open_supplies(cartella)
    Piano(dove, proiezione, pianta, maglia, fogli, speciali).write(forniture)
    write_rates(dove, forniture)
    cantiere = _Cantiere(dove, proiezione, forniture, cartella, territorio, edifici)
    fatti = cantiere.build(fogli, progress)
    cantiere.finish()
    return Riepilogo(
        dove.belfiore, dove.nome, fatti, len(fogli), tuple(f.cartella for f in forniture),
        cartella / "verita.json", time.monotonic() - inizio,
    )  # fmt: skip


def _lay_out(edifici: int, seme: int) -> tuple[Pianta, Maglia]:
    """Plan the territory until towns make up most of the buildings, and farms the rest."""
    scala = 1.0
    for _ in range(4):
        pianta = plan(edifici, seme, scala)
        maglia = weave(pianta, sow(pianta, seme))
        quota = sum(expected_buildings(maglia)) / edifici
        if _MINIMO_URBANO < quota < _MASSIMO_URBANO:
            break
        scala *= (_MINIMO_URBANO + _MASSIMO_URBANO) / 2 / quota
    return pianta, maglia


class _Cantiere:
    """Holds the writers while the sheets go by."""

    def __init__(
        self,
        comune: Comune,
        proiezione: Proiezione,
        forniture: list[Fornitura],
        cartella: Path,
        territorio: Territorio,
        voluti: int,
    ) -> None:
        self.comune = comune
        self.territorio = territorio
        self.forniture = forniture
        self.voluti = voluti
        self.fatti = 0
        self.resto = 0.0
        self.numeri = Numeratore()
        popolo = Popolo(self.numeri, comune.belfiore)
        self.possidenti = Possidenti(popolo, self.numeri, comune.nome)
        self.verita = Verita(cartella, comune)
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
            poderi = self._farms(mancano, foglio.campagna if ultimo else campagna)
            mondo = self._make(foglio, poderi, sicuro=n == 0)
            attesi -= foglio.attesi
            campagna -= foglio.campagna
            self._write(mondo)
            if progress is not None:
                progress(min(self.fatti, self.voluti), self.voluti)
        return self.fatti

    def _farms(self, mancano: float, celle: int) -> Iterator[int]:
        """Spread the farm buildings that are wanted over the country left."""
        tasso = max(0.0, mancano / celle) if celle else 0.0
        while True:
            # A farm is more than one building: wait until there are enough for one.
            self.resto += tasso
            quanti = int(self.resto) if self.resto >= 2.5 else 0
            self.resto -= quanti
            yield quanti

    def _make(self, foglio: Foglio, poderi: Iterator[int], *, sicuro: bool) -> Mondo:
        seme = self.territorio.seme
        mondo = survey(self.territorio, foglio, poderi, self.numeri)
        self.fatti += len(mondo.edifici)
        caso = new_caso(seme, "mondo", foglio.numero)
        self.possidenti.popolo.codici.clear()
        reshape(mondo, self.numeri, caso, sicuro=sicuro)
        assess(mondo, caso)
        furnish(mondo, self.numeri, caso)
        people(mondo, self.possidenti, self.numeri, caso)
        Vicende(mondo, self.possidenti, self.numeri, caso, sicuro=sicuro).run()
        plant(mondo, self.possidenti, self.numeri, caso, sicuro=sicuro)
        return mondo

    def _write(self, mondo: Mondo) -> None:
        for scrittore in (
            self.censuario, self.mappa, self.disegno, self.edifici, self.indirizzi, self.anagrafe, self.posizioni,
            self.dichiarazioni, self.verita,
        ):  # fmt: skip
            scrittore.write(mondo)

    def finish(self) -> None:
        """Close what stays open to the end."""
        self.indirizzi.finish(self.territorio.viario.strade)
        self.mappa.finish()
        self.edifici.finish()
        self.dichiarazioni.finish()
        self.censuario.finish()
        for fornitura in self.forniture:
            fornitura.close()
        self.verita.finish(self.forniture, self.territorio.seme, self.fatti)


__all__ = ["Pianta", "Riepilogo", "genera"]
