"""The vector map: planes, sheets, buildings told apart."""

import shutil
from pathlib import Path

import pytest
import shapely
from shapely.geometry.base import BaseGeometry

from ingest.contract import Asserzione, Avviso, Rifiuto
from ingest.fonti import catasto_mappa
from territorio.errors import Refused
from tests.ingest.fonti.dati import CASSINI, MAPPA, reali
from tests.ingest.fonti.lettura import FIXTURES, said, shape_of

INPUT = FIXTURES / "catasto_mappa/input.CTF"


@reali
def test_the_sheet_of_rome_has_its_parcels_and_buildings_and_tiles_its_border() -> None:
    assert catasto_mappa.ambito(MAPPA).crs == "EPSG:7792"
    found = [d for d in said("catasto_mappa", MAPPA) if isinstance(d, Asserzione)]
    by_class: dict[str, list[BaseGeometry]] = {}
    for detto in found:
        kind = str(detto.valori.get("classe") or detto.fatto)
        by_class.setdefault(kind, []).append(shape_of(detto))
    assert {k: len(v) for k, v in by_class.items()} == {
        "foglio": 1,
        "particella": 381,
        "strada": 1,
        "acqua": 1,
        "fabbricato": 131,
    }
    tiles = [s for kind in ("particella", "strada", "acqua") for s in by_class[kind]]
    border = by_class["foglio"][0]
    assert sum(s.area for s in tiles) == pytest.approx(border.area, abs=0.1)
    assert shapely.symmetric_difference(shapely.union_all(tiles), border).area < 1
    assert len({d.chiave for d in found if d.fatto == "fabbricato"}) == 131


def test_a_map_speaks_for_its_own_sheet() -> None:
    ambito = catasto_mappa.ambito(INPUT)
    assert ambito.parti == dict.fromkeys(catasto_mappa.FONTE.facts, ("X999_000100",))
    assert str(ambito.data_riferimento) == "2024-02-01"
    parts = {d.parte for d in said("catasto_mappa", INPUT) if isinstance(d, Asserzione)}
    assert parts == {"X999_000100"}


def test_the_zone_is_the_one_that_puts_the_map_in_italy() -> None:
    assert catasto_mappa.ambito(INPUT).crs == "EPSG:7791"


def _cassini(folder: Path) -> Path:
    text = INPUT.read_text().replace("  660", "    0").replace(" 4873", "    0")
    path = folder / "X999_000100.cxf"
    path.write_text(text)
    return path


def test_a_cassini_map_is_refused_in_words(tmp_path: Path) -> None:
    with pytest.raises(Refused, match=r"Cassini.*X999_000100\.cxf\.mappa\.json"):
        catasto_mappa.ambito(_cassini(tmp_path))


def test_a_cassini_map_is_taken_once_its_plane_is_stated(tmp_path: Path) -> None:
    path = _cassini(tmp_path)
    plane = "+proj=cass +lat_0=44 +lon_0=11 +datum=WGS84 +units=m"
    path.with_name(f"{path.name}.mappa.json").write_text(f'{{"crs": "{plane}"}}')
    assert catasto_mappa.ambito(path).crs == plane


@reali
def test_a_map_without_a_name_is_refused() -> None:
    with pytest.raises(Refused, match="quale mappa"):
        catasto_mappa.ambito(CASSINI)


def test_buildings_keep_their_keys_whatever_the_order_of_the_file(tmp_path: Path) -> None:
    lines = INPUT.read_text().split("BORDO\n")
    # Two buildings of parcel 10 change places.
    first, second = (i for i, part in enumerate(lines) if part.startswith("10+"))
    lines[first], lines[second] = lines[second], lines[first]
    path = tmp_path / "input.CTF"
    path.write_text("BORDO\n".join(lines))
    assert _corners(path) == _corners(INPUT)
    assert len(_corners(path)) == 3


def test_a_map_without_buildings_says_its_parcels(tmp_path: Path) -> None:
    head, *areas = INPUT.read_text().split("BORDO\n")
    kept = [area for area in areas if not area.split("\n", 1)[0].endswith("+")]
    path = tmp_path / "input.CTF"
    path.write_text("BORDO\n".join([head, *kept]))
    before, after = _facts(INPUT), _facts(path)
    assert len(kept) < len(areas)
    assert before - after == {"fabbricato"}
    assert "particella" in after


def _facts(path: Path) -> set[str]:
    return {d.fatto for d in said("catasto_mappa", path) if isinstance(d, Asserzione)}


