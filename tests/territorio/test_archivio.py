"""The archive of originals: whole, sealed, one copy a content."""

import io
import os
import stat
import subprocess
import sys
import time
from datetime import timedelta
from hashlib import sha256
from pathlib import Path

import pytest
import sqlalchemy as sa
from hypothesis import given
from hypothesis import strategies as st
from pydantic import SecretStr

from territorio import archivio, archivio_chiave, vigenza
from territorio.archivio_sigillo import CHUNK, HEADER, TAG, Unsealed, seal
from territorio.config import Settings
from territorio.errors import NotFound, NotReady
from territorio.schema import fornitura

CHIAVE = bytes(range(32))


@pytest.fixture
def here(tmp_path: Path) -> Settings:
    return Settings(data=tmp_path / "dati")


def sealed_file(folder: Path, content: bytes) -> Path:
    path = folder / "sigillato"
    with path.open("wb") as target:
        seal(io.BytesIO(content), target, CHIAVE)
    return path


@given(
    size=st.sampled_from([0, 1, CHUNK - 1, CHUNK, CHUNK + 1, 3 * CHUNK]),
    start=st.integers(0, 3 * CHUNK + 5),
    count=st.integers(0, 2 * CHUNK),
)
def test_any_part_reads_as_it_was_written(
    tmp_path_factory: pytest.TempPathFactory, size: int, start: int, count: int
) -> None:
    content = os.urandom(size)
    path = sealed_file(tmp_path_factory.mktemp("a"), content)
    with io.BufferedReader(Unsealed(path.open("rb"), CHIAVE)) as stream:
        stream.seek(start)
        assert stream.read(count) == content[start : start + count]


def test_nothing_of_the_content_stands_on_disk(here: Settings, tmp_path: Path) -> None:
    source = tmp_path / "delivered"
    source.write_bytes(b"ROSSI MARIO RSSMRA80A01H501U" * 4000)
    kept = archivio.originali(here)
    name = kept.keep(source)
    assert name == sha256(source.read_bytes()).hexdigest()
    raw = kept.path(name)
    assert b"RSSMRA" not in raw.read_bytes()
    assert stat.S_IMODE(raw.stat().st_mode) == 0o600
    assert stat.S_IMODE(kept.cartella.stat().st_mode) == 0o700
    with kept.open(name) as stream:
        assert stream.read() == source.read_bytes()


@pytest.mark.parametrize(
    "harm",
    [
        lambda raw: raw[: HEADER + CHUNK + TAG],  # cut at the border of a chunk
        lambda raw: raw[:-1],
        lambda raw: raw[: HEADER + 3],
        lambda raw: raw[:HEADER] + raw[HEADER + CHUNK + TAG :],  # the first chunk taken out
        lambda raw: raw[:100] + bytes([raw[100] ^ 1]) + raw[101:],
        lambda raw: b"x" + raw[1:],
    ],
)
def test_a_damaged_file_is_found_out(tmp_path: Path, harm: object) -> None:
    path = sealed_file(tmp_path, os.urandom(2 * CHUNK))
    path.write_bytes(harm(path.read_bytes()))  # type: ignore[operator] # a function of bytes
    with pytest.raises(NotReady), Unsealed(path.open("rb"), CHIAVE) as reader:
        reader.readall()


def test_a_wrong_key_opens_nothing(tmp_path: Path) -> None:
    path = sealed_file(tmp_path, b"segreto")
    with Unsealed(path.open("rb"), bytes(32)) as reader, pytest.raises(NotReady, match="chiave"):
        reader.readall()


def test_destroying_leaves_nothing(here: Settings, tmp_path: Path) -> None:
    (tmp_path / "f").write_bytes(b"uno")
    kept = archivio.originali(here)
    name = kept.keep(tmp_path / "f")
    assert kept.destroy(name)
    assert not kept.destroy(name)
    assert list(kept.kept()) == []
    with pytest.raises(NotFound):
        kept.open(name)


