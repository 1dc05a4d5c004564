"""Acts: what operators write into the registry, with author, reason and undo.

An act is one registrazione with cause ``atto``. What it says stands in the tables of facts
like the word of any other source, under fonte ``ufficio`` and a fornitura of its own (the
act as canonical JSON, by its SHA-256): loads never touch it, since a merge compares the
rows of its own source only, and :mod:`territorio.prevalenza` lets it count before theirs.
What can be done stands in ``territorio/atti``, an act a function.
"""

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import ARRAY, insert

from territorio import disegno, pubblicato, registrazione, vigenza
from territorio.atti.schema import atto
from territorio.errors import InvalidInput, NotFound
from territorio.prevalenza import UFFICIO
from territorio.schema import fonte, fornitura
from territorio.schema import registrazione as registrazioni

Tipo = Literal[
    "creazione",
    "correzione",
    "variazione",
    "divisione",
    "fusione",
    "cessazione",
    "ripristino",
    "assegnazione civico",
    "ridenominazione",
    "allegato",
    "annullamento",
]

_FONTE = {
    "codice": UFFICIO,
    "titolo": "Atti dell’ufficio",
    "editore": "Comune",
    "licenza": "uso interno",
    "cadenza": "continua",
    "conserva_giorni": 36500,
    "persone": False,
}


@dataclass(frozen=True, slots=True)
class Provvedimento:
    """By what authority an operator acts: who, by which act, and why."""

    comune: str
    autore: str
    atto: str
    motivo: str

    def __post_init__(self) -> None:
        """Refuse an act without author, reference or reason."""
        for campo in ("autore", "atto", "motivo"):
            if not getattr(self, campo).strip():
                raise InvalidInput(campo, "va indicato: ogni modifica ha autore, atto e motivo")
            require_storable(campo, getattr(self, campo))


def require_storable(campo: str, testo: object) -> None:
    """Raise InvalidInput for the one character that the database cannot hold."""
    if isinstance(testo, str) and "\0" in testo:
        raise InvalidInput(campo, "contiene un carattere che non è testo")


@dataclass(frozen=True, slots=True)
class Atto:
    """An act that was done."""

    comune: str
    registrazione: int
    tipo: str
    giorno: date
    oggetti: tuple[int, ...]
    nuovi: tuple[int, ...]
    contenuto: Mapping[str, object]
    annulla: int | None
    annullato_da: int | None
    quando: datetime
    autore: str
    atto: str
    motivo: str


@dataclass(frozen=True, slots=True)
class Corso:
    """An act being done: the stamps its rows bear."""

    comune: str
    tipo: Tipo
    giorno: date
    numero: int
    fornitura: int
    contenuto: Mapping[str, object]


def begin(
    conn: sa.Connection,
    provvedimento: Provvedimento,
    tipo: Tipo,
    giorno: date,
    contenuto: Mapping[str, object],
) -> Corso:
    """Open an act in the running transaction; read the present state only after it.

    From here to the commit no other change can be registered, so what is read holds.
    """
    if giorno > vigenza.today() and tipo != "annullamento":
        raise InvalidInput("giorno", f"{giorno:%d/%m/%Y} deve ancora venire")
    comune = provvedimento.comune
    plain = _plain(contenuto)
    number = registrazione.begin(
        conn,
        "atto",
        autore=provvedimento.autore,
        comune=comune,
        atto=provvedimento.atto,
        motivo=provvedimento.motivo,
    )
    text = json.dumps(
        [number, comune, tipo, giorno.isoformat(), provvedimento.autore, provvedimento.atto, plain],
        ensure_ascii=False,
        sort_keys=True,
    ).encode()
    conn.execute(insert(fonte).values(**_FONTE).on_conflict_do_nothing())
    supply: int = conn.execute(
        sa.insert(fornitura)
        .values(
            comune=comune,
            fonte=UFFICIO,
            sha256=hashlib.sha256(text).hexdigest(),
            nome=f"atto {number}: {tipo} ({provvedimento.atto})",
            byte=len(text),
            data_riferimento=giorno,
            registrazione=number,
            letti=1,
            inseriti=1,
        )
        .returning(fornitura.c.id)
    ).scalar_one()
    return Corso(comune, tipo, giorno, number, supply, plain)


def record(
    conn: sa.Connection,
    corso: Corso,
    oggetti: Iterable[int],
    nuovi: Iterable[int] = (),
    *,
    annulla: int | None = None,
) -> Atto:
    """Write down the act with the objects it touched and those it gave birth to."""
    born = sorted(set(nuovi))
    touched = sorted({*oggetti, *born})
    disegno.redraw(conn, corso.comune, touched)
    pubblicato.republish(conn, corso.comune, touched)
    conn.execute(
        sa.insert(atto).values(
            comune=corso.comune,
            registrazione=corso.numero,
            tipo=corso.tipo,
            giorno=corso.giorno,
            oggetti=touched,
            nuovi=born,
            contenuto=corso.contenuto,
            annulla=annulla,
        )
    )
    return find(conn, corso.comune, corso.numero)


