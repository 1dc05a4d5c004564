"""The catalogue is DCAT-AP_IT: by our shapes, by the ontology, by the vocabularies."""

import csv
import io
from collections.abc import Callable
from pathlib import Path

import pytest
from pyshacl import validate
from rdflib import DCAT, DCTERMS, FOAF, OWL, RDF, RDFS, Graph, Literal, URIRef
from rdflib.term import Node

from opendata import catalogo, vocabolari
from opendata.dataset import DATASETS, Dataset
from opendata.dcat import DCATAP, DCATAPIT, HYDRA, SPDX, VCARD
from opendata.metadati import Metadati
from tests.opendata.esempi import BASE, ENTE, FILE, edizione, intero, tutti

# pySHACL and rdflib's own reader of JSON-LD still use names that rdflib gives up.
pytestmark = pytest.mark.filterwarnings("ignore:(Dataset|ConjunctiveGraph):DeprecationWarning")

SHAPES = Path(__file__).parent / "dcatapit.ttl"
DATI = Path(__file__).parents[3] / "shared/data"
ONTOLOGIA = DATI / "catalogo/ontologie/DCAT-AP_IT.ttl"
PARSER = {"rdf": "xml", "ttl": "turtle", "jsonld": "json-ld"}
EDIFICI = URIRef(f"{BASE}/opendata/edifici/X999")
UNO = Literal("altro")


def graph(metadati: list[Metadati] | None = None) -> Graph:
    page = catalogo.page(metadati or tutti(), 1)
    assert page is not None
    return catalogo.graph(page, ENTE, BASE)


def violations(found: Graph) -> str:
    conforms, _, text = validate(found, shacl_graph=str(SHAPES), shacl_graph_format="turtle")
    return "" if conforms else str(text)


def needed(path: Path) -> Path:
    if not path.exists():
        pytest.skip(f"{path.name} is not on this machine")
    return path


def test_the_catalogue_keeps_all_cardinalities() -> None:
    found = graph()
    assert len(list(found.subjects(RDF.type, DCATAPIT.Dataset))) == 2 * len(DATASETS)
    assert violations(found) == ""
    assert violations(graph([intero(), edizione()])) == ""


def _without(subject: URIRef, predicate: URIRef) -> Callable[[Graph], object]:
    return lambda found: found.remove((subject, predicate, None))


def _twice(subject: URIRef, predicate: URIRef, value: Node = UNO) -> Callable[[Graph], object]:
    return lambda found: found.add((subject, predicate, value))


CATALOGO = URIRef(f"{BASE}/catalogo")
CSV = URIRef(f"{EDIFICI}#csv")
AGENTE = URIRef(f"{BASE}/catalogo#c_x999")
CONTATTO = URIRef(f"{BASE}/catalogo#contatto")
BREAKS = {
    "no title": _without(CATALOGO, DCTERMS["title"]),
    "two titles": _twice(CATALOGO, DCTERMS["title"]),
    "no publisher": _without(CATALOGO, DCTERMS.publisher),
    "no datasets": _without(CATALOGO, DCAT.dataset),
    "no identifier": _without(EDIFICI, DCTERMS.identifier),
    "two identifiers": _twice(EDIFICI, DCTERMS.identifier),
    "no holder": _without(EDIFICI, DCTERMS.rightsHolder),
    "no frequency": _without(EDIFICI, DCTERMS.accrualPeriodicity),
    "a date that is none": _twice(EDIFICI, DCTERMS.issued),
    "no theme": _without(EDIFICI, DCAT.theme),
    "another theme": _twice(EDIFICI, DCAT.theme, URIRef("http://inspire.ec.europa.eu/theme/bu")),
    "European alone": lambda found: found.remove((EDIFICI, RDF.type, DCATAPIT.Dataset)),
    "no format": _without(CSV, DCTERMS["format"]),
    "two addresses": _twice(CSV, DCAT.accessURL, URIRef(f"{BASE}/altro")),
    "no licence": _without(CSV, DCTERMS.license),
    "a size in words": _twice(CSV, DCAT.byteSize),
    "a body of two names": _twice(AGENTE, FOAF.name),
    "no e-mail": _without(CONTATTO, VCARD.hasEmail),
    "no legislation": _without(EDIFICI, DCATAP.applicableLegislation),
    "a comma in a keyword": _twice(EDIFICI, DCAT.keyword, Literal("case, strade")),
}


