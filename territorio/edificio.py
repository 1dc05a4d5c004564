"""Buildings: how they are listed, the head of their dossier, and the section on their life."""

from collections.abc import Sequence
from datetime import date
from enum import StrEnum
from typing import Any

from territorio.elenco import Tipo
from territorio.errors import NotFound
from territorio.identita import Codice
from territorio.prepared import Computation, Statement
from territorio.prevalenza import CESSATO
from territorio.schema_fatti import edificio
from territorio.sezione import Sezione, Voce, mark_disagreements

CONFRONTATI = ("uso", "tipo", "stato", "piani", "altezza_m", "anno", "area_mq")
"""What two sources on the same building may disagree on."""


class StatoEdificio(StrEnum):
    """How a building stands on the day asked about."""

    ESISTENTE = "esistente"
    CESSATO = "cessato"
    NON_ANCORA = "non ancora esistente"
    IGNOTO = "non noto"  # issued, but nothing was known of it at the moment of knowledge


_HOME = "SELECT comune FROM registro.identita WHERE id = $1 AND tipo = 'edificio'"


def home(oggetto: int) -> Computation[str]:
    """Return the municipality a building lives in; raise NotFound if it was never issued."""
    row = yield Statement(_HOME, (oggetto,))
    if row is None or row[0] is None:
        raise NotFound("edificio", oggetto)
    return row[0].decode()


def codici(ids: list[int] | None) -> list[str]:
    """Write identities as codes."""
    return [str(Codice(n)) for n in ids or []]


def stato_of(voci: Sequence[Voce], versioni: int, dal: str | None, giorno: date) -> StatoEdificio:
    """Return how a building stands, from the rows in force and what is known around them."""
    if voci:
        said = voci[0]["valori"].get("stato")
        return StatoEdificio.CESSATO if said == CESSATO else StatoEdificio.ESISTENTE
    if not versioni or dal is None:
        return StatoEdificio.IGNOTO
    return StatoEdificio.NON_ANCORA if dal > giorno.isoformat() else StatoEdificio.CESSATO


def indirizzo(valori: Voce) -> str:
    """Write an address as people do.

    >>> indirizzo({"odonimo": "VIA ROMA", "numero": 12, "esponente": "A"})
    'VIA ROMA 12/A'
    """
    number = str(valori["numero"]) if valori.get("numero") is not None else ""
    if not number and valori.get("metrico") is not None:
        number = f"km {valori['metrico'] / 1000:g}".replace(".", ",")
    if valori.get("esponente"):
        number += f"/{valori['esponente']}"
    parts = (valori.get("odonimo") or "", number or "snc", valori.get("specificita") or "")
    return " ".join(part for part in parts if part)


def indirizzi(righe: list[Voce]) -> list[Voce]:
    """Return the addresses of a building, each also in one line."""
    for riga in righe:
        riga["valori"] = {"indirizzo": indirizzo(riga["valori"]), **riga["valori"]}
    return righe


def head(
    oggetto: int,
    comune: str,
    giorno: date,
    stato: dict[str, Any],
    voci: Sequence[Voce],
    indirizzi: Sequence[Voce],
) -> dict[str, Any]:
    """Return the head of the dossier: what it is, where, and what it came from or became."""
    codice = str(Codice(oggetto))
    return {
        "id": oggetto,
        "codice": codice,
        "uri": f"/id/edificio/{codice}",
        "comune": comune,
        "stato": stato_of(voci, stato["versioni"], stato["dal"], giorno).value,
        "prima": codici(stato["prima"]),
        "dopo": codici(stato["dopo"]),
        "voci": voci,
        "indirizzi": indirizzi,
    }


def eventi(righe: list[Voce]) -> list[Voce]:
    """Return the entries of the life of a building, ancestors and descendants as codes."""
    for riga in righe:
        for when in ("prima", "dopo"):
            if riga["valori"].get(when):
                riga["valori"][when] = codici(riga["valori"][when])
    return righe


CRONOLOGIA = Sezione("cronologia", "cronologia", componi=eventi)


def voci(righe: list[Voce]) -> list[Voce]:
    """Return what the sources say of a building, their differences marked."""
    mark_disagreements(righe, CONFRONTATI)
    return righe


TIPO = Tipo(
    "edificio",
    edificio,
    (
        "codice_fonte",
        "provvisorio",
        "uso",
        "tipo",
        "stato",
        "piani",
        "altezza_m",
        "anno",
        "area_mq",
    ),
    "edificio",
    voci,
)
