"""The sheets of a backup as they were written; what only looks like them is refused."""

from typing import IO, Annotated, TypedDict

from pydantic import Field, TypeAdapter, ValidationError

from territorio.errors import Refused
from territorio.salvataggio import HEADER, MANIFEST


class Intestazione(TypedDict):
    """The first sheet: by which program the backup was made, of what, when."""

    formato: int
    schema: str
    comune: Annotated[str, Field(min_length=4, max_length=4)] | None
    creato: str
    oggetti: Annotated[int, Field(ge=1, lt=2**53)]
    chiave: str
    colonne: dict[str, list[str]]


class Gruppo(TypedDict):
    """The hash of the rows of one municipality in a table."""

    righe: int
    somma: str


class Manifesto(TypedDict):
    """The last sheet: what the rows and files must be."""

    tavole: dict[str, dict[str, Gruppo]]
    file: list[str]
    mancanti: list[str]


_INTESTAZIONE = TypeAdapter(Intestazione)
_MANIFESTO = TypeAdapter(Manifesto)


def header(nome: str, first: tuple[str, IO[bytes]] | None) -> Intestazione:
    """Read the first sheet; raise Refused if the file does not begin with one of ours."""
    if first is None or first[0] != HEADER:
        raise Refused(nome, "non è un salvataggio di territorio")
    try:
        return _INTESTAZIONE.validate_json(first[1].read(), strict=True)
    except ValidationError as error:
        raise _foreign(nome, HEADER, error) from None


def manifest(nome: str, content: IO[bytes]) -> Manifesto:
    """Read the last sheet; raise Refused if it is none of ours."""
    try:
        return _MANIFESTO.validate_json(content.read(), strict=True)
    except ValidationError as error:
        raise _foreign(nome, MANIFEST, error) from None


def _foreign(nome: str, foglio: str, error: ValidationError) -> Refused:
    place = ".".join(map(str, error.errors(include_url=False)[0]["loc"]))
    where = f" alla voce «{place}»" if place else ""
    return Refused(
        nome,
        f"il foglio «{foglio}» non si legge{where}: il file è rovinato, o non è un salvataggio"
        " di territorio",
    )
