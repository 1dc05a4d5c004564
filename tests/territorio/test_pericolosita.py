"""Hazards in the dossier: in which area, how much of it, and what nobody has studied."""

import json
from typing import Any

import sqlalchemy as sa
from pydantic_core import to_json

from territorio.accessi.policy import Visto
from territorio.fascicolo import fascicolo
from territorio.schema import fornitura_ambito
from tests import factories as f
from tests.factory_defaults import COMUNE
from tests.territorio.casa import ADESSO, Casa, new_casa


def section(conn: sa.Connection, edificio: int) -> dict[str, Any]:
    """Return the section as the public reads it."""
    body = json.loads(to_json(fascicolo(conn, edificio, ADESSO, Visto()).to_json()))
    found: dict[str, Any] = body["sezioni"]["rischio_vincoli"]
    return found


def test_the_public_sees_the_hazard_with_its_area_and_share(conn: sa.Connection) -> None:
    casa = new_casa(conn)
    found = section(conn, casa.edificio)
    (area,) = [voce for voce in found["voci"] if voce["tipo"] == "area_pericolosita"]
    assert area["valori"]["descrizione"] == "frana: P3, elevata"
    assert area["valori"]["autorita"] == "Autorità di bacino inventata"
    assert (area["legame"]["misura"], area["legame"]["quota"]) == (200, 1)
    assert found["conteggio"]["aree_pericolosita"] == 1


def test_an_area_that_was_only_studied_is_told_but_is_no_hazard(
    conn: sa.Connection,
) -> None:
    casa = new_casa(conn)
    conn.execute(sa.text("UPDATE registro.area_pericolosita SET classe = 'studio'"))
    found = section(conn, casa.edificio)
    assert "aree_pericolosita" not in found["conteggio"]
    (area,) = [voce for voce in found["voci"] if voce["tipo"] == "area_pericolosita"]
    assert area["valori"]["descrizione"].endswith("nessuna pericolosità assegnata")


def test_what_was_never_delivered_is_named_phenomenon_by_phenomenon(conn: sa.Connection) -> None:
    casa: Casa = new_casa(conn)
    assert section(conn, casa.edificio)["non_caricate"] == ["pericolosità sismica"]
    hazards = fornitura_ambito.c.fatto == "area_pericolosita"
    conn.execute(sa.update(fornitura_ambito).where(hazards).values(ambito="frana/P3/X"))
    assert section(conn, casa.edificio)["non_caricate"] == [
        "pericolosità da alluvione",
        "pericolosità sismica",
    ]
    conn.execute(sa.delete(fornitura_ambito).where(hazards))
    assert "pericolosità da frana" in section(conn, casa.edificio)["non_caricate"]


def test_a_hazard_ends_with_the_plan_that_drew_it(conn: sa.Connection) -> None:
    f.new_comune(conn)
    number = f.new_area_pericolosita(conn, valida_al=ADESSO.alla_data)
    edificio = f.new_edificio(conn)
    f.new_legame(conn, "edificio_pericolosita", edificio, number, misura=1, quota=1, comune=COMUNE)
    assert section(conn, edificio)["voci"] == []
