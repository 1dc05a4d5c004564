"""Planning zones and constraints: the section of the dossier that names what applies there."""

from territorio.sezione import Sezione, Voce


def conta(righe: list[Voce]) -> dict[str, int]:
    """Count zones and constraints."""
    return {
        "zone": len({r["id"] for r in righe if r["tipo"] == "zona_urbanistica"}),
        "vincoli": len({r["id"] for r in righe if r["tipo"] == "vincolo"}),
    }


def voci(righe: list[Voce]) -> list[Voce]:
    """Return the entries of the section."""
    return righe


SEZIONE = Sezione(
    "rischio_vincoli", "rischio_vincoli", ("zona_urbanistica", "vincolo"), voci, conta
)
