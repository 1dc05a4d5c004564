"""Acts that change which buildings there are: split one, merge several."""

from collections.abc import Mapping, Sequence
from datetime import date

import shapely
import sqlalchemy as sa

from territorio import atto
from territorio.atti import linea
from territorio.atti.discendenza import descend
from territorio.atti.edificio import (
    CAMPI,
    SAME_PLACE,
    checked,
    edificio,
    end,
    require_free,
    standing,
)
from territorio.atti.luogo import require_near
from territorio.atto import Atto, Provvedimento
from territorio.errors import Conflict, InvalidInput

OVERLAP = 0.01
"""Part of a piece that may lie over another: drawing by hand is never exact."""


def split(
    conn: sa.Connection,
    p: Provvedimento,
    oggetto: int,
    giorno: date,
    parti: Sequence[Mapping[str, object]],
) -> Atto:
    """End a building on ``giorno`` and begin its parts; each has an outline of its own.

    What a part does not say, it takes from the building.
    """
    if len(parti) < 2:
        raise InvalidInput("parti", "un edificio si divide in almeno due parti")
    said = [checked(part) for part in parti]
    corso = atto.begin(conn, p, "divisione", giorno, {"edificio": oggetto, "parti": list(parti)})
    row = standing(conn, p.comune, oggetto, giorno)
    _check_parts(row, said)
    whole = {**linea.values_of(edificio, row), "codice_fonte": None, "provvisorio": False}
    born: list[int] = []
    held = linea.shape_of(row.geometria)
    for part in said:
        require_near(conn, p.comune, "geometria", linea.drawn(part["geometria"]), [held])
        require_free(conn, p.comune, part["geometria"], giorno, (oggetto, *born))
        new = linea.new_identity(conn, p.comune, "edificio")
        linea.write(conn, corso, edificio, new, giorno, None, {**whole, **part})
        born.append(new)
    end(conn, corso, row)
    descend(conn, corso, "divisione", [(oggetto, new) for new in born], p.motivo)
    return atto.record(conn, corso, [oggetto], born)


def merge(
    conn: sa.Connection,
    p: Provvedimento,
    oggetti: Sequence[int],
    giorno: date,
    campi: Mapping[str, object],
) -> Atto:
    """End several buildings on ``giorno`` and begin the one they became.

    Without an outline it takes the union of theirs; a field they agree on is kept.
    """
    if len(set(oggetti)) != len(oggetti) or len(oggetti) < 2:
        raise InvalidInput("edifici", "si fondono almeno due edifici diversi")
    said = checked(campi)
    corso = atto.begin(conn, p, "fusione", giorno, {"edifici": list(oggetti), "campi": campi})
    rows = [standing(conn, p.comune, oggetto, giorno) for oggetto in oggetti]
    before = [linea.values_of(edificio, row) for row in rows]
    values: dict[str, object] = {"codice_fonte": None, "provvisorio": False}
    for name in CAMPI:
        words = {str(one[name]) for one in before}
        values[name] = before[0][name] if len(words) == 1 and name != "geometria" else None
    values["geometria"] = _union(rows)
    values.update(said)
    if "geometria" in said:
        held = [linea.shape_of(row.geometria) for row in rows]
        require_near(conn, p.comune, "geometria", linea.drawn(said["geometria"]), held)
    require_free(conn, p.comune, values["geometria"], giorno, tuple(oggetti))
    new = linea.new_identity(conn, p.comune, "edificio")
    linea.write(conn, corso, edificio, new, giorno, None, values)
    for row in rows:
        end(conn, corso, row)
    descend(conn, corso, "fusione", [(oggetto, new) for oggetto in oggetti], p.motivo)
    return atto.record(conn, corso, oggetti, [new])


def _check_parts(row: linea.Row, parti: Sequence[Mapping[str, object]]) -> None:
    """Raise unless each part lies in the building and over no other part."""
    shapes = []
    for number, part in enumerate(parti, 1):
        if (drawn := linea.shape_of(part.get("geometria"))) is None:
            raise InvalidInput("parti", f"la parte {number} non ha un perimetro")
        shapes.append(drawn)
    whole = linea.shape_of(row.geometria)
    for number, shape in enumerate(shapes, 1):
        if whole is not None and whole.intersection(shape).area < SAME_PLACE * shape.area:
            raise Conflict(f"La parte {number} sta per lo più fuori dall'edificio da dividere.")
        for other in shapes[number:]:
            if shape.intersection(other).area > OVERLAP * min(shape.area, other.area):
                raise InvalidInput("parti", f"la parte {number} si sovrappone a un'altra")


def _union(rows: Sequence[linea.Row]) -> bytes | None:
    """Return the outline of several buildings together; None if none has one."""
    shapes = [shape for row in rows if (shape := linea.shape_of(row.geometria)) is not None]
    return bytes(shapely.to_wkb(shapely.union_all(shapes))) if shapes else None
