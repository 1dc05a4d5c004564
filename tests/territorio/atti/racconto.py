"""Words for telling what operators did and what the registry then says."""

from datetime import date

import shapely
import sqlalchemy as sa
from shapely.geometry.base import BaseGeometry

from territorio.atto import Provvedimento
from territorio.prevalenza import stands
from territorio.schema import genealogia, legame
from territorio.tables import FATTI
from territorio.vigenza import Quando
from tests.factory_defaults import COMUNE

DETERMINA = Provvedimento(COMUNE, "geom. Verdi", "Determina 45/2025", "sopralluogo")

G2020 = date(2020, 1, 1)
G2022 = date(2022, 6, 1)
G2024 = date(2024, 3, 1)
G2025 = date(2025, 9, 15)


def wkb(shape: BaseGeometry) -> bytes:
    """Write an outline as the doors hand it in."""
    return bytes(shapely.to_wkb(shape))


def seen(
    conn: sa.Connection, campo: str, giorno: date, noto_al: int | None = None
) -> dict[int, object]:
    """Return, for each building that stands on a day, what the registry holds of a field."""
    e = FATTI["edificio"]
    rows = conn.execute(
        sa.select(e.c.id, e.c[campo]).where(
            e.c.comune == COMUNE, stands(e, Quando(giorno, noto_al))
        )
    )
    return {row[0]: row[1] for row in rows}


def knowledge(conn: sa.Connection) -> list[tuple[object, ...]]:
    """Return all that is known now, without the stamps of who said it when."""
    told: list[tuple[object, ...]] = []
    stamps = {"versione", "nota_da", "nota_fino"}
    for table in (
        *(FATTI[n] for n in ("edificio", "odonimo", "civico", "documento")),
        legame,
        genealogia,
    ):
        columns = [c for c in table.columns if c.name not in stamps]
        rows = conn.execute(
            sa.select(*columns).where(table.c.comune == COMUNE, table.c.nota_fino.is_(None))
        )
        told += [(table.name, *map(str, row)) for row in rows]
    return sorted(told)
