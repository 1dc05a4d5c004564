"""The settings of an installation: read once, at the door, and handed down."""

import hashlib
import os
from pathlib import Path
from typing import Annotated

from pydantic import Field, SecretStr, field_validator
from pydantic_settings import BaseSettings, SettingsConfigDict
from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError

CLONE = Path(__file__).resolve().parent.parent
"""The folder that holds the rooms: what tells one installation from another on a machine."""


def default_data() -> Path:
    """Return the folder for this clone's data: never inside the clone, never in root's home.

    As root the cluster runs as an unprivileged user, who could not enter ``/root``.
    """
    digest = hashlib.sha256(os.fsencode(CLONE)).hexdigest()[:8]
    name = f"{CLONE.name or 'territorio'}-{digest}"
    if os.geteuid() == 0:
        return Path("/var/lib/territorio") / name
    return Path("~/.local/share/territorio").expanduser() / name


class Settings(BaseSettings):
    """What may differ between two installations; each is ``TERRITORIO_`` and its name."""

    model_config = SettingsConfigDict(env_prefix="TERRITORIO_", frozen=True, env_ignore_empty=True)

    database_url: str | None = None
    """The server to use; without it the program runs a private cluster of its own."""

    @field_validator("database_url")
    @classmethod
    def _is_address(cls, value: str | None) -> str | None:
        """Refuse what is no address of a PostgreSQL server before anybody connects to it."""
        if value is not None:
            try:
                driver = make_url(value).drivername
            except (ArgumentError, ValueError):
                driver = ""
            if not driver.startswith("postgres"):
                raise ValueError("not the address of a PostgreSQL server")
        return value

    data: Path = Field(default_factory=default_data)
    """Where cluster, delivered files, logs and pid files are kept."""

    port: Annotated[int, Field(ge=1, le=65535)] = 8000
    """The port of the pages and of the API, on 127.0.0.1 only."""

    richieste_minuto: Annotated[int, Field(ge=1)] = 600_000
    """How much data one client may ask in a minute, of each server process."""

    chiave_archivio: SecretStr | None = None
    """Key of the kept originals, 32 bytes in base64; without it one is made in ``data``."""

    ente_nome: Annotated[str, Field(min_length=1)] = "Unione di Borgo Sereno (dimostrazione)"
    """The body that publishes: a municipality or an association of them."""

    ente_ipa: Annotated[str, Field(pattern=r"^[A-Za-z0-9_-]+$")] = "ubs_dimostrazione"
    """Its code in the index of public bodies (IPA); identifiers of datasets begin with it."""

    ente_email: Annotated[str, Field(pattern=r"^[^@\s]+@[^@\s]+$")] = "dati@example.org"
    """Where to write about the data: an office, never a person."""

    ente_sito: Annotated[str, Field(pattern=r"^https?://[^\s]+$")] = "https://www.example.org/"
    """Its home page."""
