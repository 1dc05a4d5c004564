"""Erasure by law: personal values go, a tombstone stays, and the dossier says so.

An order names objects (persons, documents) and fields. The values go from all versions of
the facts, from staging, from reports and search, and every kept original that names the
person is destroyed as a whole. If the order is permanent, what later deliveries bring
under the same keys is erased as it comes in, before it is merged: a source that goes on
delivering a person does not bring the person back. If it is not (the value was wrong, the
source will deliver it right), the person comes back with the next delivery, as somebody
new. Once fiscal codes are erased, keys become pseudonyms (DESIGN §3.14).
"""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from uuid import UUID, uuid4

import sqlalchemy as sa
from psycopg import sql
from sqlalchemy.dialects.postgresql import insert

from territorio import cancellazione_giornale as giornale
from territorio import cancellazione_righe as righe
from territorio import prepared, registrazione, vigenza
from territorio.bulk import identifier
from territorio.cancellazione_impronta import Impronte
from territorio.cancellazione_righe import PERSONA, PERSONALI, Toccati
from territorio.config import Settings
from territorio.errors import InvalidInput, NotFound, NotReady
from territorio.identita import Codice
from territorio.log import get
from territorio.schema import chiave_persona, fornitura, identita, legame
from territorio.tables import metadata

log = get(__name__)

cancellazione = metadata.tables["registro.cancellazione"]
PER_LEGGE = "cancellato per legge"
"""What an answer says where an erased value stood."""

TIPI = (PERSONA, "documento")
"""Kinds of objects that an order can name."""


@dataclass(frozen=True, slots=True)
class Ordine:
    """An order to erase: what, by which act, and why. ``campi`` is ``*``, a table
    (``soggetto``) or a column of one (``residenza.indirizzo``)."""

    comune: str
    oggetti: tuple[int, ...]
    autore: str
    atto: str
    motivo: str
    campi: tuple[str, ...] = ("*",)
    permanente: bool = True
    numero: UUID = field(default_factory=uuid4)

    def __post_init__(self) -> None:
        """Refuse an order without objects, author, reference or reason."""
        for campo in ("oggetti", "autore", "atto", "motivo"):
            if not getattr(self, campo):
                raise InvalidInput(campo, "va indicato: ogni cancellazione ha autore, atto, motivo")

    def colonne(self) -> list[str]:
        """Return the columns to empty (``soggetto.nome``); raise InvalidInput for others."""
        wanted: set[str] = set()
        for campo in self.campi:
            table, _, column = campo.partition(".")
            for name in PERSONALI if campo == "*" else [table]:
                columns = PERSONALI.get(name, ())
                if not columns or (column and column not in columns):
                    known = ", ".join(PERSONALI)
                    raise InvalidInput("campi", f"«{campo}» non è tra i dati personali ({known})")
                wanted.update(f"{name}.{one}" for one in ([column] if column else columns))
        return sorted(wanted)


@dataclass(frozen=True, slots=True)
class Esito:
    """What came of an order."""

    registrazione: int
    righe: int
    forniture: tuple[int, ...]
    """Deliveries whose kept original is to be destroyed."""


def erase(conn: sa.Connection, settings: Settings, ordine: Ordine) -> Esito:
    """Erase; the order is in the journal when this returns, before the commit.

    Runs as the owner of the tables. After the commit call ``archivio.sweep`` and
    :func:`vacuum`, which make it last on disk.
    """
    _require(conn, ordine)
    impronte = Impronte.of(settings)
    keys = righe.keys_of(conn, ordine.comune, ordine.oggetti)
    known = {(number, impronte.digest(tipo, key)) for number, tipo, key in keys}
    for number in ordine.oggetti:
        if not any(number == owner for owner, _ in known):
            known.add((number, impronte.digest("identita", str(number))))
    esito = _carry_out(conn, impronte, ordine, keys, known)
    giornale.append(
        settings,
        giornale.Nota(
            ordine=str(ordine.numero),
            quando=datetime.now(UTC).isoformat(),
            comune=ordine.comune,
            oggetti=ordine.oggetti,
            campi=ordine.campi,
            impronte=tuple(sorted((number, digest.hex()) for number, digest in known)),
            autore=ordine.autore,
            atto=ordine.atto,
            motivo=ordine.motivo,
            permanente=ordine.permanente,
        ),
    )
    log.info("erased by law", comune=ordine.comune, objects=len(ordine.oggetti), rows=esito.righe)
    return esito


