"""The exceptions of the registry.

::

    TerritorioError
    ├── NotFound          the object was never issued
    ├── InvalidInput      a value handed in has no meaning here
    │   └── InvalidParameter  the same, of a parameter that a standard defines
    ├── Conflict          true in itself, but not in this state of the registry
    │   └── AlreadyRunning    another process holds what is asked for
    ├── Forbidden         the role may not
    │   └── Rectified         what was known before a correction is not for the public
    ├── NotReady          something the registry needs is not there
    └── Refused           a delivery that cannot be taken; nothing has changed

None of them knows HTTP: ``api.errors`` turns them into statuses. Messages are in
Italian, since people read them.
"""

from collections.abc import Sequence


class TerritorioError(Exception):
    """Anything the registry refuses or cannot do."""


class NotFound(TerritorioError):
    """The object asked for was never issued."""

    def __init__(self, tipo: str, chiave: object) -> None:
        self.tipo = tipo
        self.chiave = str(chiave)
        super().__init__(f"Non esiste nessun oggetto «{tipo}» con identificativo {chiave}.")


class InvalidInput(TerritorioError):
    """A value that was handed in cannot be understood."""

    def __init__(self, campo: str, motivo: str) -> None:
        self.campo = campo
        self.motivo = motivo
        super().__init__(f"{campo}: {motivo}")


class InvalidParameter(InvalidInput):
    """A parameter that a standard defines has no meaning here."""


class Conflict(TerritorioError):
    """The request contradicts the present state of the registry."""


class AlreadyRunning(Conflict):
    """Another process holds the resource."""


class Forbidden(TerritorioError):
    """The role may not do or see this."""


class Rectified(Forbidden):
    """The public asked what was known of an object before an act corrected it."""

    def __init__(self) -> None:
        super().__init__(
            "Lo stato precedente alla rettifica non è pubblico: togli «noto al» (noto_al) per"
            " leggere ciò che il registro sa adesso."
        )


class NotReady(TerritorioError):
    """Something the registry needs is missing (database, set-up, key)."""


class Refused(TerritorioError):
    """A delivery was refused as a whole; the registry is as it was before."""

    def __init__(
        self, file: str, motivo: str, dettagli: Sequence[tuple[str, int | None, str]] = ()
    ) -> None:
        """``dettagli`` names file, line and reason, where there is more than one to name."""
        self.file = file
        self.motivo = motivo
        self.dettagli = tuple(dettagli) or ((file, None, motivo),)
        super().__init__(f"{file}: {motivo}")


def detail(error: Exception) -> str:
    """Return what a library said, for the end of an Italian sentence; nothing if it was silent.

    Its first line alone: the others may quote the data.

    >>> detail(OSError("database disk image is malformed"))
    ' (dettaglio tecnico: «database disk image is malformed»)'
    """
    said = next(iter(str(error).splitlines()), "").strip().rstrip(".")
    return f" (dettaglio tecnico: «{said}»)" if said else ""
