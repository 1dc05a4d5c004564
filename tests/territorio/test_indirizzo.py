"""Names of streets and house numbers, as registers write them (fonti.md §2.3)."""

import csv

import pytest
from hypothesis import given
from hypothesis import strategies as st

from territorio.indirizzo import NumeroCivico, chiave_odonimo, senza_dug
from tests.catasto.dati import real_file

SAME_STREET = [
    ("VIALE XX SETTEMBRE", "V.LE 20 SETTEMBRE", "Viale Venti Settembre"),
    ("VIA PRIMO MAGGIO", "VIA I MAGGIO", "Via 1° Maggio", "v. 1 maggio"),
    ("VIA IV NOVEMBRE", "VIA QUATTRO NOVEMBRE", "VIA 4 NOVEMBRE"),
    ("PIAZZA DELLA LIBERTÀ", "P.ZA DELLA LIBERTA'", "P.zza della Liberta’", "PIAZZA DELLA LIBERTA"),
    ("VIA DE IACOMINI", "DE IACOMINI, via", "DE IACOMINI (VIA)"),
    ("VIA SANT'ANTONIO", "VIA SANT ANTONIO", "VIA S. ANTONIO", "VIA S.ANTONIO", "Via San Antonio"),
    ("VIA DELL'AMORE", "VIA DELL' AMORE", "VIA DELL AMORE"),
    ("VIA FRATELLI ROSSELLI", "VIA F.LLI ROSSELLI", "V. FLLI ROSSELLI"),
    ("PIAZZA GIOVANNI XXIII", "PIAZZA GIOVANNI VENTITREESIMO", "PIAZZA GIOVANNI 23"),
    ("STRADA STATALE 16", "S.S. 16", "SS 16", "S.S. n. 16"),
    ("CORSO VITTORIO EMANUELE II", "C.SO VITTORIO EMANUELE SECONDO"),
    ("LOCALITÀ POGGIO", "LOC. POGGIO", "LOCALITA' POGGIO"),
]

DIFFERENT_STREETS = [
    ("VIA ROMA", "VIALE ROMA"),
    ("VIA VITTORIO ALFIERI", "VIA V. ALFIERI"),
    ("VIA V. ALFIERI", "VIA 5 ALFIERI"),
    ("PIAZZA PAPA GIOVANNI XXIII", "PIAZZA GIOVANNI XXIII"),
    ("VIA SS. MARTIRI", "STRADA STATALE MARTIRI"),
    ("VIA XX SETTEMBRE", "VIA SETTEMBRE XX"),
    ("VIA DI VITTORIO", "VIA 501 VITTORIO"),
]


@pytest.mark.parametrize("scritture", SAME_STREET, ids=lambda s: s[0])
def test_writings_of_one_street_have_one_key(scritture: tuple[str, ...]) -> None:
    assert {chiave_odonimo(s) for s in scritture} == {chiave_odonimo(scritture[0])}


@pytest.mark.parametrize(("una", "altra"), DIFFERENT_STREETS)
def test_streets_that_may_be_two_keep_two_keys(una: str, altra: str) -> None:
    assert chiave_odonimo(una) != chiave_odonimo(altra)


def test_the_key_is_readable() -> None:
    assert chiave_odonimo("v.le d'Annunzio") == "VIALE DANNUNZIO"
    assert senza_dug("VIALE DANNUNZIO") == "DANNUNZIO"
    assert senza_dug("ZANN") == "ZANN", "in the Alps a street may be just a farm"


# fmt: off
parole = st.sampled_from([
    "VIA", "V.LE", "P.ZA", "ROMA", "SAN", "S.", "SANT'ANTONIO", "DELL'", "DELL'AMORE", "XX",
    "20", "SETTEMBRE", "PRIMO", "I", "MAGGIO", "LIBERTÀ", "F.LLI", "CERVI", "GIOVANNI",
    "XXIII", "VENTITREESIMO", "D'", "ANNUNZIO", "SS.", "MARTIRI", "MONTE",
])
# fmt: on


