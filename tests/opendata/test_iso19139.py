"""The ISO 19139 record: every mandatory element of the RNDT, and the catalogue's identifier."""

from importlib.metadata import PackageNotFoundError, files
from pathlib import Path
from typing import Any

import pytest
from lxml import etree
from owslib.iso import MD_Metadata
from rdflib import DCTERMS, Graph, URIRef

from opendata import catalogo, iso19139, vocabolari
from opendata.dataset import DATASETS, Dataset
from opendata.iso19139_elementi import Element
from opendata.metadati import Metadati
from tests.opendata.esempi import BASE, FILE, edizione, intero, tutti

NS = {
    "gmd": "http://www.isotc211.org/2005/gmd",
    "gco": "http://www.isotc211.org/2005/gco",
    "gmx": "http://www.isotc211.org/2005/gmx",
    "xlink": "http://www.w3.org/1999/xlink",
}
VERO = Path(__file__).parents[3] / "shared/data/edifici/dpc-aggregati/METADATI_RNDT_v2.xml"
DATA = "gmd:identificationInfo/gmd:MD_DataIdentification"
CITED = f"{DATA}/gmd:citation/gmd:CI_Citation"
PARTY = "gmd:CI_ResponsibleParty"
MAIL = "gmd:contactInfo//gmd:electronicMailAddress/gco:CharacterString"
LEGAL = f"{DATA}/gmd:resourceConstraints/gmd:MD_LegalConstraints"
BOX = f"{DATA}/gmd:extent//gmd:EX_GeographicBoundingBox"
QUALITY = "gmd:dataQualityInfo/gmd:DQ_DataQuality"
CONFORMITY = f"{QUALITY}/gmd:report//gmd:DQ_ConformanceResult"
DISTRIBUTION = "gmd:distributionInfo/gmd:MD_Distribution"

MANDATORY = {
    "fileIdentifier": "gmd:fileIdentifier/gco:CharacterString",
    "language": "gmd:language/gmd:LanguageCode[@codeListValue='ita']",
    "hierarchyLevel": "gmd:hierarchyLevel/gmd:MD_ScopeCode/@codeListValue",
    "contact": f"gmd:contact/{PARTY}/gmd:organisationName/gco:CharacterString",
    "contact role": f"gmd:contact/{PARTY}/gmd:role/gmd:CI_RoleCode[@codeListValue]",
    "contact e-mail": f"gmd:contact/{PARTY}/{MAIL}",
    "dateStamp": "gmd:dateStamp/gco:Date",
    "standard": "gmd:metadataStandardName/gmx:Anchor",
    "version": "gmd:metadataStandardVersion/gco:CharacterString",
    "title": f"{CITED}/gmd:title/gco:CharacterString",
    "date": f"{CITED}/gmd:date/gmd:CI_Date/gmd:date/gco:Date",
    "date type": f"{CITED}/gmd:date/gmd:CI_Date/gmd:dateType/gmd:CI_DateTypeCode",
    "presentation form": f"{CITED}/gmd:presentationForm/gmd:CI_PresentationFormCode",
    "responsible": f"{CITED}/gmd:citedResponsibleParty/{PARTY}/gmd:organisationName",
    "responsible role": f"{CITED}/gmd:citedResponsibleParty/{PARTY}/gmd:role/gmd:CI_RoleCode",
    "responsible e-mail": f"{CITED}/gmd:citedResponsibleParty/{PARTY}/{MAIL}",
    "identifier": f"{CITED}/gmd:identifier/gmd:MD_Identifier/gmd:code/gco:CharacterString",
    "series": f"{CITED}/gmd:series/gmd:CI_Series/gmd:issueIdentification/gco:CharacterString",
    "abstract": f"{DATA}/gmd:abstract/gco:CharacterString",
    "GEMET theme": f"{DATA}/gmd:descriptiveKeywords/gmd:MD_Keywords"
    "[gmd:thesaurusName//gmx:Anchor[contains(., 'GEMET - INSPIRE themes')]]/gmd:keyword/gmx:Anchor",
    "point of contact": f"{DATA}/gmd:pointOfContact/{PARTY}/{MAIL}",
    "representation": f"{DATA}/gmd:spatialRepresentationType/*[@codeListValue]",
    "resolution": f"{DATA}/gmd:spatialResolution//gmd:denominator/gco:Integer",
    "data language": f"{DATA}/gmd:language/gmd:LanguageCode",
    "topic": f"{DATA}/gmd:topicCategory/gmd:MD_TopicCategoryCode",
    "access": f"{LEGAL}[gmd:accessConstraints]/gmd:otherConstraints",
    "use": f"{LEGAL}[gmd:useConstraints]/gmd:otherConstraints",
    "west": f"{BOX}/gmd:westBoundLongitude/gco:Decimal",
    "east": f"{BOX}/gmd:eastBoundLongitude/gco:Decimal",
    "south": f"{BOX}/gmd:southBoundLatitude/gco:Decimal",
    "north": f"{BOX}/gmd:northBoundLatitude/gco:Decimal",
    "reference system": "gmd:referenceSystemInfo//gmd:RS_Identifier/gmd:code/gmx:Anchor",
    "format": f"{DISTRIBUTION}/gmd:distributionFormat/gmd:MD_Format/gmd:name/gco:CharacterString",
    "format version": f"{DISTRIBUTION}/gmd:distributionFormat/gmd:MD_Format/gmd:version",
    "online": f"{DISTRIBUTION}/gmd:transferOptions//gmd:CI_OnlineResource/gmd:linkage/gmd:URL",
    "lineage": f"{QUALITY}/gmd:lineage//gmd:statement/gco:CharacterString",
    "specification": f"{CONFORMITY}/gmd:specification//gmd:title",
    "specification date": f"{CONFORMITY}/gmd:specification//gmd:CI_Date/gmd:date/gco:Date",
    "explanation": f"{CONFORMITY}/gmd:explanation/gco:CharacterString",
    "pass": f"{CONFORMITY}/gmd:pass/gco:Boolean",
}
"""The elements of fonti.md §15.2."""

