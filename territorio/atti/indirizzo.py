"""Acts on addresses: assign a house number, rename a street."""

from dataclasses import dataclass
from datetime import date

import shapely
import sqlalchemy as sa

from territorio import atto
from territorio.atti import linea
from territorio.atti.edificio import require, standing
from territorio.atti.luogo import require_near
from territorio.atto import Atto, Corso, Provvedimento
from territorio.errors import Conflict, InvalidInput
from territorio.geometry import ITALIA
from territorio.identita import Codice
from territorio.indirizzo import chiave_odonimo
from territorio.prevalenza import prevailing, stands
from territorio.schema import legame
from territorio.tables import FATTI
from territorio.vigenza import Quando

civico = FATTI["civico"]
odonimo = FATTI["odonimo"]


ATTO = "atto"
"""The method of a link that an act says."""


@dataclass(frozen=True, slots=True)
class NuovoCivico:
    """A house number to be assigned: its street, its number, where its door is."""

    odonimo: int
    numero: int
    esponente: str = ""
    specificita: str = ""
    punto: bytes | None = None


def assign(
    conn: sa.Connection,
    p: Provvedimento,
    giorno: date,
    nuovo: NuovoCivico | int,
    edificio: int | None = None,
) -> Atto:
    """Assign a house number, new or existing, and say which building it leads into."""
    if edificio is None and isinstance(nuovo, int):
        raise InvalidInput("edificio", "indica l'edificio a cui va assegnato il civico")
    told = {"civico": nuovo if isinstance(nuovo, int) else _told(nuovo), "edificio": edificio}
    corso = atto.begin(conn, p, "assegnazione civico", giorno, told)
    if isinstance(nuovo, int):
        _standing(conn, civico, p.comune, nuovo, giorno)
        number, born = nuovo, []
    else:
        number = _create(conn, corso, nuovo)
        born = [number]
    if edificio is not None:
        standing(conn, p.comune, edificio, giorno)
        _link(conn, corso, p.autore, number, edificio)
    touched = [number] if edificio is None else [number, edificio]
    return atto.record(conn, corso, touched, born)


def rename(
    conn: sa.Connection,
    p: Provvedimento,
    strada: int,
    giorno: date,
    denominazione: str,
    *,
    lingua1: str | None = None,
    lingua2: str | None = None,
) -> Atto:
    """Give a street another name from a day on; its house numbers follow, they point to it."""
    name = " ".join(denominazione.split())
    if not name:
        raise InvalidInput("denominazione", "manca il nuovo nome della strada")
    told = {
        "odonimo": strada,
        "denominazione": name,
        "lingua1": lingua1,
        "lingua2": lingua2,
    }
    corso = atto.begin(conn, p, "ridenominazione", giorno, told)
    row = _standing(conn, odonimo, p.comune, strada, giorno)
    if row.denominazione == name:
        raise InvalidInput("denominazione", f"la strada si chiama già «{name}»")
    values = {
        **linea.values_of(odonimo, row),
        "denominazione": name,
        "chiave_odonimo": chiave_odonimo(name),
        "lingua1": lingua1,
        "lingua2": lingua2,
    }
    al = linea.until(conn, odonimo, p.comune, strada, giorno)
    linea.paint(conn, corso, odonimo, strada, giorno, al, values)
    return atto.record(conn, corso, [strada])


def _create(conn: sa.Connection, corso: Corso, nuovo: NuovoCivico) -> int:
    """Write a new house number; raise Conflict if the street has it already."""
    _standing(conn, odonimo, corso.comune, nuovo.odonimo, corso.giorno)
    c = civico.c
    taken = conn.execute(
        sa.select(c.id)
        .where(
            c.comune == corso.comune,
            c.odonimo == nuovo.odonimo,
            c.numero == nuovo.numero,
            sa.func.lower(c.esponente) == nuovo.esponente.lower(),
            stands(civico, Quando(corso.giorno)),
        )
        .limit(1)
    ).scalar()
    if taken is not None:
        raise Conflict(
            f"La strada ha già il civico {nuovo.numero}{nuovo.esponente}: è {Codice(taken)}."
        )
    new = linea.new_identity(conn, corso.comune, "civico")
    values = {
        "progressivo_accesso": None,
        "numero": nuovo.numero,
        "esponente": nuovo.esponente,
        "specificita": nuovo.specificita,
        "geometria": _point(conn, corso.comune, nuovo.punto),
        "odonimo": nuovo.odonimo,
    }
    linea.write(conn, corso, civico, new, corso.giorno, None, values)
    return new


