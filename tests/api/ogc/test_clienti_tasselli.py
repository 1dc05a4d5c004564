"""Real clients over squares: GDAL's drivers for vector tiles and for OGC API."""

from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path
from typing import Any

import geopandas as gpd
import httpx
import pyogrio
import pytest

from opendata.ogc.tasselli import DISEGNATI
from tests.maps import mvt
from tests.maps.test_tile import square
from tests.pages.town import Town


def away[T](function: Callable[..., T], *args: Any, **more: Any) -> T:
    """Call a function of GDAL in another process: it holds on to this one while it waits."""
    with ProcessPoolExecutor(1, get_context("spawn")) as other:
        return other.submit(function, *args, **more).result(60)


def kept(http: httpx.Client, folder: Path, z: int) -> Path:
    """Write the square of a zoom that holds the town into a file."""
    _, x, y = square(z)
    file = folder / f"{z}.mvt"
    file.write_bytes(http.get(f"/ogc/tiles/WebMercatorQuad/{z}/{y}/{x}").content)
    return file


@pytest.mark.parametrize("z", [0, 9, 14, 16])
def test_gdal_reads_what_we_read(http: httpx.Client, tmp_path: Path, z: int) -> None:
    file = kept(http, tmp_path, z)
    ours = mvt.read(file.read_bytes())
    listed = away(pyogrio.list_layers, f"MVT:{file}")
    assert {name for name, _ in listed} == set(ours)
    for name, features in ours.items():
        frame = away(pyogrio.read_dataframe, f"MVT:{file}", layer=name)
        assert len(frame) == len(features)
        said = {key for feature in features for key in feature.valori}
        assert said <= set(frame.columns)


def test_outlines_have_the_area_they_have(http: httpx.Client, town: Town, tmp_path: Path) -> None:
    z, x, y = square(16)
    file = kept(http, tmp_path, 16)
    frame = away(pyogrio.read_dataframe, f"MVT:{file}", layer="edifici", X=x, Y=y, Z=z)
    assert frame.crs.to_epsg() == 3857
    assert frame.geometry.is_valid.all()
    real = gpd.GeoDataFrame.from_features(
        http.get("/ogc/collections/edifici/items", params={"limit": 1000}).json()["features"],
        crs="OGC:CRS84",
    )
    real = real.to_crs(3857).set_index("codice")
    compared = 0
    for _, one in frame.iterrows():
        whole = real.geometry[one["codice"]]
        if one.geometry.distance(frame.union_all().envelope.boundary) < 1:
            continue  # cut at the edge of the square
        assert one.geometry.symmetric_difference(whole).area < 0.05 * whole.area
        compared += 1
    assert compared > 3


def test_gdal_finds_its_way_to_the_squares(site: str, town: Town) -> None:
    address = f"OGCAPI:{site}/ogc/collections/edifici"
    levels = [name for name, _ in away(pyogrio.list_layers, address)]
    assert levels[:2] == ["Zoom level 0", "Zoom level 1"]
    for level in levels:
        frame = away(pyogrio.read_dataframe, address, layer=level)
        assert frame.crs.to_epsg() == 3857
        assert frame["conteggio"].sum() == town.edifici


def test_every_collection_is_read_from_afar(http: httpx.Client, tmp_path: Path) -> None:
    layers = set()
    for z in (10, 15):
        layers |= {name for name, _ in away(pyogrio.list_layers, f"MVT:{kept(http, tmp_path, z)}")}
    drawn = {name.removesuffix("_conteggi") for name in layers}
    assert drawn <= {dataset.nome for dataset in DISEGNATI}
    assert {"edifici", "edifici_conteggi", "comuni"} <= layers
