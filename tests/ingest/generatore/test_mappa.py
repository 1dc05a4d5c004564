"""The map of the invented town holds together: parcels tile, buildings lie in theirs."""

from collections import Counter
from pathlib import Path

import pytest
import shapely
from pyogrio import read_dataframe
from shapely.geometry.base import BaseGeometry

from catasto.formati.cxf import Bordo, ClasseBordo, MappaCxf, read_cxf
from catasto.formati.gml import read_gml
from tests.ingest.generatore.conftest import Comune

COPERTURA = (ClasseBordo.PARTICELLA, ClasseBordo.STRADA, ClasseBordo.ACQUA)


@pytest.fixture(scope="session")
def mappe(comune: Comune) -> list[MappaCxf]:
    """Return the maps of every sheet in every whole supply."""
    trovate = [read_cxf(f) for _, f in comune.supplies("*.CTF")]
    assert len(trovate) >= 9
    return trovate


def shape(bordo: Bordo) -> BaseGeometry:
    """Return the polygon of an area."""
    assert bordo.geometria is not None
    forma = shapely.from_wkb(bordo.geometria)
    assert forma is not None
    return forma


def areas(mappa: MappaCxf, *classi: ClasseBordo) -> list[BaseGeometry]:
    """Return the polygons of some classes."""
    return [shapely.from_wkb(b.geometria) for c in classi for b in mappa.of_class(c) if b.geometria]


def test_parcels_roads_and_waters_tile_the_sheet(mappe: list[MappaCxf]) -> None:
    for mappa in mappe:
        tessere = areas(mappa, *COPERTURA)
        (confine,) = areas(mappa, ClasseBordo.CONFINE)
        assert abs(confine.area - sum(t.area for t in tessere)) < 0.01
        assert shapely.coverage_is_valid(tessere)
        assert all(shapely.is_valid(tessere))


def test_every_building_lies_in_the_parcel_of_its_number(mappe: list[MappaCxf]) -> None:
    fabbricati = 0
    for mappa in mappe:
        particelle = {b.codice: b for b in mappa.of_class(ClasseBordo.PARTICELLA)}
        for fabbricato in mappa.of_class(ClasseBordo.FABBRICATO):
            forma = shape(fabbricato)
            particella = shape(particelle[fabbricato.numero])
            assert forma.is_valid
            assert forma.intersection(particella).area > 0.98 * forma.area
            fabbricati += 1
    assert fabbricati > 500


def test_a_map_has_no_two_parcels_of_one_number(mappe: list[MappaCxf]) -> None:
    for mappa in mappe:
        doppi = Counter(b.codice for b in mappa.of_class(ClasseBordo.PARTICELLA))
        assert max(doppi.values()) == 1


def test_the_open_data_say_the_same_as_the_map(comune: Comune, mappe: list[MappaCxf]) -> None:
    _, gml = comune.supplies("*_ple.gml")[0]
    anno = gml.parent
    disegnate = sum(
        len(m.of_class(c)) for m in map(read_cxf, sorted(anno.glob("*.CTF"))) for c in COPERTURA
    )
    oggetti = list(read_gml(gml))

    assert len(oggetti) == disegnate
    assert [o.problema for o in oggetti if o.problema] == []


def test_open_data_parcels_share_their_edges(comune: Comune) -> None:
    for _, gml in comune.supplies("*_ple.gml"):
        fogli: dict[str, list[BaseGeometry]] = {}
        for oggetto in read_gml(gml):
            forma = shapely.from_wkb(oggetto.geometria)
            assert forma is not None
            fogli.setdefault(oggetto.riferimento[:11], []).append(forma)
        assert len(fogli) >= 3
        assert all(shapely.coverage_is_valid(poligoni) for poligoni in fogli.values())


def test_the_footprints_stand_near_the_cadastral_buildings(comune: Comune) -> None:
    """Moved by less than half a metre, so each overlaps its own on the map by far."""
    _, file = comune.supplies("edifici_*.gpkg")[0]
    impronte = read_dataframe(file)
    assert impronte.crs.to_epsg() == 7791
    assert (impronte.geometry.area > 5).all()
    assert impronte.geometry.is_valid.all()
    mappa = _buildings(file.parent)
    coperti = sum(
        any(mappa[i].intersection(g).area > 0.6 * g.area for i in shapely.STRtree(mappa).query(g))
        for g in impronte.geometry
    )
    assert coperti > 0.85 * len(impronte)


def _buildings(cartella: Path) -> list[BaseGeometry]:
    return [g for f in cartella.glob("*.CTF") for g in areas(read_cxf(f), ClasseBordo.FABBRICATO)]
