"""Code lists, categories, shares, taxable bases, Belfiore codes and errors."""

from __future__ import annotations

import csv
from datetime import date
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from catasto import codici
from catasto.belfiore import denominazione_or_none, history, is_in_force
from catasto.categoria import Categoria, categorie
from catasto.codici import Catasto, Natura, diritto, diritto_or_none
from catasto.errors import CatastoError, FormatError, InvalidValue, UnknownCode
from catasto.quota import parse_quota, quota_text, read_quota, sum_quote
from catasto.rendita import base_fabbricato, base_terreno, multiplier
from catasto.tabelle import rows
from tests.catasto.dati import real_file


@pytest.mark.parametrize("testo", ["A02", "A/2", "A2", "A/02", "cat. A/2", " a/2 "])
def test_a_category_is_read_in_all_its_forms(testo: str) -> None:
    assert Categoria.parse(testo) == Categoria("A", 2)


@pytest.mark.parametrize("testo", ["", "A00", "G/1", "A", "A/2bis", "2"])
def test_what_is_not_a_category_is_refused(testo: str) -> None:
    with pytest.raises(InvalidValue, match="categoria"):
        Categoria.parse(testo)


def test_every_category_survives_both_forms() -> None:
    tutte = categorie()
    assert len(tutte) == 57
    for c in tutte:
        assert Categoria.parse(str(c)) == Categoria.parse(c.codice) == c
        assert c.descrizione


def test_an_unlisted_category_is_a_value_without_description() -> None:
    with pytest.raises(UnknownCode, match="A12"):
        _ = Categoria.parse("A/12").descrizione


def test_the_trailing_blank_changes_the_right() -> None:
    assert diritto("20").natura is Natura.NUDA
    assert diritto("20 ").descrizione == "Livellario"
    assert diritto_or_none("20 ") != diritto_or_none("20")
    assert diritto("1S").codice == "1s"
    with pytest.raises(UnknownCode):
        diritto("77")


def test_ambiguous_rights_are_those_in_both_lists() -> None:
    codici_esatti = set(codici.diritti())
    doppi = {c for c in codici_esatti if f"{c} " in codici_esatti}
    assert doppi == codici.DIRITTI_AMBIGUI


def test_who_owes_the_tax_is_not_the_bare_owner() -> None:
    debitori = {c for c, d in codici.diritti().items() if d.soggetto_imu}
    assert {"10", "1s", "30", "50", "60", "70", "80"} <= debitori
    assert not debitori & {"20", "2s", "90", "100", "40"}


def test_the_same_partita_means_two_things() -> None:
    assert codici.partita_speciale(Catasto.FABBRICATI, "0") == "beni comuni censibili"
    assert codici.partita_speciale(Catasto.TERRENI, "0000000") == "particelle soppresse"
    assert codici.partita_speciale(Catasto.FABBRICATI, "0000001") is None
    assert codici.partita_speciale(Catasto.TERRENI, "") is None


def test_tables_are_whole() -> None:
    attese = {
        "categorie": 57,
        "qualita": 286,
        "toponimi": 554,
        "diritti": 70,
        "causali": 68,
        "sezioni_censuarie": 1275,
    }
    assert {nome: len(rows(nome)) for nome in attese} == attese
    assert codici.qualita()[codici.QUALITA_ENTE_URBANO] == "ente urbano"
    assert codici.toponimi()[codici.codice_toponimo()["VIA"]] == "VIA"
    assert codici.causali()["VCL"] == "variazione di classamento"
    assert set(codici.sezioni_censuarie(Catasto.FABBRICATI)["D969"]) >= {"Q", "R", "S"}


def test_our_tables_have_every_code_of_the_published_lists() -> None:
    for nome, colonna in (("qualita", "codice"), ("toponimi", "codice"), ("causali", "codice")):
        with real_file(f"catasto/codes/{nome}.tsv").open(encoding="utf-8") as f:
            ufficiali = {r[colonna] for r in csv.DictReader(f, delimiter="\t")}
        assert {r[0] for r in rows(nome)} == ufficiali
    with real_file("catasto/codes/diritti.tsv").open(encoding="utf-8") as f:
        esatti = {r["codice_esatto"][1:-1] for r in csv.DictReader(f, delimiter="\t")}
    assert set(codici.diritti()) == esatti


