"""Shares of ownership that do not make one whole are reported, roundings are not."""

import pytest
import sqlalchemy as sa

from territorio.anomalia import regole
from territorio.schema import segnalazione
from tests import factories as f
from tests.factory_defaults import COMUNE

type Diritti = list[tuple[str, int, int]]


@pytest.mark.parametrize(
    ("diritti", "reported"),
    [
        ([("10", 1, 1)], False),
        ([("10", 1, 2), ("10", 1, 2)], False),
        ([("10", 333, 1000)] * 3, False),  # a third each
        ([("20", 1, 1), ("80", 1, 1)], False),  # usufruct is another ledger
        ([("10", 0, 0)], False),  # unknown
        ([("10", 1, 2)], True),
        ([("10", 999, 1000)], True),  # who holds alone holds all
        ([("10", 1, 2), ("10", 2, 3)], True),
    ],
)
def test_shares_are_reported_where_they_are_not_one(
    conn: sa.Connection, diritti: Diritti, reported: bool
) -> None:
    unita = f.new_unita_immobiliare(conn)
    for diritto, numeratore, denominatore in diritti:
        f.new_titolarita(
            conn,
            unita=unita,
            soggetto=f.new_soggetto(conn),
            diritto=diritto,
            quota_numeratore=numeratore,
            quota_denominatore=denominatore,
        )
    regole.refresh(conn, COMUNE)
    c = segnalazione.c
    about = conn.execute(sa.select(c.oggetto).where(c.tipo == "quote di proprietà")).scalars().all()
    assert about == ([unita] if reported else [])
