"""What backups and restores are tried on: two municipalities, looked at and disturbed."""

import sqlalchemy as sa

from territorio import db
from territorio.salvataggio_tavole import Impronta, state
from territorio.tables import FATTI
from tests.factories import new_edificio, new_fornitura, new_identita
from tests.factory_defaults import COMUNE, rettangolo

OTHER = "Y888"
State = dict[str, dict[str, Impronta]]


def look(conn: sa.Connection, comune: str) -> None:
    """Leave an entry in the log of readings."""
    conn.execute(
        sa.text("SELECT persone.annota_lettura(:c, 'chi', 'ufficio', 'prova', 1, 'nome')"),
        {"c": comune},
    )


def now(engine: sa.Engine, comune: str | None = None) -> State:
    """Return the hashes of all rows, less the numbers under which restores are registered."""
    with db.transaction(engine) as conn:
        found = state(conn, comune)
        del found["registro.registrazione"]
    return found


def disturb(engine: sa.Engine) -> None:
    """Change both municipalities."""
    with db.transaction(engine) as conn:
        new_edificio(conn, geometria=rettangolo(60, 5))
        extra = new_fornitura(conn, nome="dopo")
        conn.execute(
            sa.text("INSERT INTO registro.fornitura_ambito VALUES (:c, :f, 'x', '*')"),
            {"c": COMUNE, "f": extra},
        )
        number = new_identita(conn, "edificio", OTHER)
        new_edificio(conn, comune=OTHER, id=number, geometria=rettangolo(60, 5))
        conn.execute(sa.update(FATTI["edificio"]).values(piani=99))


def again() -> tuple[list[str], sa.Select[tuple[object, ...]]]:
    """Copy a row under a number of its own: the counters must be past those there are."""
    e = FATTI["edificio"]
    names = [c.name for c in e.columns if c.computed is None and c.name != "versione"]
    return names, sa.select(*[e.c[name] for name in names]).limit(1)
