"""The fast doors and pygeoapi say the same of the same request; links differ by key paging."""

from typing import Any

import httpx
import orjson
import pytest
from fastapi import FastAPI

from opendata.dataset import BY_NAME
from opendata.ogc import configurazione, fornitore, interrogazione
from opendata.ogc.fornitore import Contesto
from opendata.ogc.pagina import Conteggi
from opendata.ogc.servizio import Risposta, Servizio
from tests.pages.town import Town

REQUESTS: list[dict[str, str]] = [
    {},
    {"limit": "3"},
    {"limit": "3", "offset": "4"},
    {"limit": "5", "sortby": "-area_mq,codice"},
    {"bbox": "11.0,44.0,11.002,44.002", "limit": "50"},
    {"bbox": "11.0,44.0,11.002,44.002", "resulttype": "hits"},
    {"properties": "uso,codice", "limit": "4"},
    {"skipGeometry": "true", "limit": "4"},
    {"filter": "classe = 'residenziale' AND piani >= 2"},
    {"datetime": "2019-06-01", "limit": "7"},
    {"crs": "http://www.opengis.net/def/crs/EPSG/0/7791", "limit": "4"},
    {"classe": "residenziale", "limit": "2"},
    {"bbox": "1,2,3,4"},
]


def by_pygeoapi(
    app: FastAPI, base: str, params: dict[str, str], number: int | None = None
) -> Risposta:
    """Ask pygeoapi with our provider, without the fast doors."""
    q = interrogazione.read(BY_NAME["edifici"], params.items(), number)
    service = Servizio(base, {"edifici": configurazione.Estensione()})
    with app.state.motori.pubblico.begin() as conn:
        conn.exec_driver_sql("SELECT set_config('territorio.comuni', '*', true)")
        with fornitore.serving(Contesto(conn, Conteggi(), q)):
            if number is not None:
                return service.item(params, "edifici", str(number))
            return service.items(params, "edifici")


@pytest.mark.parametrize("params", REQUESTS, ids=str)
def test_a_page_is_the_same(
    app: FastAPI, http: httpx.Client, site: str, params: dict[str, str]
) -> None:
    answer = http.get("/ogc/collections/edifici/items", params=params or None)
    assert answer.status_code == 200
    ours = answer.json()
    found = by_pygeoapi(app, f"{site}/ogc", params)
    theirs = orjson.loads(found.body)
    assert found.status == 200, theirs
    assert ours["features"] == theirs["features"]
    for member in ("type", "numberReturned", "numberMatched"):
        assert ours[member] == theirs[member]
    rels = {link["rel"] for link in theirs["links"]} - {"next", "prev"}
    assert rels <= {link["rel"] for link in ours["links"]}


def test_one_item_is_the_same(app: FastAPI, http: httpx.Client, site: str, town: Town) -> None:
    ours = http.get(f"/ogc/collections/edifici/items/{town.pieno}").json()
    theirs: dict[str, Any] = orjson.loads(by_pygeoapi(app, f"{site}/ogc", {}, ours["id"]).body)
    for member in ("type", "id", "geometry", "properties"):
        assert ours[member] == theirs[member]
    gone = by_pygeoapi(app, f"{site}/ogc", {}, 12345)
    assert (gone.status, http.get("/ogc/collections/edifici/items/12345").status_code) == (404, 404)
    assert orjson.loads(gone.body)["code"] == "NotFound"


@pytest.mark.parametrize(
    "params", [{"limit": "0"}, {"limit": "x"}, {"offset": "-1"}, {"offset": "x"}], ids=str
)
def test_what_is_wrong_is_wrong_for_both(
    app: FastAPI, http: httpx.Client, site: str, params: dict[str, str]
) -> None:
    service = Servizio(f"{site}/ogc", {})
    q = interrogazione.read(BY_NAME["edifici"], [])
    with (
        app.state.motori.pubblico.begin() as conn,
        fornitore.serving(Contesto(conn, Conteggi(), q)),
    ):
        theirs = service.items(params, "edifici")
    ours = http.get("/ogc/collections/edifici/items", params=params)
    assert ours.status_code == theirs.status == 400
    assert ours.json()["code"] == orjson.loads(theirs.body)["code"]
