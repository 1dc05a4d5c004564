"""Backups damaged, tampered with or killed: whole or not at all."""

import gzip
import io
import json
import os
import random
import re
import signal
import subprocess
import sys
import tarfile
import time
from collections.abc import Callable
from pathlib import Path

import pytest
import sqlalchemy as sa

from territorio import db, ripristino, salvataggio
from territorio.config import Settings
from territorio.errors import Refused
from tests.factories import new_fatti
from tests.factory_defaults import COMUNE, rettangolo
from tests.territorio.salvataggio.banco import disturb, now

KILLS = int(os.environ.get("TERRITORIO_PROVE_INTERRUZIONI", "3"))
"""Times each kind of work is killed: few of those that matter, since each takes seconds."""


def cut(content: bytes, share: float) -> bytes:
    return content[: int(len(content) * share)]


def flip(content: bytes, share: float) -> bytes:
    at = int(len(content) * share)
    return content[:at] + bytes([content[at] ^ 0xFF]) + content[at + 1 :]


@pytest.mark.parametrize("harm", [cut, flip])
@pytest.mark.parametrize("share", [0, 0.1, 0.5, 0.9, 0.999])
def test_a_damaged_backup_changes_nothing(
    engine: sa.Engine,
    here: Settings,
    town: int,
    file: Path,
    harm: Callable[[bytes, float], bytes],
    share: float,
) -> None:
    salvataggio.save(engine, here, file)
    file.write_bytes(harm(file.read_bytes(), share))
    disturb(engine)
    before = now(engine)
    with pytest.raises(Refused) as refused:
        ripristino.restore(engine, here, file)
    assert english(refused.value.motivo) == []
    assert now(engine) == before


def english(motivo: str) -> list[str]:
    """Return the words of libraries that stand outside quotes; they come in one language."""
    return re.findall(
        r"(?i)\b(?:not|file is|error|unexpected|end|invalid|was|expected)\b",
        re.sub("«[^»]*»", "", motivo),
    )


def rewritten(file: Path, change: Callable[[str, bytes], bytes | None]) -> None:
    """Write a backup anew, its members changed: as somebody skilled could."""
    out = io.BytesIO()
    with tarfile.open(file, "r:gz") as old, tarfile.open(fileobj=out, mode="w") as new:
        for info in old:
            content = change(info.name, old.extractfile(info).read())  # type: ignore[union-attr] # files only
            if content is not None:
                info.size = len(content)
                new.addfile(info, io.BytesIO(content))
    file.write_bytes(gzip.compress(out.getvalue()))


def _damaged(content: bytes) -> bytes:
    """Return other bytes, whatever they were: sealed anew each time, they may end in anything."""
    return content[:-1] + bytes([content[-1] ^ 1])


def sheet(which: str, **fields: object) -> Callable[[str, bytes], bytes | None]:
    """Return what changes fields of a sheet."""
    return lambda name, content: (
        json.dumps({**json.loads(content), **fields}).encode() if name == which else content
    )


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (sheet("intestazione.json", creato=None), "alla voce «creato»"),
        (sheet("intestazione.json", comune="TROPPO LUNGO"), "alla voce «comune»"),
        (sheet("manifesto.json", mancanti=None), "alla voce «mancanti»"),
        (sheet("manifesto.json", tavole={}), "non nomina tutte le tabelle"),
        (lambda n, c: None if n == "manifesto.json" else c, "manca il manifesto"),
        (lambda _, c: c.replace(b"VENTI", b"VENTO"), "odonimo non hanno l'impronta"),
        (lambda n, c: b"" if "civico" in n else c, "civico non hanno l'impronta"),
        (lambda _, c: c.replace(b'"schema": "0', b'"schema": "9'), "schema 9"),
        (lambda _, c: c.replace(b'"formato": 1', b'"formato": 7'), "schema"),
        (lambda _, c: c.replace(b'"piani",', b""), "altre colonne"),
        (lambda n, c: _damaged(c) if n.startswith("originali/") else c, "danneggiato"),
        (lambda n, c: b"due\tparole\n" if n.endswith("edificio/000000") else c, "non si legge"),
    ],
)
def test_a_backup_that_was_tampered_with_is_refused(
    engine: sa.Engine,
    here: Settings,
    town: int,
    file: Path,
    change: Callable[[str, bytes], bytes | None],
    words: str,
) -> None:
    salvataggio.save(engine, here, file)
    rewritten(file, change)
    before = now(engine)
    with pytest.raises(Refused, match=words) as refused:
        ripristino.restore(engine, here, file)
    assert english(refused.value.motivo) == []
    assert now(engine) == before


