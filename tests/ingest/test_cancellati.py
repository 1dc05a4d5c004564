"""What the law and the office have decided holds against what is loaded afterwards."""

from datetime import date
from pathlib import Path

import pytest
import sqlalchemy as sa

from ingest.run import load
from territorio import cancellazione
from territorio.atti import edificio
from territorio.atto import Provvedimento
from territorio.cancellazione import Ordine
from territorio.cancellazione_impronta import Impronte
from territorio.config import Settings
from territorio.errors import NotReady
from territorio.schema import segnalazione
from territorio.tables import FATTI, metadata
from tests.factories import new_comune
from tests.factory_defaults import COMUNE
from tests.ingest.consegne import edifici, on

LISTA = Path("tests/fixtures/fonti/anagrafe_lac/input.csv")
TRACES = ("PRUDENZIA", "CAVALIERI", "CVLPDN60E41H501J")


def lista(folder: Path, giorno: str, *, codice: str = TRACES[2]) -> Path:
    """Write the list of residents of a day: she and two others."""
    lines = LISTA.read_text("latin-1").splitlines()[:4]
    path = folder / f"lista_{COMUNE}_{giorno}.csv"
    path.write_text("\n".join(lines).replace(TRACES[2], codice) + "\n")
    return path


def traces(conn: sa.Connection, words: tuple[str, ...] = TRACES) -> set[str]:
    """Return the tables in which one of the words stands."""
    found = set()
    for table in metadata.sorted_tables:
        texts = conn.execute(sa.text(f"SELECT t::text FROM {table.fullname} t"))  # noqa: S608 # our own tables
        found |= {table.fullname for text in texts.scalars() if any(w in text for w in words)}
    return found


@pytest.fixture
def here(conn: sa.Connection, tmp_path: Path) -> Settings:
    new_comune(conn)
    return Settings(data=tmp_path / "dati")


def erase_her(conn: sa.Connection, here: Settings) -> None:
    s = FATTI["soggetto"].c
    she = conn.execute(sa.select(s.id).where(s.codice_fiscale == TRACES[2])).scalar_one()
    cancellazione.erase(conn, here, Ordine(COMUNE, (she,), "dott. Neri", "Prot. 7", "ordine"))


def test_who_was_erased_by_law_does_not_come_back_with_the_next_delivery(
    conn: sa.Connection, here: Settings, tmp_path: Path
) -> None:
    impronte = Impronte.of(here)
    load(conn, [lista(tmp_path, "20230101")], impronte=impronte)
    assert traces(conn) == {"persone.soggetto", "staging.soggetto"}
    erase_her(conn, here)
    assert traces(conn) == set()
    (esito,) = load(conn, [lista(tmp_path, "20240101")], impronte=impronte)
    assert (esito.letti, esito.inseriti) == (6, 0)
    assert traces(conn) == set()
    # A report on a line of hers quotes the line.
    wrong = lista(tmp_path, "20250101", codice="CVLPDN60E41H501K")
    load(conn, [wrong], impronte=impronte)
    assert traces(conn, ("CVLPDN60E41H501K", "CAVALIERI")) == set()


def test_a_load_that_could_not_recognise_who_was_erased_is_refused(
    conn: sa.Connection, here: Settings, tmp_path: Path
) -> None:
    load(conn, [lista(tmp_path, "20230101")])
    erase_her(conn, here)
    with pytest.raises(NotReady, match="chiave"):
        load(conn, [lista(tmp_path, "20240101")])


def test_a_delivery_that_contradicts_an_act_is_reported(
    conn: sa.Connection, here: Settings, tmp_path: Path
) -> None:
    drawn = [("a", (0.0, 0.0, 10.0, 10.0))]
    load(conn, [edifici(tmp_path / "a.geojson", drawn)], on("2023-01-01"))
    house = conn.execute(sa.select(FATTI["edificio"].c.id)).scalar_one()
    p = Provvedimento(COMUNE, "geom. Verdi", "Det. 1", "demolito")
    edificio.retire(conn, p, house, date(2023, 6, 1))
    said = sa.select(segnalazione.c.oggetto, segnalazione.c.campo, segnalazione.c.stato)
    load(conn, [edifici(tmp_path / "b.geojson", drawn)], on("2024-01-01"))
    assert conn.execute(said).all() == [(house, "esistenza", "aperta")]
