"""A public object as linked data: what the published tables say of it, in JSON-LD.

Addresses, streets and municipalities in the terms of CLV-AP_IT (fonti.md §15.4), places in
those of GeoSPARQL, all else as values with the names of the data dictionary. An address that
has no number, or no street on that day, is no ``clv:Address``: it is told as a place on its
street.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

import sqlalchemy as sa

from opendata.dataset import BY_NAME, Dataset
from opendata.oggetto_clv import CONTEXT, Nodo, clv_of, identifier
from opendata.vocabolari import INSPIRE, TEMI_INSPIRE
from territorio.identita import Codice
from territorio.schema_pubblico import TIPI, properties

COLLEZIONE_DI = {tipo: nome for nome, tipo in reversed(TIPI.items())}
"""The collection that tells of each kind of object; of two, the one that tells what it is."""

MEDIA_TYPE = "application/ld+json"

_DETTI = frozenset({"comune", "codice", "fonte", "data_riferimento", "valida_dal", "valida_al"})
"""Fields that are told in terms of their own."""


@dataclass(frozen=True, slots=True)
class Richiesta:
    """An object that is asked for: its kind, number, municipality, on which day, where."""

    tipo: str
    id: int
    comune: str
    giorno: date
    base: str

    @property
    def uri(self) -> str:
        """Return the stable address of the object."""
        return uri_of(self.base, self.tipo, str(Codice(self.id)))


def uri_of(base: str, tipo: str, codice: str) -> str:
    """Return the stable address of an object."""
    return f"{base}/id/{tipo.replace('_', '-')}/{codice}"


def describe(conn: sa.Connection, richiesta: Richiesta) -> Nodo:
    """Return what is published of an object as JSON-LD; of one that is not, its name alone."""
    r = richiesta
    nome = COLLEZIONE_DI.get(r.tipo)
    row = None if nome is None else _row(conn, BY_NAME[nome], r)
    found: Nodo = {"@id": r.uri, "dct:identifier": str(Codice(r.id))}
    if nome is not None and row is not None:
        found |= _told(BY_NAME[nome], row, r)
    return {"@context": CONTEXT, **found, **_lineage(conn, r)}


def comune_or_none(conn: sa.Connection, codice: str, giorno: date, base: str) -> Nodo | None:
    """Return a municipality of the registry by its cadastral code, or None."""
    view = sa.table(
        "comune",
        *map(sa.column, ("comune", "denominazione", "istat", "provincia")),
        schema="pubblico",
    )
    known = conn.execute(sa.select(view).where(view.c.comune == codice)).one_or_none()
    if known is None:
        return None
    t = BY_NAME["comuni"].tavola.c
    number = conn.execute(
        sa.select(t.id).where(t.comune == codice).order_by(t.dal.desc()).limit(1)
    ).scalar()
    if number is not None:
        return describe(conn, Richiesta("confine", number, codice, giorno, base))
    row = {**known._mapping, "codice": codice}
    return {
        "@context": CONTEXT,
        "@id": uri_of(base, "comune", codice),
        **clv_of("comuni", row, base),
    }


def _row(conn: sa.Connection, dataset: Dataset, r: Richiesta) -> Mapping[str, Any] | None:
    """Return the version in force on the day; of one that is no more its last, else its first."""
    t = dataset.tavola.c
    shape = t.geometria
    inside = sa.func.ST_PointOnSurface(shape)
    query = (
        sa.select(
            *(t[name] for name in properties(dataset.tavola)),
            sa.func.ST_AsText(shape, 7).label("wkt"),
            sa.func.GeometryType(shape).label("forma"),
            sa.func.ST_X(inside).label("lon"),
            sa.func.ST_Y(inside).label("lat"),
        )
        .where(t.id == r.id)
        .order_by((t.dal <= r.giorno).desc(), sa.case((t.dal <= r.giorno, t.dal)).desc(), t.dal)
        .limit(1)
    )
    row = conn.execute(query).one_or_none()
    return None if row is None else dict(row._mapping)


def _told(dataset: Dataset, row: Mapping[str, Any], r: Richiesta) -> Nodo:
    """Return what a version of an object says."""
    found: Nodo = {"@id": r.uri, "dct:identifier": row["codice"]}
    own = clv_of(dataset.nome, row, r.base)
    if dataset.nome == "comuni":
        # The municipality is the thing, its boundary what is known of it.
        found["@id"] = uri_of(r.base, "comune", row["comune"])
    else:
        found["dct:isPartOf"] = {"@id": uri_of(r.base, "comune", row["comune"])}
    this = found["@id"]
    found |= own
    names = [identifier(f"{this}#codice", "codice del registro", row["codice"])]
    found["clv:hasIdentifier"] = names + found.get("clv:hasIdentifier", [])
    found["dct:source"] = row["fonte"]
    if row["data_riferimento"] is not None:
        found["dct:date"] = _day(row["data_riferimento"])
    if dataset.inspire:
        theme = INSPIRE + TEMI_INSPIRE[dataset.inspire].codice
        found["dct:subject"] = {"@id": theme, "@type": "skos:Concept"}
    if row["wkt"] is not None:
        found["clv:hasGeometry"] = _geometry(this, row)
        found["gsp:hasGeometry"] = {"@id": f"{this}#geometria"}
    found["clv:hasSOValidity"] = _validity(this, row)
    found["schema:additionalProperty"] = _values(dataset, row, this)
    found["dct:isReferencedBy"] = {
        "@id": f"{r.base}/ogc/collections/{dataset.nome}/items/{row['codice']}"
    }
    return found


def _geometry(this: str, row: Mapping[str, Any]) -> Nodo:
    """Return where an object is: a point inside it, as CLV wants, and its whole shape."""
    kind = "Point" if row["forma"] == "POINT" else "Polygon"
    return {
        "@id": f"{this}#geometria",
        "@type": ["clv:Geometry", "gsp:Geometry"],
        "clv:hasGeometryType": {"@id": f"clv:{kind}"},
        "clv:long": _decimal(row["lon"]),
        "clv:lat": _decimal(row["lat"]),
        "clv:coordinateSystem": "http://www.opengis.net/def/crs/OGC/1.3/CRS84",
        "clv:serialization": row["wkt"],
        "gsp:asWKT": {"@value": row["wkt"], "@type": "gsp:wktLiteral"},
    }


def _validity(this: str, row: Mapping[str, Any]) -> Nodo:
    """Return the days on which it is so; open ends are left out."""
    found: Nodo = {
        "@id": f"{this}#validita",
        "@type": ["ti:TimeInterval", "dct:PeriodOfTime"],
    }
    for term, column in (("schema:startDate", "valida_dal"), ("schema:endDate", "valida_al")):
        if row[column] is not None:
            found[term] = _day(row[column])
    return found


def _values(dataset: Dataset, row: Mapping[str, Any], this: str) -> list[Nodo]:
    """Return the fields of the data dictionary with their values."""
    found = []
    for campo in dataset.campi:
        value = row[campo.nome]
        if campo.nome in _DETTI or value in (None, ""):
            continue
        said: Nodo = {
            "@id": f"{this}#campo-{campo.nome}",
            "@type": "schema:PropertyValue",
            "schema:propertyID": campo.nome,
            "schema:name": campo.titolo,
            "schema:value": _plain(value),
        }
        if campo.unita:
            said["schema:unitText"] = campo.unita
        if value in campo.codici:
            said["schema:description"] = campo.codici[value]
        found.append(said)
    return found


def _lineage(conn: sa.Connection, r: Richiesta) -> Nodo:
    """Return what the object came from, and what came of it."""
    g = sa.table(
        "genealogia",
        *map(sa.column, ("comune", "da", "a", "da_codice", "a_codice")),
        schema="pubblico",
    )
    found: Nodo = {}
    for term, own, other in (
        ("dct:replaces", g.c.a, g.c.da_codice),
        ("dct:isReplacedBy", g.c.da, g.c.a_codice),
    ):
        ours = g.c.comune == r.comune, own == r.id, other.is_not(None)
        query = sa.select(other).where(*ours).distinct().order_by(other)
        links = [{"@id": uri_of(r.base, r.tipo, each)} for each in conn.execute(query).scalars()]
        if links:
            found[term] = links
    return found


def _plain(value: Any) -> Any:
    """Return a value as JSON-LD has it."""
    if isinstance(value, bool | int | str):
        return value
    return _day(value) if isinstance(value, date) else _decimal(value)


def _day(value: date) -> Nodo:
    return {"@value": value.isoformat(), "@type": "xsd:date"}


def _decimal(value: Any) -> Nodo:
    text = f"{value:.7f}" if isinstance(value, float) else str(value)
    return {"@value": text, "@type": "xsd:decimal"}
