"""A later delivery that disagrees with an act: a segnalazione, and nothing overwritten."""

from datetime import date

import pytest
import sqlalchemy as sa
from shapely.geometry import Polygon

from ingest import merge
from territorio import registrazione
from territorio.atti import dissenso, edificio, indirizzo
from territorio.prevalenza import UFFICIO
from territorio.schema import fornitura_ambito, segnalazione
from territorio.tables import FATTI, STAGING
from tests.factories import new_civico, new_edificio, new_fornitura, new_odonimo
from tests.factory_defaults import COMUNE, rettangolo
from tests.territorio.atti.racconto import DETERMINA, G2020, G2022, G2024, seen, wkb

LATER = date(2026, 1, 1)


def deliver(
    conn: sa.Connection, giorno: date = LATER
) -> tuple[int, list[tuple[int, str, dict[str, str]]]]:
    """Deliver again what the source says already; return what contradicts the office."""
    supply = new_fornitura(conn, data_riferimento=giorno, nome=f"consegna {giorno}")
    opened = dissenso.report(conn, COMUNE, supply)
    s = segnalazione.c
    rows = conn.execute(
        sa.select(s.oggetto, s.campo, s.dati).where(s.stato == "aperta").order_by(s.campo)
    )
    return opened, [(row.oggetto, row.campo, row.dati) for row in rows]


def test_a_field_the_office_changed(conn: sa.Connection) -> None:
    casa = new_edificio(conn, valida_dal=G2020, piani=2)
    edificio.change(conn, DETERMINA, casa, G2022, {"piani": 3})
    opened, told = deliver(conn)
    assert opened == 1
    assert told == [(casa, "piani", {"fonte": "prova", "consegna": "2", "ufficio": "3"})]
    assert seen(conn, "piani", LATER) == {casa: 3}


@pytest.mark.parametrize(
    ("drawn", "campi"),
    [(rettangolo(5, 5, 20, 14), ["geometria"]), (rettangolo(5, 5, 20, 10.2), [])],
    ids=["another outline", "the same, drawn again"],
)
def test_an_outline_the_office_drew(conn: sa.Connection, drawn: Polygon, campi: list[str]) -> None:
    casa = new_edificio(conn, valida_dal=G2020)
    edificio.change(conn, DETERMINA, casa, G2022, {"geometria": wkb(drawn)})
    assert [campo for _, campo, _ in deliver(conn)[1]] == campi


def test_a_retired_building_that_is_still_delivered(conn: sa.Connection) -> None:
    casa = new_edificio(conn, valida_dal=G2020)
    edificio.retire(conn, DETERMINA, casa, G2022)
    assert [(o, c) for o, c, _ in deliver(conn)[1]] == [(casa, "esistenza")]
    assert seen(conn, "id", LATER) == {}


def test_a_restored_building_that_is_not_delivered(conn: sa.Connection) -> None:
    casa = new_edificio(conn, valida_dal=G2020, valida_al=G2022)
    edificio.restore(conn, DETERMINA, casa, G2024)
    assert [(o, c) for o, c, _ in deliver(conn)[1]] == [(casa, "esistenza")]


def test_a_created_building_no_source_has_is_no_contradiction(conn: sa.Connection) -> None:
    new_edificio(conn, geometria=rettangolo(60, 5))
    edificio.create(conn, DETERMINA, G2022, {"geometria": wkb(rettangolo(0, 500))})
    assert deliver(conn) == (0, [])


def test_a_delivery_of_before_the_change_agrees(conn: sa.Connection) -> None:
    casa = new_edificio(conn, valida_dal=G2020, piani=2)
    edificio.change(conn, DETERMINA, casa, G2022, {"piani": 3})
    assert deliver(conn, date(2021, 1, 1)) == (0, [])


def test_a_street_renamed_and_a_number(conn: sa.Connection) -> None:
    street = new_odonimo(conn, denominazione="VIA ROMA", chiave_odonimo="VIA ROMA")
    indirizzo.rename(conn, DETERMINA, street, G2022, "VIA NUOVA")
    new = indirizzo.NuovoCivico(street, 7)
    (number,) = indirizzo.assign(conn, DETERMINA, G2022, new).nuovi
    new_civico(conn, id=number, odonimo=street, numero=9)
    assert [(o, c) for o, c, _ in deliver(conn)[1]] == [
        (street, "denominazione"),
        (number, "numero"),
    ]


def test_it_is_said_once_and_closed_when_the_source_agrees(conn: sa.Connection) -> None:
    casa = new_edificio(conn, valida_dal=G2020, piani=2)
    act = edificio.change(conn, DETERMINA, casa, G2022, {"piani": 3})
    assert deliver(conn)[0] == 1
    assert deliver(conn, date(2026, 2, 1))[0] == 0
    e = FATTI["edificio"]
    conn.execute(sa.update(e).where(e.c.fonte == "prova").values(nota_fino=act.registrazione + 1))
    new_edificio(conn, id=casa, valida_dal=G2020, piani=3)
    assert deliver(conn, date(2026, 3, 1)) == (0, [])


def test_a_load_of_another_source_never_closes_the_office(conn: sa.Connection) -> None:
    def load(giorno: date, nome: str | None) -> None:
        supply = new_fornitura(conn, fonte="strade", data_riferimento=giorno, nome=str(giorno))
        conn.execute(
            sa.insert(fornitura_ambito).values(
                comune=COMUNE, fornitura=supply, fatto="odonimo", ambito="*"
            )
        )
        if nome is not None:
            conn.execute(
                sa.insert(STAGING["odonimo"]).values(
                    comune=COMUNE,
                    fonte="strade",
                    fornitura=supply,
                    riga=1,
                    chiave="1",
                    ambito="*",
                    ordine=0,
                    impronta=len(nome),
                    denominazione=nome,
                    chiave_odonimo=nome,
                )
            )
        number = registrazione.begin(conn, "fornitura", autore="prova", comune=COMUNE)
        merge.merge(conn, COMUNE, "strade", "odonimo", [supply], number)

    o = FATTI["odonimo"]
    load(G2020, "VIA ROMA")
    (street,) = conn.execute(sa.select(o.c.id)).scalars()
    indirizzo.rename(conn, DETERMINA, street, G2022, "VIA NUOVA")
    mine = sa.select(o.c.versione, o.c.denominazione, o.c.nota_fino).where(o.c.fonte == UFFICIO)
    before = conn.execute(mine).all()
    load(G2024, "VIA DELLE ROSE")
    load(LATER, None)
    assert [row.denominazione for row in before] == ["VIA NUOVA"]
    assert conn.execute(mine).all() == before
