"""Readers of tables: encodings, lines, fields turned into values."""

from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st

from ingest.contract import Avviso, Manca, Record, Rifiuto
from ingest.formats import csv
from ingest.formats.campi import Campi, parse_day, parse_decimal, parse_integer, said
from ingest.formats.contorno import impronta_contorno
from territorio.errors import Refused


def write(folder: Path, data: bytes) -> Path:
    """Write a file and return it."""
    path = folder / "x.csv"
    path.write_bytes(data)
    return path


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        ("via;libertà\n".encode(), "utf-8-sig"),
        (b"\xef\xbb\xbfvia;" + "libertà\n".encode(), "utf-8-sig"),
        ("via;libertà\n".encode("cp1252"), "cp1252"),
        # One accent on the last line, cut in half by the end.
        (b"a;b\n" * 100_000 + b"\xc3", "cp1252"),
    ],
)
def test_the_encoding_is_that_of_the_whole_file(tmp_path: Path, data: bytes, expected: str) -> None:
    assert csv.encoding(write(tmp_path, data)) == expected


def test_rows_keep_their_physical_line(tmp_path: Path) -> None:
    path = write(tmp_path, b"a;b\r\n\r\n1;2\n  \n3;\x0b4\n5")
    assert list(csv.rows(path)) == [
        (1, ["a", "b"]),
        (3, ["1", "2"]),
        (5, ["3", "\x0b4"]),
        (6, ["5"]),
    ]


def test_quotes_are_text_unless_the_layout_quotes(tmp_path: Path) -> None:
    path = write(tmp_path, b'a;b\n"x;y";2\n"x\ny";3\nz;4\n')
    assert list(csv.rows(path))[1] == (2, ['"x', 'y"', "2"])
    assert list(csv.rows(path, quoting=True)) == [
        (1, ["a", "b"]),
        (2, ["x;y", "2"]),
        (3, ["x\ny", "3"]),
        (5, ["z", "4"]),
    ]


def test_a_quote_that_never_closes_is_refused_in_words(tmp_path: Path) -> None:
    path = write(tmp_path, b'a;b\n1;"2' + b"x" * 200_000 + b"\n")
    with pytest.raises(Refused, match="riga 2"):
        list(csv.rows(path, quoting=True))


def test_headers_lose_their_blanks_and_their_bom(tmp_path: Path) -> None:
    path = write(tmp_path, b'\xef\xbb\xbf C.Fiscale ;"Eta" ;\n')
    assert csv.header(path) == ["C.Fiscale", "Eta", ""]
    assert csv.header(write(tmp_path, b"SQLite format 3\0;a")) == []


@pytest.mark.parametrize("row", ["1;VIA ROMA;", "1;VIA ROMA"])
def test_a_header_may_end_with_a_delimiter_that_its_rows_lack(tmp_path: Path, row: str) -> None:
    path = write(tmp_path, f"numero;nome;\n{row}\n2;VIA PO;;\n".encode())
    found = list(csv.records(path, ["numero", "nome"]))
    assert [r.text("nome") for r in found if isinstance(r, Record)] == ["VIA ROMA"]
    assert [(d.riga, d.motivo[:7]) for d in found if isinstance(d, Rifiuto)] == [(3, "4 campi")]


@pytest.mark.parametrize(("name", "known"), [("a.csv", True), ("A.TXT", True), ("a.dat", False)])
def test_delimited_text_is_known_by_its_ending(tmp_path: Path, name: str, known: bool) -> None:
    path = tmp_path / name
    path.write_bytes(b"uno;due\n")
    assert csv.header(path) == (["uno", "due"] if known else [])


def test_only_declared_columns_leave_the_reader(tmp_path: Path) -> None:
    path = write(tmp_path, b"id;Login;Password;x;\n1;mario;segreta;9;\n2;troppo\n")
    items = list(csv.records(path, ("id",), ignore=("x",)))
    assert [i.campo for i in items if isinstance(i, Avviso)] == ["Login", "Password"]
    (row,) = (i for i in items if isinstance(i, Record))
    assert (row.riga, row.pop("id"), row.done()) == (2, "1", [])
    assert [i.motivo for i in items if isinstance(i, Rifiuto)] == ["2 campi, attesi 5"]
    assert "segreta" not in repr(items)
    with pytest.raises(Manca):
        list(csv.records(path, ("manca",)))


