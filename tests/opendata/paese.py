"""A village whose collections are written to files: texts that are hard to write, odd shapes."""

from datetime import date

import sqlalchemy as sa

from territorio import elaborazione
from tests import factories as f
from tests.factory_defaults import COMUNE, punto, rettangolo
from tests.territorio.casa import new_casa

DIFFICILE = 'detto «il "Forte"», sul\ncolle\\1; è'
"""Quotes, comma, line end, backslash and letters that are not of ASCII."""

PIENI = (
    *("comuni", "fogli", "particelle", "edifici", "civici", "odonimi", "zone_urbanistiche"),
    *("vincoli", "aree_pericolosita", "sezioni_censimento"),
)
"""The datasets of which the village has something."""

DOMANI_NON_PIU = date(2020, 5, 1)


def new_paese(conn: sa.Connection) -> None:
    """Write and publish the village: three buildings today, one of them gone, and the rest."""
    new_casa(conn)
    f.new_foglio(conn)
    f.new_confine(conn)
    f.new_sezione_censimento(conn)
    f.new_edificio(conn, geometria=rettangolo(40, 40))
    f.new_edificio(conn, geometria=rettangolo(80, 40), uso="0101", piani=3)
    f.new_edificio(conn, geometria=rettangolo(120, 40), valida_al=DOMANI_NON_PIU)
    f.new_vincolo(conn, denominazione=DIFFICILE, geometria=rettangolo(200, 40))
    via = f.new_odonimo(conn, denominazione="VIA DEI PINI")
    f.new_civico(conn, odonimo=via, numero=1, esponente="", geometria=punto(12, 3))
    f.new_civico(conn, odonimo=via, numero=2, esponente="", geometria=None)
    elaborazione.refresh(conn, COMUNE)
