"""Erasure by law in a town that was really generated, loaded and linked."""

import gzip
from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa
import typer
from typer.testing import CliRunner

from api.comandi.cancella import cancella
from ingest.run import ingest
from territorio import archivio, db, lavoro, salvataggio
from territorio.config import Settings
from territorio.identita import Codice
from territorio.tables import FATTI, metadata
from tests.conftest import _database, shared_folder
from tests.stories import citta as town

EDIFICI, SEME = 60, 5


@pytest.fixture(scope="module")
def place(
    request: pytest.FixtureRequest, cluster_settings: Settings, worker_id: str
) -> Iterator[tuple[sa.Engine, Settings]]:
    """Load a town of this file's own, originals kept: what is erased is gone for the others."""
    with (
        shared_folder(request.config) as root,
        _database(cluster_settings, f"cancellata_{worker_id}") as url,
    ):
        here = Settings(data=root / "dati", database_url=url)
        folder = town.draw(root / "citta", town.COMUNE, EDIFICI, SEME)
        engine = town.open_for(url, town.COMUNE)
        try:
            for supply in town.supplies(folder)[:2]:
                ingest(engine, [supply], archivio=archivio.originali(here))
            town.settle(engine, town.COMUNE)
            yield engine, here
        finally:
            engine.dispose()


def someone(conn: sa.Connection, fatto: str) -> tuple[int, tuple[str, ...]]:
    """Return a person of whom the kind of fact speaks, and the words that name nobody else."""
    s, f = FATTI["soggetto"].c, FATTI[fatto].c
    same = FATTI["soggetto"].alias().c
    homonym = sa.exists().where(
        same.cognome == s.cognome, same.nome == s.nome, same.codice_fiscale != s.codice_fiscale
    )
    row = conn.execute(
        sa.select(s.id, s.cognome, s.nome, s.codice_fiscale)
        .where(s.id.in_(sa.select(f.soggetto)))
        .where(s.codice_fiscale.is_not(None), s.nome.is_not(None), ~homonym)
        .order_by(s.id)
        .limit(1)
    ).one()
    names = (f"{row.cognome} {row.nome}", f"{row.nome} {row.cognome}")
    return row.id, (row.codice_fiscale, *names)


def traces(conn: sa.Connection, words: tuple[str, ...]) -> set[str]:
    """Return the tables where one of the words still stands."""
    found = set()
    for table in metadata.sorted_tables:
        texts = conn.execute(
            sa.text(f"SELECT upper(translate(t::text, '\"', '')) FROM {table.fullname} t")  # noqa: S608 # our own tables
        ).scalars()
        whole = "\n".join(texts).replace(",", " ")
        found |= {f"{table.fullname}: {word}" for word in words if word.upper() in whole}
    return found


@pytest.mark.parametrize("fatto", ["titolarita", "residenza"])
def test_nothing_is_left_of_an_owner_or_a_resident(
    place: tuple[sa.Engine, Settings], tmp_path: Path, fatto: str
) -> None:
    engine, here = place
    with db.transaction(engine) as conn:
        person, words = someone(conn, fatto)
        before = traces(conn, words)
    assert {one.split(".")[0] for one in before} == {"persone", "staging"}
    app = typer.Typer()
    app.command()(cancella)
    order = ["--collegati", "--autore", "dott. Neri", "--atto", "Prot. 7", "--motivo", "ordine"]
    done = CliRunner().invoke(app, [str(Codice(person)), *order], obj=here)
    assert done.exception is None, done.output
    with db.transaction(engine) as conn:
        assert traces(conn, words) == set()
        assert lavoro.search(conn)[0].compito == "elabora"
    town.settle(engine, town.COMUNE)
    with db.transaction(engine) as conn:
        assert traces(conn, words) == set()
    file = tmp_path / "copia.tar.gz"
    salvataggio.save(engine, here, file)
    with gzip.open(file) as stream:
        content = stream.read()
    assert [word for word in words if word.encode() in content] == []
