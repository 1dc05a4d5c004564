"""A small invented town handed to the pages in place of the database."""

from datetime import date

from fastapi import FastAPI

from api.app import create_app
from api.pages import home
from api.pages.sito import ComuneServito, Sito
from territorio.config import Settings

SITO = Sito((ComuneServito("X999", "Borgo Sereno", "XX", inventato=True),))


def fake_app() -> FastAPI:
    """Return the real application, with invented answers for what it asks the registry."""
    app = create_app(Settings())
    app.state.sito = SITO
    app.dependency_overrides[home.stato] = lambda: home.Stato(212, date(2025, 12, 31), 3)
    return app
