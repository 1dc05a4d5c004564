"""The shapes of the answers, for the description of the API; the doors write them as they are.

Field names are the words of the glossary.
"""

from datetime import date, datetime
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field

Stato = Literal["presente", "vuota", "fonte_non_caricata", "riservata"]


class Modello(BaseModel):
    """A shape that says of every field what it is and refuses the unknown."""

    model_config = ConfigDict(extra="forbid", use_attribute_docstrings=True)


class Errore(Modello):
    """One thing wrong with one field."""

    campo: str
    motivo: str


class Problema(Modello):
    """An error, as RFC 9457 wants it."""

    type: str
    title: str
    status: int
    detail: str
    """Che cosa non va, in italiano."""
    instance: str
    """Il numero della richiesta: lo si trova nei registri del servizio."""
    errori: list[Errore] = Field(default_factory=list)


class Legame(Modello):
    """How two objects were joined."""

    tipo: str
    metodo: str
    punteggio: float
    """Da 0 a 1."""
    stato: str
    autore: str
    parole: str
    """Metodo, prova e certezza in una frase."""
    misura: float | None = None
    """Metri quadri in comune; per un numero civico, metri di distanza."""
    quota: float | None = None
    """Parte del primo oggetto che cade nel secondo."""
    evidenza: Any = None


class Discordanza(Modello):
    """What another source says on a field."""

    campo: str
    valore: Any
    fonte: str | None
    fornitura: int | None
    riga: int | None
    data: date | None


class Provenienza(Modello):
    """Who says it, in which delivery and line, of which day."""

    fonte: str | None = None
    """Codice della fonte."""
    fornitura: int | None = None
    """Numero della fornitura."""
    riga: int | None = None
    """Riga del file consegnato, da 1."""
    data: date | None = None
    """Il giorno di cui la fornitura parla."""
    dal: date | None = None
    """Da quando il fatto vale; vuoto: da prima che si guardasse."""
    al: date | None = None
    """Fino a quando (escluso); vuoto: finora."""


class Soggetto(Provenienza):
    """A person or a body, as far as the reader may see."""

    id: int
    valori: dict[str, Any]


class Voce(Provenienza):
    """What one source says in one line about one object.

    Two sources on the same object are two entries with the same ``id``.
    """

    tipo: str
    id: int
    valori: dict[str, Any]
    legame: Legame | None = None
    soggetto: Soggetto | None = None
    discordanza: list[Discordanza] = Field(default_factory=list)


class Sezione(Modello):
    """One section of the dossier; it is always there."""

    stato: Stato
    voci: list[Voce]
    conteggio: dict[str, int] = Field(default_factory=dict)
    non_caricate: list[str] = Field(default_factory=list)
    """Ciò che la sezione promette e che nessuna fornitura ha ancora portato."""
    motivo: str | None = None


class TestaFascicolo(Modello):
    """The building a dossier is about."""

    id: int
    codice: str
    uri: str
    comune: str
    stato: Literal["esistente", "cessato", "non ancora esistente", "non noto"]
    prima: list[str]
    """Codici degli edifici da cui deriva."""
    dopo: list[str]
    """Codici degli edifici che lo hanno sostituito."""
    voci: list[Voce]
    indirizzi: list[Voce]
    strati: list[str]
    """Strati della mappa da disegnare intorno."""


class Fascicolo(Modello):
    """The dossier of a building."""

    edificio: TestaFascicolo
    alla_data: date
    noto_al: datetime | None
    """L’istante dell’ultima registrazione di cui si è tenuto conto."""
    sezioni: dict[str, Sezione]


class Oggetto(Modello):
    """An object of the registry, as every source describes it."""

    id: int
    codice: str
    uri: str
    comune: str
    voci: list[Voce]


class Oggetti(Modello):
    """A page of objects."""

    numero: int
    """Quanti sono in tutto."""
    elementi: list[Oggetto]
    dopo: str | None = None
    """Da passare come ``dopo`` per la pagina seguente; manca nell’ultima."""


class Trovato(Modello):
    """One thing found."""

    tipo: str
    id: int
    codice: str
    comune: str
    etichetta: str
    punteggio: float
    esatto: bool
    edificio: str | None = None
    """Codice dell’edificio a cui conduce."""
    edifici: list[str] = Field(default_factory=list)
    lon: float | None = None
    lat: float | None = None


class Trovati(Modello):
    """What a text may mean, best first."""

    numero: int
    elementi: list[Trovato]


class ComuneServito(Modello):
    """A municipality of this installation."""

    comune: str
    denominazione: str
    istat: str | None
    provincia: str | None
    utm: int
    inventato: bool


class Comuni(Modello):
    """The municipalities of this installation."""

    numero: int
    elementi: list[ComuneServito]


class StatoServizio(Modello):
    """Whether the service answers, and up to where it knows."""

    stato: Literal["pronto"]
    versione: str
    comuni: list[str]
    registrazione: int
    """Numero dell’ultima registrazione."""
    noto_al: datetime | None
    edifici: int


class FornituraLetta(Modello):
    """A delivered file."""

    id: int
    comune: str
    fonte: str
    titolo: str | None
    nome: str
    sha256: str
    byte: int
    data_riferimento: date
    data_elaborazione: date | None
    ricevuta: datetime
    registrazione: int | None
    letti: int
    inseriti: int
    cambiati: int
    invariati: int
    chiusi: int
    rifiutati: int


class Forniture(Modello):
    """A page of deliveries, the newest first."""

    numero: int
    elementi: list[FornituraLetta]
    dopo: int | None = None


class SegnalazioneLetta(Modello):
    """An issue with the data."""

    id: int
    comune: str
    tipo: str
    oggetto: int | None
    fornitura: int | None
    riga: int | None
    campo: str | None
    motivo: str
    dati: dict[str, Any]
    """Le cifre e i codici di cui parla il motivo; quelli dei tributi solo per il loro ufficio."""
    stato: Literal["aperta", "presa in carico", "chiusa"]
    autore: str
    aperta: datetime


class SegnalazioneIntera(SegnalazioneLetta):
    """An issue with what the reader wrote; reading it is written down."""

    testo: str | None


class Segnalazioni(Modello):
    """A page of issues, the newest first."""

    numero: int
    elementi: list[SegnalazioneLetta]
    dopo: int | None = None


class NuovaSegnalazione(Modello):
    """What a reader says is wrong."""

    oggetto: str = Field(max_length=40, examples=["kedali-bupofe-6"])
    """Il codice dell’oggetto."""
    testo: str = Field(min_length=3, max_length=2000, examples=["Il civico è il 12, non il 21."])
    campo: str | None = Field(default=None, max_length=80)


class Ricevuta(Modello):
    """That a report was received."""

    id: int
    stato: str
    aperta: datetime
