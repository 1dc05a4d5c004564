"""The rows of a dossier: one statement reads them all, or two its halves at the same time.

The files of ``territorio/sql/fascicolo`` are put together for the sections a role may see
anything of; what a role may not see is not read. Each is a column of the statement: the rows
of a section, as JSON text.
"""

from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

import orjson

from territorio import edificio as edifici
from territorio import prepared
from territorio.accessi.policy import PERSONALI
from territorio.prepared import Computation, Row, Statement
from territorio.sezione import Voce
from territorio.vigenza import Quando

SQL = Path(__file__).parent / "sql" / "fascicolo"

TESTA = ("stato", "caricati", "edificio", "indirizzi")
"""Files of the statement that are no section."""

CONFRONTANO = frozenset({"residenti", "posizioni_tributarie"})
"""Sections that compare persons with who holds the units."""

PUNTO, PUNTO_ACCANTO = "punto", "punto_accanto"
"""File that says up to which change a statement reads; and what the one beside it said."""

ULTIMO = 2**62
"""The number that stands for all that is known now: above every registrazione."""

PARAMETRI = ("comune", "edificio", "giorno", "nota")
"""The parameters of the statement, in the order of their numbers."""

Righe = dict[str, list[Voce]]
"""The rows of each file, by its name."""

_CASA = "comune of the last dossier"


class Chiesto(NamedTuple):
    """What is read for a dossier.

    ``nomi`` are the files of the sections that may be read; ``last`` says that the transaction
    asks nothing after this; ``paired``, that two statements may be asked at the same time where
    what is known now is asked for.
    """

    edificio: int
    quando: Quando
    nomi: tuple[str, ...]
    last: bool
    paired: bool


def reading(ricordi: dict[Any, Any], asked: Chiesto) -> Computation[tuple[str, Righe]]:
    """Return the municipality the building lives in, and the rows; raise NotFound.

    The statement starts from the municipality, and says itself which one it should have been:
    so that of the last dossier is tried, and only where it was another one is it asked first.
    ``ricordi`` is what is remembered with a connection.
    """
    comune: str = ricordi.get(_CASA) or (yield from edifici.home(asked.edificio))
    righe = yield from read(comune, asked)
    if righe["stato"][0]["comune"] != comune:
        comune = yield from edifici.home(asked.edificio)
        righe = yield from read(comune, asked)
    ricordi[_CASA] = comune
    return comune, righe


def read(comune: str, asked: Chiesto) -> Computation[Righe]:
    """Return the rows of a building of this municipality."""
    noto_al = asked.quando.noto_al
    nota = ULTIMO if noto_al is None else noto_al
    values = (comune, asked.edificio, asked.quando.alla_data, nota)
    if asked.paired and noto_al is None:
        mine, others = _halves(asked.nomi)
        found: Righe = {}

        def loads(punto: str, half: tuple[str, ...]) -> Callable[[Row | None], None]:
            return lambda row: found.update(_loaded((punto, *half), row))

        # The half that comes first is taken apart while the other is awaited.
        beside = Statement(
            _statement((PUNTO, *others)), values, last=True, then=loads(PUNTO_ACCANTO, others)
        )
        yield Statement(
            _statement((PUNTO, *mine)), values, asked.last, then=loads(PUNTO, mine), beside=beside
        )
        if found.pop(PUNTO) == found.pop(PUNTO_ACCANTO):
            return found
        # A change was committed between the two: together they would tell what never was.
    row = yield Statement(statement(asked.nomi), values, asked.last)
    return _loaded((*TESTA, *asked.nomi), row)


def statement(nomi: tuple[str, ...]) -> str:
    """Return the statement that reads the head of a dossier and these sections."""
    return _statement((*TESTA, *nomi))


@cache
def _halves(nomi: tuple[str, ...]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return the columns of two statements that take about as long as each other.

    Persons are read where the reading will be written down: by the first.
    """
    first = tuple(nome for nome in nomi if nome in PERSONALI) or (*TESTA, "cronologia")
    return first, tuple(nome for nome in (*TESTA, *nomi) if nome not in first)


@cache
def _statement(colonne: tuple[str, ...]) -> str:
    """Return the statement that reads these files, each as one column of JSON text."""
    column = _file("colonna")
    columns = [
        column.replace("/* corpo */", _file(nome)).replace("/* nome */", nome) for nome in colonne
    ]
    around = [_file("contorno")]
    if not CONFRONTANO.isdisjoint(colonne):
        around.append(_file("detentori"))
    text = "\n".join((",\n".join(around), "SELECT", ",\n".join(columns)))
    return prepared.numbered(text, PARAMETRI)[0]


def _file(nome: str) -> str:
    return (SQL / f"{nome}.sql").read_text().strip()


def _loaded(colonne: tuple[str, ...], row: Row | None) -> Righe:
    """Return the rows of each column."""
    assert row is not None  # noqa: S101 -- a SELECT without FROM has one row
    texts = tuple([text or b"" for text in row])
    found: Righe = orjson.loads(_form(colonne) % texts)
    return found


@cache
def _form(colonne: tuple[str, ...]) -> bytes:
    """Return the JSON object into which the texts of these columns go."""
    inside = ",".join(f'"{nome}":[%b]' for nome in colonne)
    return f"{{{inside}}}".encode()