REAL_LACKS = {"standard": 0, "format": 1, "pass": 1, "use": 0}
"""What the real record writes otherwise: anchors for formats, «unknown» for conformity."""


def found(record: Element, path: str) -> list[Any]:
    result = record.xpath(path, namespaces=NS)
    assert isinstance(result, list)
    return result


def read(metadati: Metadati) -> Element:
    return etree.fromstring(iso19139.write(metadati, BASE))


def missing(record: Element) -> set[str]:
    return {name for name, path in MANDATORY.items() if not found(record, path)}


def test_the_list_of_mandatory_elements_is_that_of_a_real_record() -> None:
    if not VERO.exists():
        pytest.skip(f"{VERO.name} is not on this machine")
    wanting = missing(etree.parse(VERO).getroot())
    assert wanting == {name for name, lacks in REAL_LACKS.items() if lacks}


@pytest.mark.parametrize("metadati", tutti(), ids=lambda m: m.identificativo)
def test_every_record_has_all_mandatory_elements(metadati: Metadati) -> None:
    assert missing(read(metadati)) == set()


@pytest.mark.parametrize("name", [n for n, path in MANDATORY.items() if "@code" not in path])
def test_an_element_that_is_taken_away_is_missed(name: str) -> None:
    record = read(edizione())
    for each in found(record, MANDATORY[name]):
        each.getparent().remove(each)
    assert name in missing(record)


def test_the_identifier_is_that_of_the_catalogue() -> None:
    for metadati in tutti():
        record, graph = read(metadati), Graph()
        graph.parse(catalogo.write_dataset(metadati, BASE, "rdf"), format="xml")
        this = URIRef(BASE + metadati.percorso)
        said = str(graph.value(this, DCTERMS.identifier))
        for name in ("fileIdentifier", "identifier"):
            assert [each.text for each in found(record, MANDATORY[name])] == [said]
        assert said.startswith("u_prova:")


def test_an_edition_belongs_to_the_series_of_its_dataset() -> None:
    series, edition = read(intero()), read(edizione())
    for record in (series, edition):
        assert found(record, MANDATORY["series"])[0].text == "u_prova:edifici"
    assert found(edition, "gmd:parentIdentifier/gco:CharacterString")[0].text == "u_prova:edifici"
    assert found(series, "gmd:parentIdentifier") == []
    levels = [found(each, MANDATORY["hierarchyLevel"]) for each in (series, edition)]
    assert levels == [["series"], ["dataset"]]


def test_files_are_led_to_and_their_formats_named() -> None:
    record = read(edizione())
    links = [each.text for each in found(record, MANDATORY["online"])]
    assert links[: len(FILE)] == [f"{BASE}/opendata/edifici/X999/3/{f.nome}" for f in FILE]
    formats = [each.text for each in found(record, MANDATORY["format"])]
    assert formats == ["GeoPackage", "GeoParquet", "FlatGeobuf", "CSV", "GeoJSON", "PMTiles"]


def test_box_theme_and_scale_are_those_of_the_data() -> None:
    record = read(edizione("aree_pericolosita"))
    box = [found(record, MANDATORY[side])[0].text for side in ("west", "south", "east", "north")]
    assert box == ["11.250000", "44.500000", "11.500000", "44.750000"]
    theme = found(record, MANDATORY["GEMET theme"])[0]
    assert theme.get(f"{{{NS['xlink']}}}href") == f"{vocabolari.INSPIRE}nz"
    assert found(record, MANDATORY["topic"])[0].text == "geoscientificInformation"
    assert found(record, MANDATORY["resolution"])[0].text == "10000"


def test_no_natural_person_is_named() -> None:
    assert found(read(edizione()), "//gmd:individualName") == []


@pytest.mark.parametrize("dataset", DATASETS, ids=lambda d: d.nome)
def test_the_schema_takes_every_record(dataset: Dataset) -> None:
    """Of ISO 19139, as ckanext-spatial ships it; it cannot stand in our requirements."""
    try:
        shipped = files("ckanext-spatial") or []
    except PackageNotFoundError:
        pytest.skip("no ckanext-spatial here, which ships the schemas: it wants an older OWSLib")
    place = next(each for each in shipped if str(each).endswith("iso19139/gmx/gmx.xsd"))
    schema = etree.XMLSchema(etree.parse(place.locate()))
    for metadati in (intero(dataset.nome), edizione(dataset.nome)):
        record = read(metadati)
        schema.assertValid(record)
        record.insert(0, record[-1])  # the order is part of it
        assert not schema.validate(record)


def test_owslib_reads_the_record() -> None:
    """As ckanext-spatial's harvester of CSW does."""
    found = MD_Metadata(read(edizione()))
    assert found.identifier == "u_prova:edifici:X999"
    assert (found.hierarchy, found.parentidentifier) == ("dataset", "u_prova:edifici")
    (about,) = found.identification
    assert about.title == "Edifici - Comune di Borgo Sereno"
    assert (about.bbox.minx, about.bbox.maxy) == ("11.250000", "44.750000")
    assert about.topiccategory == ["structure"]
    assert next(each.url for each in found.distribution.online).endswith("edifici_X999.gpkg")
    assert found.dataquality.conformancedegree == ["false"]
