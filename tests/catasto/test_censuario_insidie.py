"""Traps of real supplies (catasto.md §2-7, §11): what they hold beside good lines."""

import codecs
from decimal import Decimal

import pytest

from catasto.formati.censuario import (
    SituazioneTerreno,
    SituazioneUrbana,
    TitolaritaCensuaria,
    read_fab,
    read_sog,
    read_ter,
    read_tit,
)
from tests.catasto.censuario import (
    FAB_1,
    FAB_2,
    FAB_3,
    SOG_P,
    TER_1,
    TIT,
    Fornito,
    supplied,
)


def _unit(*righe: str) -> SituazioneUrbana:
    (unit,) = read_fab(supplied(*righe))
    assert isinstance(unit, SituazioneUrbana)
    return unit


def _parcel(*righe: str) -> SituazioneTerreno:
    (parcel,) = read_ter(supplied(*righe))
    assert isinstance(parcel, SituazioneTerreno)
    return parcel


def _right(riga: str) -> TitolaritaCensuaria:
    (right,) = read_tit(supplied(riga))
    assert isinstance(right, TitolaritaCensuaria)
    return right


@pytest.mark.parametrize("righe", [(FAB_1, FAB_2), (FAB_1,)])
def test_the_mark_of_utf_8_is_no_part_of_the_first_field(righe: tuple[str, ...]) -> None:
    marked = Fornito(codecs.BOM_UTF8 + supplied(*righe).contenuto)
    assert list(read_fab(marked)) == list(read_fab(supplied(*righe)))


def test_the_mark_alone_is_a_file_without_records() -> None:
    assert list(read_sog(Fornito(codecs.BOM_UTF8))) == []
    assert len(list(read_sog(Fornito(codecs.BOM_UTF8 + SOG_P.encode())))) == 1


def test_an_absent_section_may_be_written_as_in_the_names_of_maps() -> None:
    assert _unit(FAB_1.replace("H501|B|", "H501|_|")).sezione == ""


def test_groups_that_are_all_blank_are_none() -> None:
    unit = _unit(
        FAB_1,
        f"H501|B|4711001|F|2|2||0352|01018||0007||{'|' * 12}",
        f"{FAB_3}{'|' * 18}",
        f"H501|B|4711001|F|2|4||0352|01018||0001|{'|' * 5}",
        "H501|B|4711001|F|2|5|1|0001234|||",
    )
    assert [i.numero for i in unit.identificativi] == ["01018"]
    assert [a.indirizzo for a in unit.indirizzi] == ["DEI CIABATTARI"]
    assert [u.subalterno for u in unit.utilita_comuni] == ["0001"]
    assert [r.partita for r in unit.riserve] == ["0001234"]
    assert unit.anomalie == ()


def test_portions_that_are_all_blank_are_none() -> None:
    parcel = _parcel(TER_1, f"H501|B|990123|T|1|4|AA|1|03|0|80|00|{'|' * 6}")
    assert [p.identificativo for p in parcel.porzioni] == ["AA"]


def test_no_euro_for_an_amount_in_lire_is_said() -> None:
    unit = _unit(FAB_1.replace("|102||710,13|", "|102|1375000|0|"))
    assert [a.regola for a in unit.anomalie] == ["lire ed euro discordi"]
    unit = _unit(FAB_1.replace("|102||710,13|", "|102|0|710,13|"))
    assert unit.anomalie == ()


@pytest.mark.parametrize(
    ("da", "a", "campo"),
    [
        ("|5,5|", "|55555555,5|", "consistenza"),
        ("|102|", "|1022222222|", "superficie"),
        ("|710,13|", "|1710000000000,13|", "rendita"),
    ],
)
def test_a_figure_larger_than_its_field_is_empty_and_said(da: str, a: str, campo: str) -> None:
    unit = _unit(FAB_1.replace(da, a))
    assert unit.caratteristiche is not None
    assert getattr(unit.caratteristiche, campo) is None
    assert [(n.campo, n.regola) for n in unit.anomalie] == [(campo, "numero fuori misura")]


def test_leading_zeros_make_no_figure_larger() -> None:
    unit = _unit(FAB_1.replace("|5,5|", "|000000000005,5|"))
    assert unit.caratteristiche is not None
    assert unit.caratteristiche.consistenza == Decimal("5.5")


def test_a_situation_number_larger_than_its_field_is_no_key() -> None:
    (refused,) = read_fab(supplied(FAB_1.replace("|F|2|1|", "|F|99999999999|1|")))
    assert "progressivo" in getattr(refused, "motivo", "")


@pytest.mark.parametrize("ettari", ["x", "214748365"])
def test_an_area_with_an_unreadable_part_is_unknown(ettari: str) -> None:
    parcel = _parcel(TER_1.replace("|03|0|12|45|", f"|03|{ettari}|12|45|"))
    assert parcel.caratteristiche is not None
    assert parcel.caratteristiche.superficie is None
    assert [a.campo for a in parcel.anomalie] == ["superficie"]


def test_codes_that_no_table_has_are_said() -> None:
    unit = _unit(FAB_1, FAB_3.replace("|236|", "|998|"))
    assert [(a.campo, a.valore) for a in unit.anomalie] == [("toponimo", "998")]
    parcel = _parcel(TER_1.replace("||||1|03|", "||||777|03|"))
    assert [(a.campo, a.valore) for a in parcel.anomalie] == [("qualità", "777")]
    right = _right(TIT.replace("|1|2|C|", "|1|2|Q|"))
    assert [(a.campo, a.valore) for a in right.anomalie] == [("regime", "Q")]


def test_a_flag_of_zero_states_nothing() -> None:
    unit = _unit(FAB_1.removesuffix("4|") + "0|")
    assert unit.caratteristiche is not None
    assert unit.caratteristiche.flag_classamento is None


@pytest.mark.parametrize("codice", ["", "  "])
def test_a_right_without_its_code_is_said(codice: str) -> None:
    right = _right(TIT.replace("|F|10||", f"|F|{codice}||"))
    assert (right.codice_diritto, right.diritto) == ("", None)
    assert [(a.campo, a.regola) for a in right.anomalie] == [("diritto", "codice mancante")]


@pytest.mark.parametrize(("scritto", "codice"), [("10 ", "10"), ("1s ", "1s"), ("3  ", "3 ")])
def test_blanks_that_only_fill_a_right_to_three_characters_do_no_harm(
    scritto: str, codice: str
) -> None:
    right = _right(TIT.replace("|F|10||", f"|F|{scritto}||"))
    assert (right.codice_diritto, right.anomalie) == (scritto, ())
    assert right.diritto is not None
    assert right.diritto.codice == codice


def test_a_share_of_more_digits_than_a_number_holds_is_unknown() -> None:
    right = _right(TIT.replace("|1|2|C|", f"|1|{'9' * 19}|C|"))
    assert right.quota is None
    assert [a.campo for a in right.anomalie] == ["quota"]


def test_a_fiscal_code_in_small_letters_is_read_and_said() -> None:
    (person,) = read_sog(supplied(SOG_P.replace("RSSMRA80A01H501U", "rssmra80a01h501u")))
    assert str(getattr(person, "codice_fiscale", None)) == "RSSMRA80A01H501U"
    assert [a.regola for a in getattr(person, "anomalie", ())] == ["scritto in minuscolo"]


def test_a_right_of_nobody_is_said() -> None:
    right = _right(TIT.replace("|55001|P|", "|0|P|"))
    assert right.soggetto == 0
    assert [a.campo for a in right.anomalie] == ["identificativo soggetto"]