@pytest.mark.parametrize(
    ("comune", "after", "name", "words"),
    [
        (None, "intestazione.json", "tavole/registro.segreta/000000", "non è al suo posto"),
        (None, "intestazione.json", "tavole", "non è al suo posto"),
        (COMUNE, "tavole/registro.civico/000000", "foto.jpg", "foto.jpg.*non è di un salvataggio"),
        (COMUNE, "tavole/registro.edificio/000000", "tavole/persone.lettura/000000", "due volte"),
        (None, "last", "originali/a/b/c", "originali/a/b/c.*non è di un salvataggio"),
        (None, "last", "foto\udcff.jpg", r"«foto\?\.jpg».*non è di un salvataggio"),
        (None, "last", "altro/a/b", "altro/a/b.*non è di un salvataggio"),
        (COMUNE, "last", "tavole/registro.civico/000009", "non è al suo posto"),
        (None, "manifesto.json", "tavole/registro.civico/000009", "dopo il manifesto"),
    ],
)
def test_members_that_are_not_ours_are_refused_in_one_sentence(
    engine: sa.Engine,
    here: Settings,
    town: int,
    file: Path,
    comune: str | None,
    after: str,
    name: str,
    words: str,
) -> None:
    salvataggio.save(engine, here, file)
    out = io.BytesIO()
    with tarfile.open(file, "r:gz") as old, tarfile.open(fileobj=out, mode="w") as new:
        for info in old:
            if info.name == "manifesto.json" and after == "last":
                new.addfile(tarfile.TarInfo(name))
            new.addfile(info, old.extractfile(info))
            if info.name == after:
                new.addfile(tarfile.TarInfo(name))
    file.write_bytes(gzip.compress(out.getvalue()))
    before = now(engine)
    with pytest.raises(Refused, match=words) as refused:
        ripristino.restore(engine, here, file, comune)
    assert english(refused.value.motivo) == []
    assert now(engine) == before


def test_an_archive_of_somebody_else_is_no_backup(
    engine: sa.Engine, here: Settings, file: Path, tmp_path: Path
) -> None:
    (tmp_path / "foto.txt").write_text("una foto")
    with tarfile.open(file, "w:gz") as tar:
        tar.add(tmp_path / "foto.txt", "foto.txt")
    with pytest.raises(Refused, match="non è un salvataggio di territorio"):
        ripristino.restore(engine, here, file)
    with tarfile.open(file, "w:gz"):
        pass
    with pytest.raises(Refused, match="non è un salvataggio di territorio"):
        ripristino.restore(engine, here, file)
    with tarfile.open(file, "w:gz", format=tarfile.PAX_FORMAT) as tar:
        sparse = tarfile.TarInfo("intestazione.json")
        sparse.pax_headers = {"GNU.sparse.major": "1", "GNU.sparse.minor": "0"}
        sparse.size = 600
        tar.addfile(sparse, io.BytesIO(b"due\n" * 150))
    with pytest.raises(Refused, match="rovinato"):
        ripristino.restore(engine, here, file)
    with pytest.raises(Refused, match="è una cartella"):
        ripristino.restore(engine, here, tmp_path)


def test_what_a_killed_backup_left_is_no_part_of_the_next(
    engine: sa.Engine, here: Settings, town: int, file: Path
) -> None:
    file.with_name(f".{file.name}.parziale").write_bytes(b"x" * 5_000_000)
    salvataggio.save(engine, here, file)
    assert file.stat().st_size < 5_000_000
    ripristino.restore(engine, here, file)


PROGRAM = """
import sys
from pathlib import Path
from territorio import db, ripristino, salvataggio
from territorio.config import Settings
verb, url, data, file = sys.argv[1:]
settings = Settings(data=Path(data), database_url=url)
engine = db.engine(url, db.Role.MIGRAZIONE)
print("via", flush=True)
(salvataggio.save if verb == "salva" else ripristino.restore)(engine, settings, Path(file))
"""


def killed(verb: str, here: Settings, file: Path, after: float) -> bool:
    """Run a backup or a restore and kill it after some seconds; tell whether it was done."""
    args = [sys.executable, "-c", PROGRAM, verb, str(here.database_url), str(here.data), str(file)]
    process = subprocess.Popen(args, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
    assert process.stdout is not None
    process.stdout.readline()
    time.sleep(after)
    os.kill(process.pid, signal.SIGKILL)
    process.communicate()
    return process.returncode == 0


def test_killed_at_any_moment_leaves_the_old_state_or_the_new(
    engine: sa.Engine, here: Settings, town: int, file: Path
) -> None:
    with db.transaction(engine) as conn:
        new_fatti(conn, "edificio", [{"geometria": rettangolo(x, 300)} for x in range(0, 6_000, 2)])
    before = now(engine)
    whole = file.with_name("intero")
    started = time.monotonic()
    salvataggio.save(engine, here, whole)
    length = time.monotonic() - started
    dice = random.Random(7)  # noqa: S311 # moments, not secrets
    for _ in range(KILLS):
        killed("salva", here, file, dice.uniform(0, 1.2 * length))
        if file.exists():
            ripristino.restore(engine, here, file)
            assert now(engine) == before
            file.unlink()
    disturb(engine)
    disturbed = now(engine)
    outcomes = set()
    for _ in range(KILLS):
        killed("ripristina", here, whole, dice.uniform(0, 3 * length))
        after = now(engine)
        assert after in (before, disturbed)
        outcomes.add(after == before)
        if after == before:
            disturb(engine)
            disturbed = now(engine)
    ripristino.restore(engine, here, whole)
    assert now(engine) == before
    assert outcomes
