"""The declaration file: a damaged one is refused whole, and why."""

from collections.abc import Callable
from pathlib import Path

import pytest

from ingest.contract import Asserzione, Avviso
from ingest.fonti import imu_dichiarazioni
from ingest.fonti.imu_dichiarazioni import LUNGHEZZA
from territorio.errors import Refused
from tests.ingest.fonti.lettura import FIXTURES, said

INPUT = FIXTURES / "imu_dichiarazioni/input.txt"


def _records() -> list[bytes]:
    data = INPUT.read_bytes()
    return [data[i : i + LUNGHEZZA] for i in range(0, len(data), LUNGHEZZA)]


def _write(path: Path, records: list[bytes]) -> Path:
    path.write_bytes(b"".join(records))
    return path


DAMAGES: dict[str, tuple[Callable[[list[bytes]], list[bytes]], str]] = {
    "cut": (lambda r: [*r[:-1], r[-1][:100]], "riga 10: il record non è di 1900 caratteri"),
    "shifted": (lambda r: [r[0], r[1][1:] + b" ", *r[2:]], "riga 2: il record non è di 1900"),
    "no end": (lambda r: r[:-1], "manca il record di chiusura"),
    "order": (lambda r: [r[0], r[3], *r[1:3], *r[4:]], "riga 2: record «D», atteso B o 9"),
    "counts": (lambda r: [*r[:6], *r[7:]], "dichiara «000000004» record D, nel file sono 3"),
    "kind": (lambda r: [*r[:2], b"K" + r[2][1:], *r[3:]], "riga 3: record «K», atteso C o D o E"),
}


@pytest.mark.parametrize("damage", sorted(DAMAGES))
def test_a_damaged_file_is_refused_whole(damage: str, tmp_path: Path) -> None:
    change, reason = DAMAGES[damage]
    path = _write(tmp_path / "x.txt", change(_records()))
    with pytest.raises(Refused, match=reason):
        said("imu_dichiarazioni", path)


def test_the_names_of_the_first_and_last_record_may_be_letters(tmp_path: Path) -> None:
    records = _records()
    records[0], records[-1] = b"A" + records[0][1:], b"Z" + records[-1][1:]
    path = _write(tmp_path / "x.txt", records)
    assert imu_dichiarazioni.recognise(path)
    assert len(said("imu_dichiarazioni", path)) == len(said("imu_dichiarazioni", INPUT))


def test_a_declaration_ends_nothing_by_its_silence() -> None:
    assert set(imu_dichiarazioni.ambito(INPUT).parti.values()) == {()}


def test_a_property_declared_twice_is_one_and_the_second_word_comes_after(tmp_path: Path) -> None:
    records = _records()
    head, again = records[1], records[3]
    records = [*records[:4], head, again, *records[4:]]
    tail = bytearray(records[-1])
    tail[1:10], tail[19:28] = b"%09d" % 4, b"%09d" % 5
    records[-1] = bytes(tail)
    found = said("imu_dichiarazioni", _write(tmp_path / "x.txt", records))
    key = "DICH|X999|CVLPDN60E41H501J|/1/10/1"
    assert [d.ordine for d in found if isinstance(d, Asserzione) and d.chiave == key] == [1, 2]


def changed(record: bytes, where: dict[int, bytes]) -> bytes:
    """Write over a record, at positions counted from 1."""
    text = bytearray(record)
    for position, value in where.items():
        text[position - 1 : position - 1 + len(value)] = value
    return bytes(text)


@pytest.mark.parametrize(
    ("where", "agevolazioni"),
    [
        ({318: b"1"}, "immobile storico o artistico"),
        ({318: b"1", 431: b"I"}, "immobile storico o artistico"),
        ({318: b"1", 431: b"T"}, None),
        ({318: b"0", 480: b"1"}, "occupato abusivamente, con denuncia"),
    ],
)
def test_a_relief_holds_until_it_is_declared_ended(
    tmp_path: Path, where: dict[int, bytes], agevolazioni: str | None
) -> None:
    records = _records()
    first = next(i for i, record in enumerate(records) if record[:1] == b"D")
    records[first] = changed(records[first], {317: b"0", 319: b"0"} | where)
    found = said("imu_dichiarazioni", _write(tmp_path / "x.txt", records))
    mine = [d for d in found if isinstance(d, Asserzione) and d.riga == first + 1]
    assert mine[0].valori["agevolazioni"] == agevolazioni


@pytest.mark.parametrize(("anno", "told"), [(b"2014", False), (b"2020", True)])
def test_the_municipality_existed_on_the_first_of_january(
    tmp_path: Path, anno: bytes, told: bool
) -> None:
    """Valvasone ended with 2014; its code goes on in old declarations."""
    records = [changed(r, {94: anno, 98: b"L657"}) if r[:1] == b"B" else r for r in _records()]
    found = said("imu_dichiarazioni", _write(tmp_path / "x.txt", records))
    kinds = {d.tipo for d in found if isinstance(d, Avviso)}
    assert ("imu.comune_non_in_vita" in kinds) is told
