"""What search engines read on the page of a dataset: enough, and the same as the catalogue."""

import json

import pytest
from rdflib import RDF, Graph, URIRef
from rdflib.namespace import SDO

from opendata import schema_org
from opendata.dataset import DATASETS
from opendata.metadati import Metadati
from tests.opendata.esempi import BASE, FILE, edizione, intero, tutti

pytestmark = pytest.mark.filterwarnings("ignore:(Dataset|ConjunctiveGraph):DeprecationWarning")

# Not asked of the network: the prefix is all that is needed to read it.
CONTEXT = {"@vocab": "https://schema.org/"}


def graph(metadati: Metadati) -> Graph:
    said = schema_org.dataset(metadati, BASE)
    assert said["@context"] == "https://schema.org/"
    return Graph().parse(data=json.dumps({**said, "@context": CONTEXT}), format="json-ld")


@pytest.mark.parametrize("metadati", tutti(), ids=lambda m: m.identificativo)
def test_every_page_has_what_search_engines_want(metadati: Metadati) -> None:
    said = schema_org.dataset(metadati, BASE)
    assert 50 <= len(said["description"]) <= 5000
    assert said["name"] == metadati.titolo
    assert said["license"] == "https://creativecommons.org/licenses/by/4.0/"
    assert said["identifier"] == metadati.identificativo
    assert len(said["variableMeasured"]) == len(metadati.dataset.campi)
    assert all(each["contentUrl"].startswith(BASE) for each in said["distribution"])


@pytest.mark.parametrize("metadati", [intero(), edizione()], ids=["intero", "edizione"])
def test_every_word_is_one_of_schema_org(metadati: Metadati) -> None:
    found = graph(metadati)
    used = {*found.predicates(), *found.objects(None, RDF.type)} - {RDF.type}
    assert len(used) > 20
    assert [str(each) for each in used if str(each).removeprefix(str(SDO)) not in SDO] == []
    assert "noSuchWord" not in SDO


def test_files_are_told_with_form_size_and_checksum() -> None:
    files = schema_org.dataset(edizione(), BASE)["distribution"][: len(FILE) - 1]
    assert [(each["contentUrl"], each["encodingFormat"], each["sha256"]) for each in files] == [
        (f"{BASE}/opendata/edifici/X999/3/{f.nome}", f.media_type, f.sha256) for f in FILE[:-1]
    ]


def test_the_box_has_latitude_first() -> None:
    box = schema_org.dataset(edizione(), BASE)["spatialCoverage"]["geo"]["box"]
    assert box == "44.500000 11.250000 44.750000 11.500000"


def test_an_edition_is_part_of_its_dataset() -> None:
    found = graph(edizione())
    this = URIRef(f"{BASE}/opendata/edifici/X999")
    assert found.value(this, SDO.isPartOf) == URIRef(f"{BASE}/opendata/edifici")
    assert found.value(this, SDO.dateModified) is not None
    assert len(DATASETS) >= 10