@pytest.mark.parametrize("name", BREAKS)
def test_what_is_broken_is_found(name: str) -> None:
    found = graph([intero(), edizione()])
    BREAKS[name](found)
    assert violations(found) != ""


def restrictions() -> list[tuple[str, str, int, int | None]]:
    """Return class, property, least and most of each cardinality of the ontology."""
    onto = Graph().parse(needed(ONTOLOGIA))
    limits = {
        OWL.cardinality: (1, 1),
        OWL.qualifiedCardinality: (1, 1),
        OWL.maxCardinality: (0, 1),
        OWL.maxQualifiedCardinality: (0, 1),
        OWL.someValuesFrom: (1, None),
    }
    found = []
    for rule in onto.subjects(RDF.type, OWL.Restriction):
        for kind, (least, most) in limits.items():
            if (rule, kind, None) in onto:
                cls = onto.value(predicate=RDFS.subClassOf, object=rule)
                # The ontology writes its Catalog with https, and one property as sdati.gov.it.
                name = str(cls).replace("https://dati.gov.it", "http://dati.gov.it")
                found.append((name, str(onto.value(rule, OWL.onProperty)), least, most))
    return found


def breaches(found: Graph) -> list[tuple[str, str, int]]:
    """Return what in a graph does not keep the cardinalities of the ontology."""
    wrong = []
    for cls, predicate, least, most in restrictions():
        if "sdati.gov.it" in predicate:
            predicate = "http://schema.org/startDate"
        for subject in found.subjects(RDF.type, URIRef(cls)):
            count = len(list(found.objects(subject, URIRef(predicate))))
            if count < least or (most is not None and count > most):
                wrong.append((str(subject), predicate, count))
    return wrong


def test_the_catalogue_keeps_the_cardinalities_of_the_ontology() -> None:
    assert len(restrictions()) > 30
    found = graph()
    assert breaches(found) == []
    found.remove((EDIFICI, DCTERMS.identifier, None))
    found.add((CSV, DCTERMS["format"], URIRef("urn:altro")))
    assert len(breaches(found)) == 2


def vocabulary(name: str) -> set[str]:
    """Return the codes of a vocabulary of the European Union."""
    path = needed(DATI / f"catalogo/vocabolari-eu/{name}-filtered.rdf")
    return {str(each) for each in Graph().parse(path, format="xml").subjects(RDF.type)}


@pytest.mark.parametrize(
    ("name", "predicate", "count"),
    [
        ("data-theme", DCAT.theme, 3),
        ("frequencies", DCTERMS.accrualPeriodicity, 2),
        ("filetypes", DCTERMS["format"], 4),
    ],
)
def test_codes_are_those_of_the_vocabularies(name: str, predicate: URIRef, count: int) -> None:
    known, used = vocabulary(name), {str(each) for each in graph().objects(None, predicate)}
    assert len(used) == count
    assert used <= known
    assert f"{vocabolari.EU}data-theme/CASE" not in known


def test_every_file_type_we_may_say_is_in_the_vocabulary() -> None:
    known = vocabulary("filetypes")
    said = {*vocabolari.PER_SUFFISSO.values(), vocabolari.QUALSIASI}
    assert {vocabolari.TIPI_FILE + each for each in said} <= known


def test_domains_of_eurovoc_are_allowed_under_their_theme() -> None:
    path = needed(DATI / "codici/ontopia/theme-subtheme-mapping.csv")
    rows = list(csv.reader(io.StringIO(path.read_text())))
    allowed = {(row[1], row[4], row[6]) for row in rows}
    said = {
        (str(dataset.tema), f"{vocabolari.EUROVOC}{code}", title)
        for dataset in DATASETS
        if dataset.nome in vocabolari.SOTTOTEMI
        for code, title in [vocabolari.SOTTOTEMI[dataset.nome]]
    }
    assert len(said) >= 2
    assert said <= allowed


