"""The published collections: what prevails, on its days, and never behind what is known."""

import json
from datetime import date
from typing import Any

import sqlalchemy as sa

from territorio import elaborazione, pubblicato
from territorio.atti import indirizzo
from territorio.identita import Codice, permute
from territorio.schema_pubblico import COLLEZIONI, properties
from tests import factories as f
from tests.factory_defaults import COMUNE, rettangolo
from tests.territorio.atti.racconto import DETERMINA, G2022
from tests.territorio.casa import NOMI, new_casa

E2019, E2022 = date(2019, 1, 1), date(2022, 1, 1)


def rows(conn: sa.Connection, nome: str) -> list[dict[str, Any]]:
    """Return what is published of a collection, by object and day."""
    table = COLLEZIONI[nome]
    # Python has no infinite days.
    columns = [sa.cast(c, sa.Text).label(c.name) if c.name in {"dal", "al"} else c for c in table.c]
    found = conn.execute(sa.select(*columns).order_by(table.c.id, table.c.dal))
    return [dict(row._mapping) for row in found]


def snapshot(conn: sa.Connection) -> dict[str, list[tuple[object, ...]]]:
    return {
        nome: sorted((r["id"], str(r["dal"]), str(r["al"]), r["testo"]) for r in rows(conn, nome))
        for nome in COLLEZIONI
    }


def test_a_code_is_written_by_the_database_as_by_the_program(conn: sa.Connection) -> None:
    numbers = [permute(n) for n in range(1, 2000)] + [1, 79, 80, 262_143_999_978]
    query = sa.text("SELECT n, registro.codice(n) FROM unnest(CAST(:n AS bigint[])) AS n")
    found = {row[0]: row[1] for row in conn.execute(query, {"n": numbers})}
    assert found == {n: str(Codice(n)) for n in numbers}


def test_a_house_is_published_whole(conn: sa.Connection) -> None:
    casa = new_casa(conn)
    f.new_foglio(conn)
    f.new_confine(conn)
    f.new_statistica(conn, f.new_sezione_censimento(conn))
    elaborazione.refresh(conn, COMUNE)
    found = {nome: len(rows(conn, nome)) for nome in COLLEZIONI}
    assert found == dict.fromkeys(COLLEZIONI, 1)
    for nome, table in COLLEZIONI.items():
        feature = json.loads(rows(conn, nome)[0]["testo"])
        assert feature["type"] == "Feature"
        assert list(feature["properties"]) == properties(table)
    civico = rows(conn, "civici")[0]
    assert (civico["id"], civico["indirizzo"]) == (casa.civico, "VIA ROMA 12/A")
    assert (rows(conn, "edifici")[0]["codice"]) == str(Codice(casa.edificio))


def test_no_name_of_a_person_is_published(conn: sa.Connection) -> None:
    new_casa(conn)
    elaborazione.refresh(conn, COMUNE)
    said = json.dumps(snapshot(conn))
    assert "VIA ROMA" in said
    assert [name for name in NOMI if name in said] == []


def test_the_office_prevails_on_the_days_it_speaks_for(conn: sa.Connection) -> None:
    f.new_comune(conn)
    number = f.new_edificio(conn, uso="0101", valida_dal=E2019)
    f.new_edificio(conn, id=number, fonte="ufficio", uso="0801", valida_dal=E2022)
    pubblicato.refresh(conn, COMUNE)
    found = [(r["fonte"], r["uso"], r["valida_dal"], r["valida_al"]) for r in rows(conn, "edifici")]
    assert found == [("prova", "0101", E2019, E2022), ("ufficio", "0801", E2022, None)]


def test_a_building_that_an_act_ended_is_published_until_that_day(conn: sa.Connection) -> None:
    f.new_comune(conn)
    number = f.new_edificio(conn)
    f.new_edificio(
        conn, id=number, fonte="ufficio", stato="cessato", geometria=None, valida_dal=E2022
    )
    pubblicato.refresh(conn, COMUNE)
    assert [(r["fonte"], r["valida_al"]) for r in rows(conn, "edifici")] == [("prova", E2022)]


def test_an_address_bears_the_name_of_its_street_on_each_day(conn: sa.Connection) -> None:
    f.new_comune(conn)
    via = f.new_odonimo(conn, denominazione="VIA VECCHIA", valida_dal=E2019, valida_al=E2022)
    f.new_odonimo(conn, id=via, denominazione="VIA NUOVA", valida_dal=E2022)
    f.new_civico(conn, odonimo=via, numero=3, esponente="")
    pubblicato.refresh(conn, COMUNE)
    found = [(r["odonimo"], r["valida_dal"], r["valida_al"]) for r in rows(conn, "civici")]
    assert found == [
        (None, None, E2019),
        ("VIA VECCHIA", E2019, E2022),
        ("VIA NUOVA", E2022, None),
    ]


def test_outlines_turn_as_geojson_wants_them(conn: sa.Connection) -> None:
    f.new_comune(conn)
    f.new_edificio(conn, geometria=rettangolo(5, 5).reverse())
    pubblicato.refresh(conn, COMUNE)
    turned = conn.execute(sa.text("SELECT ST_IsPolygonCCW(geometria) FROM pubblico.edifici"))
    assert turned.scalars().all() == [True]


def test_only_what_changed_is_published_anew_and_it_is_the_same(conn: sa.Connection) -> None:
    casa = new_casa(conn)
    elaborazione.refresh(conn, COMUNE)
    before = conn.execute(sa.text("SELECT id, xmin FROM pubblico.vincoli")).all()
    new = f.new_registrazione(conn)
    f.new_edificio(conn, nota_da=new, geometria=rettangolo(300, 300))
    conn.execute(
        sa.text("UPDATE registro.odonimo SET denominazione = 'VIA NUOVA', nota_da = :n"),
        {"n": new},
    )
    elaborazione.refresh(conn, COMUNE)
    assert conn.execute(sa.text("SELECT id, xmin FROM pubblico.vincoli")).all() == before
    assert len(rows(conn, "edifici")) == 2
    assert [(r["id"], r["odonimo"]) for r in rows(conn, "civici")] == [(casa.civico, "VIA NUOVA")]
    part_by_part = snapshot(conn)
    for table in COLLEZIONI.values():
        conn.execute(sa.delete(table))
    pubblicato.refresh(conn, COMUNE)
    assert snapshot(conn) == part_by_part


def test_another_municipality_keeps_what_is_published_of_it(conn: sa.Connection) -> None:
    new_casa(conn)
    pubblicato.refresh(conn, COMUNE)
    f.new_comune(conn, "Y001")
    pubblicato.refresh(conn, "Y001")
    assert {r["comune"] for r in rows(conn, "edifici")} == {COMUNE}


def test_a_street_that_is_renamed_renames_its_addresses_at_once(conn: sa.Connection) -> None:
    casa = new_casa(conn)
    elaborazione.refresh(conn, COMUNE)
    via = conn.execute(
        sa.text("SELECT odonimo FROM registro.civico WHERE id = :id"), {"id": casa.civico}
    ).scalar_one()
    indirizzo.rename(conn, DETERMINA, via, G2022, "VIA NUOVA")
    assert rows(conn, "civici")[-1]["odonimo"] == "VIA NUOVA"
