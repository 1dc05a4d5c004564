"""The urban census: packing, partial supplies, suppressed units."""

import zipfile
from pathlib import Path

import pytest

from ingest import fonti
from ingest.contract import Asserzione, Avviso, Rifiuto
from ingest.fonti import catasto_fabbricati, catasto_terreni
from territorio.errors import Refused
from tests.ingest.fonti.lettura import FIXTURES, said, written

FOLDER = FIXTURES / "catasto_fabbricati"


def _supply(folder: Path, prm: str | None = None, *, inner: bool = False) -> Path:
    """Pack the fixture, with other parameters if asked."""
    path = folder / "X999_FABBRICATI_1.zip"
    with zipfile.ZipFile(path, "w") as archive:
        for part in sorted(FOLDER.glob("input.*")):
            if part.suffix != ".PRM":
                archive.write(part, f"X9990001{part.suffix}")
            elif prm != "":
                archive.writestr("X9990001.PRM", prm or part.read_bytes())
    if inner:
        outer = folder / "esterno.zip"
        with zipfile.ZipFile(outer, "w") as archive:
            archive.write(path, path.name)
        return outer
    return path


@pytest.mark.parametrize("inner", [False, True])
def test_a_packed_supply_says_what_the_loose_files_say(tmp_path: Path, inner: bool) -> None:
    path = _supply(tmp_path, inner=inner)
    assert (fonti.recognise(path) or ("",))[0] == "catasto_fabbricati"
    assert written(said("catasto_fabbricati", path)) == written(
        said("catasto_fabbricati", FOLDER / "input.FAB")
    )


def test_an_archive_of_several_supplies_is_none_of_them(tmp_path: Path) -> None:
    path = tmp_path / "tutto.zip"
    with zipfile.ZipFile(path, "w") as archive:
        for kind in ("catasto_fabbricati", "catasto_terreni"):
            for part in sorted((FIXTURES / kind).glob("input.*")):
                archive.write(part, f"{kind}/X9990001{part.suffix}")
    assert not catasto_fabbricati.recognise(path)
    assert not catasto_terreni.recognise(path)


PRM = "Comune richiesto: X999{sezione}\nTipologia di estrazione: fabbricati {kind}\n{dates}\n"
WHOLE = "Data selezione: 01/01/2024"


def test_a_whole_supply_speaks_for_its_municipality(tmp_path: Path) -> None:
    path = _supply(tmp_path, PRM.format(sezione="", kind="completa", dates=WHOLE))
    ambito = catasto_fabbricati.ambito(path)
    assert str(ambito.data_riferimento) == "2024-01-01"
    assert ambito.parti["unita_immobiliare"] == ("X999|",)


def test_a_supply_of_a_section_speaks_for_that_section(tmp_path: Path) -> None:
    path = _supply(tmp_path, PRM.format(sezione="B", kind="completa", dates=WHOLE))
    assert catasto_fabbricati.ambito(path).parti["titolarita"] == ("X999|B",)


def test_a_supply_of_some_fogli_ends_nothing_by_its_silence(tmp_path: Path) -> None:
    prm = PRM.format(sezione="", kind="completa", dates=WHOLE) + "Fogli estratti: 1 2 3\n"
    assert catasto_fabbricati.ambito(_supply(tmp_path, prm)).parti["unita_immobiliare"] == ()


def test_an_update_is_refused_in_words(tmp_path: Path) -> None:
    dates = "Date registrazione: 01/01/2024 31/01/2024"
    path = _supply(tmp_path, PRM.format(sezione="", kind="aggiornamento", dates=dates))
    with pytest.raises(Refused, match=r"aggiornamento.*attualità alla data"):
        catasto_fabbricati.ambito(path)


def test_without_parameters_the_name_says_the_municipality(tmp_path: Path) -> None:
    content = _situations_once(FOLDER / "input.FAB")
    with zipfile.ZipFile(path := tmp_path / "fornitura.zip", "w") as archive:
        archive.writestr("X9990001.FAB", content)
    ambito = catasto_fabbricati.ambito(path)
    assert (ambito.comune_catastale, ambito.data_riferimento) == ("X999", None)


def test_a_suppressed_unit_holds_on_no_day_from_its_note_on() -> None:
    units = [
        d
        for d in said("catasto_fabbricati", FOLDER / "input.FAB")
        if isinstance(d, Asserzione) and d.valori.get("partita") == "C"
    ]
    assert [(u.chiave, u.dal, u.al) for u in units] == [
        ("F|X999||4713", units[0].dal, units[0].dal)
    ]


