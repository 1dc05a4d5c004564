"""Loading whole deliveries: order, refusals, repeats, what is kept."""

import shutil
import threading
import time
from datetime import date
from pathlib import Path

import pytest
import sqlalchemy as sa

from ingest.run import Options, ingest, load
from territorio import db
from territorio.errors import Refused
from territorio.schema import fornitura, segnalazione, segnalazione_valore
from territorio.tables import FATTI
from territorio.vigenza import Quando
from tests.factories import new_comune
from tests.ingest.consegne import edifici, names_on, on, strade


@pytest.fixture
def comune(conn: sa.Connection) -> str:
    return new_comune(conn)


def test_what_one_command_loads_of_a_source_becomes_known_at_once(
    conn: sa.Connection, comune: str, tmp_path: Path
) -> None:
    old = strade(tmp_path / "STRAD_X999_20230101.csv", {1: "VIA VECCHIA", 2: "VIA TOLTA"})
    new = strade(tmp_path / "STRAD_X999_20240101.csv", {1: "VIA NUOVA"})
    # Named in the wrong order on purpose.
    first, second = load(conn, [new, old])
    assert (first.file, first.inseriti, second.cambiati, second.chiusi) == (old.name, 2, 1, 1)
    digests = [first.sha256, second.sha256]
    query = sa.select(fornitura.c.registrazione).where(fornitura.c.sha256.in_(digests)).distinct()
    number = conn.execute(query).scalar_one()
    before, after = date(2023, 6, 1), date(2024, 6, 1)
    assert names_on(conn, Quando(before)) == {"VIA VECCHIA", "VIA TOLTA"}
    assert names_on(conn, Quando(after, number)) == {"VIA NUOVA"}
    assert names_on(conn, Quando(after, number - 1)) == set()


def test_the_same_bytes_under_the_same_day_are_loaded_once(
    conn: sa.Connection, comune: str, tmp_path: Path
) -> None:
    path = strade(tmp_path / "STRAD_X999_20230101.csv", {1: "VIA ROMA"})
    load(conn, [path])
    (again,) = load(conn, [path])
    assert again.gia_caricata
    assert (again.letti, again.invariati, again.inseriti) == (1, 1, 0)


def test_without_a_day_it_asks_for_one(conn: sa.Connection, comune: str, tmp_path: Path) -> None:
    path = edifici(tmp_path / "edifici.geojson", [("a", (0, 0, 10, 10))])
    with pytest.raises(Refused, match="--data"):
        load(conn, [path])
    folder = tmp_path / "2023-05-01"
    folder.mkdir()
    (esito,) = load(conn, [Path(shutil.copy(path, folder))])
    assert esito.data_riferimento == "2023-05-01"


def test_footprints_older_than_those_loaded_are_refused(
    conn: sa.Connection, comune: str, tmp_path: Path
) -> None:
    path = edifici(tmp_path / "edifici.geojson", [("a", (0, 0, 10, 10))])
    load(conn, [path], on("2023-01-01"))
    with pytest.raises(Refused, match="01/01/2023"):
        load(conn, [path], on("2022-01-01"))


def test_of_two_loads_at_once_the_second_knows_what_the_first_brought(
    fresh_url: str, tmp_path: Path
) -> None:
    engine = db.engine(fresh_url, db.Role.MIGRAZIONE, pool_size=4)
    path = edifici(tmp_path / "edifici.geojson", [("a", (0, 0, 10, 10))])
    refused: list[Refused] = []

    def load_older() -> None:
        try:
            ingest(engine, [path], on("2022-01-01"))
        except Refused as error:
            refused.append(error)

    with db.transaction(engine) as conn:
        new_comune(conn)
    with db.transaction(engine) as conn:
        load(conn, [path], on("2023-01-01"))
        other = threading.Thread(target=load_older)
        other.start()
        waits = sa.text("SELECT count(*) FROM pg_locks WHERE locktype='advisory' AND NOT granted")
        with db.transaction(engine) as watch:
            while not watch.execute(waits).scalar_one():
                time.sleep(0.05)
    other.join()
    assert ["01/01/2023" in error.motivo for error in refused] == [True]
    engine.dispose()


