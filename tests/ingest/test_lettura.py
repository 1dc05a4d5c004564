"""Reading in other processes: the same rows as here, and nothing half done when one dies."""

import json
import os
import pickle
import signal
import subprocess
import sys
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path

import pytest
import sqlalchemy as sa
from hypothesis import example, given
from hypothesis import strategies as st

from ingest import fonti, lettura
from ingest.colonne import columns
from ingest.contract import Ambito, Asserzione
from ingest.forma import Formatore
from ingest.lettura import Lettori
from ingest.preparazione import (
    NULLO,
    Blocco,
    Compito,
    Fine,
    Letto,
    _block,
    _encoded,
    prepare,
)
from ingest.run import load
from ingest.stage import write
from territorio.errors import Refused
from territorio.schema import fornitura
from territorio.tables import STAGING
from tests.bench import particelle
from tests.factories import new_comune
from tests.ingest.consegne import strade

STRADE = {n: f"VIA {n} DELL'OLMO" for n in range(1, 40)}


def compito(path: Path, fonte: str = "anncsu_strade") -> Compito:
    told = {fatto: columns(fatto) for fatto in fonti.named(fonte).FONTE.facts}
    return Compito(path.name, fonte, path, Ambito("X999", None), "X999", 1, None, told)


def rows(read: Iterable[Letto]) -> list[bytes]:
    """Return the rows that were read, whatever their order."""
    return sorted(
        line for said in read if isinstance(said, Blocco) for line in said.testo.splitlines()
    )


@pytest.fixture
def altrove(monkeypatch: pytest.MonkeyPatch) -> None:
    """Read everything in other processes, however small."""
    monkeypatch.setattr(lettura, "WORTH_BYTES", 0)
    monkeypatch.setattr(lettura, "sched_getaffinity", lambda _pid: {0, 1})


def test_who_reads_does_not_load_the_database() -> None:
    command = "import sys, ingest.lettore; print([m for m in sys.modules if 'alchemy' in m])"
    said = subprocess.run([sys.executable, "-c", command], check=True, capture_output=True)
    assert said.stdout.decode().strip() == "[]"


def test_what_is_asked_of_who_reads_does_not_load_it_either(tmp_path: Path) -> None:
    tasks = [compito(tmp_path / fonte, fonte) for fonte in fonti.catalogue()]
    program = (
        "import pickle, sys\n"
        "from ingest import fonti\n"
        "for task in pickle.load(sys.stdin.buffer):\n"
        "    fonti.named(task.fonte)\n"
        "    assert not any('alchemy' in name for name in sys.modules), task.fonte\n"
        "print('read')"
    )
    command = [sys.executable, "-c", program]
    said = subprocess.run(command, input=pickle.dumps(tasks), check=True, capture_output=True)
    assert said.stdout == b"read\n"


@pytest.mark.usefixtures("altrove")
def test_processes_read_the_same_in_the_same_order(tmp_path: Path) -> None:
    paths = [
        strade(tmp_path / f"STRAD_X999_2023010{n}.csv", {n: f"VIA {n}", **STRADE})
        for n in range(1, 6)
    ]
    tasks = [compito(path) for path in paths]
    with lettura.processes(1) as readers:
        assert len(readers) == 2
        lettori = Lettori(tasks, readers)
        there = [list(lettori.read(n)) for n in range(len(tasks))]
    here = [list(prepare(task)) for task in tasks]
    assert there == here
    assert [type(said[-1]) for said in there] == [Fine] * 5
    assert [b.righe for said in there for b in said if isinstance(b, Blocco)] == [39] * 3 + [39] * 2


@pytest.mark.usefixtures("altrove")
def test_what_is_read_ahead_stays_small(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lettura, "AHEAD_BYTES", 1)
    paths = [strade(tmp_path / f"STRAD_X999_2023010{n}.csv", STRADE) for n in range(1, 8)]
    with lettura.processes(1) as readers:
        lettori = Lettori([compito(path) for path in paths], readers)
        for n in range(len(paths)):
            assert len(list(lettori.read(n))) == 3


