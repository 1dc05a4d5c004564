"""Objects as linked data: terms that exist, cardinalities of CLV-AP_IT, what is published."""

import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from rdflib import DCTERMS, OWL, RDF, RDFS, SDO, SKOS, XSD, Graph, Literal, Namespace, URIRef
from rdflib.namespace import GEO

from opendata import oggetto
from opendata.oggetto import COLLEZIONE_DI, Richiesta
from opendata.oggetto_clv import CONTEXT
from territorio import elaborazione, pubblicato
from territorio.identita import Codice
from territorio.schema import genealogia
from tests import factories as f
from tests.factory_defaults import COMUNE
from tests.territorio.casa import NOMI, new_casa

pytestmark = pytest.mark.filterwarnings("ignore:(Dataset|ConjunctiveGraph):DeprecationWarning")

BASE = "http://127.0.0.1:8000"
OGGI, E2019, E2022 = date(2025, 6, 1), date(2019, 1, 1), date(2022, 1, 1)
CLV = Namespace(CONTEXT["clv"])
L0 = Namespace(CONTEXT["l0"])
SDO_HTTP = Namespace(CONTEXT["schema"])
ONTOLOGIA = Path(__file__).parents[3] / "shared/data/catalogo/ontologie/CLV-AP_IT.ttl"
KNOWN: dict[str, Any] = {
    str(GEO): GEO,
    str(DCTERMS): DCTERMS,
    str(RDFS): RDFS,
    str(SKOS): SKOS,
    str(XSD): XSD,
    str(RDF): RDF,
    "http://schema.org/": SDO,
}
"""Vocabularies of which rdflib knows all words."""


def uri(tipo: str, codice: str) -> URIRef:
    return URIRef(f"{BASE}/id/{tipo}/{codice}")


def describe(conn: sa.Connection, tipo: str, number: int, giorno: date = OGGI) -> Graph:
    found = oggetto.describe(conn, Richiesta(tipo, number, COMUNE, giorno, BASE))
    return Graph().parse(data=json.dumps(found), format="json-ld")


def town(conn: sa.Connection) -> dict[str, int]:
    """Write one object of each kind and return them by kind."""
    new_casa(conn)
    f.new_foglio(conn)
    f.new_confine(conn)
    f.new_sezione_censimento(conn)
    f.new_odonimo(conn, denominazione="VIA DEI GLICINI", progressivo_nazionale=123)
    elaborazione.refresh(conn, COMUNE)
    found = {}
    for tipo, nome in COLLEZIONE_DI.items():
        table = sa.table(nome, sa.column("id"), schema="pubblico")
        number = conn.execute(sa.select(sa.func.max(table.c.id))).scalar()
        if number is not None:
            found[tipo] = number
    return found


def onto() -> Graph:
    if not ONTOLOGIA.exists():
        pytest.skip(f"{ONTOLOGIA.name} is not on this machine")
    return Graph().parse(ONTOLOGIA)


def unknown_terms(found: Graph, ontology: Graph) -> set[str]:
    """Return the words of a graph that its vocabularies do not have."""
    kinds = (OWL.Class, OWL.ObjectProperty, OWL.DatatypeProperty, OWL.NamedIndividual)
    defined = {str(each) for kind in kinds for each in ontology.subjects(RDF.type, kind)}
    used = {str(p) for p in found.predicates()} | {str(c) for c in found.objects(None, RDF.type)}
    used |= {str(o.datatype) for o in found.objects() if isinstance(o, Literal) and o.datatype}
    used |= {str(o) for o in found.objects(None, CLV.hasGeometryType)}
    wrong = set()
    for term in used:
        cut = max(term.rfind("#"), term.rfind("/")) + 1
        space, name = term[:cut], term[cut:]
        if space in KNOWN:
            if name not in KNOWN[space]:
                wrong.add(term)
        elif term not in defined:
            wrong.add(term)
    return wrong


def test_every_term_is_one_of_its_vocabulary(conn: sa.Connection) -> None:
    ontology, objects = onto(), town(conn)
    assert len(objects) == 10
    for tipo, number in objects.items():
        assert unknown_terms(describe(conn, tipo, number), ontology) == set()
    made_up = Graph().add((uri("civico", "x"), CLV.hasDoor, Literal("1")))
    made_up.add((uri("civico", "x"), GEO.hasGeometry, Literal("1", datatype=XSD.int)))
    assert unknown_terms(made_up, ontology) == {f"{CLV}hasDoor"}


