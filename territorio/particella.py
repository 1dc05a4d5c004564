"""Parcels: how they are listed, and the section of the dossier on the land under a building."""

import sqlalchemy as sa

from catasto.riferimento import ClasseParticella
from territorio.elenco import Columns, Tipo
from territorio.schema_fatti import particella
from territorio.sezione import Sezione, Voce, mark_disagreements

CONFRONTATI = ("classe", "area_mq")
"""What two maps of the same parcel may disagree on."""


def riferimento(valori: Voce) -> str:
    """Write the key of a parcel from its parts.

    >>> riferimento({"comune_catastale": "H501", "sezione": "B", "foglio": "352",
    ...              "allegato": "A", "sviluppo": "0", "numero": "1018", "denominatore": ""})
    'H501/B/352.A0/1018'
    """
    inset = f"{valori.get('allegato', '0')}{valori.get('sviluppo', '0')}"
    sheet = valori["foglio"] if inset == "00" else f"{valori['foglio']}.{inset}"
    tail = f"/{valori['denominatore']}" if valori["denominatore"] else ""
    head = f"{valori['comune_catastale']}/{valori['sezione'] or '_'}"
    return f"{head}/{sheet}/{valori['numero']}{tail}"


def voci(righe: list[Voce]) -> list[Voce]:
    """Return the entries of the section: what the maps, then the census, say of each parcel."""
    for riga in righe:
        valori = riga["valori"]
        sub = f" sub {valori['subalterno']}" if valori.get("subalterno") else ""
        riga["valori"] = {"riferimento": riferimento(valori) + sub, **valori}
    mark_disagreements(righe, CONFRONTATI)
    return righe


def conta(righe: list[Voce]) -> dict[str, int]:
    """Count the parcels of the map."""
    return {"particelle": len({r["id"] for r in righe if r["tipo"] == "particella"})}


SEZIONE = Sezione("particelle", "particelle", ("particella", "particella_censuaria"), voci, conta)


def _real(c: Columns) -> sa.ColumnElement[bool]:
    """Return the condition "a parcel, not a road or a water of the map"."""
    return c.classe == ClasseParticella.PARTICELLA.value


TIPO = Tipo(
    "particella",
    particella,
    (
        "comune_catastale",
        "sezione",
        "foglio",
        "allegato",
        "sviluppo",
        "numero",
        "denominatore",
        "classe",
        "area_mq",
    ),
    "particelle",
    voci,
    _real,
)
