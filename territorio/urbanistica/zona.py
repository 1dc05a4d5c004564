"""What applies where a building stands: planning zones, constraints, hazards."""

from territorio.sezione import Sezione, Voce
from territorio.urbanistica.pericolosita import STUDIO, descrizione


def conta(righe: list[Voce]) -> dict[str, int]:
    """Count zones, constraints and hazard areas; an area only studied is none."""
    counted = {
        "zone": len({r["id"] for r in righe if r["tipo"] == "zona_urbanistica"}),
        "vincoli": len({r["id"] for r in righe if r["tipo"] == "vincolo"}),
    }
    hazards = {
        r["id"]
        for r in righe
        if r["tipo"] == "area_pericolosita" and r["valori"]["classe"] != STUDIO
    }
    return counted | ({"aree_pericolosita": len(hazards)} if hazards else {})


def voci(righe: list[Voce]) -> list[Voce]:
    """Return the entries of the section, hazards in the words of their own scale."""
    for riga in righe:
        if riga["tipo"] == "area_pericolosita":
            valori = riga["valori"]
            valori["descrizione"] = descrizione(valori["fenomeno"], valori["classe"])
    return righe


SEZIONE = Sezione(
    "rischio_vincoli",
    "rischio_vincoli",
    ("zona_urbanistica", "vincolo", "area_pericolosita"),
    voci,
    conta,
)
