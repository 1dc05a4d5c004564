"""The OGC API under ``/ogc``: asked as the public, of the published collections alone."""

from fastapi import APIRouter

from api.ogc import elementi, servizio, tasselli

OGC: tuple[APIRouter, ...] = (elementi.router, tasselli.router, servizio.router)
"""The routers, the hot ones first."""
