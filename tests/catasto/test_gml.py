"""The open data of the Agenzia delle Entrate: reading, peeking, writing."""

from __future__ import annotations

import io
from dataclasses import replace
from datetime import datetime
from pathlib import Path

import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from shapely.geometry.base import BaseGeometry

from catasto.errors import FormatError, NotRecognised
from catasto.formati.gml import (
    OggettoGml,
    TipoGml,
    peek_gml,
    read_gml,
    write_fogli,
    write_particelle,
)
from tests.catasto.dati import real_file
from tests.catasto.strategie import riferimenti

MOMENTO = datetime(2025, 2, 23, 20, 26, 50)  # noqa: DTZ001 - the Agenzia writes no zone
TESTA = """<?xml version="1.0" encoding="UTF-8"?>
<wfs:FeatureCollection xmlns:CP="http://mapserver.gis.umn.edu/mapserver"
 xmlns:gml="http://www.opengis.net/gml/3.2" xmlns:wfs="http://www.opengis.net/wfs/2.0">
"""
CODA = "</wfs:FeatureCollection>\n"
QUADRATO = "42 12 42 12.001 42.001 12.001 42.001 12 42 12"


def member(
    coordinate: str = QUADRATO, riferimento: str = "H501_000100.1", extra: str = "", altro: str = ""
) -> str:
    return (
        "<wfs:member>\n"
        f'<CP:CadastralParcel gml:id="CadastralParcel.IT.AGE.PLA.{riferimento}">\n'
        '<CP:msGeometry><gml:Polygon srsName="urn:ogc:def:crs:EPSG::6706"><gml:exterior>'
        f'<gml:LinearRing><gml:posList srsDimension="2">{coordinate}</gml:posList>'
        f"</gml:LinearRing></gml:exterior>{extra}</gml:Polygon></CP:msGeometry>\n"
        f"<CP:NATIONALCADASTRALREFERENCE>{riferimento}</CP:NATIONALCADASTRALREFERENCE>{altro}\n"
        "</CP:CadastralParcel>\n</wfs:member>\n"
    )


def read(testo: str) -> list[OggettoGml]:
    return list(read_gml(io.BytesIO(testo.encode()), "prova.gml"))


def shape(oggetto: OggettoGml) -> BaseGeometry:
    assert oggetto.geometria is not None
    geometria = shapely.from_wkb(oggetto.geometria)
    assert geometria is not None
    return geometria


def one(testo: str) -> OggettoGml:
    (oggetto,) = read(TESTA + testo + CODA)
    return oggetto


def interior(coordinate: str) -> str:
    return (
        "<gml:interior><gml:LinearRing><gml:posList>"
        f"{coordinate}</gml:posList></gml:LinearRing></gml:interior>"
    )


def test_a_real_answer_of_the_service_is_read() -> None:
    (o,) = read_gml(real_file("catasto/ade_wfs_sample/A176_003100_329.gml"))
    assert (o.riga, o.riferimento, o.etichetta) == (26, "A176_003100.329", "329")
    assert (o.id_locale, o.unita_amministrativa) == ("IT.AGE.PLA.A176_003100.329", "A176")
    assert str(o.particella) == "A176/_/31/329"
    assert o.problema is None
    poligono = shape(o)
    assert poligono.is_valid
    assert shapely.get_num_coordinates(poligono) == 6
    assert poligono.bounds == pytest.approx(
        (12.99953415, 37.99924858, 13.00094337, 38.0003025), abs=1e-4
    )


def test_the_head_of_a_real_answer_tells_date_kind_and_system() -> None:
    testa = peek_gml(real_file("catasto/ade_wfs_sample/A176_003100_329.gml"))
    assert testa.tipo is TipoGml.PARTICELLE
    assert testa.data_ora == MOMENTO
    assert (testa.epsg, testa.assi_scambiati, testa.dichiarati) == (6706, False, 1)


