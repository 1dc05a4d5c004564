"""Metadata as DCAT-AP_IT says them, one function a class (fonti.md §15.1).

Every class is typed twice, Italian and European, and every thing has an address of its own:
without blank nodes the same metadata are the same bytes each time.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from rdflib import (
    DCAT,
    DCTERMS,
    FOAF,
    OWL,
    RDF,
    RDFS,
    SKOS,
    XMLNS,
    XSD,
    Graph,
    Literal,
    Namespace,
    URIRef,
)
from rdflib.term import Node

from opendata import vocabolari as v
from opendata.dataset import Dataset, Geometria
from opendata.ente import Ente
from opendata.metadati import Metadati
from opendata.pubblicazione import FilePubblicato
from territorio.geometry import Riquadro

DCATAPIT = Namespace("http://dati.gov.it/onto/dcatapit#")
DCATAP = Namespace("http://data.europa.eu/r5r/")
VCARD = Namespace("http://www.w3.org/2006/vcard/ns#")
LOCN = Namespace("http://www.w3.org/ns/locn#")
GSP = Namespace("http://www.opengis.net/ont/geosparql#")
SCHEMA = Namespace("http://schema.org/")
SPDX = Namespace("http://spdx.org/rdf/terms#")
ADMS = Namespace("http://www.w3.org/ns/adms#")
HYDRA = Namespace("http://www.w3.org/ns/hydra/core#")

PREFISSI = {
    "dcatapit": DCATAPIT,
    "dcatap": DCATAP,
    "dcat": DCAT,
    "dct": DCTERMS,
    "foaf": FOAF,
    "vcard": VCARD,
    "locn": LOCN,
    "gsp": GSP,
    "schema": SCHEMA,
    "spdx": SPDX,
    "adms": ADMS,
    "hydra": HYDRA,
    "rdfs": RDFS,
    "skos": SKOS,
    "owl": OWL,
    "xsd": XSD,
    "rdf": RDF,
    "xml": XMLNS,
}

# Parts of rdflib's DCTERMS that clash with names of every string.
TITLE, FORMAT = DCTERMS["title"], DCTERMS["format"]

# Words of DCAT 3, which rdflib's list does not have.
SERIES, IN_SERIES = URIRef(f"{DCAT}DatasetSeries"), URIRef(f"{DCAT}inSeries")

type Triple = tuple[URIRef, URIRef, Node]


@dataclass(frozen=True, slots=True)
class Interfaccia:
    """An interface through which a dataset is read: where, as what file type, in words."""

    nome: str
    percorso: str
    tipo: str
    media_type: str
    titolo: str


def interfacce(metadati: Metadati) -> list[Interfaccia]:
    """Return the interfaces that answer for a dataset, or for one municipality of it."""
    collection = f"/ogc/collections/{metadati.dataset.nome}"
    only = "" if metadati.comune is None else f"?comune={metadati.comune}"
    found = [
        Interfaccia(
            "ogc-features",
            f"{collection}/items{only}",
            "GEOJSON",
            "application/geo+json",
            "Interfaccia OGC API - Features",
        )
    ]
    if metadati.comune is None and metadati.dataset.geometria is not Geometria.NESSUNA:
        found.append(
            Interfaccia(
                "ogc-tiles",
                f"{collection}/tiles",
                v.QUALSIASI,
                "application/vnd.mapbox-vector-tile",
                "Interfaccia OGC API - Tiles",
            )
        )
    return found


def italiano(text: str) -> Literal:
    """Return a text as what it is: Italian."""
    return Literal(text, lang="it")


def quando(moment: datetime) -> Literal:
    """Return a moment to the second."""
    return Literal(moment.isoformat(timespec="seconds"), datatype=XSD.dateTime)


def empty() -> Graph:
    """Return a graph without triples that knows our prefixes."""
    graph = Graph(bind_namespaces="none")
    for prefix, namespace in PREFISSI.items():
        graph.bind(prefix, namespace, override=True, replace=True)
    return graph


def _types(graph: Graph, subject: URIRef, *classes: URIRef) -> None:
    for each in classes:
        graph.add((subject, RDF.type, each))


def add_dataset(graph: Graph, base: str, metadati: Metadati) -> URIRef:
    """Tell of a dataset or of an edition, and of all that hangs on it."""
    m = metadati
    this = URIRef(base + m.percorso)
    _types(graph, this, DCATAPIT.Dataset, DCAT.Dataset)
    if m.comune is None:
        _types(graph, this, SERIES)
    else:
        series = URIRef(f"{base}/opendata/{m.dataset.nome}")
        graph.add((this, IN_SERIES, series))
        graph.add((this, DCTERMS.isPartOf, series))
    ente = add_agent(graph, base, m.ente)
    record = URIRef(f"{base}{m.percorso}/iso19139.xml")
    _types(graph, record, FOAF.Document)
    for predicate, value in (
        (DCTERMS.identifier, Literal(m.identificativo)),
        (TITLE, italiano(m.titolo)),
        (DCTERMS.description, italiano(m.descrizione)),
        (DCTERMS.modified, quando(m.modificato)),
        (DCTERMS.rightsHolder, add_agent(graph, base, m.titolare)),
        (DCTERMS.publisher, ente),
        (DCTERMS.creator, ente),
        (DCTERMS.accrualPeriodicity, _coded(graph, v.FREQUENZE + m.frequenza, DCTERMS.Frequency)),
        (DCTERMS.language, _coded(graph, v.ITALIANO, DCTERMS.LinguisticSystem)),
        (DCTERMS.accessRights, _coded(graph, v.PUBBLICO, DCTERMS.RightsStatement)),
        (DCAT.contactPoint, _contact(graph, base, m.ente)),
        (DCAT.landingPage, _coded(graph, base + m.pagina, FOAF.Document)),
        (FOAF.isPrimaryTopicOf, record),
        (DCTERMS.spatial, _location(graph, this, m)),
        (DCTERMS.conformsTo, _standard(graph)),
    ):
        graph.add((this, predicate, value))
    _subjects(graph, this, m)
    _optional(graph, this, m)
    _high_value(graph, this, m.dataset)
    for file in m.documenti:
        graph.add((this, FOAF.page, _coded(graph, base + m.percorso_file(file), FOAF.Document)))
    for distribution in _distributions(graph, base, this, m):
        graph.add((this, DCAT.distribution, distribution))
    return this


def _subjects(graph: Graph, this: URIRef, m: Metadati) -> None:
    """Say what a dataset is about: theme, domain, theme of INSPIRE, keywords."""
    d = m.dataset
    theme = _concept(graph, f"{v.TEMI}/{d.tema}", v.TITOLI_TEMI[d.tema])
    graph.add((this, DCAT.theme, theme))
    if d.nome in v.SOTTOTEMI:
        code, title = v.SOTTOTEMI[d.nome]
        graph.add((this, DCTERMS.subject, _concept(graph, v.EUROVOC + code, title)))
    if d.inspire:
        # Not a dcat:theme: harvesters of the Italian profile refuse other vocabularies there.
        code = v.TEMI_INSPIRE[d.inspire].codice
        graph.add((this, DCTERMS.subject, _concept(graph, v.INSPIRE + code, d.inspire)))
    for word in keywords(m):
        graph.add((this, DCAT.keyword, italiano(word)))


def keywords(metadati: Metadati) -> list[str]:
    """Return the words a dataset is found by, without commas, which harvesters split at."""
    found = [*metadati.dataset.parole]
    if metadati.dataset.inspire:
        found.append(metadati.dataset.inspire)
    if metadati.comune is not None:
        found.append(metadati.titolare.nome)
    once = {word.casefold(): word.replace(",", " ") for word in found}
    return list(once.values())


def _optional(graph: Graph, this: URIRef, m: Metadati) -> None:
    """Tell what only editions or single documents know."""
    if m.emesso is not None:
        graph.add((this, DCTERMS.issued, quando(m.emesso)))
    if m.versione is not None:
        graph.add((this, OWL.versionInfo, Literal(str(m.versione))))
    if m.giorno is not None:
        period = URIRef(f"{this}#giorno")
        _types(graph, period, DCTERMS.PeriodOfTime)
        graph.add((period, SCHEMA.startDate, Literal(m.giorno)))
        graph.add((period, SCHEMA.endDate, Literal(m.giorno)))
        graph.add((this, DCTERMS.temporal, period))
    if m.fonti:
        said = URIRef(f"{this}#provenienza")
        _types(graph, said, DCTERMS.ProvenanceStatement)
        graph.add((said, RDFS.label, italiano(lineage(m))))
        graph.add((this, DCTERMS.provenance, said))


def lineage(metadati: Metadati) -> str:
    """Return where the data come from, in words."""
    said = (
        "Compilato dal registro dell’anagrafe territoriale: di ogni oggetto la parola della fonte"
        " che prevale, nei giorni in cui prevale; il campo «fonte» la nomina."
    )
    if metadati.fonti:
        each = (f"{f.titolo} ({f.editore}, {f.licenza})" for f in metadati.fonti)
        said += f" Fonti: {'; '.join(each)}."
    return f"{said} {metadati.dataset.limiti}".strip()


def _high_value(graph: Graph, this: URIRef, dataset: Dataset) -> None:
    """Say of a dataset, distribution or service that it falls under Reg. (EU) 2023/138."""
    if dataset.valore_elevato:
        category = URIRef(v.CATEGORIE_VALORE + dataset.valore_elevato)
        graph.add((this, DCATAP.applicableLegislation, URIRef(v.VALORE_ELEVATO)))
        if (this, RDF.type, DCAT.Distribution) not in graph:
            graph.add((this, DCATAP.hvdCategory, category))


def _distributions(graph: Graph, base: str, dataset: URIRef, m: Metadati) -> Iterable[URIRef]:
    """Tell of the files and interfaces of a dataset, under addresses that outlive versions."""
    kinds = [file.formato for file in m.distribuiti]
    for file in m.distribuiti:
        own = file.formato if kinds.count(file.formato) == 1 else file.nome
        yield _file(graph, base, URIRef(f"{dataset}#{own}"), m, file)
    for each in interfacce(m):
        this = _distribution(graph, URIRef(f"{dataset}#{each.nome}"), m, each.titolo)
        _form(graph, this, each.tipo, each.media_type)
        graph.add((this, DCAT.accessURL, URIRef(base + each.percorso)))
        graph.add((this, DCAT.accessService, URIRef(f"{base}/catalogo#ogc")))
        yield this


def _file(graph: Graph, base: str, this: URIRef, m: Metadati, file: FilePubblicato) -> URIRef:
    _distribution(graph, this, m, v.nome_formato(file.formato))
    _form(graph, this, v.tipo_file(file.nome), file.media_type)
    address = URIRef(base + m.percorso_file(file))
    checksum = URIRef(f"{this}-sha256")
    _types(graph, checksum, SPDX.Checksum)
    graph.add((checksum, SPDX.algorithm, SPDX.checksumAlgorithm_sha256))
    graph.add((checksum, SPDX.checksumValue, Literal(file.sha256, datatype=XSD.hexBinary)))
    graph.add((this, DCAT.accessURL, address))
    graph.add((this, DCAT.downloadURL, address))
    graph.add((this, DCAT.byteSize, Literal(Decimal(file.byte))))
    graph.add((this, SPDX.checksum, checksum))
    return this


def _distribution(graph: Graph, this: URIRef, m: Metadati, title: str) -> URIRef:
    """Tell what all distributions have."""
    _types(graph, this, DCATAPIT.Distribution, DCAT.Distribution)
    graph.add((this, TITLE, italiano(title)))
    graph.add((this, DCTERMS.description, italiano(f"{m.titolo}: {title}")))
    graph.add((this, DCTERMS.modified, quando(m.modificato)))
    graph.add((this, DCTERMS.license, _licence(graph)))
    _high_value(graph, this, m.dataset)
    return this


def _form(graph: Graph, this: URIRef, tipo: str, media_type: str) -> None:
    """Say in what form a distribution comes: by the EU list, and by the list of the Internet."""
    graph.add((this, FORMAT, _coded(graph, v.TIPI_FILE + tipo, DCTERMS.MediaTypeOrExtent)))
    plain = media_type.partition(";")[0].strip()
    graph.add((this, DCAT.mediaType, _coded(graph, v.TIPI_MEDIA + plain, DCTERMS.MediaType)))


def add_agent(graph: Graph, base: str, ente: Ente) -> URIRef:
    """Tell of a public body."""
    this = URIRef(f"{base}/catalogo#{ente.ipa}")
    _types(graph, this, DCATAPIT.Agent, FOAF.Agent)
    graph.add((this, DCTERMS.identifier, Literal(ente.ipa)))
    graph.add((this, FOAF.name, italiano(ente.nome)))
    if ente.sito:
        graph.add((this, FOAF.homepage, _coded(graph, ente.sito, FOAF.Document)))
    return this


def _contact(graph: Graph, base: str, ente: Ente) -> URIRef:
    this = URIRef(f"{base}/catalogo#contatto")
    _types(graph, this, DCATAPIT.Organization, VCARD.Organization, VCARD.Kind)
    graph.add((this, VCARD.fn, Literal(ente.nome)))
    graph.add((this, VCARD.hasEmail, _coded(graph, f"mailto:{ente.email}", VCARD.Email)))
    graph.add((this, VCARD.hasURL, URIRef(ente.sito)))
    return this


def _licence(graph: Graph) -> URIRef:
    this = URIRef(v.LICENZA)
    _types(graph, this, DCATAPIT.LicenseDocument, DCTERMS.LicenseDocument)
    graph.add((this, FOAF.name, italiano(v.LICENZA_NOME)))
    graph.add((this, OWL.versionInfo, Literal("4.0")))
    kind = _concept(graph, "http://purl.org/adms/licencetype/Attribution", "Attribuzione")
    graph.add((this, DCTERMS.type, kind))
    graph.add((this, FOAF.homepage, _coded(graph, v.LICENZA_TESTO, FOAF.Document)))
    return this


def _standard(graph: Graph) -> URIRef:
    """Tell of the reference system, as GeoDCAT-AP does."""
    this = URIRef(v.EPSG_6706)
    _types(graph, this, DCATAPIT.Standard, DCTERMS.Standard)
    graph.add((this, DCTERMS.identifier, Literal(v.EPSG_6706)))
    graph.add((this, TITLE, italiano("RDN2008 (EPSG:6706)")))
    system = "http://inspire.ec.europa.eu/glossary/SpatialReferenceSystem"
    graph.add((this, DCTERMS.type, _concept(graph, system, "Sistema di riferimento")))
    return this


def _location(graph: Graph, dataset: URIRef, m: Metadati) -> URIRef:
    this, place = URIRef(f"{dataset}#territorio"), URIRef(f"{dataset}#luogo")
    _types(graph, this, DCTERMS.Location)
    _types(graph, place, SKOS.Concept)
    graph.add((place, SKOS.prefLabel, italiano(m.titolare.nome)))
    box = Literal(wkt(m.riquadro), datatype=GSP.wktLiteral)
    graph.add((this, LOCN.geographicName, place))
    graph.add((this, LOCN.geometry, box))
    graph.add((this, DCAT.bbox, box))
    return this


def wkt(box: Riquadro) -> str:
    """Return a box as a polygon.

    >>> wkt(Riquadro(1, 2, 3, 4))
    'POLYGON((1 2,3 2,3 4,1 4,1 2))'
    """
    west, south, east, north = (
        f"{round(side, 6):g}" if side == int(side) else str(round(side, 6))
        for side in (box.ovest, box.sud, box.est, box.nord)
    )
    corners = ((west, south), (east, south), (east, north), (west, north), (west, south))
    return f"POLYGON(({','.join(f'{x} {y}' for x, y in corners)}))"


def _concept(graph: Graph, address: str, title: str) -> URIRef:
    this = _coded(graph, address, SKOS.Concept)
    graph.add((this, SKOS.prefLabel, italiano(title)))
    return this


def _coded(graph: Graph, address: str, kind: URIRef) -> URIRef:
    this = URIRef(address)
    _types(graph, this, kind)
    return this