def test_what_cannot_be_read_is_empty_and_told() -> None:
    campi = Campi(Record(7, {"n": "dodici", "d": "31/02/2020", "v": "#N/D", "ok": " x "}))
    assert [campi.integer("n"), campi.day("d"), campi.text("v")] == [None, None, None]
    assert campi.text("ok") == "x"
    told = [(a.riga, a.campo, a.valore, a.chiave) for a in campi.avvisi(("civico", "k"))]
    assert told == [
        (7, "n", "dodici", ("civico", "k")),
        (7, "d", "31/02/2020", ("civico", "k")),
    ]


@pytest.mark.parametrize("testo", ["45292", "45292.0"])
def test_a_day_that_a_spreadsheet_made_a_number_is_read_and_told(testo: str) -> None:
    campi = Campi(Record(3, {"dal": testo}))
    assert campi.day("dal") == date(2024, 1, 1)
    (avviso,) = campi.avvisi()
    assert (avviso.tipo, avviso.campo, avviso.valore) == ("data da foglio di calcolo", "dal", testo)


def test_what_a_spreadsheet_writes_for_an_error_is_nothing() -> None:
    campi = Campi(Record(3, {name: name for name in ("#N/D", "#RIF!", "#VALUE!")}))
    assert [campi.text(name) for name in ("#N/D", "#RIF!", "#VALUE!")] == [None, None, None]


def test_a_row_without_its_key_is_refused_and_the_next_is_read() -> None:
    rows = [Record(2, {"id": ""}), Record(3, {"id": "a"})]
    found = list(said(rows, lambda campi: [Avviso(campi.riga, "letto", campi.must("id"))]))
    assert found == [Rifiuto(2, "manca «id»"), Avviso(3, "letto", "a")]


@given(st.dates(date(1800, 1, 1), date(2200, 12, 31)))
def test_a_day_reads_the_same_however_it_is_written(day: date) -> None:
    forms = (
        day.isoformat(),
        f"{day:%d/%m/%Y}",
        f"{day:%d%m%Y}",
        f"{day:%Y%m%d}",
        f"{day.isoformat()}T00:00:00",
    )
    if day.year >= 1000:
        assert {parse_day(form) for form in forms} == {day}


@given(st.decimals(min_value=-(10**9), max_value=10**9, places=2))
def test_a_number_reads_the_same_with_comma_and_thousands(number: Decimal) -> None:
    italian = f"{number:,.2f}".replace(",", "_").replace(".", ",").replace("_", ".")
    assert parse_decimal(italian) == parse_decimal(f"{number:.2f}") == number


@given(st.integers(0, 10**12))
def test_a_whole_number_survives_a_spreadsheet(number: int) -> None:
    assert parse_integer(f"{number}.0") == parse_integer(f"{number:020d}") == number


@given(st.text(max_size=12))
def test_readers_of_values_raise_nothing_but_value_errors(text: str) -> None:
    for parse in (parse_day, parse_decimal, parse_integer):
        try:
            parse(text)
        except ValueError:
            continue


@given(st.integers(0, 3), st.floats(-0.004, 0.004))
def test_an_outline_is_known_wherever_its_ring_begins(start: int, shift: float) -> None:
    ring = [(0.0, 0.0), (90.0, 0.0), (90.0, 190.0), (0.0, 190.0)]
    turned = ring[start:] + ring[:start]
    moved = [(x + shift, y) for x, y in reversed(turned)]
    assert impronta_contorno(shapely.Polygon(moved)) == impronta_contorno(shapely.Polygon(ring))
    assert impronta_contorno(shapely.Polygon(ring[:3])) != impronta_contorno(shapely.Polygon(ring))
