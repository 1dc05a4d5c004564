"""The machine doors under /api/v1, one router a noun."""

from fastapi import APIRouter

from api.v1 import (
    atti,
    cerca,
    civici,
    comuni,
    documenti,
    edifici,
    fascicoli,
    forniture,
    lavori,
    particelle,
    segnalazioni,
    stato,
    unita_immobiliari,
)

API: tuple[APIRouter, ...] = (
    stato.router,
    cerca.router,
    edifici.router,
    fascicoli.router,
    particelle.router,
    unita_immobiliari.router,
    civici.router,
    comuni.router,
    forniture.router,
    segnalazioni.router,
    atti.router,
    documenti.router,
    lavori.router,
)
"""The routers, in the order of the description."""
