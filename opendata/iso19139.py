"""Metadata as an ISO 19139 record, by the Italian profile of the RNDT (fonti.md §15.2).

The identifier is the one the DCAT-AP_IT catalogue gives; of an edition, the series is the
dataset for all municipalities, of which there is a record of its own. Elements stand in the
order of the schema, which is part of it.
"""

from functools import lru_cache

from lxml import etree

from opendata import vocabolari as v
from opendata.dataset import Geometria
from opendata.dcat import keywords, lineage
from opendata.iso19139_elementi import (
    E,
    Element,
    anchor,
    boolean,
    citation,
    code,
    date_of,
    decimal,
    integer,
    party,
    text,
    unknown,
)
from opendata.metadati import CONTINUA, Metadati

MEDIA_TYPE = "application/xml"

GEMET = ("GEMET - INSPIRE themes, version 1.0", "http://www.eionet.europa.eu/gemet/inspire_themes")
REGOLAMENTO = (
    "REGOLAMENTO (UE) N. 1089/2010 DELLA COMMISSIONE del 23 novembre 2010 recante attuazione della"
    " direttiva 2007/2/CE del Parlamento europeo e del Consiglio per quanto riguarda"
    " l'interoperabilità dei set di dati territoriali e dei servizi di dati territoriali",
    "http://data.europa.eu/eli/reg/2010/1089",
)
SENZA_LIMITI = (
    "Nessuna limitazione all'accesso pubblico",
    "http://inspire.ec.europa.eu/metadata-codelist/LimitationsOnPublicAccess/noLimitations",
)
PUNTO_ACCESSO = (
    "Access Point",
    "http://inspire.ec.europa.eu/metadata-codelist/OnLineDescriptionCode/accessPoint",
)
SCARICO = "https://registry.geodati.gov.it/metadata-codelist/ProtocolValue/www-download"
COLLEGAMENTO = "http://www.w3.org/TR/xlink/"


@lru_cache(maxsize=64)
def write(metadati: Metadati, base: str) -> bytes:
    """Write the record of a dataset or of an edition."""
    root = record(metadati, base)
    return etree.tostring(root, encoding="utf-8", xml_declaration=True, pretty_print=True)


def record(metadati: Metadati, base: str) -> Element:
    """Return the record of a dataset or of an edition."""
    m = metadati
    level = "series" if m.comune is None else "dataset"
    parent = [] if m.comune is None else [E.parentIdentifier(text(m.identificativo_serie))]
    named = [E.hierarchyLevelName(text("Serie"))] if m.comune is None else []
    return E.MD_Metadata(
        E.fileIdentifier(text(m.identificativo)),
        E.language(code("LanguageCode", "ita")),
        E.characterSet(code("MD_CharacterSetCode", "utf8")),
        *parent,
        E.hierarchyLevel(code("MD_ScopeCode", level)),
        *named,
        E.contact(party(m.ente, "pointOfContact")),
        E.dateStamp(date_of(m.modificato)),
        E.metadataStandardName(
            anchor("Linee Guida RNDT", "http://registry.geodati.gov.it/document/rndt-lg")
        ),
        E.metadataStandardVersion(text("2.0")),
        *(_reference_system(*each) for each in (("RDN2008", v.EPSG_6706), ("CRS84", v.CRS84))),
        E.identificationInfo(_identification(m)),
        E.distributionInfo(_distribution(m, base)),
        E.dataQualityInfo(_quality(m, level)),
    )


def _reference_system(name: str, address: str) -> Element:
    identifier = E.RS_Identifier(E.code(anchor(name, address)))
    return E.referenceSystemInfo(E.MD_ReferenceSystem(E.referenceSystemIdentifier(identifier)))


def _identification(m: Metadati) -> Element:
    tabular = m.dataset.geometria is Geometria.NESSUNA
    maintenance = "continual" if m.frequenza == CONTINUA else "irregular"
    return E.MD_DataIdentification(
        E.citation(_own_citation(m)),
        E.abstract(text(m.descrizione)),
        E.pointOfContact(party(m.ente, "pointOfContact")),
        E.pointOfContact(party(m.titolare, "owner", email=m.ente.email)),
        E.resourceMaintenance(
            E.MD_MaintenanceInformation(
                E.maintenanceAndUpdateFrequency(code("MD_MaintenanceFrequencyCode", maintenance))
            )
        ),
        *_keywords(m),
        *_constraints(),
        E.spatialRepresentationType(
            code("MD_SpatialRepresentationTypeCode", "textTable" if tabular else "vector")
        ),
        E.spatialResolution(
            E.MD_Resolution(
                E.equivalentScale(
                    E.MD_RepresentativeFraction(E.denominator(integer(_theme(m).scala)))
                )
            )
        ),
        E.language(code("LanguageCode", "ita")),
        E.characterSet(code("MD_CharacterSetCode", "utf8")),
        E.topicCategory(E.MD_TopicCategoryCode(_theme(m).categoria)),
        E.extent(_extent(m)),
        E.supplementalInformation(text(f"{m.dataset.limiti} {v.LICENZA_NOME}.".strip())),
    )


