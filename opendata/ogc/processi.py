"""OGC API – Processes (OGC 18-062r2): what can be computed of the published collections.

One process so far, answered at once: what lies in a drawn area, with the m² it shares.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from opendata.ogc import cql2
from opendata.ogc.interrogazione import read_datetime
from territorio import db
from territorio.errors import InvalidInput, InvalidParameter, NotFound

CONFORME = tuple(
    f"http://www.opengis.net/spec/ogcapi-processes-1/1.0/conf/{name}"
    for name in ("core", "ogc-process-description", "json", "oas30")
)
SOVRAPPOSIZIONE = "sovrapposizione"
RACCOLTE = ("particelle", "edifici", "zone_urbanistiche", "vincoli", "aree_pericolosita")
"""What is looked for in the area."""

MASSIMO_MQ = 100_000_000
"""The largest area: ten kilometres by ten."""
RIGHE = 20_000
"""The most objects of an answer."""
PUNTI = 20_000

type Json = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Sovrapposizione:
    """What is asked of the process."""

    area: str
    giorno: str
    raccolte: tuple[str, ...] = RACCOLTE


def summary(base: str) -> Json:
    """Return the process as it stands in lists."""
    here = f"{base}/processes/{SOVRAPPOSIZIONE}"
    return {
        "id": SOVRAPPOSIZIONE,
        "version": "1.0.0",
        "title": "Che cosa c’è in un’area",
        "description": "Particelle, edifici, zone, vincoli e aree di pericolosità che un’area"
        " disegnata tocca in un giorno, con i metri quadrati in comune.",
        "keywords": ["sovrapposizione", "area", "particelle", "edifici", "zone"],
        "jobControlOptions": ["sync-execute"],
        "outputTransmission": ["value"],
        "links": [{"rel": "self", "type": "application/json", "href": here}],
    }


def description(base: str, nome: str) -> Json:
    """Return the whole description of a process; raise NotFound if there is none."""
    if nome != SOVRAPPOSIZIONE:
        raise NotFound("processo", nome)
    found = summary(base)
    found["links"] = [
        *found["links"],
        {
            "rel": "http://www.opengis.net/def/rel/ogc/1.0/execute",
            "type": "application/json",
            "href": f"{base}/processes/{nome}/execution",
        },
    ]
    found["inputs"] = {
        "area": {
            "title": "L’area, come geometria GeoJSON in longitudine e latitudine",
            "schema": {"type": "object", "format": "geojson-geometry"},
            "minOccurs": 1,
            "maxOccurs": 1,
        },
        "giorno": {
            "title": "Il giorno di cui si chiede; se manca, oggi",
            "schema": {"type": "string", "format": "date"},
            "minOccurs": 0,
            "maxOccurs": 1,
        },
        "raccolte": {
            "title": "Che cosa si cerca; se manca, tutto",
            "schema": {"type": "array", "items": {"type": "string", "enum": list(RACCOLTE)}},
            "minOccurs": 0,
            "maxOccurs": 1,
        },
    }
    found["outputs"] = {
        "oggetti": {
            "title": "Gli oggetti, per raccolta, dal più esteso, e quanto di essi sta nell’area",
            "schema": {"type": "object"},
        }
    }
    return found


def read(body: object) -> Sovrapposizione:
    """Read a request to execute; raise InvalidParameter for what makes no sense."""
    inputs = body.get("inputs") if isinstance(body, Mapping) else None
    if not isinstance(inputs, Mapping):
        raise InvalidParameter("inputs", "manca, o non è un oggetto")
    for name in inputs:
        if name not in {"area", "giorno", "raccolte"}:
            raise InvalidParameter(name, "non è un dato di questo processo: area, giorno, raccolte")
    day = inputs.get("giorno")
    if day is not None and not isinstance(day, str):
        raise InvalidParameter("giorno", "non è un giorno")
    first, last = read_datetime(day)
    if first != last:
        raise InvalidParameter("giorno", "è un giorno solo")
    among = inputs.get("raccolte", list(RACCOLTE))
    if not isinstance(among, list) or not among or not set(map(str, among)) <= set(RACCOLTE):
        raise InvalidParameter("raccolte", f"si scelgono fra {', '.join(RACCOLTE)}")
    return Sovrapposizione(_area(inputs.get("area")), first, tuple(map(str, among)))


def _area(given: object) -> str:
    # As the standard also lets it be written: a value with its media type around it.
    if isinstance(given, Mapping) and "value" in given:
        given = given["value"]
    if not isinstance(given, dict) or given.get("type") not in {"Polygon", "MultiPolygon"}:
        raise InvalidParameter("area", "è un Polygon o un MultiPolygon GeoJSON")
    text = json.dumps({"type": given["type"], "coordinates": given.get("coordinates")})
    if text.count("[") > PUNTI:
        raise InvalidParameter("area", f"ha più di {PUNTI} punti")
    try:
        cql2.require_geometry(given)
    except InvalidInput as error:
        raise InvalidParameter("area", error.motivo) from None
    return text


def execute(conn: sa.Connection, asked: Sovrapposizione) -> Json:
    """Return what lies in the area; raise InvalidParameter if it is too large."""
    measured = sa.text(
        "SELECT ST_Area(ST_Transform(ST_SetSRID(ST_MakeValid(ST_Force2D("
        "ST_GeomFromGeoJSON(:area))), 6706), 6933))"
    )
    area: float = conn.execute(measured, {"area": asked.area}).scalar_one()
    if not 0 < area <= MASSIMO_MQ:
        raise InvalidParameter("area", f"misura {area:.0f} m²: da più di zero a {MASSIMO_MQ} m²")
    rows = conn.execute(
        db.sql("opendata/sovrapposizione"),
        {
            "area": asked.area,
            "giorno": asked.giorno,
            "raccolte": list(asked.raccolte),
            "limite": RIGHE + 1,
        },
    ).all()
    if len(rows) > RIGHE:
        raise InvalidParameter("area", f"tocca più di {RIGHE} oggetti: disegnane una più piccola")
    found: dict[str, list[Json]] = {name: [] for name in asked.raccolte}
    for row in rows:
        whole = float(row.area_intera_mq)
        found[row.raccolta].append(
            {
                "id": row.id,
                "codice": row.codice,
                "nome": row.nome,
                "classe": row.classe,
                "area_mq": float(row.area_mq),
                "quota": round(float(row.area_mq) / whole, 6) if whole else None,
            }
        )
    return {
        "alla_data": asked.giorno,
        "area_mq": round(area, 2),
        "oggetti": found,
        "totali_mq": {
            name: round(sum(one["area_mq"] for one in some), 2) for name, some in found.items()
        },
    }
