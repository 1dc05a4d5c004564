"""The invented world: what exists, since when, and since when the offices know it.

Each version carries two pairs of days: ``dal``/``al`` in the world, ``noto_dal``/
``noto_al`` in the register that states it (a deed of March entered in September is
unknown in June). A supply of a day holds the versions known on that day.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import Final

from ingest.generatore.poligoni import Anello, Punto

#: No end.
MAI: Final = date(9999, 12, 31)


@dataclass(slots=True, eq=False)
class Strada:
    """A named street; a change of name keeps the number."""

    numero: int
    dug: str
    nome: str
    localita: str
    nuovo_nome: str = ""
    rinominata: date = MAI

    def at(self, giorno: date) -> str:
        """Return the name on a day, with its species."""
        return self.nuovo_nome if giorno >= self.rinominata else f"{self.dug} {self.nome}"


@dataclass(slots=True, eq=False)
class Civico:
    """A house number."""

    progressivo: int
    strada: Strada
    numero: int
    esponente: str
    x: int
    y: int
    edificio: Edificio | None
    particella: Particella
    dal: date = date(1, 1, 1)
    al: date = MAI
    #: Displacement of the published point in mm, None when no point is published.
    scarto: tuple[int, int] | None = (0, 0)
    #: Day from which the displaced point is published right.
    corretto_dal: date = MAI

    @property
    def testo(self) -> str:
        """Return number and exponent as written on the plate."""
        return f"{self.numero}/{self.esponente}" if self.esponente else str(self.numero)


@dataclass(slots=True, eq=False)
class StatoTerreno:
    """What the land cadastre says of a parcel: quality, class, incomes in cents."""

    qualita: int
    classe: int
    dominicale: int
    agrario: int
    dal: date
    noto_dal: date
    al: date = MAI
    noto_al: date = MAI
    nota: tuple[str, str, int] = ("I", "", 0)
    causale: tuple[str, str] = ("", "")


@dataclass(slots=True, eq=False)
class Particella:
    """A parcel for as long as its number lives."""

    id: int
    foglio: int
    numero: str
    anello: Anello
    uso: str
    dal: date
    noto_dal: date
    al: date = MAI
    noto_al: date = MAI
    mq: int = 0
    stati: list[StatoTerreno] = field(default_factory=list)
    diritti: list[Diritto] = field(default_factory=list)
    edifici: list[Edificio] = field(default_factory=list)
    #: Face of the mesh it lies in, which tells its zone.
    cella: int = -1
    #: The parcel whose holders this one has: the one it was cut from, or the first joined.
    madre: Particella | None = None

    def at(self, giorno: date) -> StatoTerreno | None:
        """Return what the cadastre states on a day, None when the parcel is not in force."""
        for stato in reversed(self.stati):
            if stato.noto_dal <= giorno < stato.noto_al:
                return stato
        return None


@dataclass(slots=True, eq=False)
class Impronta:
    """The outline of a building between two days."""

    anello: Anello
    corte: Anello
    dal: date
    al: date = MAI


@dataclass(slots=True, eq=False)
class Edificio:
    """A building: the thing the registry must recognise through all the files."""

    id: int
    genere: str
    piani: int
    anno: int
    impronte: list[Impronta]
    particelle: list[Particella]
    dal: date
    al: date = MAI
    #: Entered in the cadastral map; MAI when it was never declared.
    in_mappa_dal: date = date(1, 1, 1)
    #: Outline of the cadastral map when it is not the true one (undeclared extension).
    in_mappa: Impronta | None = None
    #: The building it came out of, whose units its units were before.
    madre: Edificio | None = None
    #: The building it went into.
    figlia: Edificio | None = None
    #: The buildings it is made of, when it was split or joined.
    parti: list[Edificio] = field(default_factory=list)
    unita: list[Unita] = field(default_factory=list)
    civici: list[Civico] = field(default_factory=list)

    def outline(self, giorno: date) -> Impronta | None:
        """Return the true outline on a day."""
        for impronta in self.impronte:
            if impronta.dal <= giorno < impronta.al:
                return impronta
        return None


@dataclass(slots=True, eq=False)
class StatoUnita:
    """What the cadastre says of a unit in one *progressivo*."""

    progressivo: int
    categoria: str
    classe: str
    consistenza: float | None
    superficie: int | None
    rendita: int | None
    dal: date
    noto_dal: date
    al: date = MAI
    noto_al: date = MAI
    nota: tuple[str, str, int] = ("A", "", 0)
    causale: tuple[str, str] = ("", "")
    partita: str = ""
    errato: bool = False


@dataclass(slots=True, eq=False)
class Unita:
    """An urban unit."""

    id: int
    #: (parcel, subalterno): more than one pair when the unit is *graffata*.
    identificativi: list[tuple[Particella, str]]
    edificio: Edificio
    civico: Civico | None
    piano: str
    scala: str
    interno: str
    stati: list[StatoUnita]
    diritti: list[Diritto] = field(default_factory=list)
    principale: Unita | None = None
    #: Address as the cadastre and the collector misspell it; empty when they do not.
    indirizzo_catasto: str = ""
    indirizzo_imu: str = ""
    #: Income declared to the municipality, when it is not the cadastral one.
    rendita_dichiarata: int | None = None

    def at(self, giorno: date) -> StatoUnita | None:
        """Return what the cadastre states on a day, None when the unit is not in force."""
        for stato in reversed(self.stati):
            if stato.noto_dal <= giorno < stato.noto_al:
                return stato
        return None


@dataclass(slots=True, eq=False)
class Soggetto:
    """A person or an organisation that may hold rights."""

    id: int
    cf: str
    #: Family name, or the whole name of an organisation.
    cognome: str
    nome: str = ""
    sesso: str = ""
    nascita: date = date(1900, 1, 1)
    luogo: str = ""
    morte: date = MAI
    #: The cadastre does not know the fiscal code.
    senza_cf: bool = False
    #: One bit for each supply file that has this subject already.
    scritto: int = 0

    @property
    def persona(self) -> bool:
        """Tell a person from an organisation."""
        return bool(self.sesso)


@dataclass(slots=True, eq=False)
class Diritto:
    """A right of a subject on a unit or a parcel."""

    id: int
    soggetto: Soggetto
    codice: str
    num: int
    den: int
    regime: str
    rif: Soggetto | None
    dal: date
    noto_dal: date
    nota: tuple[str, str, int]
    causale: tuple[str, str]
    al: date = MAI
    noto_al: date = MAI
    #: How the collector has it: regular, missing, doubled, without identifiers.
    imu: str = ""


@dataclass(slots=True, eq=False)
class Residenza:
    """A person at an address, in a unit, in a household, between two days."""

    persona: Soggetto
    famiglia: int
    relazione: int
    stato_civile: int
    unita: Unita
    civico: Civico
    dal: date
    al: date = MAI
    #: why it began and ended (ANPR words)
    inizio: str = "iscrizione"
    fine: str = ""
    #: Since when on the municipality's list; a move inside it leaves it as it was.
    iscritto: date = MAI
    #: Day from which this member holds the household, day on which the spouse died.
    capo_dal: date = MAI
    vedovo_dal: date = MAI
    #: The unit it was before that was divided, and the day of the division.
    prima: tuple[Unita, date] | None = None
    #: Number stated by the register when it is not the true one.
    civico_dichiarato: Civico | None = None
    #: Street as misspelled, row written twice, row without fiscal code.
    via_storta: str = ""
    doppia: bool = False
    senza_cf: bool = False


@dataclass(slots=True, eq=False)
class Evento:
    """Something that happened in the world."""

    data: date
    tipo: str
    oggetto: str
    prima: tuple[str, ...]
    dopo: tuple[str, ...]
    noto_dal: date
    nota: str = ""


@dataclass(slots=True, eq=False)
class Difetto:
    """A defect planted on purpose."""

    tipo: str
    fornitura: str
    file: str
    chiave: str
    oggetto: str
    nota: str


@dataclass(slots=True, eq=False)
class Mondo:
    """All that one sheet holds; made, written and forgotten sheet by sheet."""

    foglio: int
    bordo: list[Anello]
    strade: list[tuple[Anello, list[Anello]]]
    acque: list[tuple[Anello, list[Anello]]]
    particelle: list[Particella] = field(default_factory=list)
    edifici: list[Edificio] = field(default_factory=list)
    unita: list[Unita] = field(default_factory=list)
    civici: list[Civico] = field(default_factory=list)
    residenze: list[Residenza] = field(default_factory=list)
    eventi: list[Evento] = field(default_factory=list)
    difetti: list[Difetto] = field(default_factory=list)
    testi: list[tuple[str, Punto]] = field(default_factory=list)
