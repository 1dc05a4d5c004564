"""A house with everything in it, for tests of what is read: one building, one family."""

import json
from dataclasses import dataclass
from datetime import date
from typing import Any

import sqlalchemy as sa
from pydantic_core import to_json

from territorio.accessi.policy import Ruolo, Visto
from territorio.fascicolo import fascicolo
from territorio.schema import fornitura_ambito
from territorio.vigenza import Quando
from tests import factories as f
from tests.factory_defaults import COMUNE

OGGI = date(2025, 6, 1)
ADESSO = Quando(OGGI)
FATTI = (
    "particella",
    "particella_censuaria",
    "unita_immobiliare",
    "titolarita",
    "residenza",
    "posizione_imu",
    "zona_urbanistica",
    "vincolo",
    "area_pericolosita",
    "edificio",
    "civico",
)
NOMI = ("BELFIORITI", "ALDEGONDA", "ZZZBLF60A41X999K")
"""Names of the woman who lives there: no public page may hold them."""
TRIBUTI = Visto(Ruolo.TRIBUTI, "controllo", "ragioniera")


@dataclass(frozen=True, slots=True)
class Casa:
    """Identities of the house."""

    edificio: int
    particella: int
    terreno: int
    unita: int
    civico: int
    proprietaria: int
    residente: int
    venditore: int
    posizione: int


def delivered(conn: sa.Connection, fonte: str = "prova", **valori: object) -> int:
    """Write a delivery that speaks for all kinds of facts."""
    number = f.new_fornitura(conn, fonte=fonte, **valori)
    conn.execute(
        sa.insert(fornitura_ambito),
        [{"comune": COMUNE, "fornitura": number, "fatto": fatto, "ambito": "*"} for fatto in FATTI],
    )
    return number


def new_casa(conn: sa.Connection) -> Casa:
    """Write the house: sold in 2020 to the woman who lives there."""
    f.new_comune(conn)
    delivered(conn)
    edificio = f.new_edificio(conn)
    particella = f.new_particella(conn, riga=120)
    terreno = f.new_particella_censuaria(conn)
    unita = f.new_unita_immobiliare(conn)
    civico = f.new_civico(conn, odonimo=f.new_odonimo(conn), numero=12, esponente="A")
    cognome, nome, codice = NOMI
    person = {"cognome": cognome, "nome": nome, "codice_fiscale": codice}
    proprietaria = f.new_soggetto(conn, **person)
    residente = f.new_soggetto(conn, fonte="anagrafe", **person)
    venditore = f.new_soggetto(conn, cognome="VENDITORINI")
    f.new_titolarita(conn, soggetto=proprietaria, unita=unita, valida_dal=date(2020, 3, 1))
    f.new_titolarita(conn, soggetto=venditore, unita=unita, valida_al=date(2020, 3, 1))
    famiglia = f.new_identita(conn, "famiglia")
    f.new_residenza(conn, fonte="anagrafe", soggetto=residente, famiglia=famiglia)
    posizione = f.new_posizione_imu(conn, soggetto=proprietaria, rendita=500)
    for tipo, da, a in (
        ("edificio_particella", edificio, particella),
        ("terreno_particella", terreno, particella),
        ("unita_particella", unita, particella),
        ("unita_edificio", unita, edificio),
        ("civico_edificio", civico, edificio),
        ("residente_unita", residente, unita),
        ("posizione_unita", posizione, unita),
        ("edificio_zona", edificio, f.new_zona_urbanistica(conn)),
        ("edificio_vincolo", edificio, f.new_vincolo(conn)),
        ("edificio_pericolosita", edificio, f.new_area_pericolosita(conn)),
        ("stesso_soggetto", min(proprietaria, residente), max(proprietaria, residente)),
    ):
        areal = tipo.startswith("edificio_")
        measure = {"misura": 200, "quota": 1, "metodo": "area"} if areal else {}
        f.new_legame(conn, tipo, da, a, **measure)
    return Casa(
        edificio,
        particella,
        terreno,
        unita,
        civico,
        proprietaria,
        residente,
        venditore,
        posizione,
    )


def read(
    conn: sa.Connection, casa: Casa, visto: Visto = TRIBUTI, quando: Quando = ADESSO
) -> dict[str, Any]:
    """Return the dossier of the house as JSON, as an office reads it."""
    body: dict[str, Any] = json.loads(
        to_json(fascicolo(conn, casa.edificio, quando, visto).to_json())
    )
    return body


def section(body: dict[str, Any], nome: str) -> dict[str, Any]:
    """Return one section of it."""
    found: dict[str, Any] = body["sezioni"][nome]
    return found
