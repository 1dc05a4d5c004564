"""The shapes of what operators ask, and of the acts as they were done."""

from datetime import date, datetime
from decimal import Decimal
from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field
from pydantic_core import PydanticCustomError

from api.v1.modelli import Modello

Codice = Annotated[str, Field(max_length=40, examples=["kedali-bupofe-6"])]
Geometria = dict[str, Any]
Testo = Annotated[str, Field(min_length=1, max_length=500)]
Giorno = Annotated[date, Field(ge=date(1800, 1, 1), le=date(2100, 1, 1))]


def _no_bool(value: object) -> object:
    """Refuse a yes or no where a number is meant: Python would take it for 1 or 0."""
    if isinstance(value, bool):
        raise PydanticCustomError("float_parsing", "not a number")
    return value


NoBool = BeforeValidator(_no_bool)


class DatiEdificio(Modello):
    """What is said of a building; what is left out is not said."""

    uso: Annotated[str | None, Field(max_length=80)] = None
    tipo: Annotated[str | None, Field(max_length=80)] = None
    stato: Annotated[str | None, Field(max_length=80)] = None
    piani: Annotated[int | None, NoBool, Field(ge=0, le=200)] = None
    altezza_m: Annotated[Decimal | None, NoBool, Field(ge=0, le=1000, decimal_places=2)] = None
    anno: Annotated[int | None, NoBool, Field(ge=1, le=2200)] = None
    geometria: Geometria | None = None
    """Perimetro in GeoJSON: Polygon o MultiPolygon, longitudine e latitudine."""


class Provvedimento(Modello):
    """By what authority an act is done."""

    comune: Annotated[str, Field(pattern=r"^[A-Z]\d{3}$", examples=["X999"])]
    autore: Testo
    """Chi agisce."""
    atto: Testo
    """Gli estremi dell’atto amministrativo."""
    motivo: Testo


class _Atto(Provvedimento):
    giorno: Giorno
    """Il giorno da cui (o in cui) vale ciò che l’atto dice."""


class Creazione(_Atto):
    """Enter a building that no source has."""

    tipo: Literal["creazione"]
    campi: DatiEdificio


class Correzione(_Atto):
    """Put right what was wrong, on all the days the wrong word held."""

    tipo: Literal["correzione"]
    edificio: Codice
    campi: DatiEdificio


class Variazione(_Atto):
    """Say that a building became different on a day."""

    tipo: Literal["variazione"]
    edificio: Codice
    campi: DatiEdificio


class Divisione(_Atto):
    """End a building and begin its parts."""

    tipo: Literal["divisione"]
    edificio: Codice
    parti: Annotated[list[DatiEdificio], Field(min_length=2, max_length=50)]


class Fusione(_Atto):
    """End several buildings and begin the one they became."""

    tipo: Literal["fusione"]
    edifici: Annotated[list[Codice], Field(min_length=2, max_length=50)]
    campi: DatiEdificio = Field(default_factory=DatiEdificio)


class Cessazione(_Atto):
    """Say that a building is no longer there."""

    tipo: Literal["cessazione"]
    edificio: Codice


class Ripristino(_Atto):
    """Say that a building that was gone is there again."""

    tipo: Literal["ripristino"]
    edificio: Codice


class CivicoNuovo(Modello):
    """A house number to be made."""

    odonimo: Codice
    numero: Annotated[int, NoBool, Field(ge=0, le=99_999)]
    esponente: Annotated[str, Field(max_length=10)] = ""
    specificita: Annotated[str, Field(max_length=80)] = ""
    punto: Geometria | None = None
    """La porta, in GeoJSON: Point, longitudine e latitudine."""


class AssegnazioneCivico(_Atto):
    """Assign a house number, new or existing, and say which building it leads into."""

    tipo: Literal["assegnazione civico"]
    civico: Codice | CivicoNuovo
    edificio: Codice | None = None


class Ridenominazione(_Atto):
    """Give a street another name; its house numbers follow."""

    tipo: Literal["ridenominazione"]
    odonimo: Codice
    denominazione: Annotated[str, Field(min_length=1, max_length=200)]
    lingua1: Annotated[str | None, Field(max_length=200)] = None
    lingua2: Annotated[str | None, Field(max_length=200)] = None


NuovoAtto = Annotated[
    Creazione
    | Correzione
    | Variazione
    | Divisione
    | Fusione
    | Cessazione
    | Ripristino
    | AssegnazioneCivico
    | Ridenominazione,
    Field(discriminator="tipo"),
]


class AttoLetto(Modello):
    """An act that was done."""

    registrazione: int
    """Il numero della registrazione che l’atto ha fatto: con «n» davanti vale come noto_al."""
    comune: str
    tipo: str
    giorno: date
    oggetti: list[str]
    """Codici degli oggetti toccati."""
    nuovi: list[str]
    """Codici degli oggetti nati con l’atto."""
    contenuto: dict[str, Any]
    annulla: int | None
    annullato_da: int | None
    quando: datetime
    autore: str
    atto: str
    motivo: str


class AttoFatto(AttoLetto):
    """An act just done, and the job that brings links and search up to date."""

    lavoro: int


class Atti(Modello):
    """A page of acts, the latest first."""

    numero: int
    elementi: list[AttoLetto]
    dopo: int | None = None


class LavoroLetto(Modello):
    """A long job."""

    id: int
    comune: str | None
    compito: str
    chiesto_da: str
    chiesto: datetime
    iniziato: datetime | None
    finito: datetime | None
    stato: Literal["in coda", "in corso", "finito", "fallito", "annullamento chiesto", "annullato"]
    fase: str | None
    fatto: int
    totale: int | None
    esito: dict[str, Any] | None


class Lavori(Modello):
    """A page of jobs, the latest first."""

    numero: int
    elementi: list[LavoroLetto]
    dopo: int | None = None
