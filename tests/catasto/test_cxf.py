"""Vector maps: the real sheet of Rome, damaged files, and what is written is read back."""

from __future__ import annotations

import io
from codecs import BOM_UTF8
from collections import Counter
from dataclasses import replace

import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st
from shapely.geometry.base import BaseGeometry

from catasto.errors import NotRecognised
from catasto.formati import cxf
from catasto.formati.cxf import (
    Bordo,
    ClasseBordo,
    Fiduciale,
    Libretto,
    Linea,
    MappaCxf,
    Simbolo,
    likely_epsg,
    read_cxf,
    write_cxf,
)
from catasto.formati.wkb import pack_line
from tests.catasto.dati import real_file

MINIMA = """MAPPA
H501_000100
    1000.000
BORDO
12
  18
       0.000
     105.000
     105.000
     105.000
     105.000
   0
   5
     100.000
     100.000
     110.000
     100.000
     110.000
     110.000
     100.000
     110.000
     100.000
     100.000
EOF
"""
ELEMENTI = """TESTO\\
(731)
   0
       0.500
       1.000
       2.000
SIMBOLO
   9
       0.000
       1.000
       2.000
FIDUCIALE
12
   8
       1.000
       2.000
       3.000
       4.000
LINEA
   5
   2
       0.000
       0.000
       1.000
       1.000
RIFERIMENTO_RASTER
H501_000100.tif
       0.000
      10.000
      10.000
      10.000
       0.000
       0.000
      10.000
       0.000
LIBRETTO
0
   1
   2
       0.000
       0.000
       1.000
       1.000
"""


def read(testo: str, nome: str = "prova.cxf") -> MappaCxf:
    return read_cxf(io.BytesIO(testo.encode("iso-8859-1")), nome)


def shape(bordo: Bordo) -> BaseGeometry:
    assert bordo.geometria is not None
    geometria = shapely.from_wkb(bordo.geometria)
    assert geometria is not None
    return geometria


@pytest.fixture(scope="module")
def roma() -> MappaCxf:
    return read_cxf(real_file("catasto/catasto-open_catasto-ingest/H501D076700.CTF"))


def test_the_sheet_of_rome_has_all_its_elements(roma: MappaCxf) -> None:
    assert Counter(b.classe for b in roma.bordi) == {
        ClasseBordo.CONFINE: 1,
        ClasseBordo.PARTICELLA: 381,
        ClasseBordo.FABBRICATO: 131,
        ClasseBordo.ACQUA: 2,
        ClasseBordo.STRADA: 1,
    }
    esterni = {
        nome: (len(elementi), sum(e.esterno for e in elementi))
        for nome, elementi in (
            ("testi", roma.testi),
            ("simboli", roma.simboli),
            ("linee", roma.linee),
        )
    }
    assert esterni == {"testi": (88, 38), "simboli": (307, 80), "linee": (645, 73)}
    assert len(roma.fiduciali) == 27
    assert (str(roma.nome), roma.scala, roma.trasformata) == ("H501D076700", 4000.0, True)
    assert (roma.anomalie, roma.rifiutate) == ((), ())
    isole = shapely.get_num_interior_rings([shape(b) for b in roma.bordi])
    assert int((isole > 0).sum()) == 34
    assert not any(b.problema for b in roma.bordi)


def test_the_areas_of_rome_tile_its_border(roma: MappaCxf) -> None:
    (confine,) = roma.of_class(ClasseBordo.CONFINE)
    assert confine.area() == pytest.approx(3_806_503.4, abs=0.1)
    classi = (ClasseBordo.PARTICELLA, ClasseBordo.STRADA, ClasseBordo.ACQUA)
    somma = sum(b.area() for c in classi for b in roma.of_class(c))
    assert somma == pytest.approx(confine.area(), abs=0.1)


