"""Read a fixture as the load does, and write down what it said, for comparison."""

import json
from collections.abc import Iterable
from dataclasses import replace
from datetime import date
from pathlib import Path

import shapely
from shapely.geometry.base import BaseGeometry

from ingest import fonti
from ingest.contract import Ambito, Asserzione, Detto, Rifiuto
from tests.factory_defaults import COMUNE

FIXTURES = Path(__file__).parents[2] / "fixtures" / "fonti"
DATI = Path(__file__).parents[4] / "shared" / "data"
"""Real files, where there are some: they are never in the repository."""
GIORNO = date(2024, 1, 1)


def codes() -> list[str]:
    """Return the sources that have a fixture."""
    return sorted(folder.name for folder in FIXTURES.iterdir() if folder.is_dir())


def fixture(code: str) -> Path:
    """Return the file a source reads; the others in its folder belong to it."""
    endings = (".csv", ".txt", ".gml", ".geojson", ".FAB", ".TER", ".CTF")
    return next(p for p in sorted((FIXTURES / code).iterdir()) if p.suffix in endings)


def ambito_of(code: str, path: Path) -> Ambito:
    """Return what a file speaks for, once the load has found the municipality."""
    ambito = fonti.catalogue()[code].ambito(path)
    # By the code of the cadastre or by ISTAT's.
    mine = (codice for codice in (COMUNE, "999999") if codice in ambito.comuni)
    here = ambito.comune_catastale or next(mine, "")
    day = ambito.data_riferimento or GIORNO
    return replace(ambito, comune=COMUNE, comune_catastale=here, data_riferimento=day)


def said(code: str, path: Path) -> list[Detto]:
    """Return all that a source says of a file."""
    return list(fonti.catalogue()[code].read(path, ambito_of(code, path)))


def written(detti: Iterable[Detto]) -> str:
    """Write down what was said, one line each, in order."""
    return "".join(f"{json.dumps(_plain(d), ensure_ascii=False)}\n" for d in detti)


def shape_of(detto: Asserzione) -> BaseGeometry:
    """Return the geometry of what was said, in the system of the file."""
    assert detto.geometria is not None
    raw = detto.geometria
    return shapely.from_wkb(raw) if isinstance(raw, bytes) else raw


def _plain(detto: Detto) -> dict[str, object]:
    """Return one thing said as JSON can hold it; geometries by kind, size and place."""
    if isinstance(detto, Rifiuto):
        return {"rifiuto": detto.motivo, "riga": detto.riga, "valore": detto.valore}
    if not isinstance(detto, Asserzione):
        about = detto.chiave and list(detto.chiave)
        return {"avviso": detto.tipo, "riga": detto.riga, "motivo": detto.motivo, "di": about}
    plain: dict[str, object] = {
        "fatto": detto.fatto,
        "chiave": detto.chiave,
        "riga": detto.riga,
        "valori": {k: _value(v) for k, v in detto.valori.items() if v is not None},
    }
    for name in ("dal", "al"):
        if day := getattr(detto, name):
            plain[name] = str(day)
    for name, default in (("dal_ignoto", False), ("ordine", 0), ("gruppo", None), ("parte", "*")):
        if getattr(detto, name) != default:
            plain[name] = getattr(detto, name)
    if detto.geometria is not None:
        shape = shape_of(detto)
        middle = shape.centroid
        plain["geometria"] = [
            shape.geom_type,
            float(f"{shape.area:.5g}"),
            round(middle.x, 6),
            round(middle.y, 6),
        ]
    return plain


def _value(value: object) -> object:
    """Return a value as JSON can hold it."""
    if isinstance(value, bool | int | str):
        return value
    if isinstance(value, list | tuple):
        return [_value(v) for v in value]
    if isinstance(value, dict):
        return {k: _value(v) for k, v in value.items()}
    return None if value is None else str(value)
