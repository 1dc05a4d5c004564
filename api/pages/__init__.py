"""Web pages: one module a noun. They read a request, call one function, fill a template."""

from fastapi import APIRouter

from api.pages import edificio, home, info, mappa, pannello, scheda, search

PAGES: tuple[APIRouter, ...] = (
    home.router,
    search.router,
    mappa.router,
    edificio.router,
    pannello.router,
    scheda.router,
    info.router,
)
"""The routers of the pages; the test of all pages reads them from here."""
