"""Planning: zones, constraints and the boundary, from the mesh of the whole territory."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from datetime import date
from typing import Final

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.geometry import mapping

from ingest.generatore.comune import Comune
from ingest.generatore.fogli import Foglio
from ingest.generatore.forniture import Fornitura
from ingest.generatore.maglia import Cella, Maglia
from ingest.generatore.pianta import Pianta
from ingest.generatore.proiezione import Proiezione
from ingest.generatore.scrittura.vettori import StratoGpkg
from ingest.generatore.semi import (
    BORGO,
    CAMPAGNA,
    ESPANSIONE,
    NASTRO,
    NUCLEO,
    PIAZZA,
    PRODUTTIVO,
)

_CAMPI_ZONE: Final = (
    "ZN_SIGLA",
    "ZN_ZTO",
    "ZN_DU_TY",
    "ZN_IF",
    "ZN_IC",
    "ZN_H",
    "ZN_NTA",
    "ZN_CFR",
)
_CAMPI_VINCOLI: Final = ("ATTO", "DATA_ATTO", "RUBRICA", "NOME", "COD_NAZ", "COD_REG")
#: quarter -> (label, ZTO, use, building index, coverage, height, article)
_ZONE: Final = {
    "A": ("01", "0201", 3.0, 0.80, 12.5, "art. 11"),
    "B1": ("02", "0201", 2.5, 0.60, 10.5, "art. 13"),
    "B2": ("02", "0201", 1.5, 0.40, 9.5, "art. 14"),
    "C1": ("03", "0201", 1.0, 0.30, 7.5, "art. 18"),
    "C2": ("03", "0201", 0.8, 0.30, 7.5, "art. 19"),
    "D1": ("04", "0301", 0.6, 0.50, 10.0, "art. 22"),
    "E1": ("05", "01", 0.03, 0.05, 7.5, "art. 28"),
    "F1": ("06", "070102", 0.5, 0.40, 8.0, "art. 31"),
    "F2": ("06", "0801", 0.1, 0.10, 6.0, "art. 32"),
    "F3": ("06", "070103", 0.05, 0.05, 4.0, "art. 33"),
}
_DI_TESSUTO: Final = {
    PIAZZA: "A", NUCLEO: "A", BORGO: "B1", ESPANSIONE: "B2", NASTRO: "C1", PRODUTTIVO: "D1",
    CAMPAGNA: "E1",
}  # fmt: skip
#: Day on which the last variant of the plan is in force.
_VARIANTE: Final = date(2025, 1, 1)
_DI_USO: Final = {"scuola": "F1", "cimitero": "F2", "parco": "F3"}


@dataclass(slots=True)
class Piano:
    """Writes what the planning office delivers, from the mesh alone."""

    comune: Comune
    proiezione: Proiezione
    pianta: Pianta
    maglia: Maglia
    fogli: list[Foglio]
    speciali: dict[int, str]
    #: Fields that the last variant makes buildable.
    varianti: set[int] = field(init=False)

    def __post_init__(self) -> None:
        """Decide once what the variant changes."""
        self.varianti = self._variant()

    def write(self, forniture: list[Fornitura]) -> None:
        """Write zones, constraints and boundary of each supply that has them."""
        celle = self._polygons()
        for fornitura in forniture:
            if "zone" in fornitura.fonti:
                self._zones(fornitura, celle)
                self._constraints(fornitura, celle)
                self._boundary(fornitura, celle)

    def _polygons(self) -> NDArray[np.object_]:
        return self.proiezione.polygons(
            [[[self.maglia.vertici[v] for v in c.vertici]] for c in self.maglia.celle],
            geografica=False,
        )

    def _zones(self, fornitura: Fornitura, celle: NDArray[np.object_]) -> None:
        """Dissolve the blocks by zone within each settlement; fields sheet by sheet."""
        strato = StratoGpkg(
            fornitura.cartella / f"zone_{fornitura.giorno}.gpkg",
            "zone",
            self.comune.epsg,
            fornitura.data,
            _CAMPI_ZONE,
        )
        gruppi: dict[tuple[str, int], list[int]] = {}
        variante = fornitura.data >= _VARIANTE
        for foglio in self.fogli:
            for c in foglio.celle:
                cella = self.maglia.celle[c]
                sigla = self.zone_of(c, variante)
                dove = foglio.numero if sigla == "E1" else cella.insediamento
                gruppi.setdefault((sigla, dove), []).append(c)
        for (sigla, _), indici in sorted(gruppi.items()):
            unione = shapely.coverage_union_all(celle[indici])
            zto, uso, indice, copertura, altezza, articolo = _ZONE[sigla]
            stato = "03" if sigla == "C2" else "01"
            multi = shapely.MultiPolygon(shapely.get_parts(unione).tolist())
            strato.add(
                np.array([multi], dtype=object),
                [(sigla, zto, uso, indice, copertura, altezza, articolo, stato)],
            )
        strato.flush()

    def zone_of(self, cella: int, variante: bool) -> str:
        """Return the label of the zone a face lies in, before or after the last variant."""
        if variante and cella in self.varianti:
            return "C2"
        return self._label(self.maglia.celle[cella])

    def _label(self, cella: Cella) -> str:
        return _DI_USO.get(self.speciali.get(cella.numero, ""), _DI_TESSUTO[cella.tessuto])

    def _variant(self) -> set[int]:
        """Return the fields beside the chief town that the last variant makes buildable."""
        scelte: set[int] = set()
        for _, _, c1, c2 in self.maglia.lati:
            if c2 >= 0:
                for a, b in ((c1, c2), (c2, c1)):
                    prima, seconda = self.maglia.celle[a], self.maglia.celle[b]
                    if (
                        prima.tessuto == CAMPAGNA
                        and seconda.tessuto == ESPANSIONE
                        and seconda.insediamento == 0
                        and a not in self.speciali
                        and a % 5 == 0
                    ):
                        scelte.add(a)
        return scelte

    def _constraints(self, fornitura: Fornitura, celle: NDArray[np.object_]) -> None:
        file = fornitura.cartella / f"vincoli_{fornitura.giorno}.gpkg"
        fiume = shapely.LineString(
            self.proiezione.utm(np.rint(self.pianta.fiume * 1000).astype(np.int64).tolist())
        )
        mezzo = self.pianta.larghezza_fiume / 2
        territorio = shapely.box(*shapely.total_bounds(celle)).buffer(50)
        for strato, geometrie, righe in (
            (
                "U_CIMI",
                *self._respect(
                    celle, "cimitero", 200.0, "R.D. 1265/1934 art. 338", "FASCIA CIMITERIALE"
                ),
            ),
            (
                "P_BENICULT",
                *self._respect(
                    celle, "chiesa", 0.0, "D.Lgs. 42/2004 art. 10", "CHIESA PARROCCHIALE"
                ),
            ),
            (
                "P_FIUMI",
                *_strip(
                    fiume,
                    mezzo + 150,
                    territorio,
                    "D.Lgs. 42/2004 art. 142 c. 1 lett. c",
                    "TORRENTE",
                ),
            ),
            ("T_FRIA", *_strip(fiume, mezzo + 10, territorio, "R.D. 523/1904 art. 96", "TORRENTE")),
            ("G_PGRA", *_strip(fiume, mezzo + 60, territorio, "PGRA 2021", "SCENARIO M")),
        ):
            if len(geometrie):
                livello = StratoGpkg(file, strato, self.comune.epsg, fornitura.data, _CAMPI_VINCOLI)
                livello.add(geometrie, righe)
                livello.flush()

    def _respect(
        self, celle: NDArray[np.object_], uso: str, distanza: float, atto: str, rubrica: str
    ) -> tuple[NDArray[np.object_], list[tuple[object, ...]]]:
        indici = [c for c, u in self.speciali.items() if u == uso]
        aree = shapely.buffer(celle[indici], distanza, quad_segs=8) if distanza else celle[indici]
        geometrie = [shapely.MultiPolygon([a]) for a in aree]
        righe = [
            (
                atto,
                "01/01/2010",
                rubrica,
                self.pianta.insediamenti[self.maglia.celle[c].insediamento].nome or "CAPOLUOGO",
                "",
                f"R{n:04d}",
            )
            for n, c in enumerate(indici, 1)
        ]
        return np.array(geometrie, dtype=object), list(righe)

    def _boundary(self, fornitura: Fornitura, celle: NDArray[np.object_]) -> None:
        confine = self.proiezione.geographic(shapely.coverage_union_all(celle))
        multi = shapely.MultiPolygon(shapely.get_parts(confine).tolist())
        elemento = {
            "type": "Feature",
            "properties": {
                "istat": self.comune.istat,
                "belfiore": self.comune.belfiore,
                "denominazione": self.comune.nome,
            },
            "geometry": mapping(multi),
        }
        collezione = {"type": "FeatureCollection", "name": "confine", "features": [elemento]}
        fornitura.append(
            f"confine_{fornitura.giorno}.geojson", json.dumps(collezione, ensure_ascii=False) + "\n"
        )


def _strip(
    linea: shapely.Geometry, distanza: float, territorio: shapely.Geometry, atto: str, nome: str
) -> tuple[NDArray[np.object_], list[tuple[object, ...]]]:
    fascia = shapely.intersection(shapely.buffer(linea, distanza, quad_segs=4), territorio)
    parti = [p for p in shapely.get_parts(fascia) if isinstance(p, shapely.Polygon)]
    if not parti:
        return np.empty(0, dtype=object), []
    return np.array([shapely.MultiPolygon(parti)], dtype=object), [
        (atto, "15/06/2009", nome, nome, "", "")
    ]