@pytest.mark.parametrize("name", ["../../etc/passwd", "", "A" * 64, "a" * 63])
def test_a_name_that_is_no_hash_finds_nothing(here: Settings, name: str) -> None:
    with pytest.raises(NotFound):
        archivio.originali(here).open(name)


def test_the_key_is_made_once_and_only_for_the_owner(here: Settings) -> None:
    first = archivio_chiave.key(here)
    assert archivio_chiave.key(here) == first
    assert stat.S_IMODE(archivio_chiave.key_path(here).stat().st_mode) == 0o600


def test_a_lost_key_is_not_replaced_beside_sealed_files(here: Settings, tmp_path: Path) -> None:
    (tmp_path / "f").write_bytes(b"uno")
    archivio.originali(here).keep(tmp_path / "f")
    archivio_chiave.key_path(here).unlink()
    with pytest.raises(NotReady, match="Manca la chiave"):
        archivio.originali(here)


def test_a_key_from_the_settings_must_be_32_bytes(tmp_path: Path) -> None:
    short = Settings(data=tmp_path, chiave_archivio=SecretStr("YWJj"))
    with pytest.raises(NotReady, match="TERRITORIO_CHIAVE_ARCHIVIO"):
        archivio_chiave.key(short)


def test_killed_in_the_middle_of_keeping_leaves_no_file(here: Settings, tmp_path: Path) -> None:
    big = tmp_path / "grande"
    big.write_bytes(os.urandom(40 * 2**20))
    archivio_chiave.key(here)
    code = (
        "import sys; from pathlib import Path; from territorio import archivio;"
        "from territorio.config import Settings;"
        "a = archivio.originali(Settings(data=Path(sys.argv[1])));"
        "print('via', flush=True); a.keep(Path(sys.argv[2]))"
    )
    args = [sys.executable, "-c", code, str(here.data), str(big)]
    process = subprocess.Popen(args, stdout=subprocess.PIPE)
    assert process.stdout is not None
    process.stdout.readline()
    time.sleep(0.02)
    process.kill()
    process.communicate()
    kept = archivio.originali(here)
    for name in kept.kept():  # if it was quicker than the signal, it is whole
        with kept.open(name) as stream:
            assert sha256(stream.read()).hexdigest() == name
    assert kept.keep(big) == sha256(big.read_bytes()).hexdigest()


def new_fornitura(conn: sa.Connection, sha: str, until: int | None) -> None:
    day = None if until is None else vigenza.today() + timedelta(days=until)
    conn.execute(
        sa.insert(fornitura).values(
            comune="A001",
            fonte="prova",
            sha256=sha,
            nome="f.csv",
            byte=3,
            data_riferimento=vigenza.today(),
            originale_fino=day,
        )
    )


def test_sweep_destroys_what_is_past_its_term(
    conn: sa.Connection, here: Settings, tmp_path: Path
) -> None:
    kept = archivio.originali(here)
    names = []
    for number, until in enumerate([1, 0, None]):
        (tmp_path / "f").write_bytes(b"%d" % number)
        names.append(kept.keep(tmp_path / "f"))
        new_fornitura(conn, names[-1], until)
    assert archivio.sweep(conn, here) == 1
    assert sorted(kept.kept()) == sorted([names[0], names[2]])


def test_sweep_leaves_what_a_running_load_has_just_kept(
    conn: sa.Connection, here: Settings, tmp_path: Path
) -> None:
    kept = archivio.originali(here)
    (tmp_path / "f").write_bytes(b"in corso")
    name = kept.keep(tmp_path / "f")
    assert archivio.sweep(conn, here) == 0
    yesterday = time.time() - archivio.GRACE_SECONDS - 10
    os.utime(kept.path(name), (yesterday, yesterday))
    assert archivio.sweep(conn, here) == 1
