"""Maps written are read back, and the plane of a map is guessed."""

from __future__ import annotations

import io
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from catasto.errors import InvalidValue
from catasto.formati import cxf
from catasto.formati.cxf import (
    Bordo,
    ClasseBordo,
    Fiduciale,
    Libretto,
    Linea,
    MappaCxf,
    RiferimentoRaster,
    Simbolo,
    Sistema,
    TipoMappa,
    classify_bordo,
    likely_epsg,
    likely_system,
    read_cxf,
    write_cxf,
)
from catasto.formati.wkb import pack_line, pack_polygon
from tests.catasto.test_cxf import MINIMA, read

_reali = st.integers(-(10**9), 10**9).map(lambda n: n / 1000)
_esterni = st.booleans()
_punti = st.lists(_reali, min_size=2, max_size=6).map(lambda p: p[: len(p) // 2 * 2])
_parole = st.text("AZ09()= ", max_size=8).map(str.strip)


@st.composite
def areas(draw: st.DrawFn) -> Bordo:
    x, y, lato = draw(_reali), draw(_reali), draw(st.integers(1, 10**5))
    anelli = [[x, y, x + lato, y, x + lato, y + lato, x, y]]
    if draw(st.booleans()):
        anelli.append([x, y, x + 1, y, x + 1, y + 1, x, y])
    arrotondati = [[round(v, 3) for v in a] for a in anelli]
    codice = draw(st.sampled_from(["12", "12+", "STRADA", "ACQUA", "H501_000100", "A"]))
    return Bordo(
        0,
        codice,
        classify_bordo(codice, "H501_000100", TipoMappa.MAPPA),
        draw(st.integers(0, 99)),
        draw(_reali),
        (draw(_reali), draw(_reali)),
        (draw(_reali), draw(_reali)),
        pack_polygon(arrotondati),
    )


mappe = st.builds(
    MappaCxf,
    tipo=st.just(TipoMappa.MAPPA),
    nome_scritto=st.just("H501_000100"),
    scala=st.sampled_from([None, 1000.0, 4000.0]),
    bordi=st.lists(areas(), max_size=3).map(tuple),
    testi=st.lists(
        st.builds(
            cxf.Testo, st.just(0), _parole, st.integers(0, 9), _reali, _reali, _reali, _esterni
        ),
        max_size=2,
    ).map(tuple),
    simboli=st.lists(
        st.builds(Simbolo, st.just(0), st.integers(1, 20), _reali, _reali, _reali, _esterni),
        max_size=2,
    ).map(tuple),
    fiduciali=st.lists(
        st.builds(
            Fiduciale,
            st.just(0),
            _parole,
            st.sampled_from([8, 20]),
            _reali,
            _reali,
            _reali,
            _reali,
            _esterni,
        ),
        max_size=2,
    ).map(tuple),
    linee=st.lists(
        st.builds(Linea, st.just(0), st.integers(1, 35), _punti.map(pack_line), _esterni),
        max_size=2,
    ).map(tuple),
    raster=st.just((RiferimentoRaster(0, "a.tif", (0.0, 9.0, 9.0, 9.0, 9.0, 0.0, 0.0, 0.0)),)),
    libretti=st.lists(
        st.builds(Libretto, st.just(0), _parole, st.integers(1, 5), _punti.map(pack_line)),
        max_size=1,
    ).map(tuple),
)


@given(mappe)
@settings(max_examples=30, deadline=None)
def test_maps_written_are_read_back(mappa: MappaCxf) -> None:
    flusso = io.BytesIO()
    write_cxf(flusso, mappa)
    letta = read_cxf(io.BytesIO(flusso.getvalue()), "")
    assert letta.rifiutate == ()
    for gruppo in ("bordi", "testi", "simboli", "fiduciali", "linee", "raster", "libretti"):
        assert [replace(e, riga=0) for e in getattr(letta, gruppo)] == list(getattr(mappa, gruppo))
    assert (letta.tipo, letta.nome_scritto, letta.scala) == (
        mappa.tipo,
        mappa.nome_scritto,
        mappa.scala,
    )


def test_a_border_without_geometry_cannot_be_written() -> None:
    (b,) = read(MINIMA).bordi
    with pytest.raises(InvalidValue, match="senza geometria"):
        write_cxf(io.BytesIO(), replace(read(MINIMA), bordi=(replace(b, geometria=None),)))


@pytest.mark.parametrize(
    ("x", "y", "nome", "epsg"),
    [
        (500_000, 5_030_000, "F205_000100", 7791),
        (290_000, 4_640_000, "H501_000100", 7792),
        (368_000, 5_102_000, "L483_000100", 7792),
        (368_000, 5_065_000, "A326_000100", 7791),
        (750_000, 4_500_000, "B180_000100", 7792),
        (-9_600, -7_200, "H501_000100", None),
        (2_300_000, 4_640_000, "H501_000100", None),
    ],
)
def test_the_zone_is_the_one_that_puts_the_map_in_italy(
    x: float, y: float, nome: str, epsg: int | None
) -> None:
    anello = [x, y, x + 9, y, x + 9, y + 9, x, y]
    bordo = Bordo(1, nome, ClasseBordo.CONFINE, 0, 0, (x, y), (x, y), pack_polygon([anello]))
    assert likely_epsg(MappaCxf(TipoMappa.MAPPA, nome, 1000.0, (bordo,))) == epsg


def test_magnitudes_tell_the_family_of_planes() -> None:
    assert likely_system(2_300_000, 4_640_000) is Sistema.GAUSS_BOAGA
    assert likely_system(2_300_000, 640_000) is None
    assert likely_system(1_000_000, 4_640_000) is None