def test_each_building_of_rome_is_in_the_parcel_of_its_code(roma: MappaCxf) -> None:
    particelle: dict[str, list[BaseGeometry]] = {}
    for b in roma.of_class(ClasseBordo.PARTICELLA):
        particelle.setdefault(b.codice, []).append(shape(b))
    dentro = [
        shapely.area(shapely.intersection(shape(b), shapely.union_all(particelle[b.numero])))
        / b.area()
        for b in roma.of_class(ClasseBordo.FABBRICATO)
    ]
    assert len(dentro) == 131
    assert min(dentro) >= 0.98
    riferimento = roma.riferimento(roma.of_class(ClasseBordo.FABBRICATO)[0])
    assert riferimento is not None
    assert riferimento.chiave.startswith("H501/D/767/")


def test_points_of_rome_are_computed_anew_because_the_file_has_them_wrong(roma: MappaCxf) -> None:
    fuori = [b for b in roma.bordi if not shapely.contains_xy(shape(b), *b.punto_interno)]
    assert len(fuori) > 100
    for b in roma.bordi:
        punto = b.representative_point()
        assert punto is not None
        assert shapely.contains_xy(shape(b), *punto)


def test_the_zone_of_rome_is_33(roma: MappaCxf) -> None:
    assert likely_epsg(roma) == 7792


def test_rome_survives_writing(roma: MappaCxf) -> None:
    flusso = io.BytesIO()
    write_cxf(flusso, roma)
    riletta = read_cxf(io.BytesIO(flusso.getvalue()), roma.nome_file)
    for gruppo in ("bordi", "testi", "simboli", "fiduciali", "linee", "raster", "libretti"):
        prima = [replace(e, riga=0) for e in getattr(roma, gruppo)]
        assert [replace(e, riga=0) for e in getattr(riletta, gruppo)] == prima


def test_a_damaged_real_file_is_read_as_far_as_it_goes() -> None:
    mappa = read_cxf(real_file("catasto/amefad_QGIS_import_catasto/test.cxf"))
    assert [(b.codice, b.classe) for b in mappa.bordi] == [
        ("30", ClasseBordo.PARTICELLA),
        ("30+", ClasseBordo.FABBRICATO),
        ("30+", ClasseBordo.FABBRICATO),
    ]
    assert [a.campo for a in mappa.anomalie] == ["nome della mappa", "scala", "EOF", "BORDO"]
    assert (mappa.nome, mappa.scala, mappa.rifiutate) == (None, None, ())
    assert mappa.riferimento(mappa.bordi[0]) is None


def test_the_example_of_the_specification() -> None:
    mappa = read(MINIMA)
    (b,) = mappa.bordi
    assert (b.codice, b.dimensione, b.area(), b.riga) == ("12", 18, 100.0, 4)
    assert str(mappa.riferimento(b)) == "H501/_/1/12"


def test_every_kind_of_element_is_read() -> None:
    mappa = read(MINIMA.replace("EOF", ELEMENTI + "EOF"))
    assert mappa.testi[0] == cxf.Testo(24, "(731)", 0, 0.5, 1.0, 2.0, esterno=True)
    assert mappa.testi[0].diritto_di_superficie
    assert mappa.testi[0].particella_raster
    assert mappa.simboli == (Simbolo(30, 9, 0.0, 1.0, 2.0),)
    assert mappa.fiduciali == (Fiduciale(35, "12", 8, 1.0, 2.0, 3.0, 4.0),)
    assert mappa.linee == (Linea(42, 5, pack_line([0, 0, 1, 1])),)
    assert list(mappa.raster[0].angoli) == [0.0, 10.0, 10.0, 10.0, 10.0, 0.0, 0.0, 0.0]
    assert mappa.libretti == (Libretto(59, "0", 1, pack_line([0, 0, 1, 1])),)
    assert mappa.rifiutate == ()


def test_a_text_may_be_empty() -> None:
    vuoto = "TESTO\n\n  12\n       0.000\n       1.000\n       2.000\n"
    assert [t.testo for t in read(MINIMA.replace("EOF", vuoto + "EOF")).testi] == [""]