def _theme(m: Metadati) -> v.TemaInspire:
    return v.TEMI_INSPIRE[m.dataset.inspire]


def _own_citation(m: Metadati) -> Element:
    dates = [(m.modificato, "revision")]
    if m.emesso is not None:
        dates.insert(0, (m.emesso, "publication"))
    return citation(
        text(m.titolo),
        dates,
        E.identifier(E.MD_Identifier(E.code(text(m.identificativo)))),
        E.citedResponsibleParty(party(m.ente, "publisher")),
        E.presentationForm(
            code(
                "CI_PresentationFormCode",
                "tableDigital" if m.dataset.geometria is Geometria.NESSUNA else "mapDigital",
            )
        ),
        E.series(E.CI_Series(E.issueIdentification(text(m.identificativo_serie)))),
    )


def _keywords(m: Metadati) -> list[Element]:
    theme = v.INSPIRE + _theme(m).codice
    thesaurus = citation(anchor(*GEMET), [("2008-06-01", "publication")])
    own = [word for word in keywords(m) if word != m.dataset.inspire.replace(",", " ")]
    return [
        E.descriptiveKeywords(
            E.MD_Keywords(E.keyword(anchor(m.dataset.inspire, theme)), E.thesaurusName(thesaurus))
        ),
        E.descriptiveKeywords(
            E.MD_Keywords(*(E.keyword(text(word)) for word in (*own, "Open Data")))
        ),
    ]


def _constraints() -> list[Element]:
    """Return two blocks: who may have the data (all), and what may be done with them."""
    other = code("MD_RestrictionCode", "otherRestrictions")
    again = code("MD_RestrictionCode", "otherRestrictions")
    return [
        E.resourceConstraints(
            E.MD_LegalConstraints(
                E.accessConstraints(other), E.otherConstraints(anchor(*SENZA_LIMITI))
            )
        ),
        E.resourceConstraints(
            E.MD_LegalConstraints(
                E.useConstraints(again),
                E.otherConstraints(anchor(v.LICENZA_NOME, v.LICENZA_TESTO)),
            )
        ),
    ]


def _extent(m: Metadati) -> Element:
    box = m.riquadro
    sides = (
        ("westBoundLongitude", box.ovest),
        ("eastBoundLongitude", box.est),
        ("southBoundLatitude", box.sud),
        ("northBoundLatitude", box.nord),
    )
    found = E.EX_GeographicBoundingBox()
    for name, value in sides:
        found.append(E(name, decimal(value)))
    return E.EX_Extent(E.geographicElement(found))


def _distribution(m: Metadati, base: str) -> Element:
    formats = {v.nome_formato(file.formato): None for file in m.distribuiti} or {"GeoJSON": None}
    page = base + m.pagina
    interface = f"{base}/ogc/collections/{m.dataset.nome}"
    links = [
        *((f"{base}{m.percorso_file(file)}", "download", SCARICO) for file in m.file),
        (interface, "OGC API", "http://www.opengis.net/def/serviceType/ogc/ogcapi-features"),
        (page, "link", COLLEGAMENTO),
    ]
    return E.MD_Distribution(
        *(
            E.distributionFormat(E.MD_Format(E.name(text(name)), unknown("version")))
            for name in formats
        ),
        E.distributor(E.MD_Distributor(E.distributorContact(party(m.ente, "distributor")))),
        E.transferOptions(E.MD_DigitalTransferOptions(*(E.onLine(_link(*each)) for each in links))),
    )


def _link(address: str, protocol: str, protocol_address: str) -> Element:
    return E.CI_OnlineResource(
        E.linkage(E.URL(address)),
        E.protocol(anchor(protocol, protocol_address)),
        E.description(anchor(*PUNTO_ACCESSO)),
    )


def _quality(m: Metadati, level: str) -> Element:
    """Return lineage and conformity: the shape is not INSPIRE's own unless a file says so."""
    specification = citation(anchor(*REGOLAMENTO), [("2010-12-08", "publication")])
    return E.DQ_DataQuality(
        E.scope(E.DQ_Scope(E.level(code("MD_ScopeCode", level)))),
        E.report(
            E.DQ_DomainConsistency(
                E.result(
                    E.DQ_ConformanceResult(
                        E.specification(specification),
                        E.explanation(text("Il modello dei dati è quello del registro.")),
                        E("pass", boolean(yes=False)),
                    )
                )
            )
        ),
        E.lineage(E.LI_Lineage(E.statement(text(lineage(m))))),
    )
