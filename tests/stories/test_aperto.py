"""What everybody may take names nobody: every page of items, file, record, tile, error and log."""

import io
import math
import re
import zipfile
from collections.abc import Iterator
from pathlib import Path

import geopandas as gpd
import httpx
import pyarrow.parquet as pq
import pytest
import sqlalchemy as sa
from fastapi import FastAPI

from opendata import pubblicazione
from opendata.dataset import DATASETS
from opendata.ente import Ente
from opendata.publish import Richiesta, publish
from territorio import db
from tests.stories.citta import Citta
from tests.stories.riservatezza import Persone

HREF = re.compile(r"https?://127\.0\.0\.1:\d+(/[^\s\"'<>\\]*)")
PAGES = 40
"""Pages of items, or links of a document, that the crawl follows of each kind."""


@pytest.fixture(scope="module")
def published(citta: Citta, app: FastAPI) -> None:
    """Publish every dataset of the town, in every format."""
    settings = app.state.settings
    place = pubblicazione.place(settings)
    for dataset in DATASETS:
        publish(citta.engine, place, Ente.of(settings), Richiesta(dataset, citta.comune))


def words(answer: httpx.Response, folder: Path) -> str:
    """Return what an answer says, also where it is packed or in columns."""
    data, kind = answer.content, answer.headers.get("content-type", "")
    if data.startswith(b"PAR1"):
        return str(pq.read_table(io.BytesIO(data)).to_pylist())
    if data.startswith(b"SQLite"):
        file = folder / "letto.gpkg"
        file.write_bytes(data)
        return "".join(str(gpd.read_file(file, layer=n).to_dict("records")) for n in layers(file))
    if zipfile.is_zipfile(io.BytesIO(data)):
        with zipfile.ZipFile(io.BytesIO(data)) as folded:
            return " ".join(folded.read(n).decode("utf-8", "replace") for n in folded.namelist())
    assert "pdf" not in kind
    return data.decode("utf-8", "replace")


def layers(file: Path) -> list[str]:
    """Return the layers of a GeoPackage."""
    return [str(name) for name in gpd.list_layers(file)["name"]]


def pages_of(client: httpx.Client, address: str) -> Iterator[httpx.Response]:
    """Ask for items, page after page."""
    for _ in range(PAGES):
        answer = client.get(address)
        assert answer.status_code == 200, (address, answer.text)
        yield answer
        following = [one["href"] for one in answer.json()["links"] if one["rel"] == "next"]
        if not following:
            return
        address = following[0]


def tiles_of(citta: Citta) -> list[str]:
    """Return squares over the town, at every zoom."""
    with db.transaction(citta.engine) as conn:
        lon, lat = conn.execute(
            sa.text(
                "SELECT ST_X(c), ST_Y(c) FROM (SELECT ST_Centroid(ST_Extent(geometria)) AS c"
                " FROM pubblico.edifici) e"
            )
        ).one()
    found, drawn = [], [d for d in DATASETS if d.geometria]
    for z in range(19):
        x = int((lon + 180) / 360 * 2**z)
        y = int((1 - math.asinh(math.tan(math.radians(lat))) / math.pi) / 2 * 2**z)
        found += [f"/ogc/collections/{d.nome}/tiles/WebMercatorQuad/{z}/{y}/{x}" for d in drawn]
        found.append(f"/ogc/tiles/WebMercatorQuad/{z}/{y}/{x}")
    return found


def test_no_item_names_a_person(
    citta: Citta, client: httpx.Client, persone: Persone, tmp_path: Path
) -> None:
    features = 0
    for dataset in DATASETS:
        here = f"/ogc/collections/{dataset.nome}/items"
        for answer in pages_of(client, f"{here}?limit=10000&datetime=../.."):
            features += answer.json()["numberReturned"]
            assert not persone.found(answer.text), answer.url
        for formato in ("jsonfg", "csv", "parquet", "fgb"):
            answer = client.get(f"{here}?limit=10000&f={formato}")
            assert answer.status_code == 200
            assert not persone.found(words(answer, tmp_path)), answer.url
    assert features > 1000


def test_no_file_and_no_record_names_a_person(
    citta: Citta, client: httpx.Client, persone: Persone, published: None, tmp_path: Path
) -> None:
    seen, kinds = set[str](), set[str]()
    todo = ["/catalogo.rdf", "/catalogo.jsonld", "/ogc", "/ogc/collections", "/sitemap.xml"]
    while todo and len(seen) < 2000:
        address = todo.pop()
        answer = client.get(address)
        seen.add(address)
        assert answer.status_code < 500, address
        kinds.add(answer.headers.get("content-type", "").partition(";")[0])
        said = words(answer, tmp_path)
        assert not persone.found(said), address
        for link in HREF.findall(said):
            link = link.replace("&amp;", "&").rstrip(".,;)")
            # Items are looked at above, and squares below.
            if link not in seen and "/items" not in link and "{" not in link:
                todo.append(link)
    assert len(seen) > 100
    assert {"application/geopackage+sqlite3", "application/vnd.apache.parquet"} & kinds
    assert "application/rdf+xml" in kinds


def test_no_square_names_a_person(
    citta: Citta, client: httpx.Client, persone: Persone, published: None
) -> None:
    drawn = 0
    for address in tiles_of(citta):
        answer = client.get(address)
        assert answer.status_code in {200, 204}, (address, answer.text)
        drawn += answer.status_code == 200
        assert not persone.found(answer.content.decode("utf-8", "replace")), address
    assert drawn > 50


def test_no_error_and_no_log_line_repeats_a_name_it_was_asked_for(
    citta: Citta,
    client: httpx.Client,
    persone: Persone,
    capfd: pytest.CaptureFixture[str],
) -> None:
    name = sorted(persone.parole)[0]
    capfd.readouterr()
    statuses = set[int]()
    for asked in (
        f"/ogc/collections/civici/items?filter=indirizzo%3D'{name}'",
        f"/ogc/collections/civici/items?indirizzo={name}",
        f"/ogc/collections/civici/items?filter={name}%20%3D%201",
        f"/ogc/collections/civici/items?{name}=1",
        f"/ogc/collections/{name}/items",
        f"/ogc/collections/civici/items/{name}",
        f"/opendata/civici/{citta.comune}/ultima/{name}",
        f"/catalogo?{name}=1",
    ):
        answer = client.get(asked)
        statuses.add(answer.status_code)
        assert answer.status_code < 500
        if answer.status_code == 200 and "/items" in asked:
            assert answer.json()["numberMatched"] == 0
    assert statuses >= {200, 400, 404}
    out, err = capfd.readouterr()
    assert name not in (out + err).upper()
