"""pygeoapi's configuration, made from DATASETS: no file, nothing read at import."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import sqlalchemy as sa

from opendata.dataset import DATASETS, Dataset
from opendata.metadati import PAGINE
from opendata.ogc import crs
from opendata.ogc.interrogazione import LIMITE, LIMITE_MASSIMO
from territorio.geometry import ITALIA

TITOLO = "Anagrafe territoriale: API OGC"
DESCRIZIONE = (
    "Edifici, particelle, indirizzi, zone e vincoli del registro territoriale, come risultano in"
    " ogni giorno (parametro datetime)."
)
LICENZA = {
    "name": "CC BY 4.0",
    "url": "https://creativecommons.org/licenses/by/4.0/",
}
FORNITORE = "opendata.ogc.fornitore"


@dataclass(frozen=True, slots=True)
class Estensione:
    """Where a collection lies, and since when something of it is known."""

    riquadro: tuple[float, float, float, float] = ITALIA
    dal: datetime | None = None


def extents(conn: sa.Connection) -> dict[str, Estensione]:
    """Return where each collection lies, by its index, and its first day."""
    found = {}
    for dataset in DATASETS:
        t = dataset.tavola
        box = sa.select(sa.func.ST_Extent(t.c.geometria).label("b"), sa.func.min(t.c.valida_dal))
        row = conn.execute(_estimated(dataset)).one()
        if row[0] is None:
            sides = box.subquery()
            row = conn.execute(
                sa.select(
                    sa.func.ST_XMin(sides.c.b),
                    sa.func.ST_YMin(sides.c.b),
                    sa.func.ST_XMax(sides.c.b),
                    sa.func.ST_YMax(sides.c.b),
                )
            ).one()
        first = conn.execute(sa.select(sa.func.min(t.c.valida_dal))).scalar()
        day = None if first is None else datetime(first.year, first.month, first.day, tzinfo=UTC)
        where = ITALIA if row[0] is None else tuple(row)
        found[dataset.nome] = Estensione(where, day)
    return found


def _estimated(dataset: Dataset) -> sa.Select[Any]:
    """Ask the index where everything lies: the table would be read whole."""
    t = dataset.tavola
    box = sa.func.ST_EstimatedExtent(t.schema, t.name, "geometria")
    return sa.select(*(getattr(sa.func, side)(box) for side in _SIDES))


_SIDES = ("ST_XMin", "ST_YMin", "ST_XMax", "ST_YMax")


def configuration(base: str, where: Mapping[str, Estensione]) -> dict[str, Any]:
    """Return the configuration for a server whose OGC API stands at ``base``."""
    return {
        "server": {
            "bind": {"host": "127.0.0.1", "port": 0},
            "url": base,
            "mimetype": "application/json; charset=UTF-8",
            "encoding": "utf-8",
            "gzip": False,
            "languages": ["it-IT"],
            "pretty_print": False,
            "limits": {
                "default_items": LIMITE,
                "max_items": LIMITE_MASSIMO,
                "on_exceed": "throttle",
            },
            "map": {"url": "", "attribution": ""},
            "admin": False,
        },
        "logging": {"level": "ERROR"},
        "metadata": {
            "identification": {
                "title": TITOLO,
                "description": DESCRIZIONE,
                "keywords": ["territorio", "edifici", "catasto", "indirizzi"],
                "keywords_type": "theme",
                "terms_of_service": LICENZA["url"],
                "url": base.removesuffix("/ogc"),
            },
            "license": LICENZA,
            "provider": {"name": "territorio", "url": base.removesuffix("/ogc")},
            "contact": {"name": "territorio", "url": base.removesuffix("/ogc")},
        },
        "resources": {
            dataset.nome: _resource(base, dataset, where.get(dataset.nome, Estensione()))
            for dataset in DATASETS
        },
    }


def _resource(base: str, dataset: Dataset, where: Estensione) -> dict[str, Any]:
    return {
        "type": "collection",
        "title": dataset.titolo,
        "description": dataset.descrizione,
        "keywords": list(dataset.parole),
        "links": _links(base, dataset),
        "extents": {
            "spatial": {"bbox": list(where.riquadro), "crs": crs.OGC},
            "temporal": {"begin": where.dal, "end": None},
        },
        "providers": [
            {
                "type": "feature",
                "name": f"{FORNITORE}.Elementi",
                "data": dataset.nome,
                "id_field": "id",
                "title_field": "codice",
                "geom_field": "geometria",
                "crs": list(crs.SUPPORTED),
                "storage_crs": crs.OGC,
            }
        ],
    }


def _links(base: str, dataset: Dataset) -> list[dict[str, str]]:
    root = base.removesuffix("/ogc")
    return [
        {
            "type": "text/html",
            "rel": "describedby",
            "title": f"{dataset.titolo}: descrizione, campi, file",
            "href": f"{root}{PAGINE}/{dataset.nome}",
            "hreflang": "it",
        },
        {
            "type": "text/html",
            "rel": "license",
            "title": LICENZA["name"],
            "href": LICENZA["url"],
        },
    ]
