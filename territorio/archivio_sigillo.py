"""The sealed form of a kept file: AES-256-GCM, chunk by chunk.

Each chunk is sealed under its number and a mark on the last one, so that a chunk moved, cut
off or changed is found out when it is read; and any part can be read without the parts
before it, as readers of zips and GeoPackages want. A file has a key of its own, derived
from the archive's with the salt in its header.
"""

import hashlib
import io
import os
import secrets
from typing import BinaryIO

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from territorio.errors import NotReady

MAGIC = b"territorio-orig1"
SALT = 16
HEADER = len(MAGIC) + SALT
CHUNK = 64 * 1024
TAG = 16


def seal(source: BinaryIO, target: BinaryIO, chiave: bytes) -> str:
    """Copy a stream to another, sealed; return the SHA-256 of the plain bytes."""
    header = MAGIC + secrets.token_bytes(SALT)
    target.write(header)
    cipher = _cipher(chiave, header)
    digest = hashlib.sha256()
    number, chunk = 0, source.read(CHUNK)
    while True:
        following = source.read(CHUNK) if chunk else b""
        digest.update(chunk)
        target.write(cipher.encrypt(_nonce(number, last=not following), chunk, header))
        if not following:
            return digest.hexdigest()
        number, chunk = number + 1, following


class Unsealed(io.RawIOBase):
    """The plain bytes of a sealed file, with free access; owns the file it reads."""

    def __init__(self, raw: BinaryIO, chiave: bytes) -> None:
        self._raw = raw
        self._header = raw.read(HEADER)
        if len(self._header) != HEADER or not self._header.startswith(MAGIC):
            raise NotReady("Il file conservato non è un originale dell'archivio: è danneggiato.")
        self._cipher = _cipher(chiave, self._header)
        sealed = os.fstat(raw.fileno()).st_size - HEADER
        self._chunks = max(1, -(-sealed // (CHUNK + TAG)))
        self._size = sealed - self._chunks * TAG
        self._position = 0
        self._loaded: tuple[int, bytes] = (-1, b"")
        if self._size < 0:
            raise NotReady("Il file conservato è troncato.")

    def readable(self) -> bool:
        """Tell that it can be read."""
        return True

    def seekable(self) -> bool:
        """Tell that it can be read from anywhere."""
        return True

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        """Go to a position in the plain bytes."""
        base = {io.SEEK_SET: 0, io.SEEK_CUR: self._position, io.SEEK_END: self._size}[whence]
        self._position = max(0, base + offset)
        return self._position

    def readinto(self, buffer: "bytearray | memoryview") -> int:  # type: ignore[override] # Buffer
        """Read plain bytes, at most to the end of the chunk; raise NotReady if damaged."""
        number, within = divmod(self._position, CHUNK)
        if number >= self._chunks:
            return 0
        piece = self._chunk(number)[within : within + len(buffer)]
        buffer[: len(piece)] = piece
        self._position += len(piece)
        return len(piece)

    def close(self) -> None:
        """Close the sealed file too."""
        self._raw.close()
        super().close()

    def _chunk(self, number: int) -> bytes:
        if self._loaded[0] != number:
            self._raw.seek(HEADER + number * (CHUNK + TAG))
            sealed = self._raw.read(CHUNK + TAG)
            nonce = _nonce(number, last=number == self._chunks - 1)
            try:
                self._loaded = (number, self._cipher.decrypt(nonce, sealed, self._header))
            except InvalidTag:
                raise NotReady(
                    "Il file conservato non si decifra: è danneggiato, "
                    "oppure la chiave dell'archivio non è quella con cui fu scritto."
                ) from None
        return self._loaded[1]


def _cipher(chiave: bytes, header: bytes) -> AESGCM:
    salt = header[len(MAGIC) :]
    kdf = HKDF(algorithm=hashes.SHA256(), length=32, salt=salt, info=MAGIC)
    return AESGCM(kdf.derive(chiave))


def _nonce(number: int, *, last: bool) -> bytes:
    return number.to_bytes(11, "big") + bytes([last])
