"""The truth about a generated town, in the names the generator gave, and our names for it.

The registry knows objects by identities of its own; :func:`names` leads back from each to
the name in the truth file (E building, P parcel, T land parcel, U unit, C house number,
S person, K tax position), by the keys of the deliveries.
"""

import csv
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path

import sqlalchemy as sa

from catasto.riferimento import RiferimentoCatastale
from territorio.schema import chiave, chiave_persona, fornitura
from territorio.tables import STAGING

type Riga = dict[str, str]
type Nomi = Mapping[int, str]


@dataclass(frozen=True, slots=True)
class Verita:
    """The folder of a generated town."""

    comune: str
    cartella: Path

    def table(self, nome: str) -> Sequence[Riga]:
        """Return a table of the truth."""
        return _table(self.cartella / "verita" / f"{nome}.csv")

    def pairs(self, nome: str, da: str, a: str, giorno: date) -> set[tuple[str, ...]]:
        """Return the pairs of a table that were true on a day."""
        return {(r[da], r[a]) for r in self.table(nome) if true_on(r, giorno)}


@cache
def _table(path: Path) -> Sequence[Riga]:
    with path.open(encoding="utf-8", newline="") as file:
        return tuple(csv.DictReader(file, delimiter=";"))


def true_on(row: Riga, giorno: date, dal: str = "dal", al: str = "al") -> bool:
    """Tell whether a row of the truth holds on a day; an empty end never comes."""
    day = giorno.isoformat()
    return (row[dal] or day) <= day and (not row[al] or row[al] > day)


def names(conn: sa.Connection, verita: Verita) -> Nomi:
    """Return the name in the truth of every identity that has one."""
    found = dict(_by_key(conn, verita))
    found.update(_buildings(conn, verita))
    return found


def _by_key(conn: sa.Connection, verita: Verita) -> Iterator[tuple[int, str]]:
    """Yield identities with the name their key stands for."""
    particelle = {
        RiferimentoCatastale.parse(r["riferimento"]).chiave: r["particella"]
        for r in verita.table("particelle")
    }
    civici = {f"ANNCSU|{r['progressivo_accesso']}": r["civico"] for r in verita.table("civici")}
    persone = {r["codice_fiscale"]: r["soggetto"] for r in verita.table("soggetti")}
    for table in (chiave, chiave_persona):
        query = sa.select(table.c.id, table.c.tipo, table.c.chiave)
        for number, tipo, key in conn.execute(query.where(table.c.comune == verita.comune)):
            parts = key.split("|")
            match tipo:
                case "particella" if key in particelle:
                    yield number, particelle[key]
                case "civico" if key in civici:
                    yield number, civici[key]
                case "unita_immobiliare" | "particella_censuaria":
                    yield number, f"{'U' if tipo[0] == 'u' else 'T'}{parts[-1]}"
                case "posizione_imu" if parts[0] == "IMU":
                    yield number, f"K{parts[-1]}"
                case "soggetto" if parts[0] == "DICH":
                    if parts[-1] in persone:
                        yield number, persone[parts[-1]]
                case "soggetto" | "residenza":
                    yield number, f"S{parts[3] if parts[0] == 'SOG' else parts[2]}"


def deliveries(conn: sa.Connection, comune: str, fonte: str) -> list[date]:
    """Return the days a source was delivered for, in order."""
    c = fornitura.c
    query = sa.select(c.data_riferimento).where(c.comune == comune, c.fonte == fonte).distinct()
    return sorted(conn.execute(query).scalars())


def last(days: Sequence[date], day: date) -> date:
    """Return the last delivery up to a day."""
    return max((d for d in days if d <= day), default=date.min)


def _buildings(conn: sa.Connection, verita: Verita) -> Iterator[tuple[int, str]]:
    """Yield the identities of buildings, by the outlines of each delivery."""
    for _, number, name in outlines(conn, verita):
        yield number, name


def outlines(conn: sa.Connection, verita: Verita) -> Iterator[tuple[date, int, str]]:
    """Yield, for each delivery, the identity given to each outline and the building it is."""
    drawn = {(r["fornitura"], int(r["objectid"])): r["edificio"] for r in verita.table("impronte")}
    staged = STAGING["edificio"]
    query = (
        sa.select(fornitura.c.data_riferimento, staged.c.riga, chiave.c.id)
        .join(fornitura, fornitura.c.id == staged.c.fornitura)
        .join(
            chiave,
            sa.and_(
                chiave.c.comune == staged.c.comune,
                chiave.c.tipo == "edificio",
                chiave.c.chiave == staged.c.chiave,
            ),
        )
        .where(staged.c.comune == verita.comune, fornitura.c.fonte == "edifici")
        .order_by(fornitura.c.data_riferimento)
    )
    for day, line, number in conn.execute(query):
        if (day.isoformat(), line) in drawn:
            yield day, number, drawn[day.isoformat(), line]
