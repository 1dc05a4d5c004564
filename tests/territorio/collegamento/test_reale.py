"""The links on real files: parcels of Casarsa, house numbers of Fiè, aggregates of both.

The figures of fonti.md §2.4 and §11 must come out. The files are not ours to publish: where
they are not beside the clone these tests skip, and say so.
"""

from collections import defaultdict
from pathlib import Path

import geopandas as gpd
import pytest
import shapely
import sqlalchemy as sa

from territorio.collegamento import collega
from territorio.geometry import SRID
from tests import factories as f
from tests.catasto.dati import real_file
from tests.factory_defaults import COMUNE
from tests.territorio.collegamento.lettura import links, sure

# The shapefiles of the civil protection carry measures that nobody reads.
pytestmark = pytest.mark.filterwarnings("ignore:Measured:UserWarning")

CASARSA = "catasto/amefad_manuale_cdu_creator/db_esempio.gpkg"
AGGREGATI = "edifici/dpc-aggregati"


def read(path: Path, layer: str | None = None) -> gpd.GeoDataFrame:
    """Read a vector file into the frame of the registry, flat and valid."""
    frame = gpd.read_file(path, layer=layer) if layer else gpd.read_file(path)
    frame = frame.to_crs(SRID)
    frame.geometry = shapely.make_valid(shapely.force_2d(frame.geometry.values))
    return frame


def new_aggregati(conn: sa.Connection, nome: str) -> dict[str, int]:
    """Write the structural aggregates of a municipality; return them by code."""
    frame = read(real_file(f"{AGGREGATI}/{nome}.shp"))
    rows = [
        {"codice": row.IDAG, "geometria": row.geometry, "riga": n}
        for n, row in enumerate(frame.itertuples(), 1)
    ]
    return dict(zip(frame.IDAG, f.new_fatti(conn, "aggregato", rows), strict=True))


def new_particelle(conn: sa.Connection) -> dict[tuple[str, str, str], int]:
    """Write the 193 parcels of Casarsa; return them by section, sheet and number."""
    frame = read(real_file(CASARSA), "terreni_catastali")
    keys = [
        (str(row.sezione), str(row.foglio).lstrip("0"), str(row.mappale).lstrip("0"))
        for row in frame.itertuples()
    ]
    rows = [
        {"sezione": s, "foglio": n, "numero": m, "geometria": shape}
        for (s, n, m), shape in zip(keys, frame.geometry, strict=True)
    ]
    return dict(zip(keys, f.new_fatti(conn, "particella", rows), strict=True))


def test_the_check_of_the_arithmetic(conn: sa.Connection) -> None:
    """Parcel A/0001/66: 6,566.391 m² seismic, all of it; 6,160.453 m² of listed goods."""
    particelle = new_particelle(conn)
    vincoli = {}
    for layer in ("vincoli", "altro"):
        for row in read(real_file(CASARSA), layer).itertuples():
            vincoli[row.nome] = f.new_vincolo(conn, geometria=row.geometry, denominazione=row.nome)
    assert len(particelle) == 193

    collega(conn, COMUNE)

    found = links(conn, "particella_vincolo")
    sessantasei = particelle["A", "1", "66"]
    sismico = found[sessantasei, vincoli["sismico"]]
    beni = found[sessantasei, vincoli["beni culturali"]]
    assert float(sismico.misura or 0) == pytest.approx(6566.391, rel=0.0005)
    assert sismico.quota == 1
    assert float(beni.misura or 0) == pytest.approx(6160.453, rel=0.0005)
    assert beni.stato == "confermato"


def test_each_aggregate_on_the_parcels_is_linked_with_its_area(conn: sa.Connection) -> None:
    particelle = new_particelle(conn)
    aggregati = new_aggregati(conn, "Casarsa-della-Delizia")
    assert (len(particelle), len(aggregati)) == (193, 3038)

    collega(conn, COMUNE)

    expected = _areas(particelle, aggregati)
    found = links(conn, "aggregato_particella")
    assert {pair: float(x.misura or 0) for pair, x in found.items()} == {
        pair: pytest.approx(area, rel=0.001, abs=0.02) for pair, area in expected.items()
    }
    on_parcels: dict[int, float] = defaultdict(float)
    for (da, _), link in found.items():
        on_parcels[da] += float(link.quota or 0)
    assert len(on_parcels) == 43
    assert len([da for da, share in on_parcels.items() if share > 0.5]) == 40
    assert len({da for da, _ in sure(found)}) == 41, "two only graze a parcel"


def _areas(
    particelle: dict[tuple[str, str, str], int], aggregati: dict[str, int]
) -> dict[tuple[int, int], float]:
    """Overlay with shapely, in the plane of the aggregates' own file."""
    parcels = gpd.read_file(real_file(CASARSA), layer="terreni_catastali").to_crs(32633)
    parcels["particella"] = list(particelle.values())
    shapes = gpd.read_file(real_file(f"{AGGREGATI}/Casarsa-della-Delizia.shp")).to_crs(32633)
    shapes.geometry = shapely.make_valid(shapely.force_2d(shapes.geometry.values))
    shapes["aggregato"] = [aggregati[code] for code in shapes.IDAG]
    pieces = gpd.overlay(
        shapes[["aggregato", "geometry"]], parcels[["particella", "geometry"]], make_valid=True
    )
    areas: dict[tuple[int, int], float] = defaultdict(float)
    for da, a, area in zip(pieces.aggregato, pieces.particella, pieces.area, strict=True):
        areas[int(da), int(a)] += area
    return {pair: area for pair, area in areas.items() if area >= 0.01}


@pytest.mark.parametrize(
    ("file", "quanti", "dentro", "vicino"),
    [
        ("indirizzi/bolzano-civici-fie/Addresses_point.shp", 994, 84.0, 88.8),
        ("indirizzi/anncsu-punti/anncsu_punti_021031.geojson", 1040, 80.6, 85.8),
    ],
)
def test_house_numbers_of_fie(
    conn: sa.Connection, file: str, quanti: int, dentro: float, vicino: float
) -> None:
    new_aggregati(conn, "Fie-allo-Sciliar")
    frame = read(real_file(file))
    assert len(frame) == quanti
    civici = f.new_fatti(
        conn, "civico", [{"geometria": p, "numero": n} for n, p in enumerate(frame.geometry, 1)]
    )

    collega(conn, COMUNE)

    found = links(conn, "civico_aggregato")
    inside = {da for (da, _), x in found.items() if x.metodo == "dentro"}
    near = {da for da, _ in found}
    assert near <= set(civici)
    assert 100 * len(inside) / quanti == pytest.approx(dentro, abs=0.05)
    assert 100 * len(near) / quanti == pytest.approx(vicino, abs=0.05)
