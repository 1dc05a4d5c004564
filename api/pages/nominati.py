"""Objects by the name people know them by, with the way to their page: for lists."""

from collections.abc import Collection
from dataclasses import dataclass

import sqlalchemy as sa

from api.pages.schedario import TIPI
from territorio import civico, elenco, vigenza
from territorio.accessi.policy import Visto
from territorio.documenti import campi
from territorio.documenti.valore import PAGINE
from territorio.elenco import Sguardo
from territorio.identita import Codice
from territorio.vigenza import Quando

GENERI = {
    "edificio": "Edificio",
    "particella": "Particella",
    "unita_immobiliare": "Unità immobiliare",
    "civico": "Numero civico",
    "odonimo": "Via o luogo",
    "soggetto": "Persona",
    "residenza": "Residenza",
    "posizione_imu": "Posizione IMU",
    "titolarita": "Diritto",
    "particella_censuaria": "Terreno",
}
"""What kind of thing an identity is."""


@dataclass(frozen=True, slots=True)
class Nominato:
    """One object of a list."""

    genere: str
    nome: str
    href: str | None


def names(conn: sa.Connection, oggetti: Collection[int]) -> dict[int, Nominato]:
    """Return the names of objects by their numbers; persons are named by their code alone."""
    kinds = elenco.kinds(conn, oggetti)
    found = {
        number: Nominato(GENERI.get(tipo, tipo.replace("_", " ")), str(Codice(number)), None)
        for number, (tipo, _) in kinds.items()
    }
    look = Sguardo(Quando(vigenza.today()), Visto())
    for tipo, known in TIPI.items():
        keys = [(comune, number) for number, (kind, comune) in kinds.items() if kind == tipo]
        things = elenco.objects(conn, known, keys, look) if keys else []
        if tipo == "civico" and things:
            things = civico.name(conn, things, look.quando)
        called = {int(thing["id"]): _called(thing["voci"]) for thing in things}
        for _, number in keys:
            code = str(Codice(number))
            found[number] = Nominato(
                GENERI[tipo], called.get(number) or code, f"{PAGINE[tipo]}{code}"
            )
    return found


def _called(voci: list[dict[str, object]]) -> str | None:
    for voce in voci:
        valori = voce["valori"]
        assert isinstance(valori, dict)  # noqa: S101 -- the shape of every entry
        for campo in ("riferimento", "indirizzo"):
            if valori.get(campo):
                return campi.write(campo, valori[campo])
    return None
