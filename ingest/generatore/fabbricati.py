"""Urban units of each building: categories, classes, sizes and rendite as one meets them."""

from __future__ import annotations

import random
from datetime import date, timedelta
from typing import Final

from ingest.generatore.caso import Pesi
from ingest.generatore.modello import MAI, Civico, Edificio, Mondo, StatoUnita, Unita
from ingest.generatore.poligoni import area_mq
from ingest.generatore.rilievo import Numeratore

#: Euro for each unit of size (vani, m³, m²) of the first class, and growth by class.
TARIFFE: Final = {
    "A01": (148.0, 1.18), "A02": (61.97, 1.17), "A03": (43.90, 1.18), "A04": (30.99, 1.18),
    "A05": (23.24, 1.17), "A06": (25.82, 1.16), "A07": (74.89, 1.17), "A08": (110.0, 1.17),
    "A10": (180.76, 1.18), "B04": (0.93, 1.2), "B05": (0.77, 1.2), "C01": (11.93, 1.17),
    "C02": (1.24, 1.18), "C03": (2.27, 1.17), "C06": (2.01, 1.18), "C07": (0.46, 1.2),
}  # fmt: skip
_CLASSI: Final = {
    "A01": 3, "A02": 5, "A03": 6, "A04": 6, "A05": 5, "A06": 4, "A07": 4, "A08": 3, "A10": 4,
    "B04": 2, "B05": 3, "C01": 10, "C02": 9, "C03": 7, "C06": 8, "C07": 3,
}  # fmt: skip
#: Public buildings: category, and whether it is measured in cubic metres.
_PUBBLICI: Final = {
    "chiesa": ("E07", False),
    "cimitero": ("E08", False),
    "municipio": ("B04", True),
    "scuola": ("B05", True),
}
_PIANI: Final = ("T", "1", "2", "3", "4", "5", "6")
_NUCLEO: Final = Pesi((("A04", 44), ("A03", 27), ("A02", 11), ("A05", 12), ("A06", 4), ("A10", 2)))
_PALAZZO: Final = Pesi((("A02", 52), ("A03", 24), ("A10", 16), ("A01", 3), ("A04", 5)))
_FLATS: Final = Pesi((("A02", 58), ("A03", 40), ("A10", 2)))
_COTTAGE: Final = Pesi((("A07", 60), ("A02", 19), ("A03", 19), ("A08", 2)))


def rendita(categoria: str, classe: str, consistenza: float) -> int:
    """Return the cadastral income in cents of a unit with a tariff.

    >>> rendita("A02", "01", 5.0)
    30985
    """
    base, crescita = TARIFFE[categoria]
    n = 1 if classe == "U" else int(classe)
    return round(round(base * crescita ** (n - 1), 2) * consistenza * 100)


def furnish(mondo: Mondo, numeri: Numeratore, caso: random.Random) -> None:
    """Give every building of a sheet its units."""
    derivati = {id(e.madre or e.figlia) for e in mondo.edifici if e.madre or e.figlia}
    for edificio in mondo.edifici:
        # A house split or joined keeps its units; one never declared has none.
        if id(edificio) in derivati or edificio.in_mappa_dal == MAI:
            continue
        _Accatastamento(mondo, edificio, numeri, caso).run()


