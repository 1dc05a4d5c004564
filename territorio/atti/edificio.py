"""Acts on buildings: create, correct, change, retire, restore.

A correction says that what was held was wrong: it takes the place of the wrong row on the
same days. A change says that the building became different: it begins on its day
(DESIGN §3.16).
"""

from collections.abc import Mapping
from datetime import date

import shapely
import sqlalchemy as sa
from shapely.geometry.base import BaseGeometry

from territorio import atto, edificio_valori
from territorio.atti import linea
from territorio.atti.discendenza import descend, standing_children
from territorio.atti.luogo import require_near
from territorio.atto import Atto, Corso, Provvedimento
from territorio.errors import Conflict, InvalidInput, NotFound
from territorio.geometry import ITALIA, SRID
from territorio.identita import Codice
from territorio.prevalenza import CESSATO, prevailing, stands
from territorio.schema import identita
from territorio.tables import FATTI
from territorio.vigenza import Quando

CAMPI = ("uso", "tipo", "stato", "piani", "altezza_m", "anno", "geometria")
"""What an operator may say of a building; the outline as WKB in EPSG:6706."""

SAME_PLACE = 0.5
"""Part of the smaller of two outlines above which they claim one place."""

edificio = FATTI["edificio"]


def create(
    conn: sa.Connection, p: Provvedimento, giorno: date, campi: Mapping[str, object]
) -> Atto:
    """Enter a building that no source has; raise Conflict if another stands in its place."""
    values = {**dict.fromkeys(CAMPI), **checked(campi), "codice_fonte": None, "provvisorio": False}
    if values["geometria"] is None:
        raise InvalidInput("geometria", "un edificio nuovo ha bisogno del suo perimetro")
    corso = atto.begin(conn, p, "creazione", giorno, {"campi": campi})
    require_near(conn, p.comune, "geometria", linea.drawn(values["geometria"]))
    require_free(conn, p.comune, values["geometria"], giorno, ())
    new = linea.new_identity(conn, p.comune, "edificio")
    linea.write(conn, corso, edificio, new, giorno, None, values)
    descend(conn, corso, "nascita", [(None, new)], p.motivo)
    return atto.record(conn, corso, [], [new])


def correct(
    conn: sa.Connection, p: Provvedimento, oggetto: int, giorno: date, campi: Mapping[str, object]
) -> Atto:
    """Put right what was wrong on ``giorno``, on all the days the wrong row held."""
    said = checked(campi)
    corso = atto.begin(conn, p, "correzione", giorno, {"edificio": oggetto, "campi": campi})
    row = standing(conn, p.comune, oggetto, giorno)
    after = different(row, said)
    _require_free_anew(conn, row, said, giorno)
    dal, al = linea.stretch(conn, edificio, p.comune, row, giorno)
    linea.paint(conn, corso, edificio, oggetto, dal, al, after)
    descend(conn, corso, "correzione", [(oggetto, oggetto)], p.motivo)
    return atto.record(conn, corso, [oggetto])


def change(
    conn: sa.Connection, p: Provvedimento, oggetto: int, giorno: date, campi: Mapping[str, object]
) -> Atto:
    """Say that the building became different on ``giorno``."""
    said = checked(campi)
    corso = atto.begin(conn, p, "variazione", giorno, {"edificio": oggetto, "campi": campi})
    row = standing(conn, p.comune, oggetto, giorno)
    after = different(row, said)
    _require_free_anew(conn, row, said, giorno)
    al = linea.until(conn, edificio, p.comune, oggetto, giorno)
    linea.paint(conn, corso, edificio, oggetto, giorno, al, after)
    return atto.record(conn, corso, [oggetto])


def retire(conn: sa.Connection, p: Provvedimento, oggetto: int, giorno: date) -> Atto:
    """Say that the building is no longer there from ``giorno`` on."""
    corso = atto.begin(conn, p, "cessazione", giorno, {"edificio": oggetto})
    end(conn, corso, standing(conn, p.comune, oggetto, giorno))
    descend(conn, corso, "cessazione", [(oggetto, None)], p.motivo)
    return atto.record(conn, corso, [oggetto])


def restore(conn: sa.Connection, p: Provvedimento, oggetto: int, giorno: date) -> Atto:
    """Say that a building that was gone is there again from ``giorno`` on."""
    corso = atto.begin(conn, p, "ripristino", giorno, {"edificio": oggetto})
    require(conn, p.comune, oggetto)
    row = prevailing(conn, edificio, p.comune, oggetto, giorno)
    if row is not None and row.stato != CESSATO:
        raise Conflict(f"L'edificio {Codice(oggetto)} c'è già il {giorno:%d/%m/%Y}.")
    if children := standing_children(conn, p.comune, oggetto, giorno):
        raise Conflict(
            f"Al posto dell'edificio {Codice(oggetto)} c'è "
            f"{', '.join(str(Codice(c)) for c in children)}: annulla l'atto che li ha fatti."
        )
    last = _last_seen(conn, p.comune, oggetto, giorno)
    linea.paint(conn, corso, edificio, oggetto, giorno, None, None)
    # If a source still has it, its word counts again; else the office repeats the last one.
    if prevailing(conn, edificio, p.comune, oggetto, giorno) is None:
        linea.write(conn, corso, edificio, oggetto, giorno, None, linea.values_of(edificio, last))
    back = standing(conn, p.comune, oggetto, giorno)
    if (shape := linea.shape_of(back.geometria)) is not None:
        require_free(conn, p.comune, shapely.to_wkb(shape), giorno, (oggetto,))
    descend(conn, corso, "ripristino", [(oggetto, oggetto)], p.motivo)
    return atto.record(conn, corso, [oggetto])


