"""The municipality whose code the invented town bears, and where it is put."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from datetime import date
from functools import cache
from importlib.resources import files
from typing import Final

from pyproj import Transformer

from territorio.errors import InvalidInput


@dataclass(frozen=True, slots=True)
class Comune:
    """Codes, name and place; the origin is in metres of its UTM zone."""

    belfiore: str
    istat: str
    nome: str
    provincia: str
    est: int
    nord: int
    epsg: int

    @property
    def nome_file(self) -> str:
        """Return the name as file names bear it."""
        return "".join(c if c.isascii() and c.isalnum() else "_" for c in self.nome)


#: Region by the first three digits of the ISTAT code, and an open place in each (lon, lat).
_CENTRI: Final = (
    (((1, 6), (96, 96), (103, 103)), (8.10, 44.85)),
    (((7, 7),), (7.42, 45.73)),
    (((8, 11),), (8.85, 44.50)),
    (((12, 20), (97, 98), (108, 108)), (9.62, 45.38)),
    (((21, 22),), (11.25, 46.35)),
    (((23, 29),), (11.75, 45.55)),
    (((30, 32), (93, 93)), (13.05, 45.95)),
    (((33, 40), (99, 99)), (11.10, 44.62)),
    (((41, 44), (109, 109)), (13.25, 43.45)),
    (((45, 53), (100, 100)), (11.05, 43.45)),
    (((54, 55),), (12.55, 43.00)),
    (((56, 60),), (12.75, 41.85)),
    (((61, 65),), (14.65, 41.00)),
    (((66, 69),), (13.95, 42.25)),
    (((70, 70), (94, 94)), (14.55, 41.65)),
    (((71, 75), (110, 110)), (16.70, 40.95)),
    (((76, 77),), (16.10, 40.45)),
    (((78, 80), (101, 102)), (16.40, 39.00)),
    (((81, 89),), (14.10, 37.55)),
    (((90, 95), (104, 119)), (8.95, 40.05)),
)

#: Around the place of a region, so many rows and columns of towns, so far from each other.
_CASELLE: Final = 11
_PASSO_M: Final = 8_000

#: Foreign states younger than the people of a register.
_STATI_DAL: Final = {"Z138": date(1991, 8, 24), "Z140": date(1991, 8, 27)}


@cache
def _table() -> dict[str, tuple[str, str, str, date]]:
    testo = (files(__package__) / "dati" / "comuni.csv").read_text(encoding="utf-8")
    righe = csv.DictReader(testo.splitlines(), delimiter=";")
    return {
        r["belfiore"]: (
            r["istat"],
            r["denominazione"],
            r["provincia"],
            date.fromisoformat(r["dal"]),
        )
        for r in righe
    }


def istat_of(belfiore: str) -> str:
    """Return the ISTAT code of a municipality, empty for a foreign state."""
    voce = _table().get(belfiore)
    return voce[0] if voce else ""


def since(belfiore: str) -> date:
    """Return the day from which a code has been in use without a gap."""
    voce = _table().get(belfiore)
    return voce[3] if voce else _STATI_DAL.get(belfiore, date(1900, 1, 1))


def find(belfiore: str, centro: tuple[float, float] | None = None) -> Comune:
    """Return the municipality of a code; its town is put in open country of its region."""
    voce = _table().get(belfiore)
    if voce is None:
        raise InvalidInput(
            "comune",
            f"il codice {belfiore!r} non è di un comune in vita dal 2021 al 2025; "
            "serve un codice catastale come F758.",
        )
    istat, nome, provincia, _ = voce
    lon, lat = centro or next(
        c for tratti, c in _CENTRI if any(a <= int(istat[:3]) <= b for a, b in tratti)
    )
    epsg = 7791 if lon < 12 else 7792 if lon < 18 else 7793
    est, nord = Transformer.from_crs(6706, epsg, always_xy=True).transform(lon, lat)
    if centro is None:
        # Neighbours of one region do not stand on the same ground.
        riga, colonna = divmod(int(istat) % _CASELLE**2, _CASELLE)
        est += (colonna - _CASELLE // 2) * _PASSO_M
        nord += (riga - _CASELLE // 2) * _PASSO_M
    return Comune(belfiore, istat, nome, provincia, round(est), round(nord), epsg)