def test_free_text_that_may_name_people_stays_out() -> None:
    units = [
        d
        for d in said("catasto_fabbricati", FOLDER / "input.FAB")
        if isinstance(d, Asserzione) and d.fatto == "unita_immobiliare"
    ]
    assert len(units) == 5
    assert "PRUDENZIA" in (FOLDER / "input.FAB").read_text("latin-1")
    assert "PRUDENZIA" not in written(units)


def test_the_blank_of_an_old_right_is_kept() -> None:
    rights = {
        d.valori["diritto"]
        for d in said("catasto_fabbricati", FOLDER / "input.FAB")
        if isinstance(d, Asserzione) and d.fatto == "titolarita"
    }
    assert rights == {"10", "20 ", "1XX"}


def test_a_damaged_line_still_says_which_unit_it_was_about() -> None:
    refused = [
        d for d in said("catasto_fabbricati", FOLDER / "input.FAB") if isinstance(d, Rifiuto)
    ]
    assert [d.chiavi for d in refused] == [
        (("unita_immobiliare", "F|X999||4715"),),
        (("unita_immobiliare", "F|X999||4716"),),
        (("soggetto", "SOG|X999||704|P"),),
        (),
    ]


@pytest.mark.parametrize("prm", ["", PRM.format(sezione="", kind="completa", dates=WHOLE)])
def test_the_section_may_stand_in_the_name_alone(tmp_path: Path, prm: str) -> None:
    for part in FOLDER.glob("input.*"):
        content = prm.encode() if part.suffix == ".PRM" else _situations_once(part)
        if content:
            (tmp_path / f"X999B0012345_1{part.suffix}").write_bytes(content)
    ambito = catasto_fabbricati.ambito(tmp_path / "X999B0012345_1.FAB")
    assert ambito.parti["unita_immobiliare"] == ("X999|B",)


def _situations_once(part: Path) -> bytes:
    """Leave out the situations that are closed: without them it is no update."""
    lines = part.read_bytes().splitlines(keepends=True)
    return b"".join(line for line in lines if b"|4712|F|2|" not in line)


@pytest.mark.parametrize("prm", ["", "Comune richiesto: X999\n"])
def test_without_a_word_closed_versions_tell_an_update(tmp_path: Path, prm: str) -> None:
    path = _supply(tmp_path, prm)
    with pytest.raises(Refused, match=r"aggiornamento.*versioni chiuse"):
        catasto_fabbricati.ambito(path)


def test_rights_without_a_number_are_told_apart(tmp_path: Path) -> None:
    part = (
        (FOLDER / "input.TIT").read_text().replace("|8800123|", "|0|").replace("|8800124|", "|0|")
    )
    for other in FOLDER.glob("input.*"):
        (tmp_path / other.name).write_bytes(other.read_bytes())
    (tmp_path / "input.TIT").write_text(part)
    rights = [
        d.chiave
        for d in said("catasto_fabbricati", tmp_path / "input.FAB")
        if isinstance(d, Asserzione)
        and d.fatto == "titolarita"
        and d.chiave.startswith("TIT|F|X999||4711|")
    ]
    assert len(rights) == len(set(rights)) == 2


def test_a_right_is_kept_under_the_code_of_its_list(tmp_path: Path) -> None:
    for other in FOLDER.glob("input.*"):
        (tmp_path / other.name).write_bytes(
            other.read_bytes().replace(b"|F|10||1|2|", b"|F|1S ||1|2|")
        )
    rights = [
        d.valori["diritto"]
        for d in said("catasto_fabbricati", tmp_path / "input.FAB")
        if isinstance(d, Asserzione) and d.fatto == "titolarita"
    ]
    assert rights[:2] == ["1s", "10"]


def test_blank_lines_are_no_records_of_the_count(tmp_path: Path) -> None:
    for other in FOLDER.glob("input.*"):
        blank = b"" if other.suffix == ".PRM" else b"\r\n   \r\n"
        (tmp_path / other.name).write_bytes(other.read_bytes() + blank)
    told = {
        d.tipo for d in said("catasto_fabbricati", tmp_path / "input.FAB") if isinstance(d, Avviso)
    }
    assert "numero di record" not in told
    assert "anomalia catastale" in told


def test_a_right_of_nobody_has_no_holder(tmp_path: Path) -> None:
    for other in FOLDER.glob("input.*"):
        (tmp_path / other.name).write_bytes(other.read_bytes().replace(b"|701|P|47", b"|0|P|47"))
    first = next(
        d
        for d in said("catasto_fabbricati", tmp_path / "input.FAB")
        if isinstance(d, Asserzione) and d.fatto == "titolarita"
    )
    assert first.valori["soggetto"] is None