@given(st.lists(parole, min_size=1, max_size=6).map(lambda p: " ".join(["VIA", *p])))
def test_a_key_is_its_own_key(nome: str) -> None:
    chiave = chiave_odonimo(nome)
    assert chiave_odonimo(chiave) == chiave


@given(st.text(max_size=40))
def test_any_text_has_a_key_and_a_number(testo: str) -> None:
    assert chiave_odonimo(testo) == chiave_odonimo(f"  {testo} ")
    civico = NumeroCivico.parse(testo)
    assert civico.numero is None or 0 < civico.numero < 100_000


def test_real_streets_keep_their_keys_apart() -> None:
    with real_file("indirizzi/alessandria/viario.csv").open(encoding="latin-1") as righe:
        nomi = {f"{r['DUG']} {r['DUF']}" for r in csv.DictReader(righe, delimiter=";")}
    assert len(nomi) > 800
    assert len({chiave_odonimo(n) for n in nomi}) == len(nomi)


FORMS = {
    "12": {"numero": 12},
    "12A": {"numero": 12, "esponente": "A"},
    "12/A": {"numero": 12, "esponente": "A"},
    "12 bis": {"numero": 12, "esponente": "BIS"},
    "0012A": {"numero": 12, "esponente": "A"},
    "12/4": {"numero": 12, "esponente": "4"},
    "18/A7": {"numero": 18, "esponente": "A7"},
    "12 rosso": {"numero": 12, "specificita": "ROSSO"},
    "12R": {"numero": 12, "esponente": "R"},
    "KM 10+292": {"metrico": 10_292},
    "km 10,5": {"metrico": 10_500},
    "SNC": {"snc": True},
    "S.N.C.": {"snc": True},
    "": {"snc": True},
    "00000": {"snc": True},
    "n. 5 int. 3 sc. B piano T": {"numero": 5, "interno": "3", "scala": "B", "piano": "T"},
    "N° 7": {"numero": 7},
    "12 P.1 I.3": {"numero": 12, "piano": "1", "interno": "3"},
    "12/P": {"numero": 12, "esponente": "P"},
    "12/BIS/A": {"numero": 12, "esponente": "BISA"},
    "10BIS10": {"numero": 10, "esponente": "BIS10"},
    "7 SNC": {"numero": 7, "snc": True},
    "12-14": {"numero": 12, "residuo": "14"},
    "CASA ROSSI": {"residuo": "CASA ROSSI"},
}


@pytest.mark.parametrize("testo", FORMS)
def test_forms_of_real_registers(testo: str) -> None:
    assert NumeroCivico.parse(testo) == NumeroCivico(**FORMS[testo])  # type: ignore[arg-type] # a table of keywords


def test_only_a_town_with_colours_reads_r_as_red() -> None:
    assert NumeroCivico.parse("12R", colori=True) == NumeroCivico(12, specificita="ROSSO")
    assert NumeroCivico.parse("12R").coda == NumeroCivico.parse("12 rosso").coda == "R"


esponenti = st.from_regex(r"(BIS|TER|QUATER)?|[A-Z][0-9]{0,2}|[0-9]{1,3}", fullmatch=True)
civici = st.builds(
    NumeroCivico,
    numero=st.integers(1, 99_999),
    esponente=esponenti,
    specificita=st.sampled_from(["", "ROSSO", "NERO"]),
    scala=st.sampled_from(["", "A", "2"]),
    interno=st.sampled_from(["", "3", "12B", "A"]),
    piano=st.sampled_from(["", "T", "1", "S1-T"]),
)


@given(civici)
def test_a_number_written_is_read_back(civico: NumeroCivico) -> None:
    assert NumeroCivico.parse(str(civico)) == civico


@given(st.integers(0, 999_999))
def test_a_distance_written_is_read_back(metrico: int) -> None:
    assert NumeroCivico.parse(str(NumeroCivico(metrico=metrico))).metrico == metrico
