"""Connections: what a transaction says of itself, and what becomes of one that has ended."""

import sqlalchemy as sa

from territorio import db

BACKEND = sa.text("SELECT pg_backend_pid()")
SETTING = sa.text("SELECT current_setting(:name, true)")


def _setting(conn: sa.Connection, name: str) -> str:
    found: str = conn.execute(SETTING, {"name": name}).scalar_one()
    return found


def test_a_transaction_is_held_to_its_municipalities_and_no_longer(
    engine_ufficio: sa.Engine,
) -> None:
    with db.transaction(engine_ufficio, ("X999", "O'B9", "A001")) as conn:
        assert _setting(conn, "territorio.comuni") == "A001,O'B9,X999"
        assert _setting(conn, "plan_cache_mode") == "auto"
    with engine_ufficio.connect() as conn:
        assert _setting(conn, "territorio.comuni") == ""
        assert _setting(conn, "plan_cache_mode") == "auto"


def test_what_fails_leaves_nothing(engine_ufficio: sa.Engine) -> None:
    try:
        with db.transaction(engine_ufficio) as conn:
            conn.execute(sa.text("SELECT 1 / 0"))
    except sa.exc.DataError:
        pass
    else:
        raise AssertionError("a division by zero went through")
    with engine_ufficio.connect() as conn:
        assert _setting(conn, "territorio.comuni") == ""


def test_a_connection_that_the_server_ended_is_replaced(
    database_url: str, engine_ufficio: sa.Engine
) -> None:
    with db.transaction(engine_ufficio) as conn:
        before = conn.execute(BACKEND).scalar_one()
    other = db.engine(database_url, db.Role.UFFICIO)
    with other.connect() as conn:
        conn.execute(sa.text("SELECT pg_terminate_backend(:pid, 5000)"), {"pid": before})
    other.dispose()
    with db.transaction(engine_ufficio) as conn:
        assert conn.execute(BACKEND).scalar_one() != before