def replay(conn: sa.Connection, settings: Settings, comuni: Collection[str] | None = None) -> int:
    """Do again the orders of the journal that the database does not know; return how many.

    A restored backup may be older than an erasure (DESIGN §3.14).
    """
    impronte = Impronte.of(settings)
    done = set(conn.execute(sa.select(cancellazione.c.ordine)).scalars())
    again = 0
    for nota in giornale.read(settings):
        if nota.id in done or (comuni is not None and nota.comune not in comuni):
            continue
        ordine = Ordine(
            nota.comune,
            nota.oggetti,
            nota.autore,
            nota.atto,
            nota.motivo,
            nota.campi,
            nota.permanente,
            nota.id,
        )
        digests = {(number, bytes.fromhex(digest)) for number, digest in nota.impronte}
        keys = _keys_by_digest(conn, impronte, nota.comune, digests)
        keys += righe.keys_of(conn, nota.comune, nota.oggetti)
        _carry_out(conn, impronte, ordine, sorted(set(keys)), digests)
        again += 1
    return again


def scrub_delivery(conn: sa.Connection, impronte: Impronte | None, consegna: int) -> Toccati:
    """Erase from a staged delivery what permanent orders forbid to come back.

    For the load to call between staging and merge, in its own transaction, once what it
    reported is written. If anything was found, the original of the delivery is marked to be
    destroyed. Raises NotReady where there are orders and nobody to recognise their persons.
    """
    comune: str = conn.execute(
        sa.select(fornitura.c.comune).where(fornitura.c.id == consegna)
    ).scalar_one()
    toccati = Toccati()
    orders = _permanent_orders(conn, comune)
    if not orders:
        return toccati
    if impronte is None:
        raise NotReady(
            f"Per il comune {comune} ci sono cancellazioni per legge: senza la chiave "
            "dell'archivio non si riconosce chi non deve tornare."
        )
    staged = {key: impronte.digest(PERSONA, key) for key in righe.staged_keys(conn, consegna)}
    for campi, digests in orders:
        chiavi = {key for key, digest in staged.items() if digest in digests}
        if not chiavi:
            continue
        chiavi |= {impronte.pseudonym(PERSONA, key) for key in chiavi}
        scope = righe.Ambito(comune, righe.columns_of(campi), righe.renames(campi), consegna)
        righe.scrub_staging(conn, impronte, scope, chiavi, toccati)
        if scope.rinomina:
            _keep_identity(conn, impronte, comune, chiavi, digests)
    if toccati.consegne:
        righe.scrub_words(conn, comune, (), (), toccati)
        _destroy_later(conn, {consegna})
    return toccati


def erased(conn: sa.Connection, comune: str, oggetti: Collection[int]) -> dict[int, set[str]]:
    """Return which fields (``soggetto.nome``) of which objects were erased by law."""
    c = cancellazione.c
    rows = conn.execute(
        sa.select(c.oggetto, c.campi).where(c.comune == comune, c.oggetto.in_(oggetti))
    )
    found: dict[int, set[str]] = {}
    for row in rows:
        found.setdefault(row.oggetto, set()).update(row.campi)
    return found


def same_person(conn: sa.Connection, comune: str, oggetto: int) -> list[int]:
    """Return the other subjects that are held to be the same person, for one order on all."""
    found, todo = {oggetto}, [oggetto]
    while todo:
        one = todo.pop()
        rows = conn.execute(
            sa.select(legame.c.da, legame.c.a).where(
                legame.c.comune == comune,
                legame.c.tipo == "stesso_soggetto",
                legame.c.nota_fino.is_(None),
                legame.c.stato != "rifiutato",
                sa.or_(legame.c.da == one, legame.c.a == one),
            )
        )
        fresh = {end for row in rows for end in (row.da, row.a)} - found
        found |= fresh
        todo += fresh
    return sorted(found - {oggetto})


def vacuum(engine: sa.Engine) -> None:
    """Give back the space of the rows that held erased values: until then they are on disk."""
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as conn:
        for table in metadata.sorted_tables:
            if table.schema in {"persone", "staging"}:
                prepared.driver(conn).execute(sql.SQL("VACUUM {}").format(identifier(table)))