def find(conn: sa.Connection, comune: str, numero: int) -> Atto:
    """Return an act by the number of its registrazione; raise NotFound."""
    row = conn.execute(_select(comune).where(atto.c.registrazione == numero)).one_or_none()
    if row is None:
        raise NotFound("atto", numero)
    return _of_row(row)


def home(conn: sa.Connection, numero: int) -> str:
    """Return the municipality of an act; raise NotFound."""
    query = sa.select(atto.c.comune).where(atto.c.registrazione == numero)
    found: str | None = conn.execute(query).scalar()
    if found is None:
        raise NotFound("atto", numero)
    return found


def search(
    conn: sa.Connection,
    comune: str,
    *,
    oggetto: int | None = None,
    prima_di: int | None = None,
    limite: int = 50,
) -> list[Atto]:
    """Return the acts, the latest first; of one object; those before a number (paging)."""
    query = _select(comune).order_by(atto.c.registrazione.desc()).limit(limite)
    if oggetto is not None:
        query = query.where(atto.c.oggetti.contains(sa.literal([oggetto], ARRAY(sa.BigInteger))))
    if prima_di is not None:
        query = query.where(atto.c.registrazione < prima_di)
    return [_of_row(row) for row in conn.execute(query)]


def count(conn: sa.Connection, comune: str, *, oggetto: int | None = None) -> int:
    """Return how many acts there are, of all objects or of one."""
    query = sa.select(sa.func.count()).select_from(atto).where(atto.c.comune == comune)
    if oggetto is not None:
        query = query.where(atto.c.oggetti.contains(sa.literal([oggetto], ARRAY(sa.BigInteger))))
    number: int = conn.execute(query).scalar_one()
    return number


def rectified(conn: sa.Connection, oggetti: Iterable[int], noto_al: int = 0) -> bool:
    """Tell whether an act in force corrected one of the objects after a moment of knowledge."""
    asked = sa.literal(list(oggetti), ARRAY(sa.BigInteger))
    found = sa.exists().where(atto.c.oggetti.overlap(asked), corrects_after(noto_al))
    return bool(conn.execute(sa.select(found)).scalar_one())


def corrects_after(noto_al: int) -> sa.ColumnElement[bool]:
    """Return the condition "a correction in force, made after a moment of knowledge"."""
    undone = atto.alias()
    return sa.and_(
        atto.c.tipo == "correzione",
        atto.c.registrazione > noto_al,
        ~sa.exists().where(
            undone.c.comune == atto.c.comune, undone.c.annulla == atto.c.registrazione
        ),
    )


def _select(comune: str) -> sa.Select[tuple[object, ...]]:
    undone = atto.alias()
    return (
        sa.select(
            atto,
            registrazioni.c.quando,
            registrazioni.c.autore,
            registrazioni.c.atto,
            registrazioni.c.motivo,
            sa.select(undone.c.registrazione)
            .where(undone.c.comune == comune, undone.c.annulla == atto.c.registrazione)
            .scalar_subquery()
            .label("annullato_da"),
        )
        .join(registrazioni, registrazioni.c.numero == atto.c.registrazione)
        .where(atto.c.comune == comune)
    )


def _of_row(row: sa.Row[tuple[object, ...]]) -> Atto:
    said = row._mapping
    return Atto(
        comune=said["comune"],
        registrazione=said["registrazione"],
        tipo=said["tipo"],
        giorno=said["giorno"],
        oggetti=tuple(said["oggetti"]),
        nuovi=tuple(said["nuovi"]),
        contenuto=said["contenuto"],
        annulla=said["annulla"],
        annullato_da=said["annullato_da"],
        quando=said["quando"],
        autore=said["autore"],
        atto=said["atto"],
        motivo=said["motivo"],
    )


def _plain(value: Mapping[str, object]) -> dict[str, object]:
    """Return what was asked as JSON keeps it: outlines as hexadecimal WKB, dates as text."""

    def simple(item: object) -> object:
        return item.hex() if isinstance(item, bytes) else str(item)

    told: dict[str, object] = json.loads(json.dumps(value, default=simple))
    _require_storable(told)
    return told


def _require_storable(value: object) -> None:
    """Look through what was asked, however deep it goes."""
    if isinstance(value, dict):
        for campo, item in value.items():
            require_storable(campo, item)
            _require_storable(item)
    elif isinstance(value, list):
        for item in value:
            require_storable("campi", item)
            _require_storable(item)
