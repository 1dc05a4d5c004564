"""The list of all pages, read from the router: a new page cannot escape the tests."""

import re
from collections.abc import Iterator

from fastapi.routing import APIRoute

from api.pages import PAGES
from opendata.dataset import DATASETS
from tests.pages.town import Town

SUFFIXES = (".pdf", ".json", ".csv", ".geojson", ".svg", ".mvt")
QUERIES = {
    "/cerca": ["?q=via+dei+tigli", "?q=niente+di+simile", ""],
    "/mappa": ["", "?edificio={pieno}"],
    "/edifici/{codice}": ["?visto_da=ufficio&confronta=2021-01-01"],
    "/selezione": ["", "?intorno={pieno}&raggio=60"],
    "/estratto": ["?edificio={pieno}&scala=500"],
    "/segnala": ["?edificio={pieno}"],
    "/segnalazioni": ["", "?visto_da=ufficio"],
    "/segnalazioni/{numero}": ["?visto_da=ufficio"],
    "/dati": ["", "?q=strade&formato=csv&tema=REGI", "?q=niente+di+simile"],
    "/sviluppatori/prova": ["", "?di=ogc"],
}
"""Addresses that need, or deserve, parameters."""


def routes() -> Iterator[APIRoute]:
    """Return every route of the pages."""
    for router in PAGES:
        for route in router.routes:
            assert isinstance(route, APIRoute)
            yield route


def is_page(route: APIRoute) -> bool:
    """Tell whether a route answers a whole page to a reader."""
    path = route.path
    return (
        "GET" in (route.methods or ())
        and not path.startswith(("/frammenti/", "/id/"))
        and not path.endswith(SUFFIXES)
        and path != "/segnala/ricevuta/{numero}"  # made by a report: tested there
        and path != "/opendata"  # leads to /dati
    )


def fill_in(path: str, town: Town) -> list[str]:
    """Return addresses of a route, its parameters taken from the town."""
    if path.startswith("/edifici/"):
        codes = [town.pieno, town.vuoto, town.diviso]
    elif path.startswith("/particelle/"):
        codes = [town.particella]
    elif path.startswith("/unita-immobiliari/"):
        codes = [town.unita]
    elif path.startswith("/civici/"):
        codes = [town.civico]
    elif path.startswith("/dati/"):
        codes = [dataset.nome for dataset in DATASETS]
    else:
        codes = ["1"]
    return list(dict.fromkeys(re.sub(r"\{[^}]+\}", code, path) for code in codes))


def all_pages(town: Town) -> list[str]:
    """Return the address of every page, with test data."""
    found = []
    for route in routes():
        if not is_page(route):
            continue
        for address in fill_in(route.path, town):
            queries = QUERIES.get(route.path, [""])
            found += [address + query.format(pieno=town.pieno) for query in queries]
            if route.path == "/edifici/{codice}":
                found.append(address)
    return list(dict.fromkeys(found))
