"""The OGC API under ``/ogc``: asked as the public, of the published collections alone."""

from fastapi import APIRouter

from api.ogc import elementi, servizio

OGC: tuple[APIRouter, ...] = (elementi.router, servizio.router)
"""The routers, the hot one first."""
