"""The municipality of a million buildings: made once by SQL, published, and kept."""

import hashlib
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import psycopg
import sqlalchemy as sa
from psycopg import sql

from opendata.ogc import deposito
from territorio import bulk, db, disegno, pubblicato
from territorio.schema import FATTI
from territorio.schema_pubblico import COLLEZIONI
from territorio.schema_ricerca import elaborazione
from tests.bench.banco import Banco
from tests.bench.carico import schema_mark

type Say = Callable[[str], None]
type Size = Literal["small", "full"]

COMUNE = "X999"
SQL = Path(__file__).parent
SCRITTI = ("confine", "foglio", "particella", "odonimo", "edificio", "civico")


@dataclass(frozen=True, slots=True)
class Quanto:
    """How much there is of everything; ``lato`` is in sheets of a kilometre."""

    edifici: int
    particelle: int
    civici: int
    lato: int


QUANTO: dict[Size, Quanto] = {
    "small": Quanto(50_000, 60_000, 75_000, 17),
    "full": Quanto(1_000_000, 1_200_000, 1_500_000, 77),
}


def municipality(banco: Banco, size: Size, say: Say) -> str:
    """Return the name of the database, made at the first use and again for another schema."""
    quanto = QUANTO[size]
    stem = f"milione_{quanto.edifici}"
    name = f"{stem}_{schema_mark()}_{_recipe_mark()}"
    if banco.has(name):
        return name
    banco.drop_beginning(stem)
    say(f"a municipality of {quanto.edifici:,} buildings, once")
    engine = db.engine(banco.create("in_milione"), db.Role.MIGRAZIONE)
    with _told("  the facts", say), db.transaction(engine) as conn:
        _write(conn, quanto)
    _check(engine, quanto)
    with _told("  pubblicato.refresh", say), db.transaction(engine) as conn:
        pubblicato.refresh(conn, COMUNE)
    with _told("  disegno.refresh", say), db.transaction(engine) as conn:
        disegno.refresh(conn, COMUNE)
        # Nothing is left to be linked or searched for: nobody begins it by himself.
        conn.execute(sa.insert(elaborazione).values(comune=COMUNE, registrazione=1))
    with _told("  deposito.fill", say):
        drawn = deposito.fill(engine, lambda *_: None)
    say(f"  {drawn:,} squares in the store")
    engine.dispose()
    with _told("  the peers' table", say), psycopg.connect(banco.url("in_milione")) as admin:
        admin.execute((SQL / "pari.sql").read_bytes())
    with _told("  VACUUM ANALYZE", say):
        _settle(banco.url("in_milione"))
    banco.rename("in_milione", name)
    return name


def run(conn: sa.Connection, path: Path, parameters: dict[str, int]) -> None:
    """Run a file of statements, one after the other, with named parameters."""
    lines = path.read_text().splitlines()
    text = "\n".join(line for line in lines if not line.startswith("--"))
    for statement in filter(str.strip, text.split(";\n\n")):
        known = sa.text(statement.strip().removesuffix(";"))
        used = {name: parameters[name] for name in known.compile().params}
        conn.execute(known, used)


def _recipe_mark() -> str:
    """Return a mark that is another one whenever the rows are made in another way."""
    recipe = (SQL / "milione.sql").read_bytes() + (SQL / "pari.sql").read_bytes()
    return hashlib.sha256(recipe).hexdigest()[:8]


def _write(conn: sa.Connection, quanto: Quanto) -> None:
    values = {name: getattr(quanto, name) for name in Quanto.__slots__}
    with ExitStack() as stack:
        for nome in SCRITTI:
            stack.enter_context(bulk.without_indexes(conn, FATTI[nome]))
        run(conn, SQL / "milione.sql", values)
    for nome in SCRITTI:
        bulk.analyse(conn, FATTI[nome])


def _check(engine: sa.Engine, quanto: Quanto) -> None:
    """Refuse a municipality that is not as large as it was meant to be."""
    asked = {name: getattr(quanto, name) for name in ("edifici", "particelle", "civici")}
    with db.transaction(engine) as conn:
        for name, fatto in zip(asked, ("edificio", "particella", "civico"), strict=True):
            query = sa.select(sa.func.count()).select_from(FATTI[fatto])
            found = conn.execute(query).scalar_one()
            if found != asked[name]:
                raise RuntimeError(f"{found} {name}, not {asked[name]}")


def _settle(url: str) -> None:
    """Take the figures, and mark the pages that everybody may read."""
    with psycopg.connect(url, autocommit=True) as conn:
        for table in (*COLLEZIONI.values(), *map(FATTI.__getitem__, SCRITTI)):
            conn.execute(sql.SQL("VACUUM ANALYZE {}").format(bulk.identifier(table)))
        conn.execute("VACUUM ANALYZE pari.edifici")


@contextmanager
def _told(what: str, say: Say) -> Iterator[None]:
    started = time.monotonic()
    yield
    say(f"{what}: {time.monotonic() - started:.1f} s")
