"""first tables."""

from collections.abc import Sequence

from territorio.migrations.prima import (
    accessi,
    anagrafe,
    atti,
    catasto_censuario,
    catasto_mappa,
    comune,
    edificio,
    fornitura,
    identita,
    indirizzo,
    lavoro,
    ricerca,
    soggetto,
    tributi,
    urbanistica,
)

revision: str = "0001"
down_revision: str | None = None
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    """Move forward; there is no way back but a backup."""
    identita.create()
    fornitura.create()
    comune.create()
    edificio.create()
    indirizzo.create()
    catasto_mappa.create()
    catasto_censuario.create()
    soggetto.create()
    anagrafe.create()
    tributi.create()
    urbanistica.create()
    atti.create()
    accessi.create()
    lavoro.create()
    ricerca.create()