@st.composite
def polygons(draw: st.DrawFn) -> bytes:
    quanti = draw(st.integers(1, 3))
    forme = []
    for n in range(quanti):
        x = draw(st.integers(700, 1800)) / 100 + n / 2
        y = draw(st.integers(3600, 4700)) / 100
        lato = draw(st.integers(4, 400)) / 10000
        quadro: BaseGeometry = shapely.box(x, y, x + lato, y + lato)
        if draw(st.booleans()):
            quadro = quadro.difference(
                shapely.box(x + lato / 4, y + lato / 4, x + lato / 2, y + lato / 2)
            )
        forme.append(quadro)
    geometria = shapely.union_all(forme)
    return bytes(shapely.to_wkb(shapely.set_precision(geometria, 1e-8), byte_order=1))


@st.composite
def objects(draw: st.DrawFn) -> OggettoGml:
    riferimento = draw(riferimenti).riferimento_nazionale
    return OggettoGml(
        riga=0,
        riferimento=riferimento,
        etichetta=draw(st.one_of(st.none(), st.text("AZ09<&>'\"è", min_size=1, max_size=6))),
        id_locale=f"IT.AGE.PLA.{riferimento}",
        unita_amministrativa=riferimento[:4],
        geometria=draw(polygons()),
    )


@given(st.lists(objects(), max_size=3))
@settings(max_examples=30, deadline=None)
def test_parcels_written_are_read_back(oggetti: list[OggettoGml]) -> None:
    flusso = io.BytesIO()
    assert write_particelle(flusso, oggetti, momento=MOMENTO, numero=len(oggetti)) == len(oggetti)
    letti = list(read_gml(io.BytesIO(flusso.getvalue())))
    assert [replace(o, riga=0, geometria=None) for o in letti] == [
        replace(o, geometria=None) for o in oggetti
    ]
    righe = flusso.getvalue().splitlines()
    for letto, scritto in zip(letti, oggetti, strict=True):
        assert b"CadastralParcel gml:id" in righe[letto.riga - 1]
        assert shapely.equals_exact(shape(letto), shape(scritto), 6e-9)


def test_the_same_records_give_the_same_bytes(tmp_path: Path) -> None:
    oggetto = one(member())
    scritti = []
    for nome in ("a.gml", "b.gml"):
        with (tmp_path / nome).open("wb") as f:
            write_particelle(
                f, [oggetto] * 3, momento=MOMENTO, numero=3, estensione=(12.0, 42.0, 12.1, 42.1)
            )
        scritti.append((tmp_path / nome).read_bytes())
    assert scritti[0] == scritti[1]
    assert peek_gml(tmp_path / "a.gml").dichiarati == 3
    assert len(list(read_gml(tmp_path / "a.gml"))) == 3


def test_sheets_are_written_and_read() -> None:
    foglio = replace(
        one(member()),
        riferimento="H501_0001A0",
        etichetta="1A",
        id_locale="IT.AGE.MAP.H501_0001A0",
        livello="3rdOrder",
        nome_livello="Mappa Catastale",
        unita_amministrativa="H501",
    )
    flusso = io.BytesIO()
    write_fogli(flusso, [foglio], momento=MOMENTO)
    flusso.seek(0)
    assert peek_gml(flusso).tipo is TipoGml.FOGLI
    flusso.seek(0)
    (letto,) = read_gml(flusso)
    assert replace(letto, riga=foglio.riga) == foglio
    assert str(letto.mappa) == "H501_0001A0"


def test_features_are_the_same_however_the_file_is_cut(monkeypatch: pytest.MonkeyPatch) -> None:
    testo = TESTA + "".join(member(riferimento=f"H501_000100.{n}") for n in range(1, 40)) + CODA
    interi = read(testo)
    assert [o.riferimento for o in interi] == [f"H501_000100.{n}" for n in range(1, 40)]
    assert interi[1].riga - interi[0].riga == 6
    for blocco in (700, 1001, 2048):
        monkeypatch.setattr("catasto.formati.gml.read._BLOCCO", blocco)
        assert read(testo) == interi


