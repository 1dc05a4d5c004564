"""Rights: the section of the dossier that says who holds the units and the land."""

from catasto import codici
from territorio.sezione import Sezione, Voce


def voci(righe: list[Voce]) -> list[Voce]:
    """Return the entries of the section, shares and rights in words."""
    for riga in righe:
        valori = riga["valori"]
        above, below = valori.pop("quota_numeratore", None), valori.pop("quota_denominatore", None)
        if below:
            valori["quota"] = f"{above}/{below}"
        right = codici.diritto_or_none(valori["diritto"])
        if right is not None:
            valori["diritto_descrizione"] = right.descrizione
    return righe


def conta(righe: list[Voce]) -> dict[str, int]:
    """Count the persons who hold something today."""
    return {"titolari": len({r["di"] for r in righe if r["di"] and r["valori"].get("attuale")})}


SEZIONE = Sezione("titolari", "titolari", ("titolarita",), voci, conta)
