"""Statistics by census section: what is counted where, once for a publication."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
import sqlalchemy as sa

from opendata import statistiche
from territorio import pubblicato
from territorio.errors import Conflict
from territorio.schema_statistiche import statistica_sezione
from tests import factories as f
from tests.factory_defaults import COMUNE, rettangolo

GIORNO = date(2024, 6, 1)
DOPO = GIORNO + statistiche.DISTANZA


def new_casa(conn: sa.Connection, est: float, persone: int, famiglie: int) -> int:
    """Write a building with one dwelling, whose people live in so many households."""
    edificio = f.new_edificio(conn, geometria=rettangolo(est, 10, 8, 8))
    unita = f.new_unita_immobiliare(conn)
    f.new_legame(conn, "unita_edificio", unita, edificio)
    numbers = [f.new_identita(conn, "famiglia") for _ in range(famiglie)]
    for n in range(persone):
        someone = f.new_soggetto(conn, cognome="INVENTATI")
        f.new_residenza(conn, soggetto=someone, famiglia=numbers[n % famiglie])
        f.new_legame(conn, "residente_unita", someone, unita)
    return edificio


def new_sezione(conn: sa.Connection, numero: int, est: float) -> int:
    """Write a section 100 m wide."""
    return f.new_sezione_censimento(
        conn,
        numero=numero,
        sezione=f"999999{numero:07}",
        geometria=rettangolo(est, 0, 100, 100),
    )


@pytest.fixture
def sezioni(conn: sa.Connection) -> list[int]:
    """Three sections: 21 people in 3 houses, 12 in 4, and 3 in one."""
    f.new_comune(conn)
    found = [new_sezione(conn, n + 1, 100 * n) for n in range(3)]
    for est, persone, famiglie in [(5, 9, 3), (20, 8, 2), (40, 4, 2)]:
        new_casa(conn, est, persone, famiglie)
    for est in (110, 130, 150, 170):
        new_casa(conn, est, 3, 2)
    new_casa(conn, 210, 3, 1)
    f.new_zona_urbanistica(conn, geometria=rettangolo(50, 0, 100, 100))
    f.new_zona_urbanistica(conn, sigla="E", zto="05", geometria=rettangolo(150, 0, 150, 100))
    f.new_civico(conn, geometria=rettangolo(20, 20).centroid)
    return found


def published(conn: sa.Connection) -> dict[int, sa.Row[tuple[object, ...]]]:
    rows = conn.execute(
        sa.text(
            "SELECT id, edifici, civici, unita_a, zona_b_mq, zona_e_mq, residenti, famiglie,"
            " pubblicazione, valida_al, testo FROM pubblico.statistiche_sezioni"
            " WHERE al = 'infinity'"
        )
    )
    return {row.id: row for row in rows}


def test_each_section_has_what_stands_in_it(conn: sa.Connection, sezioni: list[int]) -> None:
    assert statistiche.publish(conn, COMUNE, GIORNO) == 3
    found = published(conn)
    assert [found[n].edifici for n in sezioni] == [3, 4, 1]
    assert [found[n].unita_a for n in sezioni] == [3, 4, 1]
    assert [found[n].civici for n in sezioni] == [1, 0, 0]
    for column, metres in (("zona_b_mq", (5000, 5000, 0)), ("zona_e_mq", (0, 5000, 10_000))):
        for number, expected in zip(sezioni, metres, strict=True):
            area: Decimal = getattr(found[number], column)
            assert float(area) == pytest.approx(expected, rel=0.01, abs=1)


def test_people_are_shown_in_fives_and_the_few_not_at_all(
    conn: sa.Connection, sezioni: list[int]
) -> None:
    statistiche.publish(conn, COMUNE, GIORNO)
    shown = [(r.residenti, r.famiglie) for r in map(published(conn).get, sezioni) if r]
    # The third has three people; the first, of the fewest buildings, hides it.
    assert shown == [(None, None), (10, 10), (None, None)]


def test_true_counts_are_nowhere(conn: sa.Connection, sezioni: list[int]) -> None:
    statistiche.publish(conn, COMUNE, GIORNO)
    rows = conn.execute(sa.select(statistica_sezione.c.residenti, statistica_sezione.c.famiglie))
    assert sorted(rows.all(), key=str) == [(10, 10), (None, None), (None, None)]
    assert not [n for n in sezioni if '"residenti":12' in published(conn)[n].testo]


def test_who_has_no_link_to_a_dwelling_is_counted_at_the_house_number(
    conn: sa.Connection, sezioni: list[int]
) -> None:
    civico = f.new_civico(conn, geometria=rettangolo(180, 50).centroid)
    for _ in range(4):
        someone = f.new_soggetto(conn)
        family = f.new_identita(conn, "famiglia")
        f.new_residenza(conn, soggetto=someone, famiglia=family)
        f.new_legame(conn, "residente_civico", someone, civico)
    statistiche.publish(conn, COMUNE, GIORNO)
    second = published(conn)[sezioni[1]]
    assert (second.residenti, second.famiglie) == (15, 10)


def test_a_publication_is_made_once(conn: sa.Connection, sezioni: list[int]) -> None:
    statistiche.publish(conn, COMUNE, GIORNO)
    before = published(conn)
    new_casa(conn, 190, 30, 10)
    assert statistiche.publish(conn, COMUNE, GIORNO) == 3
    assert published(conn) == before
    for day in (GIORNO - timedelta(days=1), GIORNO + timedelta(days=1), DOPO - timedelta(days=1)):
        with pytest.raises(Conflict):
            statistiche.publish(conn, COMUNE, day)
    assert published(conn) == before


def test_the_next_publication_ends_the_one_before(conn: sa.Connection, sezioni: list[int]) -> None:
    statistiche.publish(conn, COMUNE, GIORNO)
    new_casa(conn, 190, 1, 1)
    statistiche.publish(conn, COMUNE, DOPO)
    second = published(conn)[sezioni[1]]
    # One more came: nobody sees it.
    assert (second.edifici, second.residenti, second.pubblicazione) == (5, 10, DOPO)
    days = conn.execute(
        sa.text(
            "SELECT pubblicazione, valida_al FROM pubblico.statistiche_sezioni WHERE id = :id"
            " ORDER BY dal"
        ),
        {"id": sezioni[1]},
    ).all()
    assert [tuple(row) for row in days] == [(GIORNO, DOPO), (DOPO, None)]


def test_the_tables_made_anew_say_the_same(conn: sa.Connection, sezioni: list[int]) -> None:
    statistiche.publish(conn, COMUNE, GIORNO)
    before = published(conn)
    conn.execute(sa.text("DELETE FROM pubblico.statistiche_sezioni"))
    pubblicato.refresh(conn, COMUNE)
    assert published(conn) == before
    assert len(before) == len(sezioni)


def test_the_public_reads_the_protected_table_alone(engine_pubblico: sa.Engine) -> None:
    readable = {
        "pubblico.statistiche_sezioni": True,
        "registro.statistica_sezione": False,
        "registro.sezione_censimento": False,
        "persone.residenza": False,
    }
    with engine_pubblico.connect() as conn:
        for table, expected in readable.items():
            schema = conn.execute(
                sa.text("SELECT has_schema_privilege(:s, 'USAGE')"), {"s": table.split(".")[0]}
            ).scalar_one()
            assert schema is (table.split(".")[0] == "pubblico")
            found = (
                schema
                and conn.execute(
                    sa.text("SELECT has_table_privilege(:t, 'SELECT')"), {"t": table}
                ).scalar_one()
            )
            assert found is expected
