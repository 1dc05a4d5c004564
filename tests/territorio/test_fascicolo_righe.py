"""The rows of a dossier: the same by one statement and by two."""

from typing import Any

import pytest
import sqlalchemy as sa

from territorio import fascicolo, fascicolo_righe, prepared
from territorio.accessi.policy import PERSONALI, Ruolo
from territorio.fascicolo_righe import PUNTO, TESTA, Chiesto, Righe
from territorio.prepared import Row, Statement
from tests import factories as f
from tests.factory_defaults import COMUNE
from tests.territorio.casa import ADESSO, new_casa


def _asked(edificio: int, ruolo: Ruolo, *, paired: bool) -> Chiesto:
    return Chiesto(edificio, ADESSO, fascicolo._files(ruolo, True), last=False, paired=paired)


def _ask(conn: sa.Connection, one: Statement) -> Row:
    row = prepared.row(conn, one.query, one.values)
    assert row is not None
    if one.then is not None:
        one.then(row)
    return row


def _read(conn: sa.Connection, asked: Chiesto) -> tuple[Righe, list[bool]]:
    """Answer all questions on one connection; tell which asked for something beside."""
    beside: list[bool] = []
    reading, found = fascicolo_righe.read(COMUNE, asked), None
    while True:
        try:
            one = reading.send(found)
        except StopIteration as end:
            return end.value, beside
        beside.append(one.beside is not None)
        if one.beside is not None:  # which comes first is the same
            _ask(conn, one.beside)
        found = _ask(conn, one)


@pytest.mark.parametrize("ruolo", Ruolo)
def test_two_halves_read_what_one_statement_reads(conn: sa.Connection, ruolo: Ruolo) -> None:
    casa = new_casa(conn)
    f.new_documento(conn, edificio=casa.edificio)
    f.new_segnalazione(conn, oggetto=casa.edificio)
    whole, alone = _read(conn, _asked(casa.edificio, ruolo, paired=False))
    halves, beside = _read(conn, _asked(casa.edificio, ruolo, paired=True))
    assert (alone, beside) == ([False], [True])
    assert halves == whole
    assert sum(map(len, whole.values())) > 10


@pytest.mark.parametrize("ruolo", Ruolo)
def test_persons_are_read_where_the_reading_is_written_down(ruolo: Ruolo) -> None:
    nomi = fascicolo._files(ruolo, True)
    mine, others = fascicolo_righe._halves(nomi)
    assert sorted(mine + others) == sorted(TESTA + nomi)
    assert set(others).isdisjoint(PERSONALI)
    assert mine
    assert others


def test_a_change_between_the_halves_is_seen_in_neither(conn: sa.Connection) -> None:
    casa = new_casa(conn)
    reading = fascicolo_righe.read(COMUNE, _asked(casa.edificio, Ruolo.TRIBUTI, paired=True))
    question: Any = next(reading)
    before = _ask(conn, question)
    f.new_registrazione(conn)
    _ask(conn, question.beside)
    question = reading.send(before)
    assert question.beside is None
    assert PUNTO not in question.query
    with pytest.raises(StopIteration) as end:
        reading.send(_ask(conn, question))
    assert end.value.value["edificio"][0]["id"] == casa.edificio