def test_both_spellings_and_other_prefixes_are_understood() -> None:
    cammello = (
        member()
        .replace("NATIONALCADASTRALREFERENCE", "nationalCadastralReference")
        .replace("gml:", "g:")
        .replace("</CP:Cadastral", "<CP:inspireId_localId>X.1</CP:inspireId_localId></CP:Cadastral")
    )
    o = one(cammello)
    assert (o.riferimento, o.id_locale, o.problema) == ("H501_000100.1", "X.1", None)
    assert o.geometria == one(member()).geometria


def test_a_spelling_that_changes_half_way_loses_nothing() -> None:
    cammello = member(riferimento="H501_000100.2").replace(
        "NATIONALCADASTRALREFERENCE", "nationalCadastralReference"
    )
    letti = read(TESTA + member() + cammello + member() + CODA)
    assert [o.riferimento for o in letti] == ["H501_000100.1", "H501_000100.2", "H501_000100.1"]


def test_several_surfaces_make_a_multipolygon_with_its_holes() -> None:
    buco = "42.0002 12.0002 42.0004 12.0002 42.0004 12.0004 42.0002 12.0002"
    doppio = member(extra=interior(buco)).replace(
        "</gml:Polygon>",
        "</gml:Polygon></gml:surfaceMember><gml:surfaceMember><gml:Polygon><gml:exterior>"
        "<gml:LinearRing><gml:posList>43 12 43 12.1 43.1 12.1 43 12</gml:posList>"
        "</gml:LinearRing></gml:exterior></gml:Polygon>",
    )
    geometria = shape(one(doppio))
    assert geometria.geom_type == "MultiPolygon"
    assert shapely.get_num_interior_rings(shapely.get_parts(geometria)).tolist() == [1, 0]


def test_swapped_axes_are_put_right_for_the_whole_file() -> None:
    scambiato = "12 42 12.001 42 12.001 42.001 12 42.001 12 42"
    testo = TESTA + member(scambiato) + CODA
    assert peek_gml(io.BytesIO(testo.encode())).assi_scambiati
    (o,) = read(testo)
    assert shape(o).bounds == (12.0, 42.0, 12.001, 42.001)


@pytest.mark.parametrize(
    ("coordinate", "problema"),
    [
        ("42 12 42 12.001 42 12", "anello con meno di 4 punti"),
        ("42 12 42 12.001 x 12 42 12", "coordinate illeggibili"),
        ("42 12 42 12.001 42", "numero dispari di coordinate"),
        ("42 12 42 nan 42.001 12.001 42 12", "coordinate fuori dall'Italia"),
        ("42 12 42 12.001 62.001 12.001 42 12", "coordinate fuori dall'Italia"),
        ("", "anello con meno di 4 punti"),
    ],
)
def test_a_ring_that_cannot_be_read_leaves_the_others_alone(coordinate: str, problema: str) -> None:
    letti = read(TESTA + member() + member(coordinate) + member() + CODA)
    assert [o.problema for o in letti] == [None, problema, None]
    assert [o.geometria is None for o in letti] == [False, True, False]
    assert letti[1].riferimento == "H501_000100.1"


@pytest.mark.parametrize(
    "prima", ["0 0 0 0 0 0 0 0", "4.2e1 12 4.2e1 12.001 4.2001e1 12.001 4.2e1 12"]
)
def test_axes_are_swapped_only_where_the_first_number_is_a_longitude(prima: str) -> None:
    letti = read(TESTA + member(prima) + member() + CODA)
    assert [o.geometria is None for o in letti] == [prima.startswith("0"), False]


def test_a_surface_of_too_few_points_leaves_the_others_of_its_parcel() -> None:
    for nulla, buona in (("42 12 42 12.001 42 12", QUADRATO), (QUADRATO, "42 12 42 12.001")):
        doppio = member(nulla).replace(
            "</gml:Polygon>",
            f"{interior('42.0002 12.0002 42.0004 12.0002 42.0004 12.0004 42.0002 12.0002')}"
            "</gml:Polygon></gml:surfaceMember><gml:surfaceMember><gml:Polygon><gml:exterior>"
            f"<gml:LinearRing><gml:posList>{buona}</gml:posList>"
            "</gml:LinearRing></gml:exterior></gml:Polygon>",
        )
        o = one(doppio)
        assert o.problema == "anello con meno di 4 punti"
        holes = int(shapely.get_num_interior_rings(shape(o)))
        assert (shape(o).geom_type, holes) == ("Polygon", 1 if nulla == QUADRATO else 0)


