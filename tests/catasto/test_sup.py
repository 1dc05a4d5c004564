"""Tables of surfaces, and their comparison with the drawing."""

from __future__ import annotations

import io
from datetime import date

import pytest

from catasto.errors import FormatError
from catasto.formati.cxf import (
    MappaCxf,
    read_cxf,
)
from catasto.formati.sup import Differenza, compare_sup, measure, parse_sup, write_sup
from tests.catasto.dati import real_file
from tests.catasto.test_cxf import MINIMA, read

SUP = """H501_000100  20240101
N.FABBRIC           0
N.PARTIC            1
N.STRADE            0
N.ACQUE             0
N.SVIL-ALL          0
FABBRIC             0
12                100
PARTIC            100
STRADE              0
ACQUE               0
SVIL-ALL            0
TOTALE            100
CONFINE           100
SBILANCIO           0
"""


def test_what_table_and_drawing_do_not_share_is_listed() -> None:
    mappa = read(MINIMA)
    assert compare_sup(parse_sup(io.BytesIO(SUP.encode())), mappa) == []
    altra = SUP.replace("12                100", "12                103\n13                 50")
    altra = altra.replace("N.PARTIC            1", "N.PARTIC            2")
    assert compare_sup(parse_sup(io.BytesIO(altra.encode())), mappa) == [
        Differenza("numero: particella", 2, 1),
        Differenza("area: particella 12", 103, 100.0),
        Differenza("area: particella 13", 50, None),
    ]


@pytest.mark.parametrize(
    ("testo", "motivo"),
    [
        (SUP.replace("N.STRADE", "N.STRANE"), "riga 4: atteso N.STRADE, trovato N.STRANE"),
        (SUP.replace("               100\nPARTIC", " x\nPARTIC"), "riga 8: attesi un nome"),
        ("\n".join(SUP.split("\n")[:9]), "atteso"),
        ("ciao", "nome della mappa"),
        ("", "nome della mappa"),
    ],
)
def test_a_table_out_of_order_is_refused_with_its_line(testo: str, motivo: str) -> None:
    with pytest.raises(FormatError, match=motivo):
        parse_sup(io.BytesIO(testo.encode()))


@pytest.fixture(scope="module")
def roma() -> MappaCxf:
    return read_cxf(real_file("catasto/catasto-open_catasto-ingest/H501D076700.CTF"))


def test_surfaces_of_rome_agree_with_its_drawing(roma: MappaCxf) -> None:
    tabella = measure(roma, date(2024, 1, 1))
    assert tabella.conteggi == (131, 381, 1, 2, 0)
    assert abs(tabella.totali[-1]) <= 1  # each total is rounded by itself
    flusso = io.BytesIO()
    write_sup(flusso, tabella)
    flusso.seek(0)
    riletta = parse_sup(flusso)
    assert riletta == tabella
    assert compare_sup(riletta, roma) == []
