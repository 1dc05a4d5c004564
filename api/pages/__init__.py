"""Web pages: one module a noun. They read a request, call one function, fill a template."""

from fastapi import APIRouter

from api.pages import home, info

PAGES: tuple[APIRouter, ...] = (home.router, info.router)
"""The routers of the pages; the test of all pages reads them from here."""
