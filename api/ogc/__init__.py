"""The OGC API under ``/ogc``: asked as the public, of the published collections alone."""

from fastapi import APIRouter

from api.ogc import elementi, processi, records, servizio, tasselli

OGC: tuple[APIRouter, ...] = (
    # Before the others: its collection is named, theirs are any.
    records.router,
    elementi.router,
    tasselli.router,
    processi.router,
    servizio.router,
)
"""The routers, the hot ones first."""
