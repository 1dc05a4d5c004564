"""The first delivery of a source comes in by a shorter way, to the same facts."""

from collections.abc import Sequence
from datetime import date
from pathlib import Path

import pytest
import sqlalchemy as sa

from ingest import merge, prima
from ingest.run import load
from territorio.tables import FATTI
from tests.factories import new_comune
from tests.ingest.consegne import edifici, strade


def facts(conn: sa.Connection, fatto: str) -> Sequence[tuple[object, ...]]:
    """Return what is known, but for the numbers that are given anew each time."""
    table = FATTI[fatto]
    given = {"versione", "id", "nota_da", "fornitura"}
    columns = [c for c in table.columns if c.name not in given]
    return [tuple(row) for row in conn.execute(sa.select(*columns).order_by(table.c.riga))]


def index_names(conn: sa.Connection, table: str) -> set[str]:
    rows = conn.execute(
        sa.text("SELECT indexdef FROM pg_indexes WHERE schemaname = 'registro' AND tablename = :t"),
        {"t": table},
    )
    return set(rows.scalars())


def test_both_ways_lead_to_the_same_facts(
    conn: sa.Connection, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    new_comune(conn)
    paths = [
        strade(tmp_path / "STRAD_X999_20230101.csv", {n: f"VIA {n}" for n in range(1, 9)}),
        edifici(tmp_path / "edifici_X999_20230101.geojson", [("A", (0, 0, 9, 9))]),
    ]
    with conn.begin_nested() as once:
        short = [esito.as_dict() for esito in load(conn, paths)]
        known = [facts(conn, kind) for kind in ("odonimo", "edificio")]
        once.rollback()
    monkeypatch.setattr(merge, "is_first", lambda *_: False)
    assert [esito.as_dict() for esito in load(conn, paths)] == short
    assert [facts(conn, kind) for kind in ("odonimo", "edificio")] == known
    assert [len(rows) for rows in known] == [8, 1]
    assert known[0][0][1:4] == ("anncsu_strade", date(2023, 1, 1), None)


def test_a_line_said_twice_goes_the_long_way(conn: sa.Connection, tmp_path: Path) -> None:
    new_comune(conn)
    path = strade(tmp_path / "STRAD_X999_20230101.csv", {1: "VIA ROMA"})
    path.write_text(path.read_text() + path.read_text().splitlines()[1] + "\n")
    (esito,) = load(conn, [path])
    assert (esito.letti, esito.inseriti, esito.invariati) == (2, 1, 1)
    assert len(facts(conn, "odonimo")) == 1


def test_indexes_are_there_again(conn: sa.Connection, tmp_path: Path) -> None:
    new_comune(conn)
    before = index_names(conn, "edificio")
    load(conn, [edifici(tmp_path / "edifici_X999_20230101.geojson", [("A", (0, 0, 9, 9))])])
    assert len(facts(conn, "edificio")) == 1
    assert index_names(conn, "edificio") == before
    assert len(before) > 2


def test_a_second_delivery_is_not_the_first(conn: sa.Connection, tmp_path: Path) -> None:
    new_comune(conn)
    old = strade(tmp_path / "STRAD_X999_20230101.csv", {1: "VIA ROMA"})
    new = strade(tmp_path / "STRAD_X999_20240101.csv", {1: "VIA ROMA"})
    load(conn, [old])
    (esito,) = load(conn, [new])
    assert (esito.inseriti, esito.invariati) == (0, 1)
    assert not prima.is_first(conn, "X999", "anncsu_strade", "odonimo", -1)