def _carry_out(
    conn: sa.Connection,
    impronte: Impronte,
    ordine: Ordine,
    keys: Sequence[tuple[int, str, str]],
    digests: Iterable[tuple[int, bytes]],
) -> Esito:
    """Empty the rows and write the tombstones under a registrazione of their own."""
    columns = ordine.colonne()
    number = registrazione.begin(
        conn,
        "atto",
        autore=ordine.autore,
        comune=ordine.comune,
        atto=ordine.atto,
        motivo=ordine.motivo,
    )
    comune, toccati = ordine.comune, Toccati()
    objects = sorted({*ordine.oggetti, *(owner for owner, _, _ in keys)})
    words = righe.words_of(conn, comune, objects)
    scope = righe.Ambito(comune, righe.columns_of(columns), righe.renames(columns))
    righe.scrub_facts(conn, impronte, scope, objects, toccati)
    if chiavi := {key for _, tipo, key in keys if tipo == PERSONA}:
        righe.scrub_staging(conn, impronte, scope, chiavi, toccati)
    if scope.rinomina:
        righe.rename_keys(conn, impronte, comune, keys)
    righe.scrub_words(conn, comune, objects, words, toccati)
    _destroy_later(conn, toccati.forniture)
    conn.execute(
        sa.insert(cancellazione),
        [
            {
                "comune": comune,
                "oggetto": owner,
                "campi": columns,
                "impronta": digest,
                "motivo": ordine.motivo,
                "atto": ordine.atto,
                "registrazione": number,
                "ordine": ordine.numero,
                "permanente": ordine.permanente,
            }
            for owner, digest in sorted(digests)
        ],
    )
    return Esito(number, toccati.righe, tuple(sorted(toccati.forniture)))


def _require(conn: sa.Connection, ordine: Ordine) -> None:
    """Raise NotFound unless the municipality has all the objects, of a kind that names people."""
    rows = conn.execute(
        sa.select(identita.c.id).where(
            identita.c.comune == ordine.comune,
            identita.c.id.in_(ordine.oggetti),
            identita.c.tipo.in_(TIPI),
        )
    )
    for missing in sorted(set(ordine.oggetti) - set(rows.scalars())):
        raise NotFound(" o ".join(TIPI), Codice(missing))


def _destroy_later(conn: sa.Connection, forniture: Collection[int]) -> None:
    """End the term of the originals today: the next sweep destroys them."""
    conn.execute(
        sa.update(fornitura)
        .where(fornitura.c.id.in_(forniture))
        .values(originale_fino=vigenza.today())
    )


def _permanent_orders(conn: sa.Connection, comune: str) -> list[tuple[list[str], dict[bytes, int]]]:
    """Return columns and (hash → object) of each permanent order, the oldest first.

    Each is done in turn, as it was on what was there: fingerprints then agree.
    """
    c = cancellazione.c
    rows = conn.execute(
        sa.select(c.ordine, c.campi, c.impronta, c.oggetto)
        .where(c.comune == comune, c.permanente)
        .order_by(c.registrazione, c.id)
    )
    orders: dict[UUID, tuple[list[str], dict[bytes, int]]] = {}
    for row in rows:
        orders.setdefault(row.ordine, (row.campi, {}))[1][bytes(row.impronta)] = row.oggetto
    return list(orders.values())


def _keep_identity(
    conn: sa.Connection,
    impronte: Impronte,
    comune: str,
    chiavi: Collection[str],
    digests: dict[bytes, int],
) -> None:
    """Let the pseudonym lead to the object that was erased, where nothing leads there yet."""
    for key in chiavi:
        number = digests[impronte.digest(PERSONA, key)]
        conn.execute(
            insert(identita).values(id=number, tipo=PERSONA, comune=comune).on_conflict_do_nothing()
        )
        conn.execute(
            insert(chiave_persona)
            .values(comune=comune, tipo=PERSONA, chiave=impronte.pseudonym(PERSONA, key), id=number)
            .on_conflict_do_nothing()
        )


def _keys_by_digest(
    conn: sa.Connection, impronte: Impronte, comune: str, digests: Iterable[tuple[int, bytes]]
) -> list[tuple[int, str, str]]:
    """Return the keys that stand for erased ones, whatever number they lead to now."""
    wanted = {digest for _, digest in digests}
    c = chiave_persona.c
    rows = conn.execute(sa.select(c.id, c.tipo, c.chiave).where(c.comune == comune))
    return [
        (row.id, row.tipo, row.chiave)
        for row in rows
        if impronte.digest(row.tipo, row.chiave) in wanted
    ]