def test_a_delivery_that_looks_cut_off_is_refused_unless_forced(
    conn: sa.Connection, comune: str, tmp_path: Path
) -> None:
    names = {n: f"VIA {n}" for n in range(1, 41)}
    load(conn, [strade(tmp_path / "STRAD_X999_20230101.csv", names)])
    few = strade(tmp_path / "STRAD_X999_20240101.csv", {1: "VIA 1"})
    with pytest.raises(Refused, match=r"40.*--forza"):
        load(conn, [few])
    (forced,) = load(conn, [few], Options(forza=True))
    assert forced.chiusi == 39


def _broken(folder: Path, bad: int, good: int) -> Path:
    path = strade(folder / "STRAD_X999_20230101.csv", {n: f"VIA {n}" for n in range(good)})
    path.write_text(path.read_text() + "X999;999999;abc;;MARIO ROSSI;;0;;;\n" * bad)
    return path


def test_a_bad_record_is_told_and_the_rest_loads(
    conn: sa.Connection, comune: str, tmp_path: Path
) -> None:
    (esito,) = load(conn, [_broken(tmp_path, bad=1, good=20)])
    assert (esito.letti, esito.inseriti, len(esito.rifiutati)) == (21, 20, 1)
    report = conn.execute(
        sa.select(segnalazione).where(segnalazione.c.tipo == "record rifiutato")
    ).one()
    assert report.riga == 22
    assert "abc" not in report.motivo
    value = conn.execute(
        sa.select(segnalazione_valore.c.valore).where(
            segnalazione_valore.c.segnalazione == report.id
        )
    ).scalar_one()
    assert value == "abc"


def test_what_could_not_be_read_has_not_gone(
    conn: sa.Connection, comune: str, tmp_path: Path
) -> None:
    """A street whose line is damaged goes on; one that is not there has ended."""
    names = {n: f"VIA {n}" for n in range(1, 31)}
    load(conn, [strade(tmp_path / "STRAD_X999_20230101.csv", names)])
    del names[30]
    damaged = strade(tmp_path / "STRAD_X999_20240101.csv", names)
    damaged.write_text(damaged.read_text().replace("VIA 7;", ";"))
    (esito,) = load(conn, [damaged])
    assert (len(esito.rifiutati), esito.chiusi) == (1, 1)
    today = names_on(conn, Quando(date(2024, 6, 1)))
    assert ("VIA 7" in today, "VIA 30" in today, len(today)) == (True, False, 29)


def test_too_many_bad_records_stop_the_load(
    conn: sa.Connection, comune: str, tmp_path: Path
) -> None:
    with pytest.raises(Refused, match=r"2 record su 22 .* riga 22"):
        load(conn, [_broken(tmp_path, bad=2, good=20)])
    (esito,) = load(conn, [_broken(tmp_path, bad=2, good=20)], Options(tolleranza=0.1))
    assert esito.inseriti == 20


def test_a_repeated_line_is_told_at_the_object(
    conn: sa.Connection, comune: str, tmp_path: Path
) -> None:
    path = strade(tmp_path / "STRAD_X999_20230101.csv", {1: "VIA ROMA"})
    path.write_text(path.read_text() + "X999;999999;1;;VIA TORINO;;0;;;\n")
    (esito,) = load(conn, [path])
    assert (esito.letti, esito.inseriti, esito.invariati) == (2, 1, 1)
    report = conn.execute(
        sa.select(segnalazione).where(segnalazione.c.tipo == "record ripetuto")
    ).one()
    street = conn.execute(sa.select(FATTI["odonimo"])).one()
    assert (report.riga, report.oggetto, street.denominazione) == (3, street.id, "VIA ROMA")
