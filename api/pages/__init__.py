"""Web pages: one module a noun. They read a request, call one function, fill a template."""

from fastapi import APIRouter

from api.pages import (
    dati,
    edificio,
    forniture,
    home,
    identita,
    info,
    mappa,
    pannello,
    scheda,
    search,
    segnala,
    segnalazioni,
    selezione,
    stampe,
    suggerimenti,
    sviluppatori,
)

PAGES: tuple[APIRouter, ...] = (
    home.router,
    search.router,
    suggerimenti.router,
    mappa.router,
    # Before the pages of the same address without the suffix.
    stampe.router,
    edificio.router,
    pannello.router,
    scheda.router,
    selezione.router,
    segnala.router,
    segnalazioni.router,
    forniture.router,
    dati.router,
    sviluppatori.router,
    info.router,
    identita.router,
)
"""The routers of the pages; the test of all pages reads them from here."""
