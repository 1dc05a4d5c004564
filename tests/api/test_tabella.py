"""The table of a load is read at a glance in any terminal."""

import pytest

from api.comandi.tabella import table
from ingest.contract import Rifiuto
from ingest.esito import Esito
from territorio.documenti.scrittura import numero


def town(files: int) -> list[Esito]:
    return [
        Esito(
            f"citta/2024-01-{day % 28 + 1:02}/particelle_vettoriali_{day}.geojson",
            fonte="particelle_vettoriali",
            letti=1_234_567,
            inseriti=1_204_000,
            cambiati=30_000,
            invariati=566,
            chiusi=17,
            rifiutati=[Rifiuto(3, "no")],
            gia_caricata=day == 0,
            secondi=123.4,
        )
        for day in range(files)
    ]


@pytest.mark.parametrize("width", [80, 120])
@pytest.mark.parametrize("files", [1, 50])
def test_every_line_fits_and_every_name_and_figure_is_whole(width: int, files: int) -> None:
    outcome = town(files)
    lines = list(table(outcome, width))
    assert max(map(len, lines)) <= width
    text = "\n".join(lines)
    assert [item.file for item in outcome if item.file not in text] == []
    assert text.count(numero(1_234_567)) == files
    assert text.count("(già caricata)") == 1
    assert all(word in lines[0] for word in ("letti", "inseriti", "rifiutati"))
    assert lines[-1].startswith("in tutto 50 file") == (files == 50)


def test_short_names_stand_beside_their_figures() -> None:
    lines = list(table([Esito("a.csv", fonte="anncsu_strade", letti=12, inseriti=12)], 120))
    assert len(lines) == 2
    assert lines[1].split() == ["a.csv", "anncsu_strade", "12", "12", "0", "0", "0", "0", "0,0"]


def test_nothing_loaded_is_a_table_all_the_same() -> None:
    assert len(list(table([], 80))) == 1
