"""Residents over time: a renamed street moves nobody."""

from datetime import date
from pathlib import Path

import pytest
import sqlalchemy as sa

from ingest.contract import Asserzione
from ingest.fonti import anagrafe_lac
from ingest.run import load
from territorio.tables import FATTI
from tests.factories import new_comune
from tests.ingest.fonti.lettura import fixture, said

HEAD = (
    "codpro;codcom;tipores;codicefam;codiceconv;idindividuo;cognome;nome;codfiscale;sesso;datanas;"
    "pronas;comnas;estnas;cittad;ncomp;relpar;staciv;dataiscr;idtoponimo;specie;denominazione;"
    "civico;esponente;interno;cap;nsez;filler\n"
)


def lista(folder: Path, day: str, *where: str) -> Path:
    """Write a list of one person: since when, and the address."""
    path = folder / f"LAC_X999_{day.replace('-', '')}.csv"
    path.write_text(
        f"{HEAD}999;999;1;5;;7;CAVALIERI;PRUDENZIA;;2;01/05/1960;;;;100;1;1;1;"
        f"{';'.join(where)};;1;00100;1;\n"
    )
    return path


def homes(conn: sa.Connection) -> list[tuple[date | None, date | None, str | None]]:
    """Return from when to when the person lived where, as known now."""
    c = FATTI["residenza"].c
    rows = conn.execute(
        sa.select(c.valida_dal, c.valida_al, c.indirizzo, c.numero)
        .where(c.nota_fino.is_(None))
        .order_by(c.valida_dal)
    )
    return [(r.valida_dal, r.valida_al, f"{r.indirizzo} {r.numero}") for r in rows]


OLD = ("03/07/1999", "900001", "VIA", "VECCHIA", "3")


@pytest.mark.parametrize("order", [(0, 1, 2), (2, 1, 0), (1, 2, 0)])
def test_a_change_that_keeps_its_date_begins_with_the_delivery(
    conn: sa.Connection, tmp_path: Path, order: tuple[int, int, int]
) -> None:
    """The street is renamed; then the person moves within the town."""
    new_comune(conn)
    files = [
        lista(tmp_path, "2023-01-01", *OLD),
        lista(tmp_path, "2024-01-01", "03/07/1999", "900001", "VIA", "NUOVA", "3"),
        lista(tmp_path, "2025-01-01", "15/06/2024", "900002", "VIA", "ROMA", "8"),
    ]
    for n in order:
        load(conn, [files[n]])
    assert homes(conn) == [
        (date(1999, 7, 3), date(2024, 1, 1), "VECCHIA 3"),
        (date(2024, 1, 1), date(2024, 6, 15), "NUOVA 3"),
        (date(2024, 6, 15), None, "ROMA 8"),
    ]


def test_a_rename_keeps_the_code_of_the_street(conn: sa.Connection, tmp_path: Path) -> None:
    new_comune(conn)
    load(conn, [lista(tmp_path, "2023-01-01", *OLD)])
    load(conn, [lista(tmp_path, "2024-01-01", *OLD[:3], "NUOVA", "3")])
    c = FATTI["residenza"].c
    codes = conn.execute(sa.select(c.codice_via).where(c.nota_fino.is_(None))).scalars().all()
    assert codes == ["900001", "900001"]


def test_who_is_no_longer_listed_has_left_by_the_day_of_the_list(
    conn: sa.Connection, tmp_path: Path
) -> None:
    new_comune(conn)
    load(conn, [lista(tmp_path, "2023-01-01", *OLD)])
    empty = tmp_path / "LAC_X999_20240101.csv"
    empty.write_text(HEAD)
    (esito,) = load(conn, [empty])
    assert esito.chiusi == 2
    assert homes(conn) == [(date(1999, 7, 3), date(2024, 1, 1), "VECCHIA 3")]


def test_the_municipality_is_that_of_the_first_row_that_names_one(tmp_path: Path) -> None:
    header, first = fixture("anagrafe_lac").read_bytes().splitlines()[:2]
    lost = first.replace(b"999;999;", b"A00;#N/D;", 1)
    path = tmp_path / "lista.txt"
    path.write_bytes(b"\n".join([header, lost, first.replace(b";101;", b";102;"), b""]))
    assert anagrafe_lac.ambito(path).comune_catastale == "999999"
    path.write_bytes(b"\n".join([header, lost, b""]))
    assert anagrafe_lac.ambito(path).comune_catastale == ""


def test_a_relation_may_come_in_two_digits(tmp_path: Path) -> None:
    header, first = fixture("anagrafe_lac").read_bytes().splitlines()[:2]
    fields = first.split(b";")
    fields[16] = b"07"
    path = tmp_path / "lista.csv"
    path.write_bytes(b"\n".join([header, b";".join(fields), b""]))
    found = [d for d in said("anagrafe_lac", path) if isinstance(d, Asserzione)]
    assert [d.valori["parentela"] for d in found if d.fatto == "residenza"] == ["7"]