@pytest.mark.parametrize("dataset", DATASETS, ids=lambda d: d.nome)
def test_every_dataset_has_a_theme_of_inspire(dataset: Dataset) -> None:
    assert intero(dataset.nome).dataset.inspire in vocabolari.TEMI_INSPIRE


def meaning(found: Graph) -> set[tuple[object, ...]]:
    """Return what a graph says, numbers by their value: Turtle writes 1000 as 1000.0."""
    return {
        (s, p, (o.toPython(), o.language) if isinstance(o, Literal) else o) for s, p, o in found
    }


@pytest.mark.parametrize("formato", catalogo.FORMATI)
def test_each_syntax_says_the_same(formato: str) -> None:
    page = catalogo.page(tutti(), 1)
    assert page is not None
    data = catalogo.write_page(page, ENTE, BASE, formato)
    assert meaning(Graph().parse(data, format=PARSER[formato])) == meaning(graph())
    assert data == catalogo.write(graph(), formato)


def test_the_namespace_is_written_as_it_is() -> None:
    """A widely copied file has it with a stray quote, and the ontology its Catalog with https."""
    page = catalogo.page(tutti(), 1)
    assert page is not None
    found = catalogo.write_page(page, ENTE, BASE, "rdf").decode()
    assert 'xmlns:dcatapit="http://dati.gov.it/onto/dcatapit#"' in found
    assert "https://dati.gov.it" not in found
    assert not [each for each in graph().all_nodes() if isinstance(each, URIRef) and '"' in each]


def test_files_are_told_with_size_checksum_and_kind() -> None:
    found = graph()
    said = {
        str(found.value(each, DCAT.downloadURL)): (
            str(found.value(each, DCTERMS["format"])).rpartition("/")[2],
            str(found.value(each, DCAT.mediaType)).removeprefix(vocabolari.TIPI_MEDIA),
            int(str(found.value(each, DCAT.byteSize))),
            str(found.value(found.value(each, SPDX.checksum), SPDX.checksumValue)),
        )
        for each in found.objects(EDIFICI, DCAT.distribution)
        if found.value(each, DCAT.downloadURL)
    }
    kinds = ["GPKG", "OCTET", "OCTET", "CSV", "GEOJSON", "OCTET"]
    assert said == {
        f"{EDIFICI}/3/{f.nome}": (kind, f.media_type.partition(";")[0], f.byte, f.sha256)
        for f, kind in zip(FILE[:-1], kinds, strict=True)
    }


def test_a_file_that_tells_of_others_is_a_document() -> None:
    pages = [str(each) for each in graph().objects(EDIFICI, FOAF.page)]
    assert pages == [f"{EDIFICI}/3/{FILE[-1].nome}"]


def test_high_value_datasets_are_told_with_interface_and_files() -> None:
    found = graph()
    high = set(found.subjects(DCATAP.hvdCategory)) - {URIRef(f"{BASE}/catalogo#ogc")}
    assert high == {
        URIRef(f"{BASE}/opendata/{d.nome}{place}")
        for d in DATASETS
        if d.valore_elevato
        for place in ("", "/X999")
    }
    edition = [each for each in high if str(each).endswith("X999")]
    for each in edition:
        ways = list(found.objects(each, DCAT.distribution))
        assert any((way, DCAT.accessService, None) in found for way in ways)
        assert any((way, DCAT.downloadURL, None) in found for way in ways)


def test_a_large_catalogue_is_read_page_by_page() -> None:
    many = [edizione("edifici", f"X{n:03}") for n in range(250)]
    seen: set[str] = set()
    number, steps = 1, 0
    while number:
        page = catalogo.page(many, number)
        assert page is not None
        found = Graph().parse(catalogo.write_page(page, ENTE, BASE, "rdf"), format="xml")
        seen |= {str(each) for each in found.subjects(RDF.type, DCAT.Dataset)}
        # As ckanext-dcat looks for it.
        paging = next(found.subjects(RDF.type, HYDRA.PagedCollection))
        after = found.value(paging, HYDRA.next)
        number, steps = int(str(after).rpartition("=")[2]) if after else 0, steps + 1
    assert (steps, len(seen)) == (3, 250)
    assert catalogo.page(many, 4) is None
    assert catalogo.page(many, 0) is None