def breaches(found: Graph, ontology: Graph) -> list[tuple[str, str, int]]:
    """Return what does not keep the cardinalities of CLV-AP_IT."""
    limits = {
        OWL.cardinality: (1, 1),
        OWL.qualifiedCardinality: (1, 1),
        OWL.maxCardinality: (0, 1),
        OWL.maxQualifiedCardinality: (0, 1),
    }
    wrong = []
    for rule in ontology.subjects(RDF.type, OWL.Restriction):
        for kind, (least, most) in limits.items():
            if (rule, kind, None) not in ontology:
                continue
            predicate = ontology.value(rule, OWL.onProperty)
            for cls in ontology.subjects(RDFS.subClassOf, rule):
                for subject in found.subjects(RDF.type, cls):
                    count = len(list(found.objects(subject, predicate)))
                    # What is only referred to says nothing of itself.
                    if not least <= count <= most:
                        wrong.append((str(subject), str(predicate), count))
    return wrong


def test_cardinalities_of_the_ontology_are_kept(conn: sa.Connection) -> None:
    ontology, objects = onto(), town(conn)
    for tipo, number in objects.items():
        assert breaches(describe(conn, tipo, number), ontology) == []
    found = describe(conn, "civico", objects["civico"])
    this = next(found.subjects(RDF.type, CLV.Address))
    found.remove((this, CLV.hasNumber, None))
    found.remove((None, CLV.lat, None))
    assert len(breaches(found, ontology)) == 2


def test_an_address_is_a_number_on_a_street(conn: sa.Connection) -> None:
    f.new_comune(conn)
    via = f.new_odonimo(conn, denominazione="VIA DEI GLICINI")
    number = f.new_civico(
        conn, odonimo=via, numero=12, esponente="A", specificita="ROSSO", progressivo_accesso=77
    )
    pubblicato.refresh(conn, COMUNE)
    found = describe(conn, "civico", number)
    this = uri("civico", str(Codice(number)))
    assert set(found.objects(this, RDF.type)) == {CLV.Address, GEO.Feature}
    civic, street = found.value(this, CLV.hasNumber), found.value(this, CLV.hasStreetToponym)
    assert found.value(civic, CLV.streetNumber) == Literal("12", datatype=XSD.int)
    assert found.value(civic, CLV.exponent) == Literal("A")
    assert found.value(civic, CLV.peculiarity) == Literal("ROSSO")
    assert street == uri("odonimo", str(Codice(via)))
    assert found.value(street, CLV.toponymQualifier) == Literal("VIA")
    assert found.value(street, CLV.officialStreetName) == Literal("DEI GLICINI")
    assert found.value(this, CLV.fullAddress) == Literal("VIA DEI GLICINI 12/A ROSSO")
    assert found.value(this, CLV.hasCity) == uri("comune", COMUNE)
    names = {str(found.value(n, L0.identifier)) for n in found.objects(this, CLV.hasIdentifier)}
    assert names == {str(Codice(number)), "77"}


@pytest.mark.parametrize("lacks", ["numero", "odonimo"])
def test_what_has_no_number_or_no_street_is_no_address(conn: sa.Connection, lacks: str) -> None:
    f.new_comune(conn)
    via = f.new_odonimo(conn, denominazione="VIA DEI GLICINI")
    given = {"odonimo": via, "numero": 5, "esponente": ""}
    number = f.new_civico(conn, **{**given, lacks: None})
    pubblicato.refresh(conn, COMUNE)
    found = describe(conn, "civico", number)
    this = uri("civico", str(Codice(number)))
    assert set(found.objects(this, RDF.type)) == {GEO.Feature}
    assert list(found.subjects(RDF.type, CLV.CivicNumbering)) == []
    streets = list(found.subjects(RDF.type, CLV.StreetToponym))
    assert streets == ([uri("odonimo", str(Codice(via)))] if lacks == "numero" else [])


