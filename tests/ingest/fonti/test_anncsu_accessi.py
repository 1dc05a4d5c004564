"""Accesses of the national archive: the real excerpt, and the table of streets beside."""

import shutil
from collections import Counter
from pathlib import Path

from ingest.contract import Asserzione, Avviso
from tests.ingest.fonti.dati import ANAGNI, reali
from tests.ingest.fonti.lettura import FIXTURES, said

INPUT = FIXTURES / "anncsu_accessi/input.csv"


@reali
def test_the_excerpt_of_anagni_is_taken_whole() -> None:
    found = said("anncsu_accessi", ANAGNI)
    assert sum(isinstance(d, Asserzione) for d in found) == 525
    kinds = Counter(d.tipo for d in found if isinstance(d, Avviso))
    assert kinds == {"anncsu.chilometrica": 128, "anncsu.coordinate_mancanti": 1}
    # Two accesses with the number 9 are told apart by SNC alone.
    nine = [d.valori["snc"] for d in found if isinstance(d, Asserzione) and _consolazione(d)]
    assert sorted(nine, key=str) == [1, None]


def _consolazione(detto: Asserzione) -> bool:
    street, number, exponent = (detto.valori[k] for k in ("odonimo", "numero", "esponente"))
    return (street, number, exponent) == ("ANNCSU|506905", 9, "")


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
    streets = (tmp_path / "STRAD_X999_20240101.csv").read_text().replace("900003", "900009")
    (tmp_path / "STRAD_X999_20240101.csv").write_text(streets)
    assert "anncsu.strada_assente" in {
        d.tipo for d in said("anncsu_accessi", accesses) if isinstance(d, Avviso)
    }
