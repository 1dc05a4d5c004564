"""OGC API – Records (OGC 20-004r1): the catalogue as a collection of records.

A record is what every other catalogue tells of a dataset or of its edition for a municipality
(:mod:`opendata.metadati`), in GeoJSON. There are a few thousand at most: they are chosen here.
"""

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from opendata.metadati import Metadati
from opendata.ogc.interrogazione import LIMITE, read_bbox, read_datetime
from opendata.vocabolari import ITALIANO, LICENZA_TESTO, TEMI
from territorio.errors import InvalidParameter
from territorio.geometry import Riquadro
from territorio.vigenza import ROMA

RACCOLTA = "catalogo"
"""The collection of the records."""

NUCLEO = "http://www.opengis.net/spec/ogcapi-records-1/1.0/req/record-core"
CONFORME = tuple(
    f"http://www.opengis.net/spec/ogcapi-records-1/1.0/conf/{name}"
    for name in (
        *("record-core", "record-collection", "record-api", "record-core-query-parameters"),
        *("searchable-catalog", "json", "oas30"),
    )
)
PARAMETRI = (
    *("f", "lang", "bbox", "datetime", "limit", "offset"),
    *("q", "type", "ids", "externalIds"),
)
LIMITE_MASSIMO = 1_000

type Json = dict[str, Any]


def described(base: str) -> Json:
    """Return the description of the collection."""
    here = f"{base}/collections/{RACCOLTA}"
    return {
        "id": RACCOLTA,
        "title": "Catalogo dei dati",
        "description": "I dataset pubblicati e le loro edizioni per comune.",
        "itemType": "record",
        "type": "Collection",
        "links": [
            {"rel": "self", "type": "application/json", "href": here},
            {"rel": "items", "type": "application/geo+json", "href": f"{here}/items"},
            {"rel": "root", "type": "application/json", "href": base},
        ],
    }


@dataclass(frozen=True, slots=True)
class Ricerca:
    """What is asked of the catalogue."""

    parole: tuple[str, ...] = ()
    riquadro: tuple[float, float, float, float] | None = None
    giorni: tuple[str, str] | None = None
    numeri: frozenset[str] | None = None
    limite: int = LIMITE
    offset: int = 0
    nessuno: bool = False
    """Whether a kind of resource is asked for that is not here."""


def read(asked: Iterable[tuple[str, str]]) -> Ricerca:
    """Read the parameters of a search; raise InvalidParameter for one that is wrong."""
    p = dict[str, str]()
    for name, value in asked:
        if name not in PARAMETRI or name in p:
            raise InvalidParameter(name, f"non è (una volta) fra {', '.join(PARAMETRI)}")
        p[name] = value
    if p.get("f", "json") not in {"json", "html"}:
        raise InvalidParameter("f", "è json oppure html")
    among = [p[name].split(",") for name in ("ids", "externalIds") if name in p]
    return Ricerca(
        parole=tuple(word for word in p.get("q", "").lower().replace(",", " ").split() if word),
        riquadro=read_bbox(p.get("bbox"), None),
        giorni=read_datetime(p["datetime"]) if "datetime" in p else None,
        numeri=frozenset(among[0]).intersection(*among[1:]) if among else None,
        limite=min(_whole("limit", p.get("limit"), 1, LIMITE), LIMITE_MASSIMO),
        offset=_whole("offset", p.get("offset"), 0, 0),
        nessuno="type" in p and "dataset" not in p["type"].lower().split(","),
    )


def _whole(name: str, text: str | None, least: int, usual: int) -> int:
    if text is None:
        return usual
    if not (text.isascii() and text.isdigit() and len(text) < 10) or int(text) < least:
        raise InvalidParameter(name, f"«{text[:20]}» non è un numero intero da {least} in su")
    return int(text)


def choose(metadati: Sequence[Metadati], ricerca: Ricerca) -> list[Metadati]:
    """Return what a search finds, in the order of the catalogue."""
    if ricerca.nessuno:
        return []
    return [one for one in metadati if _meets(one, ricerca)]


def _meets(m: Metadati, r: Ricerca) -> bool:
    said = " ".join((m.titolo, m.descrizione, *m.dataset.parole)).lower()
    if not all(word in said for word in r.parole):
        return False
    if r.numeri is not None and not r.numeri & {number(m), m.identificativo}:
        return False
    if r.riquadro is not None and not _overlap(m.riquadro, r.riquadro):
        return False
    if r.giorni is None:
        return True
    day, (first, last) = _day(m.modificato), r.giorni
    return (first == "-infinity" or day >= first) and (last == "infinity" or day <= last)


def _overlap(a: Riquadro, b: tuple[float, float, float, float]) -> bool:
    west, south, east, north = b
    return a.ovest <= east and a.est >= west and a.sud <= north and a.nord >= south


def _day(moment: datetime) -> str:
    return moment.astimezone(ROMA).date().isoformat()


