"""Recognise buildings from one delivery of footprints to the next.

Footprint files have no identity one can trust: lines move, ids are unique inside one
delivery only (fonti.md §10.1). A building keeps its identity when its outline overlaps
the one known before (DESIGN §3.3).
"""

import sqlalchemy as sa

from territorio import db
from territorio.bulk import BULK, refresh_figures
from territorio.schema import chiave, fornitura
from territorio.tables import STAGING


def recognise(conn: sa.Connection, comune: str, fonte: str, consegna: int, numero: int) -> None:
    """Key the staged footprints of a delivery by the building they are.

    Writes identities and lineage under the registrazione ``numero``.
    """
    day = conn.execute(
        sa.select(fornitura.c.data_riferimento).where(fornitura.c.id == consegna)
    ).scalar_one()
    where = {"comune": comune, "fonte": fonte, "fornitura": consegna, "giorno": day}
    db.execute_sql(conn, "ingest/edifici_coppie", where)
    conn.execute(db.sql("ingest/edifici_identita"), {**where, "numero": numero})
    for table in (chiave, STAGING["edificio"]):
        refresh_figures(conn, table, BULK)
