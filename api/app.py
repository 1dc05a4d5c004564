"""The application: what is handed in is held, the doors are mounted, nothing else."""

from typing import TYPE_CHECKING, Any

from fastapi import Depends, FastAPI
from starlette.middleware.gzip import GZipMiddleware
from starlette.types import Receive, Scope, Send

from api import assets, catalogo, ckan, errors, gate, metrics, sitemap, tiles
from api.formats import LEVEL_ZLIB, SHORT
from api.freno import Freno
from api.ogc import OGC, elementi, tasselli
from api.opendata import OPENDATA, file
from api.pages import PAGES, suggerimenti
from api.pages.quadro import Quadri
from api.pages.render import environment
from api.pages.sito import sito
from api.pronta import Pronte
from api.v1 import API, fascicoli

if TYPE_CHECKING:
    from territorio.config import Settings

DESCRIPTION = """
L'anagrafe territoriale: per ogni edificio un fascicolo con ciò che gli uffici ne sanno.
Ogni lettura accetta `alla_data` (il giorno di cui si chiede) e `noto_al` (ciò che il registro
sapeva allora). Gli errori sono problem+json (RFC 9457) in italiano.
"""


class Anagrafe(FastAPI):
    """The application behind its gate and its hot doors.

    They stand before FastAPI's own layers, which would cost a request of theirs as much as they.
    """

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Put gate and hot doors before what FastAPI serves."""
        super().__init__(*args, **kwargs)
        self.state.misure = metrics.Misure()
        porte = (
            fascicoli.PRONTA,
            tiles.PRONTA,
            suggerimenti.PRONTA,
            elementi.ITEMS_PRONTA,
            elementi.ITEM_PRONTA,
            *tasselli.PRONTE,
            file.PRONTA,
        )
        doors = Pronte(super().__call__, porte)
        self.gate = gate.Gate(doors, errors.crashed, self.state.misure.note)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        scope["app"] = self
        await self.gate(scope, receive, send)


def create_app(settings: "Settings") -> FastAPI:
    """Return the application for these settings; nothing is read before this call."""
    app = Anagrafe(
        title="territorio",
        version="1",
        description=DESCRIPTION,
        # FastAPI's own pages take their scripts from content networks: ours is /sviluppatori.
        docs_url=None,
        redoc_url=None,
        openapi_url="/api/v1/openapi.json",
    )
    app.state.settings = settings
    app.gate.freno = Freno(settings.richieste_minuto)
    app.state.assets = assets.Assets()
    app.state.jinja = environment(app.state.assets)
    app.state.sito = None
    app.state.quadri = Quadri()
    errors.install(app)
    for router in (assets.router, tiles.router, metrics.router, *API, *OGC, *OPENDATA):
        app.include_router(router)
    for router in (catalogo.router, ckan.router, sitemap.router):
        app.include_router(router)
    for router in PAGES:
        app.include_router(router, dependencies=[Depends(sito)])
    app.add_middleware(GZipMiddleware, minimum_size=SHORT, compresslevel=LEVEL_ZLIB)
    return app
