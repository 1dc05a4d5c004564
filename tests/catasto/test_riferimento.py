"""References, map names and what people write."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from catasto.errors import InvalidValue
from catasto.nome_mappa import NomeMappa
from catasto.riferimento import (
    ClasseParticella,
    RiferimentoCatastale,
    RiferimentoUrbano,
    strip_zeros,
)
from catasto.scrittura import read_scrittura
from tests.catasto.dati import real_file
from tests.catasto.strategie import riferimenti, riferimenti_urbani


@given(riferimenti)
def test_a_parcel_survives_its_key_and_its_national_reference(r: RiferimentoCatastale) -> None:
    assert RiferimentoCatastale.parse(r.chiave) == r
    assert RiferimentoCatastale.parse(str(r)) == r
    assert RiferimentoCatastale.parse(r.riferimento_nazionale) == r
    assert NomeMappa.parse(str(r.nome_mappa)) == r.nome_mappa
    assert RiferimentoCatastale.of_mappa(r.nome_mappa, f"{r.numero}/{r.denominatore}") == r


@given(riferimenti_urbani)
def test_a_unit_survives_its_key(r: RiferimentoUrbano) -> None:
    assert RiferimentoUrbano.parse(r.chiave) == r


@given(st.text())
def test_text_either_is_a_parcel_or_is_refused(testo: str) -> None:
    try:
        r = RiferimentoCatastale.parse(testo)
    except InvalidValue:
        return
    assert RiferimentoCatastale.parse(r.chiave) == r


@given(st.text("0123AaX. ", max_size=8))
def test_zeros_are_stripped_once_and_for_all(testo: str) -> None:
    assert strip_zeros(strip_zeros(testo)) == strip_zeros(testo)


CASI = [
    ("H501B035200.1018", "H501/B/352/1018"),
    ("IT.AGE.PLA.A176_003100.329", "A176/_/31/329"),
    ("G113A002700.100", "G113/A/27/100"),
    ("G273_0033A0.673", "G273/_/33.A0/673"),
    ("H308_0052_125", "H308/_/52/125"),
    ("G224_000100..123", "G224/_/1/.123"),
    ("G224_000100.12/3", "G224/_/1/12/3"),
    ("H833_001300.STRADA001", "H833/_/13/STRADA001"),
    ("h501/b/0352/01018", "H501/B/352/1018"),
    ("H501/352/1018", "H501/_/352/1018"),
    ("H501/352/1018/3", "H501/_/352/1018/3"),
    ("H501, sez. B, fg. 352 p.lla 1018", "H501/B/352/1018"),
    ("comune H501 sezione B foglio n. 352 mappale 01018/2", "H501/B/352/1018/2"),
    ("H501 F. 352 N. 1018", "H501/_/352/1018"),
    ("H501 foglio 352 allegato B particella 1018", "H501/_/352.B0/1018"),
    ("H501 352 1018", "H501/_/352/1018"),
    ("H501 B 352 1018", "H501/B/352/1018"),
    ("Foglio: 352, Particella: 1018, H501", "H501/_/352/1018"),
]


@pytest.mark.parametrize(("testo", "chiave"), CASI)
def test_people_and_machines_write_the_same_parcel(testo: str, chiave: str) -> None:
    assert str(RiferimentoCatastale.parse(testo)) == chiave


@pytest.mark.parametrize(
    "testo",
    [
        "",
        "H501",
        "foglio 352 particella 1018",
        "Roma foglio 352 particella 1018 H501",
        "H501/B/352/1018 sub 7",
        "D3AB/352/1018",
        "H501/B/352/1018/2/3",
        "H501B0352.1018",
    ],
)
def test_what_is_not_a_whole_parcel_is_refused(testo: str) -> None:
    with pytest.raises(InvalidValue, match="riferimento catastale"):
        RiferimentoCatastale.parse(testo)


def test_the_municipality_may_come_from_the_context() -> None:
    assert str(RiferimentoCatastale.parse("352/1018", "H501")) == "H501/_/352/1018"
    assert str(RiferimentoCatastale.parse("fg 352 part 1018", "H501")) == "H501/_/352/1018"
    unita = RiferimentoUrbano.parse("foglio 352 particella 1018 sub 7", "H501")
    assert unita.chiave == "H501/_/352/1018 sub 7"
    assert unita.chiave_censuaria == "H501/_/352/1018"


def test_an_inset_is_not_the_main_sheet() -> None:
    main = RiferimentoCatastale.parse("H501_035200.1018")
    inset = RiferimentoCatastale.parse("H501_0352A0.1018")
    assert main != inset
    assert main.chiave != inset.chiave
    assert main.chiave_censuaria == inset.chiave_censuaria


def test_parts_that_are_not_canonical_are_refused() -> None:
    with pytest.raises(InvalidValue, match="canonica"):
        RiferimentoCatastale("H501", "", "0352", "0", "0", "1018")
    with pytest.raises(InvalidValue, match="canonica"):
        NomeMappa("H501", "_", "352")


def test_roads_and_waters_are_not_parcels() -> None:
    classi = {
        n: RiferimentoCatastale.parse(f"H833_001300.{n}").classe
        for n in ("STRADA001", "ACQUA310", "310", "A")
    }
    assert classi == {
        "STRADA001": ClasseParticella.STRADA,
        "ACQUA310": ClasseParticella.ACQUA,
        "310": ClasseParticella.PARTICELLA,
        "A": ClasseParticella.PARTICELLA,
    }


def test_what_a_search_box_does_not_understand_comes_back() -> None:
    s = read_scrittura("Casarsa della Delizia fg.2 n.345")
    assert (s.foglio, s.numero, s.resto) == ("2", "345", "CASARSA DELLA DELIZIA")


@pytest.mark.parametrize(
    "testo",
    [
        "Fg.5 part.lla 172",
        "fg 5 p.lla 172",
        "F.5 M.172",
        "f5 m172",
        "foglio 5, 172",
        "F758 5 172",
        "F758 f. 5 n. 172",
        "F758 foglio 5 mappale 172",
    ],
)
def test_a_sheet_and_a_parcel_are_read_as_offices_write_them(testo: str) -> None:
    s = read_scrittura(testo)
    comune = "F758" if testo.startswith("F758") else None
    assert (s.comune_catastale, s.foglio, s.numero, s.resto) == (comune, "5", "172", "")


def test_letters_of_a_municipality_are_no_parcel() -> None:
    s = read_scrittura("M082 foglio 5")
    assert (s.comune_catastale, s.foglio, s.numero) == ("M082", "5", None)


def test_a_union_sheet_is_told_by_its_last_letters() -> None:
    assert NomeMappa.parse("H282B0128QU").quadro_unione
    assert not NomeMappa.parse("H282B0001A0").quadro_unione


def test_real_national_references_are_read() -> None:
    elementi = json.loads(
        real_file("catasto/pigreco_wfs_particelle/particelle_esempio.geojson").read_text()
    )["features"]
    testi = [
        valore
        for e in elementi
        for nome, valore in e["properties"].items()
        if nome.lower() == "nationalcadastralreference"
    ]
    assert len(testi) == 4
    lette = [RiferimentoCatastale.parse(t) for t in testi]
    assert [r.riferimento_nazionale for r in lette] == testi
    assert {r.classe for r in lette} == set(ClasseParticella)
