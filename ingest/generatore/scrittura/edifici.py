"""Footprints of the topographic database: the same houses seen again at each flight."""

from __future__ import annotations

import random
from typing import Final

import numpy as np
import shapely

from ingest.generatore.caso import new_caso
from ingest.generatore.comune import Comune
from ingest.generatore.forniture import Fornitura
from ingest.generatore.modello import Edificio, Mondo
from ingest.generatore.proiezione import Proiezione
from ingest.generatore.scrittura.vettori import StratoGpkg
from ingest.generatore.verita import Tabella

_CAMPI: Final = (
    "objectid", "edifc_ty", "edifc_uso", "edifc_stat", "edifc_at", "edifc_sot", "classid",
    "edifc_nome",
)  # fmt: skip
#: kind -> (edifc_ty, edifc_uso)
_CODICI: Final = {
    "casa": ("01", "0101"),
    "palazzo": ("01", "0101"),
    "palazzina": ("01", "0101"),
    "villino": ("01", "0101"),
    "schiera": ("05", "0101"),
    "rimessa": ("01", "01"),
    "colonica": ("09", "0101"),
    "fienile": ("09", "09"),
    "stalla": ("09", "09"),
    "tettoia": ("23", "09"),
    "capannone": ("08", "0801"),
    "chiesa": ("11", "05"),
    "municipio": ("01", "0201"),
    "scuola": ("01", "030301"),
    "cimitero": ("01", "05"),
}
_NOMI: Final = {
    "chiesa": "CHIESA PARROCCHIALE",
    "municipio": "MUNICIPIO",
    "scuola": "SCUOLA PRIMARIA",
}
#: How far an outline may move from one flight to the next (mm).
_SCARTO: Final = 300


class Edifici:
    """Writes the outlines standing on the day of each supply, each time a little moved."""

    def __init__(
        self,
        comune: Comune,
        proiezione: Proiezione,
        forniture: list[Fornitura],
        impronte: Tabella,
        seme: int,
    ) -> None:
        self.comune = comune
        self.proiezione = proiezione
        #: table of the truth that says which building an outline is
        self.impronte = impronte
        self.seme = seme
        self.strati = [
            (
                f,
                StratoGpkg(
                    f.cartella / f"edifici_{f.giorno}.gpkg", "edifc", comune.epsg, f.data, _CAMPI
                ),
            )
            for f in forniture
            if "edifici" in f.fonti
        ]
        self.numeri = {f.indice: 0 for f, _ in self.strati}

    def write(self, mondo: Mondo) -> None:
        """Append the footprints of a sheet to each supply."""
        for fornitura, strato in self.strati:
            caso = new_caso(self.seme, "volo", fornitura.indice, mondo.foglio)
            presenti = [
                (e, i)
                for e in mondo.edifici
                if (i := e.outline(fornitura.data)) is not None and _seen(e, fornitura, caso)
            ]
            if not presenti:
                continue
            poligoni = [[i.anello, i.corte[::-1]] if i.corte else [i.anello] for _, i in presenti]
            geometrie = self.proiezione.polygons(poligoni, geografica=False)
            scarti = np.array(
                [
                    (caso.uniform(-_SCARTO, _SCARTO), caso.uniform(-_SCARTO, _SCARTO))
                    for _ in presenti
                ]
            ).round()
            ripetuti = np.repeat(scarti, shapely.get_num_coordinates(geometrie), axis=0) / 1000
            coordinate = (shapely.get_coordinates(geometrie) + ripetuti).round(3)
            mosse = shapely.set_coordinates(geometrie, coordinate)
            multi = np.asarray(shapely.multipolygons(mosse, indices=np.arange(len(mosse))))
            primo = self.numeri[fornitura.indice] + 1
            self.impronte.add(
                [f"{fornitura.data};{n};E{e.id}" for n, (e, _) in enumerate(presenti, primo)]
            )
            strato.add(multi, [self._row(fornitura, e, caso) for e, _ in presenti])

    def _row(
        self, fornitura: Fornitura, edificio: Edificio, caso: random.Random
    ) -> tuple[object, ...]:
        self.numeri[fornitura.indice] += 1
        numero = self.numeri[fornitura.indice]
        tipo, uso = _CODICI[edificio.genere]
        altezza = (
            -9999.0
            if caso.random() < 0.04
            else round(edificio.piani * 3.1 + caso.uniform(0, 2.4), 1)
        )
        return (
            numero,
            tipo,
            uso,
            "03",
            altezza,
            "01",
            f"{self.comune.belfiore}-{fornitura.giorno[2:6]}-{numero:07d}",
            _NOMI.get(edificio.genere, "UNK"),
        )

    def finish(self) -> None:
        """Write what is still waiting."""
        for _, strato in self.strati:
            strato.flush()


def _seen(edificio: Edificio, fornitura: Fornitura, caso: random.Random) -> bool:
    """Tell whether a flight saw a building: the first missed some sheds."""
    return not (
        fornitura.indice == 0 and edificio.genere in ("rimessa", "tettoia") and caso.random() < 0.06
    )
