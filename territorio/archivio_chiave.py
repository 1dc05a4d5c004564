"""The installation's own key: what seals originals and stands behind keyed hashes.

It comes from the settings, or is made once in the data folder. Losing it is losing the
kept originals, and the power to recognise who was erased: keep a copy apart.
"""

import base64
import binascii
import contextlib
import os
import secrets
from pathlib import Path

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from territorio.config import Settings
from territorio.errors import NotReady

BYTES = 32
SEALED = ("originali", "allegati")
"""Folders whose files cannot be read without the key."""


def key(settings: Settings) -> bytes:
    """Return the key, making one in the data folder if there is none yet.

    Raises NotReady rather than make a new one beside files that a lost one sealed.
    """
    if settings.chiave_archivio is not None:
        return _decoded(settings.chiave_archivio.get_secret_value(), "TERRITORIO_CHIAVE_ARCHIVIO")
    path = key_path(settings)
    with contextlib.suppress(FileNotFoundError):
        return _decoded(path.read_text(), str(path))
    for name in SEALED:
        if next((settings.data / name).glob("??/*"), None) is not None:
            raise NotReady(
                f"Manca la chiave dell'archivio ({path}), ma ci sono file cifrati con essa: "
                "rimetti la chiave dalla sua copia o imposta TERRITORIO_CHIAVE_ARCHIVIO."
            )
    return _make(path)


def key_path(settings: Settings) -> Path:
    """Return where the key stands when the settings do not hold it."""
    return settings.data / "chiave-archivio"


def derive(master: bytes, purpose: str) -> bytes:
    """Return a key of its own for one purpose, so that no two uses share one."""
    info = f"territorio {purpose}".encode()
    return HKDF(algorithm=hashes.SHA256(), length=BYTES, salt=None, info=info).derive(master)


def _make(path: Path) -> bytes:
    """Write a new key whole, unless another process was quicker; return what stands there."""
    path.parent.mkdir(parents=True, exist_ok=True)
    scratch = path.with_name(f".{secrets.token_hex(8)}.parziale")
    try:
        with os.fdopen(os.open(scratch, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
            file.write(base64.b64encode(secrets.token_bytes(BYTES)) + b"\n")
            file.flush()
            os.fsync(file.fileno())
        with contextlib.suppress(FileExistsError):
            path.hardlink_to(scratch)
    finally:
        scratch.unlink(missing_ok=True)
    return _decoded(path.read_text(), str(path))


def _decoded(text: str, where: str) -> bytes:
    try:
        value = base64.b64decode(text.strip(), validate=True)
    except binascii.Error:
        value = b""
    if len(value) != BYTES:
        raise NotReady(
            f"La chiave dell'archivio in {where} non è valida: servono 32 byte in base64 "
            "(«openssl rand -base64 32»)."
        )
    return value
