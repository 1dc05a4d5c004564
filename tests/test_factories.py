"""The factories cover every table of facts and every column of each."""

import pytest
import sqlalchemy as sa

from territorio.schema import attributes
from territorio.tables import FATTI
from tests import factories, factory_defaults


def test_there_is_a_factory_for_every_table_of_facts() -> None:
    assert set(factory_defaults.DEFAULTS) == set(FATTI)
    assert len(FATTI) >= 17
    assert all(callable(getattr(factories, f"new_{nome}")) for nome in FATTI)


@pytest.mark.parametrize("nome", sorted(FATTI))
def test_every_column_has_a_default(nome: str, conn: sa.Connection) -> None:
    assert set(factory_defaults.DEFAULTS[nome]) == set(attributes(FATTI[nome]))
    number = getattr(factories, f"new_{nome}")(conn)
    table = FATTI[nome]
    row = conn.execute(sa.select(table).where(table.c.id == number)).one()
    assert row.comune == factory_defaults.COMUNE


def test_distances_are_metres(conn: sa.Connection) -> None:
    factories.new_edificio(conn, geometria=factory_defaults.rettangolo(300, -200, 40, 25))
    area = conn.execute(sa.select(FATTI["edificio"].c.area_mq)).scalar_one()
    assert float(area) == pytest.approx(1000, rel=0.005)