def end(conn: sa.Connection, corso: Corso, row: linea.Row) -> None:
    """Lay "no longer there" over a building from the day of the act on."""
    gone = {**linea.values_of(edificio, row), "stato": CESSATO, "geometria": None}
    linea.paint(conn, corso, edificio, row.id, corso.giorno, None, gone)


def standing(conn: sa.Connection, comune: str, oggetto: int, giorno: date) -> linea.Row:
    """Return the row that counts on a day; raise NotFound or Conflict if there is none."""
    require(conn, comune, oggetto)
    row = prevailing(conn, edificio, comune, oggetto, giorno)
    if row is None or row.stato == CESSATO:
        raise Conflict(f"L'edificio {Codice(oggetto)} non c'è il {giorno:%d/%m/%Y}.")
    return row


def require(conn: sa.Connection, comune: str, oggetto: int, tipo: str = "edificio") -> None:
    """Raise NotFound unless the municipality has such an object."""
    known = sa.select(identita.c.id).where(
        identita.c.id == oggetto, identita.c.tipo == tipo, identita.c.comune == comune
    )
    if conn.execute(known).one_or_none() is None:
        raise NotFound(tipo, Codice(oggetto))


def checked(campi: Mapping[str, object]) -> dict[str, object]:
    """Return the fields, the outline made sure; raise InvalidInput."""
    for name in campi:
        if name not in CAMPI:
            raise InvalidInput(name, "non è un campo dell'edificio che si può scrivere")
    if campi.get("stato") == CESSATO:
        raise InvalidInput("stato", "per dire che un edificio non c'è più usa la cessazione")
    for name, value in campi.items():
        edificio_valori.check(name, value)
    said = dict(campi)
    if "geometria" in said and said["geometria"] is None:
        raise InvalidInput("geometria", "un edificio ha il suo perimetro: non si può togliere")
    if (drawn := linea.shape_of(said.get("geometria"))) is not None:
        said["geometria"] = outline(drawn)
    return said


def outline(drawn: BaseGeometry) -> bytes:
    """Return, as WKB, an outline that can be one: a valid, flat polygon in Italy."""
    shape = shapely.force_2d(drawn)
    if shape.geom_type not in {"Polygon", "MultiPolygon"} or shape.is_empty:
        raise InvalidInput("geometria", "il perimetro di un edificio è un poligono")
    if not shape.is_valid:
        raise InvalidInput("geometria", f"poligono non valido: {shapely.is_valid_reason(shape)}")
    if not shapely.box(*ITALIA).contains(shape):
        raise InvalidInput("geometria", "il perimetro è fuori dall'Italia: longitudine, latitudine")
    return bytes(shapely.to_wkb(shape))


def different(row: linea.Row, campi: Mapping[str, object]) -> dict[str, object]:
    """Return what the row says with the fields laid over; raise InvalidInput if all the same."""
    before = linea.values_of(edificio, row)
    after = {**before, **campi}
    if all(_same(before[name], after[name]) for name in campi):
        raise InvalidInput("campi", "l'edificio è già così: non c'è niente da cambiare")
    return after


def require_free(
    conn: sa.Connection, comune: str, wkb: object, giorno: date, except_: tuple[int, ...]
) -> None:
    """Raise Conflict if a building stands where the outline says."""
    for other in standing_there(conn, comune, wkb, giorno):
        if other not in except_:
            raise Conflict(
                f"In quel posto il {giorno:%d/%m/%Y} c'è già l'edificio {Codice(other)}."
            )


def standing_there(conn: sa.Connection, comune: str, wkb: object, giorno: date) -> list[int]:
    """Return the buildings that claim on a day the place of an outline."""
    shape = sa.func.ST_GeomFromWKB(wkb, SRID)
    e = edificio.c
    area = sa.func.ST_Area
    rows = conn.execute(
        sa.select(e.id)
        .distinct()
        .where(
            e.comune == comune,
            stands(edificio, Quando(giorno)),
            e.geometria.op("&&")(shape),
            area(sa.func.ST_Intersection(e.geometria, shape))
            > SAME_PLACE * sa.func.least(area(e.geometria), area(shape)),
        )
        .order_by(e.id)
    )
    return list(rows.scalars())


def _require_free_anew(
    conn: sa.Connection, row: linea.Row, said: Mapping[str, object], giorno: date
) -> None:
    """Raise Conflict if an outline claims a place that the building did not claim before.

    Where sources drew two in one place, each may still be mended.
    """
    if "geometria" not in said:
        return
    held = linea.shape_of(row.geometria)
    require_near(conn, row.comune, "geometria", linea.drawn(said["geometria"]), [held])
    shared = [] if held is None else standing_there(conn, row.comune, shapely.to_wkb(held), giorno)
    require_free(conn, row.comune, said["geometria"], giorno, (row.id, *shared))


def _same(before: object, after: object) -> bool:
    held, drawn = linea.shape_of(before), linea.shape_of(after)
    if held is not None and drawn is not None:
        return bool(held.equals(drawn))
    return before == after


def _last_seen(conn: sa.Connection, comune: str, oggetto: int, giorno: date) -> linea.Row:
    """Return the latest row in which the building was there before a day."""
    c = edificio.c
    row = conn.execute(
        sa.select(edificio)
        .where(
            c.comune == comune,
            c.id == oggetto,
            c.nota_fino.is_(None),
            c.stato.is_distinct_from(CESSATO),
            sa.or_(c.valida_dal.is_(None), c.valida_dal < giorno),
        )
        .order_by(
            sa.func.coalesce(c.valida_al, sa.text("'infinity'::date")).desc(), c.versione.desc()
        )
        .limit(1)
    ).one_or_none()
    if row is None:
        raise Conflict(f"Nessuna fonte dice com'era l'edificio {Codice(oggetto)} prima di allora.")
    return row
