"""Real clients over a running server: OWSLib, GDAL's OAPIF driver, old and new."""

import json
import shutil
import subprocess
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path
from typing import Any

import geopandas as gpd
import pyogrio
import pytest
from owslib.ogcapi.features import Features

from opendata.dataset import DATASETS
from opendata.ogc import crs
from tests.pages.town import Town

RDN = "http://www.opengis.net/def/crs/EPSG/0/6706"
OGRINFO = shutil.which("ogrinfo")
debian = pytest.mark.skipif(OGRINFO is None, reason="ogrinfo is not there (package gdal-bin)")


def away[T](function: Callable[..., T], *args: Any, **more: Any) -> T:
    """Call a function of GDAL in another process: it holds on to this one while it waits."""
    with ProcessPoolExecutor(1, get_context("spawn")) as other:
        return other.submit(function, *args, **more).result(60)


def read(site: str, **more: Any) -> gpd.GeoDataFrame:
    """Return the buildings as GDAL reads them."""
    found = away(pyogrio.read_dataframe, f"OAPIF:{site}/ogc", layer="edifici", **more)
    assert isinstance(found, gpd.GeoDataFrame)
    assert found.crs is not None
    return found


def authority(frame: gpd.GeoDataFrame) -> tuple[str, str] | None:
    """Return the name of the reference system of a frame."""
    assert frame.crs is not None
    found: tuple[str, str] | None = frame.crs.to_authority()
    return found


@pytest.fixture
def features(site: str) -> Features:
    return Features(f"{site}/ogc")


def test_owslib_reads_what_there_is(features: Features) -> None:
    names = {one["id"] for one in features.collections()["collections"]}
    assert names == {*(dataset.nome for dataset in DATASETS), "catalogo"}
    conforms = features.conformance()["conformsTo"]
    assert "http://www.opengis.net/spec/ogcapi-features-1/1.0/conf/core" in conforms
    assert not [one for one in conforms if "create-replace-delete" in one]
    edifici = features.collection("edifici")
    assert edifici["storageCrs"] == crs.OGC
    assert set(edifici["crs"]) == set(crs.SUPPORTED)
    queryables = features.collection_queryables("edifici")["properties"]
    assert queryables["piani"]["type"] == "integer"
    assert "residenziale" in queryables["classe"]["enum"]


def test_owslib_reads_items(features: Features, town: Town) -> None:
    assert features.collection_items("edifici", limit=5)["numberMatched"] == town.edifici
    found = features.collection_items("edifici", filter="classe = 'residenziale' AND piani > 1")
    assert {one["properties"]["classe"] for one in found["features"]} == {"residenziale"}
    assert all(one["properties"]["piani"] > 1 for one in found["features"])


def test_a_new_gdal_reads_all_pages(site: str, town: Town) -> None:
    listed = away(pyogrio.list_layers, f"OAPIF:{site}/ogc")
    assert {name for name, _ in listed} >= {d.nome for d in DATASETS}
    frame = read(site, PAGE_SIZE="50")
    assert len(frame) == town.edifici
    assert authority(frame) in {("OGC", "CRS84"), ("EPSG", "4326")}
    assert town.pieno in set(frame["codice"])
    west, south, east, north = frame.total_bounds
    assert 10 < west < east < 13 and 43 < south < north < 45  # noqa: PT018 -- one box


def test_a_new_gdal_asks_for_a_box_and_a_condition(site: str) -> None:
    whole = read(site)
    one = whole.iloc[[0]]
    near = read(site, bbox=tuple(one.total_bounds))
    assert one["codice"].iloc[0] in set(near["codice"])
    assert len(near) < len(whole)
    middle = whole["area_mq"].median()
    wide = read(site, where=f"area_mq > {middle}")
    assert sorted(wide["codice"]) == sorted(whole[whole["area_mq"] > middle]["codice"])
    assert 0 < len(wide) < len(whole)


def test_a_new_gdal_takes_the_axes_as_they_are(site: str) -> None:
    usual = read(site).set_index("codice")
    for uri in (RDN, "http://www.opengis.net/def/crs/EPSG/0/7791"):
        frame = read(site, CRS=uri).set_index("codice")
        assert authority(frame) == ("EPSG", uri.rpartition("/")[2])
        turned = frame.set_crs(4326, allow_override=True) if uri == RDN else frame.to_crs(4326)
        pairs = zip(turned.geometry, usual.geometry.loc[turned.index], strict=True)
        assert max(a.centroid.distance(b.centroid) for a, b in pairs) < 1e-6


@debian
def test_an_old_gdal_lists_and_converts(site: str, town: Town, tmp_path: Path) -> None:
    listed = subprocess.run(
        ["ogrinfo", "-ro", f"OAPIF:{site}/ogc"], capture_output=True, text=True, check=True
    )
    assert "edifici" in listed.stdout
    out = tmp_path / "edifici.geojson"
    subprocess.run(
        ["ogr2ogr", str(out), f"OAPIF:{site}/ogc", "edifici", "-oo", "PAGE_SIZE=40"], check=True
    )
    assert len(json.loads(out.read_text())["features"]) == town.edifici
