"""Deliveries: what is said of all of them."""

from datetime import date

import sqlalchemy as sa

from territorio import fornitura
from tests.factories import new_comune, new_fornitura


def test_the_last_day_is_not_that_of_the_file_which_came_last(conn: sa.Connection) -> None:
    assert fornitura.latest_day(conn) is None
    new_comune(conn)
    new_fornitura(conn, nome="nuova", data_riferimento=date(2025, 6, 1))
    new_fornitura(conn, nome="vecchia", data_riferimento=date(2024, 3, 1))
    assert fornitura.latest_day(conn) == date(2025, 6, 1)
