"""Compute the links of a municipality and write what changed."""

import time
from collections.abc import Callable
from dataclasses import dataclass

import sqlalchemy as sa

from territorio import bulk, db, registrazione
from territorio.collegamento import aree, banco, catastali, indirizzi, persone, risoluzione
from territorio.log import get
from territorio.schema import legame

log = get(__name__)

LOCK = 7_304_213
"""Advisory lock, with the municipality: two runs on one municipality wait for each other."""

PLANNER = {
    # Sorts and hashes of a whole city; the default of 4 MB would go to disk each time.
    "work_mem": "128MB",
    # The same statement serves kinds of very different size: a plan made for all serves none.
    "plan_cache_mode": "force_custom_plan",
    # The planner takes what comes out of a grouping, or a table just loaded, for a few rows,
    # and then compares each with each (3,000 house numbers: 38 s against 0.1). Where boxes
    # are joined by their index, nested loops are allowed again.
    "enable_nestloop": "off",
}

JOINED = ("comune", "tipo", "da", "a", "valida_al", "nota_fino", "stato")
"""The columns by which links are looked for."""

Propose = Callable[[sa.Connection, str], None]

TIPI: dict[str, Propose] = {
    "edificio_particella": aree.edificio_particella,
    "aggregato_particella": aree.aggregato_particella,
    "edificio_aggregato": aree.edificio_aggregato,
    "edificio_zona": aree.edificio_zona,
    "particella_zona": aree.particella_zona,
    "edificio_vincolo": aree.edificio_vincolo,
    "particella_vincolo": aree.particella_vincolo,
    "edificio_pericolosita": aree.edificio_pericolosita,
    "particella_pericolosita": aree.particella_pericolosita,
    "unita_particella": catastali.unita_particella,
    "terreno_particella": catastali.terreno_particella,
    "civico_particella": indirizzi.civico_particella,
    "civico_aggregato": indirizzi.civico_aggregato,
    "unita_civico": indirizzi.unita_civico,
    "civico_edificio": indirizzi.civico_edificio,
    "unita_edificio": catastali.unita_edificio,
    "stesso_soggetto": persone.stesso_soggetto,
    "residente_civico": indirizzi.residente_civico,
    "residente_unita": persone.residente_unita,
    "posizione_unita": persone.posizione_unita,
}
"""Every kind of link, in an order in which each finds the ones it builds upon."""


@dataclass(frozen=True, slots=True)
class Conteggio:
    """How many links of a kind stand, by state, and how many were closed and opened."""

    confermati: int = 0
    proposti: int = 0
    chiusi: int = 0
    aperti: int = 0


def collega(conn: sa.Connection, comune: str, *, autore: str = "calcolo") -> dict[str, Conteggio]:
    """Bring the computed links of a municipality to what its facts say.

    The links are a pure function of the facts in latest knowledge and of the judgements
    of people, which are never undone. Opens one registrazione, and none if nothing changes.
    """
    conn.execute(
        sa.text("SELECT pg_advisory_xact_lock(:lock, hashtext(:comune))"),
        {"lock": LOCK, "comune": comune},
    )
    with banco.planner(conn, **PLANNER):
        banco.prepare(conn, comune)
        for tipo, propose in TIPI.items():
            started = time.monotonic()
            propose(conn, comune)
            risoluzione.settle(conn, comune, tipo)
            log.debug("links computed", tipo=tipo, seconds=round(time.monotonic() - started, 3))
        counts = _count(conn)
        opened, closed = (
            sum(c.aperti for c in counts.values()),
            sum(c.chiusi for c in counts.values()),
        )
        if opened or closed:
            numero = registrazione.begin(conn, "calcolo", autore=autore, comune=comune)
            where = {"comune": comune, "numero": numero}
            with bulk.without_indexes(conn, legame):
                db.execute_sql(conn, "territorio/collega/scrivi", where)
            bulk.refresh_figures(conn, legame, opened, JOINED)
    log.info("links written", comune=comune, opened=opened, closed=closed)
    return counts


def _count(conn: sa.Connection) -> dict[str, Conteggio]:
    """Count the links by kind."""
    rows = conn.execute(
        sa.text(
            "SELECT tipo, count(*) FILTER (WHERE stato = 'confermato') AS confermati,"
            " count(*) FILTER (WHERE stato = 'proposto') AS proposti,"
            " count(*) FILTER (WHERE nuovo) AS aperti"
            " FROM pg_temp.attesi GROUP BY tipo"
        )
    ).all()
    closed = conn.execute(
        sa.text("SELECT tipo, count(*) AS n FROM pg_temp.da_chiudere GROUP BY tipo")
    )
    chiusi = {row.tipo: row.n for row in closed}
    found = {row.tipo: row for row in rows}
    return {
        tipo: Conteggio(
            found[tipo].confermati if tipo in found else 0,
            found[tipo].proposti if tipo in found else 0,
            chiusi.get(tipo, 0),
            found[tipo].aperti if tipo in found else 0,
        )
        for tipo in TIPI
    }