def test_an_open_ring_is_closed_and_said() -> None:
    o = one(member("42 12 42 12.001 42.001 12.001 42.001 12"))
    assert o.problema == "anello non chiuso, chiuso in lettura"
    assert o.geometria == one(member()).geometria


def test_a_bad_hole_is_left_out_and_said() -> None:
    o = one(member(extra=interior("42 12 42 12")))
    assert o.problema == "anello con meno di 4 punti (isola)"
    assert o.geometria == one(member()).geometria


def test_a_feature_without_geometry_or_reference_is_said() -> None:
    senza = member().replace("posList", "altro")
    assert one(senza).problema == "geometria assente"
    anonimo = member(riferimento="")
    assert one(anonimo).problema == "riferimento mancante"


def test_comments_cdata_and_entities_are_xml_too() -> None:
    commento = f"<!-- {member(riferimento='H501_000100.9')} -->"
    etichetta = "<CP:LABEL><![CDATA[A&B]]></CP:LABEL>"
    letti = read(TESTA + commento + member(altro=etichetta) + commento + CODA)
    assert [(o.riferimento, o.etichetta) for o in letti] == [("H501_000100.1", "A&B")]
    assert one(member(altro="<CP:LABEL>1&lt;2</CP:LABEL>")).etichetta == "1<2"


@pytest.mark.parametrize(
    "testo",
    [
        TESTA + member(),
        TESTA + member() + member()[:300],
        TESTA + member() + "<wfs:member>",
        TESTA,
    ],
)
def test_a_truncated_file_is_refused_after_its_features(testo: str) -> None:
    with pytest.raises(FormatError, match="troncato"):
        read(testo)


def test_broken_nesting_is_refused_with_its_line() -> None:
    rotto = member().replace("</gml:LinearRing>", "")
    with pytest.raises(FormatError, match=r"riga 5: XML non ben formato"):
        read(TESTA + rotto + member() + CODA)


def test_a_feature_of_another_kind_is_never_passed_over() -> None:
    altro = member().replace("CP:CadastralParcel", "CP:Altro")
    with pytest.raises(FormatError, match="elemento inatteso"):
        read(TESTA + member() + altro + member() + CODA)


def test_an_optional_property_may_come_late() -> None:
    letti = read(TESTA + member() + member(altro="<CP:LABEL>7</CP:LABEL>") + CODA)
    assert [o.etichetta for o in letti] == [None, "7"]


def test_an_empty_answer_has_no_features() -> None:
    assert read(TESTA + CODA) == []
    assert peek_gml(io.BytesIO((TESTA + CODA).encode())).tipo is None


def test_an_error_of_the_service_is_never_an_empty_answer() -> None:
    errore = (
        '<?xml version="1.0"?><ServiceExceptionReport><ServiceException code="x">\n'
        "area troppo grande</ServiceException></ServiceExceptionReport>"
    )
    with pytest.raises(FormatError, match="area troppo grande"):
        read(errore)


@pytest.mark.parametrize("testo", ["", "ciao", "<html></html>", "\0\1\2"])
def test_what_is_not_gml_is_not_recognised(testo: str) -> None:
    with pytest.raises(NotRecognised):
        peek_gml(io.BytesIO(testo.encode()))


def test_heights_are_refused() -> None:
    with pytest.raises(FormatError, match="tre dimensioni"):
        read(TESTA + member().replace('srsDimension="2"', 'srsDimension="3"') + CODA)


def test_the_local_id_is_found_in_the_id_of_the_feature() -> None:
    assert one(member()).id_locale == "IT.AGE.PLA.H501_000100.1"
    assert one(member().replace("gml:id", "fid")).id_locale is None


def test_another_reference_system_is_refused() -> None:
    testo = (TESTA + member() + CODA).replace("EPSG::6706", "EPSG::3003")
    with pytest.raises(FormatError, match="EPSG:3003"):
        read(testo)
