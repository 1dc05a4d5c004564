"""A municipality is taken in by its code."""

from datetime import date

import pytest
import sqlalchemy as sa

from territorio import comune, comune_aggiungi
from territorio.errors import Conflict, InvalidInput
from territorio.schema import comune_catastale


def test_name_province_and_zone_come_from_the_code(conn: sa.Connection) -> None:
    assert comune_aggiungi.add(conn, "H501").denominazione == "Roma"
    milano = comune_aggiungi.add(conn, "F205")
    assert (milano.provincia, milano.utm) == ("MI", 7791)
    assert [(c.comune, c.utm) for c in comune.search(conn)] == [("F205", 7791), ("H501", 7792)]


def test_the_zone_measures_true_metres(conn: sa.Connection) -> None:
    made = comune_aggiungi.add(conn, "M043", inventato=True)
    length = conn.execute(
        sa.text(
            "SELECT ST_Distance(ST_Transform(a, :utm), ST_Transform(b, :utm)) / "
            "ST_Distance(a::geography, b::geography) FROM (SELECT"
            " ST_SetSRID(ST_Point(13.44, 45.86), 6706) AS a,"
            " ST_SetSRID(ST_Point(13.45, 45.86), 6706) AS b) p"
        ),
        {"utm": made.utm},
    ).scalar_one()
    assert length == pytest.approx(1, abs=5e-4)
    assert made.inventato


def test_a_merged_municipality_keeps_the_old_codes_with_their_days(conn: sa.Connection) -> None:
    comune_aggiungi.add(conn, "M378", catastali=["A134"])
    rows = conn.execute(sa.select(comune_catastale).order_by("comune_catastale")).all()
    assert [(r.comune, r.comune_catastale, r.al) for r in rows] == [
        ("M378", "A134", date(2023, 11, 18)),
        ("M378", "M378", None),
    ]


def test_both_codes_lead_to_a_municipality_and_both_are_kept(conn: sa.Connection) -> None:
    fie = comune_aggiungi.add(conn, "021031")
    assert (fie.comune, fie.istat, fie.denominazione) == ("D571", "021031", "Fiè allo Sciliar")
    assert comune_aggiungi.add(conn, "B940").istat == "093010"
    with pytest.raises(InvalidInput):
        comune_aggiungi.add(conn, "999999")


def test_the_code_of_a_part_may_come_later(conn: sa.Connection) -> None:
    for parts in ((), ("A134",), ("A134",)):
        comune_aggiungi.add(conn, "M378", catastali=parts)
    rows = conn.execute(sa.select(comune_catastale.c.comune_catastale)).scalars()
    assert sorted(rows) == ["A134", "M378"]


def test_a_municipality_is_taken_in_once(conn: sa.Connection) -> None:
    comune_aggiungi.add(conn, "H501")
    with pytest.raises(Conflict, match="c'è già"):
        comune_aggiungi.add(conn, "H501")


@pytest.mark.parametrize("codice", ["A134", "Z110", "roma", "X999", "H50"])
def test_what_is_no_municipality_of_today_is_refused(conn: sa.Connection, codice: str) -> None:
    with pytest.raises(InvalidInput):
        comune_aggiungi.add(conn, codice)


def test_a_made_up_code_needs_a_name(conn: sa.Connection) -> None:
    assert comune_aggiungi.add(conn, "X999", "Borgo", inventato=True).denominazione == "Borgo"