class _Accatastamento:
    """Declares the units of one building, one subalterno after the other."""

    def __init__(
        self, mondo: Mondo, edificio: Edificio, numeri: Numeratore, caso: random.Random
    ) -> None:
        self.mondo = mondo
        self.edificio = edificio
        self.numeri = numeri
        self.caso = caso
        impronta = edificio.impronte[0]
        self.mq = area_mq(impronta.anello) - (area_mq(impronta.corte) if impronta.corte else 0)
        self.interno = 0

    def run(self) -> None:
        """Choose by kind of building."""
        genere = self.edificio.genere
        if genere in _PUBBLICI:
            categoria, misurata = _PUBBLICI[genere]
            if misurata:
                self._sized(categoria, round(self.mq * self.edificio.piani * 3.6), "T")
            else:
                self._fixed(categoria, None)
            return
        {
            "casa": self._old_house,
            "palazzo": self._block_of_flats,
            "palazzina": self._block_of_flats,
            "villino": self._cottage,
            "schiera": self._cottage,
            "colonica": self._farmhouse,
            "capannone": self._shed,
            "rimessa": self._garage,
            "fienile": self._barn,
            "stalla": self._barn,
            "tettoia": self._barn,
        }[genere]()

    def _old_house(self) -> None:
        caso, piani = self.caso, self.edificio.piani
        if self.mq < 14:
            self._sized("C02", max(4, round(self.mq * 0.8)), "T")
            return
        primo = 0
        sorte = caso.random()
        if sorte < 0.50 and self.mq > 25:
            categoria = "C01" if sorte < 0.16 else "C02" if sorte < 0.32 else "C06"
            self._sized(categoria, max(6, round(self.mq * caso.uniform(0.4, 0.75))), "T")
            primo = 1
        livelli = list(range(primo, piani))
        if not livelli:
            return
        alloggi = 1 if self.mq * len(livelli) < 170 else caso.choice((1, 2, 2, 3))
        per_alloggio = max(1, len(livelli) // alloggi)
        for n in range(min(alloggi, len(livelli))):
            piano = "-".join(
                _PIANI[p] for p in livelli[n * per_alloggio : (n + 1) * per_alloggio][:2]
            )
            self._dwelling(_NUCLEO.draw(caso), self.mq * per_alloggio * 0.86, piano)

    def _block_of_flats(self) -> None:
        caso, edificio = self.caso, self.edificio
        antico = edificio.genere == "palazzo"
        taglio = caso.uniform(85, 150) if antico else caso.uniform(68, 115)
        per_piano = max(1, min(4, round(self.mq * 0.86 / taglio)))
        self._common()
        if antico:
            for _ in range(caso.choice((0, 1, 2, 2))):
                self._sized("C01", caso.randint(22, 110), "T")
        primo = 1 if antico or caso.random() < 0.6 else 0
        scelta = _PALAZZO if antico else _FLATS
        for p in range(primo, edificio.piani):
            for _ in range(per_piano):
                alloggio = self._dwelling(scelta.draw(caso), self.mq * 0.86 / per_piano, _PIANI[p])
                if not antico and caso.random() < 0.8:
                    box = self._sized("C06", caso.randint(13, 24), "S1" if primo == 0 else "T")
                    box.principale = alloggio

    def _cottage(self) -> None:
        caso, piani = self.caso, self.edificio.piani
        due = self.edificio.genere == "villino" and piani > 1 and caso.random() < 0.25
        for n in range(2 if due else 1):
            piano = _PIANI[n] if due else "-".join(_PIANI[:piani][:2])
            mq = self.mq * (1 if due else piani) * 0.84
            categoria = (
                _COTTAGE.draw(caso)
                if self.edificio.genere == "villino"
                else caso.choice(("A03", "A02", "A07"))
            )
            alloggio = self._dwelling(categoria, mq, piano)
            if not self._annex():
                self._sized(
                    "C06", caso.randint(14, 38), "S1" if caso.random() < 0.4 else "T"
                ).principale = alloggio

    def _annex(self) -> bool:
        return any(e.genere == "rimessa" for e in self.edificio.particelle[0].edifici)

    def _farmhouse(self) -> None:
        alloggio = self._dwelling(
            self.caso.choice(("A03", "A04", "A04", "A06", "A07")), self.mq * 1.5, "T-1"
        )
        if self.caso.random() < 0.3:
            self._sized("C02", self.caso.randint(15, 60), "T").principale = alloggio

    def _barn(self) -> None:
        sorte = self.caso.random()
        if sorte < 0.25:
            return  # rural, in the land cadastre only
        if sorte < 0.6:
            self._fixed("D10", round(self.mq * self.caso.uniform(180, 420)))
        else:
            categoria = "C07" if self.edificio.genere == "tettoia" else "C02"
            self._sized(
                categoria, max(6, round(self.mq * 0.85)), "T"
            ).principale = self._first_dwelling()

    def _garage(self) -> None:
        unita = self._sized("C06", max(9, round(self.mq * 0.85)), "T")
        unita.principale = self._first_dwelling()

    def _first_dwelling(self) -> Unita | None:
        for edificio in self.edificio.particelle[0].edifici:
            for unita in edificio.unita:
                if unita.stati[0].categoria.startswith("A"):
                    return unita
        return None

    def _shed(self) -> None:
        categoria = self.caso.choice(("D01", "D01", "D07", "D08", "C03"))
        if categoria == "C03":
            self._sized("C03", round(self.mq * 0.9), "T")
        else:
            self._fixed(categoria, round(self.mq * self.caso.uniform(320, 720)))

    def _common(self) -> None:
        """Declare stairs and yard: a common good without an income."""
        unita = self._new("", "", None, None, None, "T-1")
        unita.stati[0].partita = "A"

    def _dwelling(self, categoria: str, mq: float, piano: str) -> Unita:
        vani = max(1.5, round(mq / self.caso.uniform(15.5, 19.5) * 2) / 2)
        self.interno += 1
        classe = f"{self.caso.randint(1, _CLASSI[categoria]):02d}"
        unita = self._new(
            categoria, classe, vani, max(12, round(mq)), rendita(categoria, classe, vani), piano
        )
        unita.interno = str(self.interno)
        return unita

    def _sized(self, categoria: str, consistenza: int, piano: str) -> Unita:
        classe = f"{self.caso.randint(1, _CLASSI[categoria]):02d}"
        superficie = (
            round(consistenza * self.caso.uniform(1.05, 1.25)) if categoria[0] == "C" else None
        )
        return self._new(
            categoria,
            classe,
            float(consistenza),
            superficie,
            rendita(categoria, classe, consistenza),
            piano,
        )

    def _fixed(self, categoria: str, centesimi: int | None) -> Unita:
        return self._new(categoria, "", None, None, centesimi, "T")

    def _new(
        self,
        categoria: str,
        classe: str,
        consistenza: float | None,
        superficie: int | None,
        centesimi: int | None,
        piano: str,
    ) -> Unita:
        edificio, caso = self.edificio, self.caso
        anno = max(
            1986, min(2019, edificio.anno + 1) if edificio.anno > 1985 else caso.randint(1986, 2019)
        )
        dal = date(anno, caso.randint(1, 12), caso.randint(1, 28))
        if edificio.dal.year > 2020 and edificio.madre is None:
            dal = edificio.dal
        stato = StatoUnita(
            1,
            categoria,
            classe,
            consistenza,
            superficie,
            centesimi,
            dal,
            dal + timedelta(days=caso.randint(0, 40)),
            nota=("A" if edificio.anno > 1985 else "V", f"{caso.randint(1, 199999):06d}", anno),
            causale=("NC", "COSTITUZIONE")
            if edificio.anno > 1985
            else ("VTO", "VARIAZIONE DEL QUADRO TARIFFARIO"),
        )
        if edificio.al != MAI and edificio.figlia is None:
            stato.al, stato.noto_al = edificio.al, edificio.al + timedelta(days=60)
        self.numeri.unita += 1
        particella = edificio.particelle[0]
        sub = str(len([1 for e in particella.edifici for _ in e.unita]) + 1)
        unita = Unita(
            self.numeri.unita,
            [(particella, sub)],
            edificio,
            edificio.civici[0] if edificio.civici else _shared_door(edificio),
            piano,
            "",
            "",
            [stato],
        )
        for altra in edificio.particelle[1:]:
            unita.identificativi.append((altra, sub))
        edificio.unita.append(unita)
        self.mondo.unita.append(unita)
        return unita


def _shared_door(edificio: Edificio) -> Civico | None:
    """Return the house number of the parcel's main building, for an outbuilding."""
    for altro in edificio.particelle[0].edifici:
        if altro.civici:
            return altro.civici[0]
    return None
