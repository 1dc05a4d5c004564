"""The day of each delivery on what it said, learnt once a connection and change."""

from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest
import sqlalchemy as sa

from territorio import fascicolo_date, prepared
from territorio.fascicolo_date import VICINE
from territorio.fascicolo_righe import SQL
from territorio.prepared import Statement
from territorio.schema import fornitura
from tests import factories as f
from tests.territorio.casa import TRIBUTI, Casa, read


@pytest.fixture
def learnt(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Collect what is asked about deliveries."""
    asked: list[str] = []
    send = prepared._send

    def watch(conn: sa.Connection, sent: list[Statement], *rest: Any) -> object:
        asked.extend(str(one.values) for one in sent if one.query == fascicolo_date._ASK)
        return send(conn, sent, *rest)

    monkeypatch.setattr(prepared, "_send", watch)
    return asked


def said(part: object) -> Iterator[dict[str, Any]]:
    """Return all of a dossier that a delivery said, however deep."""
    if isinstance(part, dict):
        if part.get("fornitura") is not None:
            yield part
        for inside in part.values():
            yield from said(inside)
    elif isinstance(part, list):
        for inside in part:
            yield from said(inside)


def test_all_that_a_delivery_said_bears_its_day(conn: sa.Connection, casa: Casa) -> None:
    conn.execute(sa.update(fornitura).values(data_riferimento=date(2019, 2, 3)))
    f.new_registrazione(conn)
    dated = [*said(read(conn, casa, TRIBUTI))]
    assert len(dated) > 10
    assert {one["data"] for one in dated} == {"2019-02-03"}
    assert all(one["fonte"] for one in dated)


def test_deliveries_are_asked_for_once_until_the_registry_changes(
    conn: sa.Connection, casa: Casa, learnt: list[str]
) -> None:
    first = read(conn, casa, TRIBUTI)
    assert len(learnt) == 1
    assert read(conn, casa, TRIBUTI) == first
    assert len(learnt) == 1
    # As after the backup of another installation was brought back.
    conn.execute(sa.update(fornitura).values(data_riferimento=date(2001, 1, 1)))
    f.new_registrazione(conn)
    assert {one["data"] for one in said(read(conn, casa, TRIBUTI))} == {"2001-01-01"}
    assert len(learnt) == 2


def test_who_asks_for_a_delivery_learns_those_around_it(
    conn: sa.Connection, casa: Casa, learnt: list[str]
) -> None:
    """A map comes sheet by sheet: a thousand deliveries, each named by a few dossiers."""
    day = date(2021, 5, 6)
    for n in range(VICINE):
        if f.new_fornitura(conn, nome=f"prima {n}") % VICINE < VICINE - 4:
            break  # the next three are neighbours
    sheets = [f.new_fornitura(conn, nome=f"F{n}", data_riferimento=day) for n in range(3)]
    far = sheets[-1] + 5_000
    ricordi: dict[Any, Any] = {}
    for number in (*sheets, far, far):
        righe: dict[str, Any] = {
            "stato": [{"noto_al": "2021-05-07"}],
            "particelle": [{"fornitura": number}],
        }
        prepared.compute(conn, fascicolo_date.dating(ricordi, righe, last=False))
        assert righe["particelle"][0]["data"] == ("2021-05-06" if number != far else None)
    # One question for all that are there; one each time for what is not.
    assert len(learnt) == 3


def test_no_more_are_remembered_than_are_worth_it(
    conn: sa.Connection, casa: Casa, learnt: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    first = read(conn, casa, TRIBUTI)
    monkeypatch.setattr(fascicolo_date, "_MOST", 1)
    assert read(conn, casa, TRIBUTI) == first
    assert len(learnt) == 2


def test_no_file_of_the_dossier_joins_deliveries() -> None:
    files = [path for path in sorted(SQL.glob("*.sql")) if path.stem != "caricati"]
    assert len(files) > 10
    assert [path.stem for path in files if "registro.fornitura " in path.read_text()] == []
