"""Web pages: one module a noun. They read a request, call one function, fill a template."""

from fastapi import APIRouter

from api.pages import edificio, home, info, pannello

PAGES: tuple[APIRouter, ...] = (
    home.router,
    edificio.router,
    pannello.router,
    info.router,
)
"""The routers of the pages; the test of all pages reads them from here."""