@given(st.integers(1, 10**9), st.integers(0, 10**9))
def test_a_share_survives_its_two_fields(sopra: int, oltre: int) -> None:
    quota = parse_quota(str(sopra), str(sopra + oltre))
    assert quota == Fraction(sopra, sopra + oltre)
    assert read_quota(quota_text(quota)) == quota


@pytest.mark.parametrize("campi", [("", ""), ("0", "0"), (" ", "000"), ("0", "")])
def test_zero_over_zero_is_unknown(campi: tuple[str, str]) -> None:
    assert parse_quota(*campi) is None


@pytest.mark.parametrize("campi", [("3", "2"), ("1", "0"), ("0", "2"), ("-1", "2"), ("x", "2")])
def test_an_impossible_share_is_refused(campi: tuple[str, str]) -> None:
    with pytest.raises(InvalidValue, match="quota"):
        parse_quota(*campi)


def test_an_unknown_share_makes_the_sum_unknown() -> None:
    assert sum_quote([Fraction(1, 3)] * 3) == 1
    assert sum_quote([]) == 0
    assert sum_quote([Fraction(1, 3), None]) is None


@pytest.mark.parametrize(
    ("rendita", "categoria", "anno", "base"),
    [
        ("1064.68", "A/7", 2024, "178866.24"),
        ("111.86", "C/6", 2024, "18792.48"),
        ("1000", "C/1", 2024, "57750.00"),
        ("1000", "A/10", 2024, "84000.00"),
        ("1000", "D/5", 2024, "84000.00"),
        ("1000", "D/1", 2012, "63000.00"),
        ("1000", "D/1", 2013, "68250.00"),
        ("1000", "B/4", 2024, "147000.00"),
        ("1000", "C/3", 2024, "147000.00"),
    ],
)
def test_the_taxable_base_of_a_unit(rendita: str, categoria: str, anno: int, base: str) -> None:
    calcolata = base_fabbricato(Decimal(rendita), Categoria.parse(categoria), anno)
    assert calcolata == Decimal(base)


def test_exempt_and_fictitious_categories_have_no_base() -> None:
    assert base_fabbricato(Decimal(1000), Categoria.parse("E/1"), 2024) is None
    assert base_fabbricato(Decimal(0), Categoria.parse("F/3"), 2024) is None
    assert not Categoria.parse("F/3").con_rendita
    with pytest.raises(InvalidValue, match="2012"):
        multiplier(Categoria.parse("A/2"), 2011)


def test_farmers_paid_less_and_then_nothing() -> None:
    reddito = Decimal(100)
    pagate = {a: base_terreno(reddito, a, coltivatore=True) for a in (2013, 2015, 2016)}
    assert pagate == {2013: Decimal("13750.00"), 2015: Decimal("9375.00"), 2016: None}
    assert base_terreno(reddito, 2016) == Decimal("16875.00")


def test_a_suppressed_municipality_keeps_its_history() -> None:
    assert is_in_force("A134", date(2023, 11, 17))
    assert not is_in_force("A134", date(2023, 11, 18))
    assert not is_in_force("A134", date(1930, 1, 1))
    assert len(history("A134")) == 3
    assert history("A000") == ()


def test_foreign_states_have_codes_too() -> None:
    stato = denominazione_or_none("Z105", date(1990, 1, 1))
    assert stato is not None
    assert stato.nome == "Cecoslovacchia"
    assert not is_in_force("Z105", date(2000, 1, 1))


def test_a_format_error_says_file_line_and_field() -> None:
    errore = FormatError("A.FAB", "atteso un numero", riga=12, campo="progressivo", valore="x")
    assert str(errore) == "A.FAB, riga 12, campo 'progressivo' = 'x': atteso un numero"
    assert isinstance(errore, CatastoError)
