"""Census sections of 2021, in ISTAT's layout, with the counts that are true on the day."""

from __future__ import annotations

import json
from collections import defaultdict
from datetime import date
from typing import Final

import shapely
from shapely.geometry import mapping

from ingest.generatore.comune import Comune
from ingest.generatore.forniture import Fornitura
from ingest.generatore.modello import Mondo
from ingest.generatore.proiezione import Proiezione
from ingest.generatore.quadro import Quadro
from ingest.generatore.semi import CAMPAGNA, PRODUTTIVO
from ingest.generatore.verita import Verita

#: The day of the census.
GIORNO: Final = date(2021, 12, 31)
_VUOTI: Final = ("COD_ZIC", "COD_ISAM", "COD_ACQUE", "COD_ISOLE", "COD_MONT_D", "COD_AREA_S",
                 "COM_ASC1", "COM_ASC2", "COM_ASC3")  # fmt: skip
#: Kind of place -> kind of section, as ISTAT pairs them most often.
_TIPO_SEZIONE: Final = {1: 1, 2: 1, 3: 9, 4: 22}


class Sezioni:
    """Cuts the sheets into sections, and counts in each who and what is there."""

    def __init__(
        self, comune: Comune, proiezione: Proiezione, forniture: list[Fornitura], verita: Verita
    ) -> None:
        self.comune = comune
        self.proiezione = proiezione
        self.fornitura = next(f for f in forniture if "sezioni" in f.fonti)
        self.verita = verita
        self.numero = 0
        self.quadro: Quadro | None = None

    def enter(self, quadro: Quadro) -> None:
        """Take the mesh of a square; its sheets come next."""
        self.quadro = quadro

    def write(self, mondo: Mondo) -> None:
        """Write the sections of a sheet."""
        assert self.quadro is not None  # noqa: S101 - a sheet comes after its square
        foglio = next(f for f in self.quadro.fogli if f.numero == mondo.foglio)
        di_cella: dict[int, int] = {}
        gruppi: dict[int, tuple[int, list[int]]] = {}
        for tipo, celle in _sections(self.quadro, foglio.celle):
            self.numero += 1
            gruppi[self.numero] = (tipo, celle)
            di_cella.update(dict.fromkeys(celle, self.numero))
        conti = _counts(mondo, di_cella)
        self.verita.add(
            "edificio_sezione",
            [
                f"E{e.id};{self._code(di_cella[e.particelle[0].cella])}"
                for e in mondo.edifici
                if e.particelle[0].cella in di_cella
            ],
        )
        for numero, (tipo, celle) in gruppi.items():
            self._append(self._feature(numero, tipo, celle, conti[numero]))

    def _code(self, numero: int) -> int:
        return int(self.comune.istat) * 10**7 + numero

    def _feature(
        self, numero: int, tipo: int, celle: list[int], conti: tuple[int, int, int, int]
    ) -> dict[str, object]:
        assert self.quadro is not None  # noqa: S101 - see write
        maglia = self.quadro.maglia
        anelli = [[[maglia.vertici[v] for v in maglia.celle[c].vertici]] for c in celle]
        unione = shapely.coverage_union_all(self.proiezione.polygons(anelli, geografica=False))
        istat = int(self.comune.istat)
        return {
            "type": "Feature",
            "properties": {
                "COD_REG": 0,
                "COD_UTS": istat // 1000,
                "PRO_COM": istat,
                "SEZ21": numero,
                "SEZ21_ID": self._code(numero),
                "COD_TIPO_S": _TIPO_SEZIONE[tipo],
                "TIPO_LOC": tipo,
                "LOC21_ID": istat * 10**5 + 10000 * tipo,
                **dict.fromkeys(_VUOTI, 0),
                **dict(zip(("POP21", "FAM21", "ABI21", "EDI21"), conti, strict=True)),
            },
            "geometry": mapping(unione),
        }

    def _append(self, elemento: dict[str, object]) -> None:
        nome = f"sezioni_censimento_{GIORNO:%Y%m%d}.geojson"
        testo = json.dumps(elemento, ensure_ascii=False)
        if nome not in self.fornitura.righe:
            sistema = f"urn:ogc:def:crs:EPSG::{self.comune.epsg}"
            crs = json.dumps({"type": "name", "properties": {"name": sistema}})
            inizio = f'{{"type": "FeatureCollection", "name": "sezioni (inventate)", "crs": {crs},'
            self.fornitura.append(nome, f'{inizio} "features": [\n{testo}')
        else:
            self.fornitura.append(nome, f",\n{testo}")

    def finish(self) -> None:
        """Close the list of features."""
        for nome in [n for n in self.fornitura.righe if n.startswith("sezioni_censimento")]:
            self.fornitura.append(nome, "\n]}\n")


def _sections(quadro: Quadro, celle: list[int]) -> list[tuple[int, list[int]]]:
    """Cut a sheet: the fields together, each settlement by so many buildings expected."""
    sparse: list[int] = []
    abitate: dict[tuple[int, int], list[int]] = defaultdict(list)
    for c in celle:
        cella = quadro.maglia.celle[c]
        if cella.tessuto == CAMPAGNA:
            sparse.append(c)
        else:
            tipo = 3 if cella.tessuto == PRODUTTIVO else 1 if cella.insediamento == 0 else 2
            abitate[tipo, cella.insediamento].append(c)
    sezioni: list[tuple[int, list[int]]] = [(4, sparse)] if sparse else []
    for (tipo, _), gruppo in sorted(abitate.items()):
        # From west to east: what is together on the ground is counted together.
        gruppo.sort(key=lambda c: (quadro.maglia.celle[c].x, c))
        quante = max(1, round(len(gruppo) / _CELLE_PER_SEZIONE))
        passo = -(-len(gruppo) // quante)
        sezioni += [(tipo, gruppo[i : i + passo]) for i in range(0, len(gruppo), passo)]
    return sezioni


_CELLE_PER_SEZIONE: Final = 3


def _counts(mondo: Mondo, di_cella: dict[int, int]) -> dict[int, tuple[int, int, int, int]]:
    """Count residents, households, dwellings and buildings of each section on the day."""
    persone: dict[int, int] = defaultdict(int)
    famiglie: dict[int, set[int]] = defaultdict(set)
    for r in mondo.residenze:
        if r.dal <= GIORNO < r.al:
            dove = di_cella.get(r.unita.edificio.particelle[0].cella, 0)
            persone[dove] += 1
            famiglie[dove].add(r.famiglia)
    abitazioni: dict[int, int] = defaultdict(int)
    for u in mondo.unita:
        stato = u.at(GIORNO)
        if stato is not None and stato.categoria[:1] == "A" and stato.categoria != "A10":
            abitazioni[di_cella.get(u.edificio.particelle[0].cella, 0)] += 1
    edifici: dict[int, int] = defaultdict(int)
    for e in mondo.edifici:
        if e.outline(GIORNO) is not None and not e.parti:
            edifici[di_cella.get(e.particelle[0].cella, 0)] += 1
    return {
        n: (persone[n], len(famiglie[n]), abitazioni[n], edifici[n]) for n in set(di_cella.values())
    }
