"""House numbers: how they are listed, each with its street."""

import sqlalchemy as sa

from territorio.edificio import indirizzo
from territorio.elenco import Tipo
from territorio.prevalenza import stands
from territorio.schema_fatti import civico, odonimo
from territorio.sezione import Voce
from territorio.vigenza import Quando


def voci(righe: list[Voce]) -> list[Voce]:
    """Return what the sources say of a house number."""
    return righe


def name(conn: sa.Connection, elementi: list[Voce], quando: Quando) -> list[Voce]:
    """Write the name of the street, as of the day, into listed house numbers.

    Where the office renamed a street, deliveries go on with its former name: the act counts.
    """
    streets = {voce["valori"]["odonimo"] for e in elementi for voce in e["voci"]}
    o = odonimo.c
    names = {
        row.id: row.denominazione
        for row in conn.execute(
            sa.select(o.id, o.denominazione)
            .where(
                o.comune.in_({e["comune"] for e in elementi}),
                o.id.in_(streets - {None}),
                stands(odonimo, quando),
            )
            .order_by(o.fonte, o.versione)
        )
    }
    for element in elementi:
        for voce in element["voci"]:
            valori = voce["valori"]
            valori["denominazione"] = names.get(valori["odonimo"])
            valori["indirizzo"] = indirizzo({**valori, "odonimo": valori["denominazione"]})
    return elementi


TIPO = Tipo(
    "civico",
    civico,
    ("progressivo_accesso", "odonimo", "numero", "esponente", "specificita", "metrico"),
    "civici",
    voci,
)
