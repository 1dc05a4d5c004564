"""Planning: zones, constraints, hazards, boundary, from the mesh of the whole territory."""

from __future__ import annotations

import json
from datetime import date
from typing import Final

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.geometry import mapping

from ingest.generatore.comune import Comune
from ingest.generatore.forniture import Fornitura
from ingest.generatore.proiezione import Proiezione
from ingest.generatore.quadro import Quadro
from ingest.generatore.scrittura.pericolosita import CAMPI as _CAMPI_PERICOLOSITA
from ingest.generatore.scrittura.pericolosita import hazards, strip
from ingest.generatore.scrittura.vettori import StratoGpkg
from ingest.generatore.zone import Zonizzazione

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
#: Day on which the last variant of the plan is in force.
_VARIANTE: Final = date(2025, 1, 1)


class Piano:
    """Writes what the planning office delivers, from the meshes alone."""

    def __init__(self, comune: Comune, proiezione: Proiezione, forniture: list[Fornitura]) -> None:
        self.comune = comune
        self.proiezione = proiezione
        self.forniture = [f for f in forniture if "zone" in f.fonti]
        self.strati: dict[tuple[int, str], StratoGpkg] = {}
        self.confini: list[shapely.Geometry] = []

    def write(self, quadro: Quadro, zone: Zonizzazione) -> None:
        """Write zones and constraints of a square, and keep its outline."""
        celle = self.proiezione.polygons(
            [[[quadro.maglia.vertici[v] for v in c.vertici]] for c in quadro.maglia.celle],
            geografica=False,
        )
        self.confini.append(shapely.coverage_union_all(celle))
        for fornitura in self.forniture:
            self._zones(fornitura, quadro, zone, celle)
            self._constraints(fornitura, quadro, celle)
            strato = self._layer(
                fornitura, "pericolosita", "pericolosita_mosaico", _CAMPI_PERICOLOSITA
            )
            fiume = self._river(quadro)
            for geometrie, righe in hazards(quadro, celle, fiume, fornitura.data >= _VARIANTE):
                strato.add(geometrie, righe)

    def _layer(
        self, fornitura: Fornitura, file: str, strato: str, campi: tuple[str, ...]
    ) -> StratoGpkg:
        chiave = (fornitura.indice, strato)
        if chiave not in self.strati:
            dove = fornitura.cartella / f"{file}_{fornitura.giorno}.gpkg"
            self.strati[chiave] = StratoGpkg(dove, strato, self.comune.epsg, fornitura.data, campi)
        return self.strati[chiave]

    def _zones(
        self, fornitura: Fornitura, quadro: Quadro, zone: Zonizzazione, celle: NDArray[np.object_]
    ) -> None:
        """Dissolve the blocks by zone within each settlement; fields sheet by sheet."""
        strato = self._layer(fornitura, "zone", "zone", _CAMPI_ZONE)
        gruppi: dict[tuple[str, int], list[int]] = {}
        variante = fornitura.data >= _VARIANTE
        for foglio in quadro.fogli:
            for c in foglio.celle:
                sigla = zone.zone_of(c, variante)
                insediamento = quadro.maglia.celle[c].insediamento
                dove = foglio.numero if sigla == "E1" else insediamento
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

    def _constraints(
        self, fornitura: Fornitura, quadro: Quadro, celle: NDArray[np.object_]
    ) -> None:
        fiume = self._river(quadro)
        mezzo = quadro.pianta.larghezza_fiume / 2
        territorio = shapely.box(*shapely.total_bounds(celle)).buffer(50)
        for strato, geometrie, righe in (
            (
                "U_CIMI",
                *_respect(
                    quadro,
                    celle,
                    "cimitero",
                    200.0,
                    "RD 1265/1934 art. 338",
                    "FASCIA CIMITERO",
                ),
            ),
            (
                "P_BENICULT",
                *_respect(
                    quadro, celle, "chiesa", 0.0, "D.Lgs. 42/2004 art. 10", "CHIESA PARROCCHIALE"
                ),
            ),
            (
                "P_FIUMI",
                *strip(
                    fiume,
                    mezzo + 150,
                    territorio,
                    "D.Lgs. 42/2004 art. 142 c. 1 lett. c",
                    "TORRENTE",
                ),
            ),
            ("T_FRIA", *strip(fiume, mezzo + 10, territorio, "R.D. 523/1904 art. 96", "TORRENTE")),
            ("G_PGRA", *strip(fiume, mezzo + 60, territorio, "PGRA 2021", "SCENARIO M")),
        ):
            if len(geometrie):
                self._layer(fornitura, "vincoli", strato, _CAMPI_VINCOLI).add(geometrie, righe)

    def _river(self, quadro: Quadro) -> shapely.LineString:
        punti = np.rint(quadro.pianta.fiume * 1000).astype(np.int64).tolist()
        return shapely.LineString(self.proiezione.utm(punti))

    def finish(self) -> None:
        """Write what is waiting, and the boundary around all the squares."""
        for strato in self.strati.values():
            strato.flush()
        confine = self.proiezione.geographic(shapely.union_all(self.confini, grid_size=0.001))
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
        collezione = {
            "type": "FeatureCollection",
            "name": "confine (inventato)",
            "features": [elemento],
        }
        testo = json.dumps(collezione, ensure_ascii=False) + "\n"
        for fornitura in self.forniture:
            fornitura.append(f"confine_{fornitura.giorno}.geojson", testo)


def _respect(
    quadro: Quadro, celle: NDArray[np.object_], uso: str, distanza: float, atto: str, rubrica: str
) -> tuple[NDArray[np.object_], list[tuple[object, ...]]]:
    """Return the strips around the public buildings of a kind."""
    indici = [c for c, u in quadro.territorio.speciali.items() if u == uso]
    aree = shapely.buffer(celle[indici], distanza, quad_segs=8) if distanza else celle[indici]
    geometrie = [shapely.MultiPolygon([a]) for a in aree]
    insediamenti = quadro.pianta.insediamenti
    righe: list[tuple[object, ...]] = [
        (
            atto,
            "01/01/2010",
            rubrica,
            insediamenti[quadro.maglia.celle[c].insediamento].nome or "CAPOLUOGO",
            "",
            f"R{n:04d}",
        )
        for n, c in enumerate(indici, 1 + 1000 * quadro.parte.indice)
    ]
    return np.array(geometrie, dtype=object), righe
