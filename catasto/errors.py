"""Errors of the cadastral library. Messages are Italian: they reach people.

::

    CatastoError
    ├── InvalidValue      a text is not the value it should be
    ├── UnknownCode       a code is not in its official table
    └── FormatError       a file is not what its format says
        └── NotRecognised nothing in the file says which format it is
"""

from __future__ import annotations


class CatastoError(Exception):
    """Anything wrong that this library reports by itself."""

    @property
    def dentro(self) -> str:
        """Say what is wrong to who has named the file already."""
        return str(self)


class InvalidValue(CatastoError, ValueError):
    """A text cannot be read as the value it should be."""

    def __init__(self, cosa: str, valore: object, motivo: str) -> None:
        """Keep what was expected, the text found and the reason."""
        super().__init__(f"{cosa}: {valore!r} non è valido ({motivo})")
        self.cosa = cosa
        self.valore = valore
        self.motivo = motivo


class UnknownCode(CatastoError, LookupError):
    """A code that the official table does not list."""

    def __init__(self, tabella: str, codice: object) -> None:
        """Keep the name of the table and the code looked for."""
        super().__init__(f"codice {codice!r} assente nella tabella {tabella!r}")
        self.tabella = tabella
        self.codice = codice


class FormatError(CatastoError):
    """A file, a line or a field does not follow its format."""

    def __init__(
        self,
        file: str,
        motivo: str,
        *,
        riga: int | None = None,
        campo: str | None = None,
        valore: object = None,
    ) -> None:
        """Keep where it happened; the message names file, line and field."""
        posto = [f"riga {riga}"] if riga is not None else []
        if campo is not None:
            said = f" = {str(valore)[:80]!r}" if valore is not None else ""
            posto.append(f"campo {campo!r}{said}")
        super().__init__(f"{', '.join((file, *posto))}: {motivo}")
        self._posto = ", ".join(posto)
        self.file = file
        self.riga = riga
        self.campo = campo
        self.valore = valore
        self.motivo = motivo

    @property
    def dentro(self) -> str:
        """Say where in the file, and why."""
        return f"{self._posto}: {self.motivo}" if self._posto else self.motivo


class NotRecognised(FormatError):
    """The file is none of the formats this library reads."""
