"""Accesses of the national archive: the real excerpt, and the table of streets beside."""

import shutil
from collections import Counter
from pathlib import Path

from ingest.contract import Asserzione, Avviso
from tests.ingest.fonti.dati import ANAGNI, reali
from tests.ingest.fonti.lettura import FIXTURES, said

INPUT = FIXTURES / "anncsu_accessi/input.csv"
ANAGNI_RIGA = "A269;060006;1;;VIA ROMA;;;;{n};;{n};;;;;;;;\n"
ANAGNI_RIGHE = INPUT.read_text().partition("\n")[0] + "\n" + ANAGNI_RIGA.format(n=1)
ANAGNI_RIGA = ANAGNI_RIGA.format(n=2)


@reali
def test_the_excerpt_of_anagni_is_taken_whole() -> None:
    found = said("anncsu_accessi", ANAGNI)
    assert Counter(d.fatto for d in found if isinstance(d, Asserzione)) == {
        "civico": 525,
        "odonimo": 18,
    }
    kinds = Counter(d.tipo for d in found if isinstance(d, Avviso))
    assert kinds == {"anncsu.chilometrica": 128, "anncsu.coordinate_mancanti": 1}
    # Two accesses with the number 9 are told apart by SNC alone.
    nine = [d.valori["snc"] for d in found if isinstance(d, Asserzione) and _consolazione(d)]
    assert sorted(nine, key=str) == [1, None]


def _consolazione(detto: Asserzione) -> bool:
    if detto.fatto != "civico":
        return False
    street, number, exponent = (detto.valori[k] for k in ("odonimo", "numero", "esponente"))
    return (street, number, exponent) == ("ANNCSU|506905", 9, "")


def test_streets_are_taken_from_the_accesses_where_nothing_else_says_them(tmp_path: Path) -> None:
    accesses = tmp_path / "indirizzi.csv"
    shutil.copy(INPUT, accesses)
    names = {d.chiave: d.valori["denominazione"] for d in streets(accesses)}
    assert names == {
        "ANNCSU|900001": "VIA ROMA",
        "ANNCSU|900002": "PIAZZA DELLA LIBERTÀ",
        "ANNCSU|900003": "STRADA REGIONALE 6",
    }
    shutil.copy(FIXTURES / "anncsu_strade/input.csv", tmp_path / "vie.txt")
    assert streets(accesses) == []
    # A street that the table forgets has its name from here.
    (tmp_path / "vie.txt").write_text((tmp_path / "vie.txt").read_text().replace("900003", "9"))
    assert [d.chiave for d in streets(accesses)] == ["ANNCSU|900003"]
    # Streets of another municipality say nothing of this one.
    (tmp_path / "vie.txt").write_text((tmp_path / "vie.txt").read_text().replace("X999", "A269"))
    assert len(streets(accesses)) == 3


def streets(path: Path) -> list[Asserzione]:
    """Return the streets said."""
    found = said("anncsu_accessi", path)
    return [d for d in found if isinstance(d, Asserzione) and d.fatto == "odonimo"]


def test_a_place_beyond_the_documented_limits_is_told_once(tmp_path: Path) -> None:
    text = INPUT.read_text().replace("11,0001;44,0001", "18,1700;40,3500")
    (tmp_path / "INDIR_X999_20240101.csv").write_text(text.replace("11,0002;44,0001", "18,2;40,4"))
    found = said("anncsu_accessi", tmp_path / "INDIR_X999_20240101.csv")
    (told,) = [d for d in found if isinstance(d, Avviso) and d.tipo.endswith("limiti_nazionali")]
    assert told.motivo.startswith("2 accessi sono in Italia ma oltre i limiti")


def test_the_codes_of_the_municipality_are_those_of_the_day(tmp_path: Path) -> None:
    text = ANAGNI_RIGHE.replace("060006", "60006") + ANAGNI_RIGA.replace("060006", "058091")
    (tmp_path / "INDIR_A269_20240101.csv").write_text(text)
    found = said("anncsu_accessi", tmp_path / "INDIR_A269_20240101.csv")
    wrong = [d for d in found if isinstance(d, Avviso) and d.tipo == "anncsu.belfiore_istat"]
    assert [(d.riga, d.valore) for d in wrong] == [(3, "058091")]
    # Wrong in every row: nothing in the file contradicts it, the official lists do.
    (tmp_path / "INDIR_A269_20240101.csv").write_text(text.replace("60006", "58091"))
    found = said("anncsu_accessi", tmp_path / "INDIR_A269_20240101.csv")
    assert sum(isinstance(d, Avviso) and d.tipo == "anncsu.belfiore_istat" for d in found) == 2


def test_the_table_of_streets_beside_is_compared(tmp_path: Path) -> None:
    accesses = tmp_path / "INDIR_X999_20240101.csv"
    shutil.copy(INPUT, accesses)
    alone = {d.tipo for d in said("anncsu_accessi", accesses) if isinstance(d, Avviso)}
    shutil.copy(FIXTURES / "anncsu_strade/input.csv", tmp_path / "STRAD_X999_20240101.csv")
    beside = [d for d in said("anncsu_accessi", accesses) if isinstance(d, Avviso)]
    said_now = {(d.tipo, d.motivo) for d in beside if d.tipo not in alone}
    assert said_now == {
        ("anncsu.totale_accessi", "la strada 900001 dichiara 3 accessi e ne ha 4"),
        ("anncsu.totale_accessi", "la strada 900002 dichiara 1 accessi e ne ha 3"),
    }
    # A street that declares accesses of which there is none is compared, too.
    table = tmp_path / "STRAD_X999_20240101.csv"
    table.write_text(table.read_text() + "X999;999999;900007;;VIA VUOTA;;2;;;\n")
    beside = [d for d in said("anncsu_accessi", accesses) if isinstance(d, Avviso)]
    assert "la strada 900007 dichiara 2 accessi e ne ha 0" in {d.motivo for d in beside}
    streets = (tmp_path / "STRAD_X999_20240101.csv").read_text().replace("900003", "900009")
    (tmp_path / "STRAD_X999_20240101.csv").write_text(streets)
    assert "anncsu.strada_assente" in {
        d.tipo for d in said("anncsu_accessi", accesses) if isinstance(d, Avviso)
    }