def _link(conn: sa.Connection, corso: Corso, autore: str, numero: int, edificio: int) -> None:
    """Judge that the number leads into the building: no computation takes it back.

    What an act said before of the number ends on this day; what one says later begins on its own.
    """
    al = None
    for row in _assigned(conn, corso, numero):
        if row.valida_dal is not None and row.valida_dal > corso.giorno:
            al = row.valida_dal
            break
        if row.a == edificio:
            raise Conflict(
                f"Il civico {Codice(numero)} conduce già all'edificio {Codice(edificio)}."
            )
        _end_on_the_day(conn, corso, row)
    conn.execute(
        sa.insert(legame).values(
            comune=corso.comune,
            tipo="civico_edificio",
            da=numero,
            a=edificio,
            valida_dal=corso.giorno,
            valida_al=al,
            nota_da=corso.numero,
            metodo=ATTO,
            punteggio=1,
            evidenza={"atto": corso.numero},
            autore=autore,
            stato="confermato",
        )
    )


def _assigned(conn: sa.Connection, corso: Corso, numero: int) -> list[linea.Row]:
    """Return what acts say, on the day of this one or later, of where a number leads."""
    c = legame.c
    return list(
        conn.execute(
            sa.select(legame)
            .where(
                c.comune == corso.comune,
                c.tipo == "civico_edificio",
                c.da == numero,
                c.metodo == ATTO,
                c.nota_fino.is_(None),
                sa.or_(c.valida_al.is_(None), c.valida_al > corso.giorno),
            )
            .order_by(c.valida_dal.asc().nulls_first())
        )
    )


def _end_on_the_day(conn: sa.Connection, corso: Corso, row: linea.Row) -> None:
    """Close a link in knowledge, and write anew the days before the act."""
    c = legame.c
    conn.execute(
        sa.update(legame)
        .where(c.comune == corso.comune, c.versione == row.versione)
        .values(nota_fino=corso.numero)
    )
    if row.valida_dal is not None and row.valida_dal >= corso.giorno:
        return
    keep = {k: v for k, v in row._mapping.items() if k not in {"versione", "nota_fino"}}
    conn.execute(
        sa.insert(legame).values({**keep, "valida_al": corso.giorno, "nota_da": corso.numero})
    )


def _standing(
    conn: sa.Connection, table: sa.Table, comune: str, oggetto: int, giorno: date
) -> linea.Row:
    """Return the row of a street or a number that counts on a day; raise if there is none."""
    require(conn, comune, oggetto, table.name)
    row = prevailing(conn, table, comune, oggetto, giorno)
    if row is None:
        raise Conflict(f"«{Codice(oggetto)}» ({table.name}) non c'è il {giorno:%d/%m/%Y}.")
    return row


def _point(conn: sa.Connection, comune: str, wkb: bytes | None) -> bytes | None:
    """Return a point that can be a door in the municipality."""
    shape = linea.shape_of(wkb)
    if shape is None:
        return None
    if shape.geom_type != "Point" or not shapely.box(*ITALIA).contains(shape):
        raise InvalidInput("punto", "serve un punto in Italia: longitudine, latitudine")
    require_near(conn, comune, "punto", shape)
    return bytes(shapely.to_wkb(shapely.force_2d(shape)))


def _told(nuovo: NuovoCivico) -> dict[str, object]:
    return {
        "odonimo": nuovo.odonimo,
        "numero": nuovo.numero,
        "esponente": nuovo.esponente,
        "specificita": nuovo.specificita,
        "punto": nuovo.punto,
    }