def number(m: Metadati) -> str:
    """Return the id of a record."""
    return m.dataset.nome if m.comune is None else f"{m.dataset.nome}.{m.comune}"


def record(m: Metadati, site: str) -> Json:
    """Return the record of a dataset or an edition; addresses begin with ``site``."""
    box = m.riquadro
    ring = [
        [box.ovest, box.sud],
        [box.est, box.sud],
        [box.est, box.nord],
        [box.ovest, box.nord],
        [box.ovest, box.sud],
    ]
    contact: Json = {"name": m.ente.nome, "identifier": m.ente.ipa, "roles": ["publisher"]}
    if m.ente.email:
        contact["emails"] = [{"value": m.ente.email}]
    return {
        "id": number(m),
        "type": "Feature",
        "conformsTo": [NUCLEO],
        "geometry": {"type": "Polygon", "coordinates": [ring]} if _finite(box) else None,
        "time": None if m.giorno is None else {"date": m.giorno.isoformat()},
        "properties": {
            "type": "dataset",
            "title": m.titolo,
            "description": m.descrizione,
            "keywords": list(m.dataset.parole),
            "language": {"code": "it", "name": "Italiano", "alternate": ITALIANO},
            "themes": [{"concepts": [{"id": m.dataset.tema.value}], "scheme": TEMI}],
            "externalIds": [{"value": m.identificativo}],
            "updated": m.modificato.isoformat(),
            **({} if m.emesso is None else {"created": m.emesso.isoformat()}),
            "formats": [{"name": file.formato, "mediaType": file.media_type} for file in m.file],
            "contacts": [
                contact,
                {"name": m.titolare.nome, "identifier": m.titolare.ipa, "roles": ["owner"]},
            ],
            "license": LICENZA_TESTO,
        },
        "links": list(_links(m, site)),
    }


def _finite(box: Riquadro) -> bool:
    return all(map(math.isfinite, (box.ovest, box.sud, box.est, box.nord)))


def _links(m: Metadati, site: str) -> Iterable[Json]:
    here = f"{site}/ogc/collections/{RACCOLTA}"
    yield _link("self", f"{here}/items/{number(m)}", "application/geo+json")
    yield _link("collection", here, "application/json")
    yield _link("describedby", f"{site}{m.percorso}.rdf", "application/rdf+xml", "DCAT-AP_IT")
    yield _link("describedby", f"{site}{m.percorso}/iso19139.xml", "application/xml", "ISO 19139")
    yield _link("alternate", f"{site}{m.pagina}", "text/html", "Pagina")
    if m.comune is None:
        api = f"{site}/ogc/collections/{m.dataset.nome}"
        yield _link("items", f"{api}/items", "application/geo+json", "OGC API – Features")
    for file in m.distribuiti:
        place = f"{site}{m.percorso_file(file)}"
        yield {**_link("enclosure", place, file.media_type, file.nome), "length": file.byte}


def _link(rel: str, href: str, media: str, title: str | None = None) -> Json:
    found = {"rel": rel, "href": href, "type": media}
    return found if title is None else {**found, "title": title}


def paths() -> Json:
    """Return the description of these doors (OpenAPI), for the one of the whole API."""
    numbers = {"type": "array", "items": {"type": "string"}, "minItems": 1}
    flat = {"style": "form", "explode": False}

    def asked(name: str, said: str, schema: Json, **more: Any) -> Json:
        return {"name": name, "in": "query", "description": said, "schema": schema, **more}

    formato = {"$ref": "#/components/parameters/f"}
    refused = {s: {"$ref": "#/components/responses/Problema"} for s in ("400", "404", "503")}
    others = {"303": {"$ref": "#/components/responses/Pagina"}, "304": {"description": "Uguale."}}

    def door(summary: str, name: str, media: str, parameters: list[Json]) -> Json:
        content = {media: {"schema": {"type": "object"}}}
        answers = {"200": {"description": summary, "content": content}, **others, **refused}
        return {
            "get": {
                "summary": summary,
                "operationId": name,
                "tags": ["catalogo"],
                "parameters": [formato, *parameters],
                "responses": answers,
            }
        }

    number = {"name": "recordId", "in": "path", "required": True, "schema": {"type": "string"}}
    search = [
        *({"$ref": f"#/components/parameters/{name}"} for name in ("bbox", "datetime", "limit")),
        asked("offset", "Quanti saltarne.", {"type": "integer", "minimum": 0}),
        asked("q", "Parole del titolo o della descrizione.", {"type": "string"}),
        asked("type", "Che cosa: dataset.", numbers, **flat),
        asked("ids", "Solo questi.", numbers, **flat),
        asked("externalIds", "Solo questi, per identificativo.", numbers, **flat),
    ]
    here, geojson = f"/collections/{RACCOLTA}", "application/geo+json"
    return {
        here: door("Il catalogo", "catalogo", "application/json", []),
        f"{here}/items": door("Cerca nel catalogo", "records", geojson, search),
        f"{here}/items/{{recordId}}": door("Un record", "record", geojson, [number]),
    }
