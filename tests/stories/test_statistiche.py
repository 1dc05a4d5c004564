"""The town is counted section by section: near the truth, and nobody can be told apart."""

from collections import defaultdict

import sqlalchemy as sa

from opendata import statistiche
from opendata.conteggi import K
from territorio import db
from territorio.schema_statistiche import statistica_sezione
from tests.stories.citta import Citta, current

ALLOWED = 0.2
"""Part of the sections in which a household was linked elsewhere, or its building has two names."""


def test_what_is_shown_of_each_section_is_near_the_truth(citta: Citta) -> None:
    giorno = citta.ultimo
    with citta.engine.connect() as conn, conn.begin() as transaction:
        db.restrict(conn, (citta.comune,))
        statistiche.publish(conn, citta.comune, giorno)
        rows = conn.execute(
            sa.text(
                "SELECT sezione, edifici, residenti FROM pubblico.statistiche_sezioni"
                " ORDER BY sezione"
            )
        ).all()
        raw = conn.execute(sa.select(statistica_sezione.c.residenti)).scalars().all()
        transaction.rollback()
    section = {r["edificio"]: r["sezione"].zfill(13) for r in citta.table("edificio_sezione")}
    lived: dict[str, set[str]] = defaultdict(set)
    for row in citta.table("residenze"):
        if current(row, giorno) and row["edificio"] in section:
            lived[section[row["edificio"]]].add(row["persona"])
    shown = {row.sezione: row.residenti for row in rows if row.residenti is not None}
    assert len(rows) > 5
    assert len(shown) > 2
    far = [code for code, n in shown.items() if abs(n - len(lived[code])) >= K]
    assert len(far) <= ALLOWED * len(shown)
    assert sum(row.edifici for row in rows) > 100
    assert {n % K for n in raw if n is not None} == {0}
    few = [code for code, people in lived.items() if len(people) < K]
    assert not set(few) & set(shown)
