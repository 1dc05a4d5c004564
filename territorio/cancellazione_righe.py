"""Take personal values out of the rows that hold them: facts, staging, keys, reports.

Erasure by law is the one exception to "only the end of knowledge is ever updated"
(DESIGN §3.4): all versions lose the values, not only the present one.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field

import sqlalchemy as sa

from territorio.cancellazione_impronta import PREFIX, Impronte
from territorio.schema import (
    chiave,
    chiave_persona,
    illeggibile,
    legame,
    segnalazione,
    segnalazione_valore,
)
from territorio.schema_ricerca import ricerca_persona
from territorio.tables import FATTI, RIFERIMENTI, STAGING

PERSONA = "soggetto"

PERSONALI: Mapping[str, tuple[str, ...]] = {
    "soggetto": (
        "cognome",
        "nome",
        "sesso",
        "data_nascita",
        "luogo_nascita",
        "denominazione",
        "sede",
        "codice_fiscale",
        "indicazioni",
    ),
    "residenza": (
        "parentela",
        "toponimo",
        "indirizzo",
        "chiave_odonimo",
        "codice_via",
        "numero",
        "esponente",
        "interno",
        "iscritto",
    ),
    "titolarita": ("titolo", "regime", "partita", "atto_generante", "atto_conclusivo"),
    "posizione_imu": ("indirizzo", "agevolazioni", "uso", "detrazione"),
    "documento": ("titolo", "nome_file"),
}
"""What names a person or tells of one; the rest (a share, a rendita) says nothing once
nobody is named."""


@dataclass(frozen=True, slots=True)
class Ambito:
    """Where to erase: the columns to empty in each table, in one delivery or in all."""

    comune: str
    colonne: Mapping[str, Collection[str]]
    rinomina: bool
    """Keys become pseudonyms."""
    fornitura: int | None = None


@dataclass(slots=True)
class Toccati:
    """What an erasure came across."""

    righe: int = 0
    oggetti: set[int] = field(default_factory=set)
    consegne: set[tuple[int, int | None]] = field(default_factory=set)
    """Deliveries and lines that named the person."""

    @property
    def forniture(self) -> set[int]:
        """Return the deliveries whose original names the person."""
        return {fornitura for fornitura, _ in self.consegne}


CODES = f"{PERSONA}.codice_fiscale"


def renames(campi: Collection[str]) -> bool:
    """Tell whether keys must become pseudonyms: they may be fiscal codes."""
    return CODES in campi


def columns_of(campi: Collection[str]) -> dict[str, list[str]]:
    """Return the columns to empty for each table to go through.

    Where keys become pseudonyms every table that speaks of persons is gone through: the
    fingerprints of its rows were taken over the keys too.
    """
    chosen: dict[str, list[str]] = {}
    if renames(campi):
        chosen = {nome: [] for nome in FATTI if nome == PERSONA or _references(nome)}
    for campo in campi:
        table, _, column = campo.partition(".")
        chosen.setdefault(table, []).append(column)
    return chosen


def staged_keys(conn: sa.Connection, fornitura: int) -> set[str]:
    """Return the keys of persons that a staged delivery uses."""
    keys: set[str] = set()
    for nome, table in STAGING.items():
        columns = [table.c[ref] for ref in _references(nome)]
        if nome == PERSONA:
            columns.append(table.c.chiave)
        for column in columns:
            rows = conn.execute(sa.select(column).distinct().where(table.c.fornitura == fornitura))
            keys.update(key for key in rows.scalars() if key is not None)
    return keys


def words_of(conn: sa.Connection, comune: str, oggetti: Collection[int]) -> set[str]:
    """Return the words that name the persons, to find them in free text."""
    s = FATTI[PERSONA].c
    rows = conn.execute(
        sa.select(s.cognome, s.nome, s.denominazione, s.codice_fiscale).where(
            s.comune == comune, s.id.in_(oggetti)
        )
    )
    words: set[str] = set()
    for row in rows:
        words.update(word for word in (row.denominazione, row.codice_fiscale) if word)
        if row.cognome and row.nome:
            words.update({f"{row.cognome} {row.nome}", f"{row.nome} {row.cognome}"})
    return words


def keys_of(
    conn: sa.Connection, comune: str, oggetti: Collection[int]
) -> list[tuple[int, str, str]]:
    """Return the keys (object, kind, key) under which sources deliver the objects."""
    found: list[tuple[int, str, str]] = []
    for table in (chiave, chiave_persona):
        rows = conn.execute(
            sa.select(table.c.id, table.c.tipo, table.c.chiave)
            .where(table.c.comune == comune, table.c.id.in_(oggetti))
            .order_by(table.c.tipo, table.c.chiave)
        )
        found += [(row.id, row.tipo, row.chiave) for row in rows]
    return found


def scrub_facts(
    conn: sa.Connection,
    impronte: Impronte,
    ambito: Ambito,
    oggetti: Collection[int],
    toccati: Toccati,
) -> None:
    """Empty the columns in all versions of what is about the objects."""
    comune = ambito.comune
    for nome, names in ambito.colonne.items():
        table = FATTI[nome]
        about = [table.c[ref].in_(oggetti) for ref in _references(nome)]
        rows = conn.execute(
            sa.select(
                table.c.versione, table.c.id, table.c.fornitura, table.c.riga, table.c.impronta
            ).where(table.c.comune == comune, sa.or_(table.c.id.in_(oggetti), *about))
        ).all()
        for row in rows:
            toccati.righe += 1
            toccati.oggetti.add(row.id)
            toccati.consegne.add((row.fornitura, row.riga))
            conn.execute(
                sa.update(table)
                .where(table.c.comune == comune, table.c.versione == row.versione)
                .values(impronta=impronte.scatter(row.impronta), **dict.fromkeys(names))
            )


def scrub_staging(
    conn: sa.Connection,
    impronte: Impronte,
    ambito: Ambito,
    chiavi: Collection[str],
    toccati: Toccati,
) -> None:
    """Empty the columns of what sources said under these keys of a person.

    When they are renamed the keys themselves, which may be fiscal codes, become pseudonyms,
    always the same: so what a source says goes on being one thread.
    """
    comune = ambito.comune
    for nome, names in ambito.colonne.items():
        if nome == "documento":
            continue  # no source delivers documents
        table = STAGING[nome]
        refs = _references(nome)
        naming = [table.c[ref].in_(chiavi) for ref in refs]
        if nome == PERSONA:
            naming.append(table.c.chiave.in_(chiavi))
        scope = [table.c.comune == comune, sa.or_(*naming)]
        if ambito.fornitura is not None:
            scope.append(table.c.fornitura == ambito.fornitura)
        # No dates among them: Python has none for "since ever" (``dal`` is -infinity).
        wanted = ("n", "fornitura", "riga", "impronta", "chiave", *refs)
        columns = [table.c[column] for column in dict.fromkeys(wanted)]
        for row in conn.execute(sa.select(*columns).where(*scope)).all():
            toccati.righe += 1
            toccati.consegne.add((row.fornitura, row.riga))
            values: dict[str, object] = dict.fromkeys(names)
            values["impronta"] = impronte.scatter(row.impronta)
            if ambito.rinomina:
                values["chiave"] = impronte.pseudonym(nome, row.chiave)
                for ref in refs:
                    if row._mapping[ref] in chiavi:
                        values[ref] = impronte.pseudonym(PERSONA, row._mapping[ref])
                _rename_key(conn, comune, nome, row.chiave, str(values["chiave"]))
            conn.execute(sa.update(table).where(table.c.n == row.n).values(**values))


def rename_keys(
    conn: sa.Connection, impronte: Impronte, comune: str, keys: Iterable[tuple[int, str, str]]
) -> None:
    """Turn the keys of the objects into pseudonyms."""
    for _, tipo, key in keys:
        _rename_key(conn, comune, tipo, key, impronte.pseudonym(tipo, key))


def _rename_key(conn: sa.Connection, comune: str, tipo: str, old: str, new: str) -> None:
    if old.startswith(PREFIX):
        return
    for table in (chiave, chiave_persona):
        there = table.alias()
        mine = sa.and_(table.c.comune == comune, table.c.tipo == tipo, table.c.chiave == old)
        taken = sa.exists().where(
            there.c.comune == comune, there.c.tipo == tipo, there.c.chiave == new
        )
        conn.execute(sa.update(table).where(mine, ~taken).values(chiave=new))
        # The source had come back with a person erased before: one thread is enough.
        conn.execute(sa.delete(table).where(mine))
    _rename_unread(conn, comune, tipo, old, new)


def _rename_unread(conn: sa.Connection, comune: str, tipo: str, old: str, new: str) -> None:
    """Do so where the key stands as a digest: of a fiscal code one finds it by trying all."""
    there = illeggibile.alias()
    t, digest = illeggibile.c, sa.func.md5(new)
    mine = sa.and_(t.comune == comune, t.fatto == tipo, t.chiave_md5 == sa.func.md5(old))
    taken = sa.exists().where(
        there.c.comune == comune,
        there.c.fornitura == t.fornitura,
        there.c.fatto == tipo,
        there.c.chiave_md5 == digest,
    )
    conn.execute(sa.update(illeggibile).where(mine, ~taken).values(chiave_md5=digest))
    conn.execute(sa.delete(illeggibile).where(mine))


def scrub_words(
    conn: sa.Connection,
    comune: str,
    oggetti: Collection[int],
    words: Collection[str],
    toccati: Toccati,
) -> None:
    """Take the persons out of reports, search and evidence; deliveries found are noted."""
    v, s = segnalazione_valore, segnalazione
    lines = [
        sa.and_(s.c.fornitura == fornitura, s.c.riga == riga)
        for fornitura, riga in toccati.consegne
        if riga is not None
    ]
    said = [v.c.valore.icontains(word, autoescape=True) for word in words]
    rows = conn.execute(
        sa.select(s.c.id, s.c.fornitura, s.c.riga)
        .join(v, sa.and_(v.c.comune == s.c.comune, v.c.segnalazione == s.c.id))
        .where(
            s.c.comune == comune,
            sa.or_(s.c.oggetto.in_([*oggetti, *toccati.oggetti]), *lines, *said),
        )
    ).all()
    for row in rows:
        toccati.righe += 1
        if row.fornitura is not None:
            toccati.consegne.add((row.fornitura, row.riga))
        conn.execute(sa.delete(v).where(v.c.comune == comune, v.c.segnalazione == row.id))
    found = ricerca_persona
    conn.execute(sa.delete(found).where(found.c.comune == comune, found.c.id.in_(oggetti)))
    ends = [*oggetti, *toccati.oggetti]
    conn.execute(
        sa.update(legame)
        .where(legame.c.comune == comune, sa.or_(legame.c.da.in_(ends), legame.c.a.in_(ends)))
        .values(evidenza={"cancellato": "per legge"})
    )


def _references(nome: str) -> list[str]:
    return [column for column, tipo in RIFERIMENTI[nome].items() if tipo == PERSONA]
