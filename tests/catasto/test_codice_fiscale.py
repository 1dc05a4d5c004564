"""Fiscal codes."""

from __future__ import annotations

from datetime import date
from typing import Literal

import pytest
from codicefiscale import codicefiscale
from hypothesis import given, settings
from hypothesis import strategies as st
from stdnum import luhn

from catasto.codice_fiscale import (
    CodiceFiscale,
    check_letter,
    compose,
    disagreements,
    fault,
    is_valid,
    suggest,
)
from catasto.errors import InvalidValue
from tests.catasto.strategie import dates

nomi = st.from_regex(r"[A-Z]{1,12}( [A-Z]{2,8})?", fullmatch=True)


def test_codes_of_the_specification_are_valid() -> None:
    for codice in ("RSSMRA80A01H501U", "BNCLCU85M41F205T", "00488410010", "12345678903"):
        assert is_valid(codice)


@pytest.mark.parametrize(
    ("testo", "motivo"),
    [
        ("RSSMRA80A01H501X", "carattere di controllo"),
        ("RSSMRA80A01H50U", "16 caratteri o 11 cifre"),
        ("RSSMRA80F01H501U", "forma"),
        ("rssmra80a01h501u", "forma"),
        ("00488410011", "cifra di controllo"),
        ("00000000000", "cifra di controllo"),
        ("0048841001", "16 caratteri o 11 cifre"),
        ("", "16 caratteri o 11 cifre"),
    ],
)
def test_a_wrong_code_is_refused_with_its_reason(testo: str, motivo: str) -> None:
    assert motivo in (fault(testo) or "")
    with pytest.raises(InvalidValue, match=motivo):
        CodiceFiscale(testo)


@pytest.mark.parametrize("giorno", ["00", "31", "40", "71", "72"])
def test_an_impossible_day_of_birth_is_refused(giorno: str) -> None:
    primi = f"RSSMRA80D{giorno}H501"
    assert fault(primi + check_letter(primi)) == "giorno di nascita impossibile"


@given(nomi, nomi, dates, st.sampled_from(["M", "F"]))
@settings(max_examples=60, deadline=None)
def test_a_computed_code_is_the_one_of_the_other_library(
    cognome: str, nome: str, nascita: date, sesso: Literal["M", "F"]
) -> None:
    codice = compose(cognome, nome, nascita, sesso, "H501")
    atteso = codicefiscale.encode(
        lastname=cognome,
        firstname=nome,
        gender=sesso,
        birthdate=nascita.isoformat(),
        birthplace="H501",
    )
    assert str(codice) == atteso
    assert codice.sesso == sesso
    assert codice.luogo_nascita == "H501"
    assert codice.data_nascita(nascita) == nascita
    assert (
        disagreements(
            codice,
            cognome=cognome,
            nome=nome,
            nascita=nascita,
            sesso=sesso,
            luogo_nascita="H501",
        )
        == ()
    )


@given(st.from_regex(r"[0-9]{11}", fullmatch=True))
def test_numeric_codes_agree_with_the_other_library(testo: str) -> None:
    assert is_valid(testo) == (luhn.is_valid(testo) and testo != "0" * 11)


def test_letters_that_stand_for_digits_are_read_back() -> None:
    primi = "RSSMRA80A01H50M"
    codice = CodiceFiscale(primi + check_letter(primi))
    assert codice.omocodia
    assert codice.luogo_nascita == "H501"
    assert codice.data_nascita(date(2024, 1, 1)) == date(1980, 1, 1)
    assert not CodiceFiscale("RSSMRA80A01H501U").omocodia


def test_a_numeric_code_says_nothing_of_a_person() -> None:
    codice = CodiceFiscale.parse(" 12345678903 ")
    assert codice.numerico
    assert (codice.sesso, codice.luogo_nascita, codice.data_nascita(date(2024, 1, 1))) == (
        None,
        None,
        None,
    )


def test_the_century_is_the_last_possible_one() -> None:
    codice = compose("Rossi", "Mario", date(1920, 2, 29), "M", "H501")
    assert codice.data_nascita(date(2024, 1, 1)) == date(2020, 2, 29)
    assert codice.data_nascita(date(2020, 2, 28)) == date(1920, 2, 29)


def test_a_contradiction_is_named() -> None:
    codice = CodiceFiscale("RSSMRA80A01H501U")
    trovate = disagreements(
        codice,
        cognome="Bianchi",
        nome="Mario",
        nascita=date(1981, 1, 1),
        sesso="F",
        luogo_nascita="F205",
    )
    assert trovate == ("cognome", "data di nascita", "sesso", "luogo di nascita")


def test_a_repair_is_offered_only_when_it_is_valid() -> None:
    assert suggest("488410010") == "00488410010"
    assert suggest("RSSMRA80A01 H501U") == "RSSMRA80A01H501U"
    assert suggest("RSSMRA80A01H501X") is None
    assert suggest("RSSMRA80A01H501U") is None
