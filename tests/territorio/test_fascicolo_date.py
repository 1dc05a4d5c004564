"""The day of each delivery on what it said, learnt once a connection and change."""

from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest
import sqlalchemy as sa

from territorio import fascicolo_date, prepared
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


def test_no_file_of_the_dossier_joins_deliveries() -> None:
    files = [path for path in sorted(SQL.glob("*.sql")) if path.stem != "caricati"]
    assert len(files) > 10
    assert [path.stem for path in files if "registro.fornitura " in path.read_text()] == []