def test_decorative_texts_are_not_rights_of_surface() -> None:
    assert not cxf.Testo(1, "(Sezione     A)", 12, 0, 0, 0).diritto_di_superficie


@pytest.mark.parametrize(
    ("vecchio", "nuovo", "motivo"),
    [
        ("     105.000\n     105.000", "     x\n     105.000", "BORDO: coordinate illeggibili"),
        ("   0\n   5", "   0\n  50", "BORDO: il file finisce a metà"),
        ("   0\n   5", "   1\n   5\n   9", "BORDO: le isole hanno più vertici"),
        ("   0\n   5", "   0\n  -5", "BORDO: numero di vertici negativo"),
        ("   0\n   5", "   0\n  cinque", "BORDO: numero di vertici: atteso un numero intero"),
        ("   0\n   5", "   0\n   4", "riga inattesa fra gli elementi"),
    ],
)
def test_a_damaged_element_is_refused_and_the_next_is_read(
    vecchio: str, nuovo: str, motivo: str
) -> None:
    testo = MINIMA.replace(vecchio, nuovo).replace("EOF", ELEMENTI + "EOF")
    mappa = read(testo)
    (rifiuto,) = mappa.rifiutate
    assert rifiuto.motivo.startswith(motivo) or "coordinate illeggibili" in rifiuto.motivo
    assert len(mappa.testi) == len(mappa.libretti) == 1


def test_an_open_ring_is_closed_and_a_bad_island_left_out() -> None:
    aperto = MINIMA.replace("   5\n", "   4\n").replace(
        "     100.000\n     110.000\n     100.000\n     100.000\nEOF",
        "     100.000\n     110.000\nEOF",
    )
    (b,) = read(aperto).bordi
    assert (b.problema, b.area()) == ("anello non chiuso, chiuso in lettura", 100.0)
    isola = MINIMA.replace("   0\n   5\n", "   1\n   7\n   2\n").replace(
        "EOF", "     101.000\n     101.000\n     101.000\n     101.000\nEOF"
    )
    (b,) = read(isola).bordi
    assert (b.problema, b.area()) == ("isola con meno di 4 punti", 100.0)


def test_a_name_that_is_not_that_of_the_file_is_said() -> None:
    assert [a.campo for a in read(MINIMA, "H501_000200.cxf").anomalie] == [
        "nome della mappa",
        "BORDO",
    ]
    assert [a.campo for a in read(MINIMA, "H501_000100.CXF").anomalie] == ["BORDO"]


def test_the_name_of_the_file_serves_where_the_header_has_none() -> None:
    mappa = read(MINIMA.replace("H501_000100", ""), "H501_000100.cxf")
    assert str(mappa.riferimento(mappa.bordi[0])) == "H501/_/1/12"


@pytest.mark.parametrize("testo", ["", "ciao", "BORDO\n12\n", "\x00\x01"])
def test_what_is_not_a_map_is_not_recognised(testo: str) -> None:
    with pytest.raises(NotRecognised):
        read(testo)


@given(st.text("BORDOTESTEOF0123. \n\\", max_size=120))
def test_no_text_stops_the_reader(sporco: str) -> None:
    mappa = read(MINIMA.replace("EOF", sporco + "\nEOF"))
    assert mappa.bordi[0].codice == "12"


def test_the_mark_of_utf_8_does_not_hide_a_map() -> None:
    marked = io.BytesIO(BOM_UTF8 + MINIMA.encode())
    assert read_cxf(marked, "prova.cxf").bordi == read(MINIMA).bordi


def test_the_size_of_a_label_may_be_written_as_a_real() -> None:
    assert read(MINIMA.replace("  18\n", "      18.000\n")).bordi == read(MINIMA).bordi
    assert read(MINIMA.replace("  18\n", "      18.500\n")).bordi == ()
