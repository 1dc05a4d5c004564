"""Style and legend come from one table: nothing is drawn that has no word."""

from datetime import date

import pytest
from lxml import etree

from maps import style
from maps.layer import BASE, BY_NAME, INTERRUTTORI, LAYERS, Forma, Layer, chosen
from maps.tile import NOMI


def test_every_layer_is_drawn_from_its_own_rows_of_a_source() -> None:
    made = style.style(chosen(None))
    drawn = {part["source-layer"] for part in made["layers"] if "source-layer" in part}
    assert drawn == {layer.nome for layer in LAYERS}
    for part in made["layers"]:
        if "source" in part:
            assert part["source"] in made["sources"]
    assert len({part["id"] for part in made["layers"]}) == len(made["layers"])


def test_no_glyphs_and_no_other_host_are_asked_for() -> None:
    made = style.style(chosen(None))
    assert "glyphs" not in made
    assert "sprite" not in made
    for source in made["sources"].values():
        assert all(address.startswith("/tiles/") for address in source["tiles"])


def test_each_class_that_is_drawn_has_a_word_in_the_legend() -> None:
    words = {row.titolo for group in style.legend(chosen(None)) for row in group.voci}
    for layer in LAYERS:
        for classe in layer.classi:
            assert classe.titolo in words


def test_the_legend_leaves_out_what_the_town_does_not_have() -> None:
    groups = style.legend(chosen(None), {"edifici": {"residenziale"}, "comuni": {""}})
    assert [g.nome for g in groups] == ["comuni", "edifici"]
    assert [row.titolo for row in groups[1].voci] == ["Residenziale"]


def test_a_class_without_a_fill_gets_none() -> None:
    made = {part["id"]: part for part in style.style(())["layers"]}
    filled = made["aree_pericolosita"]["filter"][2][1]
    hatched = made["aree_pericolosita-tratteggio"]["filter"][2][1]
    assert "frana_p4" in filled
    assert "frana_aa" in hatched
    assert not {"studio", "altro", "frana_aa"} & set(filled)
    assert "studio" not in hatched


def test_switched_off_layers_are_in_the_style_but_not_visible() -> None:
    made = style.style(("edifici",))
    visible = {
        part["metadata"]["interruttore"]
        for part in made["layers"]
        if part.get("layout", {}).get("visibility") == "visible"
        and "interruttore" in part["metadata"]
    }
    assert visible == {"edifici"}


def test_tiles_name_the_day_and_the_version() -> None:
    address = style.tile_address(("edifici",), date(2024, 1, 2), "7")
    assert address == "/tiles/edifici/{z}/{x}/{y}.mvt?alla_data=2024-01-02&v=7"
    assert style.tile_address(("edifici",), None, None) == "/tiles/edifici/{z}/{x}/{y}.mvt"


def test_what_the_style_asks_for_can_be_asked_for() -> None:
    assert set(BY_NAME) <= NOMI
    assert set(BASE) < set(BY_NAME)


def test_the_chosen_object_is_marked_by_a_filter_on_one_id() -> None:
    marks = [p for p in style.style(())["layers"] if p["id"].endswith("-scelto")]
    assert [p["filter"] for p in marks] == [["==", ["id"], -1]] * 2


@pytest.mark.parametrize("layer", LAYERS, ids=lambda layer: layer.nome)
def test_swatches_are_svg_without_style_attributes(layer: Layer) -> None:
    for classe in layer.classi:
        root = etree.fromstring(style.swatch(layer, classe))
        assert root.get("aria-hidden") == "true"
        assert not root.xpath("//@style")
        assert len(root) >= 1


def test_neighbouring_fills_are_parted_by_a_line_that_is_seen() -> None:
    areas = [layer for layer in LAYERS if layer.forma is Forma.AREA]
    assert len(areas) >= 4
    for layer in areas:
        for classe in layer.classi:
            fill = classe.riempimento or "#ffffff"
            least = 3.0 if layer.nome != "particelle" else 1.5  # the plots are a quiet ground
            assert contrast(fill, classe.linea) >= least, (layer.nome, classe.codice)


def contrast(a: str, b: str) -> float:
    """Return the contrast of two colours as WCAG defines it."""
    light, dark = sorted((luminance(a), luminance(b)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def luminance(colour: str) -> float:
    parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def test_unknown_names_switch_nothing_on() -> None:
    assert chosen("boh,<b>") == ()
    assert chosen(None) == tuple(layer.nome for layer in INTERRUTTORI if layer.acceso)