def test_a_municipality_is_known_by_its_codes(conn: sa.Connection) -> None:
    f.new_comune(conn)
    early = oggetto.comune_or_none(conn, COMUNE, OGGI, BASE)
    f.new_confine(conn)
    pubblicato.refresh(conn, COMUNE)
    late = oggetto.comune_or_none(conn, COMUNE, OGGI, BASE)
    this = uri("comune", COMUNE)
    for said, has_shape in ((early, False), (late, True)):
        found = Graph().parse(data=json.dumps(said), format="json-ld")
        assert (this, RDF.type, CLV.City) in found
        codes = {str(found.value(n, L0.identifier)) for n in found.objects(this, CLV.hasIdentifier)}
        assert {COMUNE, "999999"} <= codes
        province = found.value(this, CLV.hasDirectHigherRank)
        assert found.value(province, CLV.acronym) == Literal("XX")
        assert bool(list(found.objects(this, CLV.hasGeometry))) is has_shape
    assert oggetto.comune_or_none(conn, "Z999", OGGI, BASE) is None


def test_a_parcel_bears_its_reference_and_its_shape(conn: sa.Connection) -> None:
    objects = town(conn)
    found = describe(conn, "particella", objects["particella"])
    this = uri("particella", str(Codice(objects["particella"])))
    row = conn.execute(
        sa.text(
            "SELECT riferimento, ST_AsText(geometria, 7) AS wkt FROM pubblico.particelle"
            " WHERE id = :id"
        ),
        {"id": objects["particella"]},
    ).one()
    kinds = {
        str(found.value(n, CLV.identifierType)): str(found.value(n, L0.identifier))
        for n in found.objects(this, CLV.hasIdentifier)
    }
    assert kinds["riferimento catastale"] == row.riferimento
    shape = found.value(this, GEO.hasGeometry)
    assert found.value(shape, GEO.asWKT) == Literal(row.wkt, datatype=GEO.wktLiteral)
    assert found.value(shape, CLV.hasGeometryType) == CLV.Polygon


def test_the_day_that_is_asked_about_decides(conn: sa.Connection) -> None:
    f.new_comune(conn)
    number = f.new_edificio(conn, piani=2, valida_dal=E2019, valida_al=E2022)
    f.new_edificio(conn, id=number, piani=3, valida_dal=E2022)
    pubblicato.refresh(conn, COMUNE)
    this = uri("edificio", str(Codice(number)))
    seen = {}
    for giorno in (date(2010, 1, 1), date(2020, 1, 1), OGGI):
        found = describe(conn, "edificio", number, giorno)
        values = {
            str(found.value(n, SDO_HTTP.propertyID)): found.value(n, SDO_HTTP.value)
            for n in found.objects(this, SDO_HTTP.additionalProperty)
        }
        interval = found.value(this, CLV.hasSOValidity)
        end = found.value(interval, SDO_HTTP.endDate)
        seen[giorno.year] = (int(str(values["piani"])), None if end is None else str(end))
    assert seen == {2010: (2, "2022-01-01"), 2020: (2, "2022-01-01"), 2025: (3, None)}


def test_a_retired_object_tells_its_end_and_what_followed(conn: sa.Connection) -> None:
    f.new_comune(conn)
    old = f.new_edificio(conn, valida_al=E2022)
    new = f.new_edificio(conn, valida_dal=E2022)
    event = {"comune": COMUNE, "evento": 1, "nota_da": 1}
    what = {"tipo": "sostituzione", "oggetto": "edificio", "giorno": E2022}
    conn.execute(sa.insert(genealogia).values(**event, **what, da=old, a=new))
    pubblicato.refresh(conn, COMUNE)
    was, came = (uri("edificio", str(Codice(n))) for n in (old, new))
    assert (was, DCTERMS.isReplacedBy, came) in describe(conn, "edificio", old)
    assert (came, DCTERMS.replaces, was) in describe(conn, "edificio", new)
    interval = describe(conn, "edificio", old).value(was, CLV.hasSOValidity)
    assert describe(conn, "edificio", old).value(interval, SDO_HTTP.endDate) == Literal(E2022)


def test_of_what_is_not_published_only_the_name_is_told(conn: sa.Connection) -> None:
    f.new_comune(conn)
    number = f.new_unita_immobiliare(conn)
    found = oggetto.describe(conn, Richiesta("unita_immobiliare", number, COMUNE, OGGI, BASE))
    assert set(found) == {"@context", "@id", "dct:identifier"}


def test_no_name_of_a_person_is_told(conn: sa.Connection) -> None:
    said = "".join(
        json.dumps(oggetto.describe(conn, Richiesta(tipo, number, COMUNE, OGGI, BASE)))
        for tipo, number in town(conn).items()
    )
    assert "clv:Address" in said
    assert [name for name in NOMI if name in said] == []
