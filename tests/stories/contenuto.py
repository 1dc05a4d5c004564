"""What a registry says, without the numbers it happens to use.

Two registries that took in the same deliveries along different ways have different
identities, since a load that was broken off has used some up. Here every object bears the
keys its sources gave it, and pieces of the same content that follow one another are one
piece: what is left is what a reader can be told on any day, at the latest knowledge.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import date

import sqlalchemy as sa

from territorio.schema import chiave, chiave_persona, genealogia, legame, segnalazione
from territorio.tables import FATTI, RIFERIMENTI

type Detto = tuple[object, ...]
type Tratto = tuple[date, date]

SEMPRE, MAI = date.min, date.max
_BASE = ("versione", "nota_da", "nota_fino", "fornitura", "riga", "impronta")
_LEGAME = ("metodo", "punteggio", "misura", "quota", "stato", "autore")


def contents(conn: sa.Connection, comune: str) -> dict[Detto, tuple[Tratto, ...]]:
    """Return every fact, link and lineage of a municipality, with the days on which it holds."""
    names = _names(conn, comune)
    pieces: defaultdict[Detto, list[Tratto]] = defaultdict(list)
    for nome, table in FATTI.items():
        for row in _known(conn, table, comune):
            said, days = _fact(nome, row, names)
            pieces[said].append(days)
    for row in _known(conn, legame, comune):
        ends = [names[row["da"]], names[row["a"]]]
        if row["tipo"] == "stesso_soggetto":
            ends.sort()  # neither comes first but by its number
        said = ("legame", row["tipo"], *ends, *(row[column] for column in _LEGAME))
        pieces[said].append(_days(row))
    for row in _known(conn, genealogia, comune):
        kin = (names.get(row["da"]), names.get(row["a"]))
        pieces["genealogia", row["tipo"], row["oggetto"], *kin].append((row["giorno"], MAI))
    return {said: tuple(_joined(days)) for said, days in pieces.items()}


def reports(conn: sa.Connection, comune: str) -> list[Detto]:
    """Return what was reported about a municipality, sorted."""
    names = _names(conn, comune)
    rows = conn.execute(sa.select(segnalazione).where(segnalazione.c.comune == comune))
    return sorted(
        (row.tipo, str(names.get(row.oggetto, "")), row.riga or 0, row.campo or "", row.motivo)
        for row in rows
    )


def differences(one: Mapping[Detto, object], other: Mapping[Detto, object]) -> list[str]:
    """Return what the two do not say alike, in words for a failing test."""
    return [
        f"{said}: {one.get(said)} / {other.get(said)}"
        for said in sorted({*one, *other}, key=str)
        if one.get(said) != other.get(said)
    ]


def _known(conn: sa.Connection, table: sa.Table, comune: str) -> Iterable[sa.engine.RowMapping]:
    columns: list[sa.ColumnElement[object]] = [c for c in table.columns if c.name != "geometria"]
    if "geometria" in table.c:
        columns.append(sa.func.md5(sa.func.st_asbinary(table.c.geometria)).label("geometria"))
    query = sa.select(*columns).where(table.c.comune == comune, table.c.nota_fino.is_(None))
    return conn.execute(query).mappings()


def _fact(nome: str, row: sa.engine.RowMapping, names: Mapping[int, str]) -> tuple[Detto, Tratto]:
    left_out = {*_BASE, "comune", "id", "valida_dal", "valida_al", *RIFERIMENTI[nome]}
    values = [(name, str(value)) for name, value in row.items() if name not in left_out]
    values += [(name, names.get(row[name], "")) for name in RIFERIMENTI[nome]]
    return (nome, names[row["id"]], *values), _days(row)


def _days(row: sa.engine.RowMapping) -> Tratto:
    return row["valida_dal"] or SEMPRE, row["valida_al"] or MAI


def _joined(days: list[Tratto]) -> Iterable[Tratto]:
    """Yield the pieces in order, those that touch as one."""
    begun, ended = sorted(days)[0]
    for dal, al in sorted(days)[1:]:
        if dal > ended:
            yield begun, ended
            begun = dal
        ended = max(al, ended) if dal <= ended else al
    yield begun, ended


def _names(conn: sa.Connection, comune: str) -> dict[int, str]:
    """Return for each identity the keys by which its sources know it."""
    keys: defaultdict[int, set[str]] = defaultdict(set)
    for table in (chiave, chiave_persona):
        query = sa.select(table.c.id, table.c.tipo, table.c.chiave)
        for number, tipo, key in conn.execute(query.where(table.c.comune == comune)):
            if tipo != "edificio":  # its key is its identity
                keys[number].add(f"{tipo} {key}")
    building = FATTI["edificio"]
    query = sa.select(building.c.id, building.c.fonte, building.c.codice_fonte)
    for number, fonte, code in conn.execute(query.where(building.c.comune == comune)):
        keys[number].add(f"edificio {fonte} {code}")
    return {number: " = ".join(sorted(found)) for number, found in keys.items()}