@pytest.mark.parametrize("sample", [(300,), (300, 64_000), (64_000,)])
def test_a_map_is_known_however_long_its_first_border(
    sample: tuple[int, ...], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(catasto_mappa, "_SAMPLE_BYTES", sample)
    ambito = catasto_mappa.ambito(INPUT)
    assert (ambito.crs, ambito.parti["foglio"]) == ("EPSG:7791", ("X999_000100",))


def _corners(path: Path) -> dict[str, tuple[float, ...]]:
    return {
        detto.chiave: shape_of(detto).bounds
        for detto in said("catasto_mappa", path)
        if isinstance(detto, Asserzione) and detto.fatto == "fabbricato"
    }


def test_a_quadro_d_unione_says_no_facts(tmp_path: Path) -> None:
    path = tmp_path / "X9990128QU.cxf"
    text = INPUT.read_text().replace("MAPPA\n", "QUADRO D'UNIONE\n", 1)
    path.write_text(text.replace("X999_000100", "X999_0128QU"))
    assert catasto_mappa.ambito(path).parti["particella"] == ()
    found = said("catasto_mappa", path)
    assert not [d for d in found if isinstance(d, Asserzione)]
    assert [d.tipo for d in found if isinstance(d, Avviso)][-1] == "quadro d'unione"


def test_an_unreadable_table_of_surfaces_is_told_and_the_map_taken(tmp_path: Path) -> None:
    shutil.copy(INPUT, tmp_path)
    (tmp_path / "input.SUP").write_text("X999_000100  20240201\nN.FABBRIC  tre\n")
    found = said("catasto_mappa", tmp_path / "input.CTF")
    assert "tabella delle superfici illeggibile" in {d.tipo for d in found if isinstance(d, Avviso)}
    assert sum(isinstance(d, Asserzione) for d in found) == 8


def test_a_map_that_breaks_off_ends_nothing_by_its_silence(tmp_path: Path) -> None:
    path = tmp_path / "input.CTF"
    text = INPUT.read_text()
    path.write_text(text[: text.rindex("BORDO")])
    assert catasto_mappa.ambito(path).parti == dict.fromkeys(catasto_mappa.FONTE.facts, ())
    path.write_text(f"{text}{'x' * 100_000}\n")
    assert catasto_mappa.ambito(path).parti["particella"] == ("X999_000100",)


@pytest.mark.parametrize("code", ["", "+", "1|2"])
def test_an_area_with_no_code_is_refused_alone(code: str, tmp_path: Path) -> None:
    path = tmp_path / "input.CTF"
    path.write_text(INPUT.read_text().replace("BORDO\nA\n", f"BORDO\n{code}\n", 1))
    before, found = said("catasto_mappa", INPUT), said("catasto_mappa", path)
    assert [d.valore for d in found if isinstance(d, Rifiuto) and d not in before] == [code]
    assert sum(isinstance(d, Asserzione) for d in found) == 7


def test_a_damaged_area_still_says_which_parcel_it_was(tmp_path: Path) -> None:
    path = tmp_path / "input.CTF"
    head, tail = INPUT.read_text().split("BORDO\n12/3\n")
    first, rest = tail.split("BORDO", 1)
    path.write_text(f"{head}BORDO\n12/3\n{first.replace('.', ',')}BORDO{rest}")
    refused = [d for d in said("catasto_mappa", path) if isinstance(d, Rifiuto)]
    assert (("particella", "X999/_/1/12/3"),) in [d.chiavi for d in refused]


def test_a_border_in_two_pieces_is_one_sheet(tmp_path: Path) -> None:
    path = tmp_path / "input.CTF"
    head, *areas = INPUT.read_text().split("BORDO\n")
    border = next(area for area in areas if area.startswith("X999_000100"))
    path.write_text("BORDO\n".join([head, border.replace(" 660", " 661"), *areas]))
    (sheet,) = (
        d for d in said("catasto_mappa", path) if isinstance(d, Asserzione) and d.fatto == "foglio"
    )
    assert shape_of(sheet).geom_type == "MultiPolygon"


@pytest.mark.parametrize(("x", "crs"), [("16", "EPSG:3003"), ("25", "EPSG:3004")])
def test_a_map_in_roma_40_is_known_by_its_outlines(x: str, crs: str, tmp_path: Path) -> None:
    path = tmp_path / "X999_000100.cxf"
    # Labels may stand anywhere: those of this map are at zero.
    blocks = INPUT.read_text().replace("  660", f" {x}60").split("BORDO\n")
    for n, block in enumerate(blocks[1:], 1):
        lines = block.split("\n")
        lines[3:7] = ["       0.000"] * 4
        blocks[n] = "\n".join(lines)
    path.write_text("BORDO\n".join(blocks))
    assert catasto_mappa.ambito(path).crs == crs


def test_a_map_without_outlines_is_refused_in_words(tmp_path: Path) -> None:
    path = tmp_path / "X999_000100.cxf"
    path.write_text("MAPPA\nX999_000100\n1000.000\nEOF\n")
    with pytest.raises(Refused, match="nessun contorno"):
        catasto_mappa.ambito(path)
