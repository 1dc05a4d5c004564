"""The catalogue: a page of datasets as a graph, written as RDF/XML, Turtle or JSON-LD.

Harvesters (ckanext-dcat and those built on it) read a page and follow ``hydra:next``; each
page is whole in itself. All pages of an association of 377 municipalities would be half a
million triples, more than a harvester takes in one answer (50 MB) or we make in a second.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import batched

from rdflib import DCAT, DCTERMS, FOAF, RDF, SKOS, XSD, Graph, Literal, URIRef

from opendata import rdfxml
from opendata import vocabolari as v
from opendata.dcat import DCATAP, DCATAPIT, HYDRA, PREFISSI, TITLE, add_agent, add_dataset, empty
from opendata.dcat import italiano as it
from opendata.dcat import quando as at
from opendata.ente import Ente
from opendata.metadati import PAGINE, Metadati

PAGINA = 100
"""Datasets a page, as CKAN writes them."""

FORMATI = {
    "rdf": "application/rdf+xml",
    "ttl": "text/turtle",
    "jsonld": "application/ld+json",
}
"""What the catalogue is written as, by the end of its address."""


@dataclass(frozen=True, slots=True)
class Pagina:
    """A page of the catalogue: which of how many, and the datasets on it."""

    numero: int
    pagine: int
    totale: int
    metadati: tuple[Metadati, ...]


def page(metadati: Sequence[Metadati], numero: int) -> Pagina | None:
    """Return a page of the catalogue, from 1, or None past its end."""
    pages = list(batched(metadati, PAGINA))
    if not 1 <= numero <= len(pages):
        return None
    return Pagina(numero, len(pages), len(metadati), pages[numero - 1])


@lru_cache(maxsize=8)
def write_page(pagina: Pagina, ente: Ente, base: str, formato: str) -> bytes:
    """Write a page of the catalogue; the last ones written are kept."""
    return write(graph(pagina, ente, base, formato), formato)


@lru_cache(maxsize=64)
def write_dataset(metadati: Metadati, base: str, formato: str) -> bytes:
    """Write what is told of one dataset or edition."""
    found = empty()
    add_dataset(found, base, metadati)
    return write(found, formato)


def graph(pagina: Pagina, ente: Ente, base: str, formato: str = "rdf") -> Graph:
    """Return a page of the catalogue as a graph."""
    found = empty()
    this = URIRef(f"{base}/catalogo")
    for kind in (DCATAPIT.Catalog, DCAT.Catalog):
        found.add((this, RDF.type, kind))
    home = URIRef(base + PAGINE)
    found.add((home, RDF.type, FOAF.Document))
    taxonomy = URIRef(v.TEMI)
    found.add((taxonomy, RDF.type, SKOS.ConceptScheme))
    found.add((taxonomy, TITLE, it("Temi dei dati")))
    language = URIRef(v.ITALIANO)
    found.add((language, RDF.type, DCTERMS.LinguisticSystem))
    said = f"I dati aperti dell’anagrafe territoriale di {ente.nome}."
    for predicate, value in (
        (TITLE, it(f"Dati territoriali - {ente.nome}")),
        (DCTERMS.description, it(said)),
        (DCTERMS.publisher, add_agent(found, base, ente)),
        (DCTERMS.modified, at(max(each.modificato for each in pagina.metadati))),
        (DCTERMS.language, language),
        (DCTERMS.license, URIRef(v.LICENZA)),
        (FOAF.homepage, home),
        (DCAT.themeTaxonomy, taxonomy),
    ):
        found.add((this, predicate, value))
    for each in pagina.metadati:
        found.add((this, DCAT.dataset, add_dataset(found, base, each)))
    _add_service(found, this, pagina, base)
    _add_paging(found, pagina, f"{base}/catalogo.{formato}")
    return found


def _add_service(graph: Graph, catalogue: URIRef, pagina: Pagina, base: str) -> None:
    """Tell of the interface that answers for every dataset."""
    this, address = URIRef(f"{base}/catalogo#ogc"), URIRef(f"{base}/ogc")
    graph.add((catalogue, DCAT.service, this))
    whole = [each for each in pagina.metadati if each.comune is None]
    for predicate, value in (
        (RDF.type, DCAT.DataService),
        (TITLE, it("OGC API del registro")),
        (DCTERMS.description, it("OGC API - Features, Tiles, Records e Processes.")),
        (DCTERMS.license, URIRef(v.LICENZA)),
        (DCTERMS.accessRights, URIRef(v.PUBBLICO)),
        (DCTERMS.publisher, next(iter(graph.objects(catalogue, DCTERMS.publisher)))),
        (DCTERMS.conformsTo, URIRef("http://www.opengis.net/spec/ogcapi-features-1/1.0")),
        (DCAT.contactPoint, URIRef(f"{base}/catalogo#contatto")),
        (DCAT.endpointURL, address),
        (DCAT.endpointDescription, URIRef(f"{address}/openapi")),
        *((DCAT.servesDataset, URIRef(base + each.percorso)) for each in whole),
        *_high_value(whole),
    ):
        graph.add((this, predicate, value))


def _high_value(metadati: Sequence[Metadati]) -> list[tuple[URIRef, URIRef]]:
    """Return what makes a service one of high-value datasets, if it serves any."""
    codes = sorted({m.dataset.valore_elevato for m in metadati if m.dataset.valore_elevato})
    found = [(DCATAP.hvdCategory, URIRef(v.CATEGORIE_VALORE + code)) for code in codes]
    return [*found, (DCATAP.applicableLegislation, URIRef(v.VALORE_ELEVATO))] if codes else []


def _add_paging(graph: Graph, pagina: Pagina, address: str) -> None:
    """Say where the other pages are, in the words of both versions of Hydra, if there are any."""
    if pagina.pagine == 1:
        return
    this = URIRef(f"{address}?page={pagina.numero}")
    graph.add((this, RDF.type, HYDRA.PagedCollection))
    graph.add((this, HYDRA.totalItems, Literal(pagina.totale, datatype=XSD.integer)))
    graph.add((this, HYDRA.itemsPerPage, Literal(PAGINA, datatype=XSD.integer)))
    steps = {"first": 1, "last": pagina.pagine}
    if pagina.numero > 1:
        steps["previous"] = pagina.numero - 1
    if pagina.numero < pagina.pagine:
        steps["next"] = pagina.numero + 1
    for name, number in steps.items():
        for word in (name, f"{name}Page"):
            graph.add((this, HYDRA[word], URIRef(f"{address}?page={number}")))


def write(graph: Graph, formato: str) -> bytes:
    """Write a graph in one of FORMATI; the same graph gives the same bytes."""
    if formato == "jsonld":
        context = {
            prefix: str(namespace) for prefix, namespace in PREFISSI.items() if prefix != "xml"
        }
        said = json.loads(graph.serialize(format="json-ld", context=context))
        if "@graph" in said:
            said["@graph"].sort(key=lambda node: str(node["@id"]))
        return json.dumps(_sorted(said), ensure_ascii=False, sort_keys=True, indent=1).encode()
    if formato == "rdf":
        return rdfxml.write(graph, PREFISSI, str(DCATAPIT))
    return graph.serialize(format="turtle", encoding="utf-8")


def _sorted(value: object) -> object:
    """Return JSON with the values of each property in a steady order: a graph has none."""
    if isinstance(value, dict):
        return {key: each if key == "@context" else _sorted(each) for key, each in value.items()}
    if isinstance(value, list):
        found = [_sorted(each) for each in value]
        return sorted(found, key=lambda each: json.dumps(each, sort_keys=True))
    return value