@pytest.mark.usefixtures("altrove")
def test_readers_share_a_large_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lettura, "SHARE_BYTES", 0)
    path = tmp_path / "X999_ple.gml"
    assert particelle.write(path, "X999", 3_000) == 3_000
    task = compito(path, "ade_particelle")
    with lettura.processes(1) as readers:
        lettori = Lettori([task], readers)
        there = list(lettori.read(0))
    assert sum(isinstance(said, Fine) for said in there) == 2
    here = list(prepare(task))
    assert rows(there) == rows(here)
    halves = [rows(prepare(replace(task, parte=(k, 2)))) for k in (0, 1)]
    assert [len(half) > 1_000 for half in halves] == [True, True]
    assert sorted(halves[0] + halves[1]) == rows(here)


@pytest.mark.usefixtures("altrove")
def test_a_refusal_travels(tmp_path: Path) -> None:
    good = strade(tmp_path / "STRAD_X999_20230101.csv", STRADE)
    bad = tmp_path / "STRAD_X999_20240101.csv"
    bad.write_text(good.read_text().replace("ODONIMO", "STRADA"))
    with lettura.processes(1) as readers:
        lettori = Lettori([compito(good), compito(bad)], readers)
        assert isinstance(list(lettori.read(0))[-1], Fine)
        with pytest.raises(Refused, match=r"STRAD_X999_20240101\.csv: .*ODONIMO"):
            list(lettori.read(1))


@pytest.mark.database
@pytest.mark.usefixtures("altrove")
def test_a_reader_that_is_killed_leaves_nothing_behind(
    conn: sa.Connection, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    new_comune(conn)
    paths = [strade(tmp_path / f"STRAD_X999_2023010{n}.csv", STRADE) for n in range(1, 4)]
    started = lettura.Lettore.__init__

    def start_and_kill(self: lettura.Lettore, *work: object) -> None:
        started(self, *work)
        os.kill(self.process.pid, signal.SIGKILL)

    monkeypatch.setattr(lettura.Lettore, "__init__", start_and_kill)
    with pytest.raises(RuntimeError, match="died with"):
        load(conn, paths)
    assert conn.execute(sa.select(sa.func.count()).select_from(fornitura)).scalar() == 0
    monkeypatch.undo()
    assert [esito.inseriti for esito in load(conn, paths)] == [39, 0, 0]


strange = st.text(
    st.characters(exclude_categories=["Cs"], exclude_characters=["\0"]), min_size=1
).filter(lambda text: text != NULLO)


@pytest.mark.database
@given(chiave=strange, nome=st.none() | strange, localita=st.none() | strange)
def test_any_text_comes_back_from_staging(
    engine: sa.Engine, chiave: str, nome: str | None, localita: str | None
) -> None:
    values = {"denominazione": nome or "-", "chiave_odonimo": "x", "localita": localita}
    plain = {"denominazione": "ROMA", "chiave_odonimo": "roma", "localita": None}
    batch = [Asserzione("odonimo", chiave, values, 7), Asserzione("odonimo", "K", plain, 8)]
    s = STAGING["odonimo"].c
    with engine.connect() as conn:
        write(conn, _block(compito(Path("strade")), Formatore(None, None), batch))
        rows = conn.execute(
            sa.select(s.chiave, s.denominazione, s.localita, s.riga, s.dal).order_by(s.n)
        ).all()
        conn.rollback()
    assert [*map(tuple, rows)] == [
        (chiave, nome or "-", localita, 7, None),
        ("K", "ROMA", None, 8, None),
    ]


structured = (
    st.none()
    | st.lists(st.text() | st.just("\x1d"))
    | st.dictionaries(st.text(), st.none() | st.integers() | st.decimals() | st.text())
)


@given(st.lists(structured))
@example([["\x1d"], ["a", "\x1d", "b"]])
def test_values_encoded_together_are_those_encoded_one_by_one(values: list[object]) -> None:
    assert _encoded(values) == [
        None
        if value is None
        else json.dumps(value, ensure_ascii=False, sort_keys=True, default=str)
        for value in values
    ]


def test_a_file_that_breaks_off_is_named_once(tmp_path: Path) -> None:
    path = tmp_path / "M043_20240101_ple.gml"
    particelle.write(path, "M043", 20)
    path.write_bytes(path.read_bytes()[:-400])
    with pytest.raises(Refused) as refused:
        list(prepare(compito(path, "ade_particelle")))
    assert str(refused.value).count(path.name) == 1
    assert "troncato" in refused.value.motivo
