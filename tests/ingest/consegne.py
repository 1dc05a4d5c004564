"""Small deliveries of the invented municipality, written as their publishers write them."""

import json
from datetime import date
from pathlib import Path

import sqlalchemy as sa

from ingest.run import Options
from territorio import vigenza
from territorio.tables import FATTI
from territorio.vigenza import Quando
from tests.factory_defaults import rettangolo

type Footprints = list[tuple[str, tuple[float, float, float, float]]]


def edifici(path: Path, footprints: Footprints, crs: int = 4326) -> Path:
    """Write footprints by code and (east, north, width, height) in metres."""
    features = [
        {
            "type": "Feature",
            "properties": {"id": code},
            "geometry": json.loads(json.dumps(rettangolo(*where).__geo_interface__)),
        }
        for code, where in footprints
    ]
    system = {"type": "name", "properties": {"name": f"urn:ogc:def:crs:EPSG::{crs}"}}
    collection = {"type": "FeatureCollection", "name": "edifici", "crs": system}
    path.write_text(json.dumps({**collection, "features": features}))
    return path


def strade(path: Path, names: dict[int, str], comune: str = "X999") -> Path:
    """Write streets of the national archive."""
    head = (
        "CODICE_COMUNE;CODICE_ISTAT;PROGRESSIVO_NAZIONALE;CODICE_COMUNALE;ODONIMO;LOCALITA';"
        "TOTALE_ACCESSI;DIZIONE_LINGUA1;DIZIONE_LINGUA2;\n"
    )
    rows = [f"{comune};999999;{n};;{name};;0;;;\n" for n, name in names.items()]
    path.write_text(head + "".join(rows))
    return path


def confine(path: Path) -> Path:
    """Write the boundary of the invented municipality: a square of ten kilometres."""
    square = rettangolo(-5000, -5000, 10_000, 10_000)
    properties = {"istat": "999999", "belfiore": "X999", "denominazione": "Borgo Sereno"}
    feature = {
        "type": "Feature",
        "properties": properties,
        "geometry": json.loads(json.dumps(square.__geo_interface__)),
    }
    path.write_text(json.dumps({"type": "FeatureCollection", "features": [feature]}))
    return path


def on(giorno: str, **options: object) -> Options:
    """Return options for a day."""
    return Options(giorno=date.fromisoformat(giorno), **options)  # type: ignore[arg-type] # by name


def names_on(conn: sa.Connection, quando: Quando) -> set[str]:
    """Return the streets as known and in force then."""
    c = FATTI["odonimo"].c
    rows = conn.execute(sa.select(c.denominazione).where(vigenza.in_force(c, quando)))
    return set(rows.scalars())
