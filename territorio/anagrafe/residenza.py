"""Residents: the section of the dossier that says who lives in the building."""

from territorio.sezione import Sezione, Voce


def conta(righe: list[Voce]) -> dict[str, int]:
    """Count persons and households; who has no household is one of their own."""
    persons = {riga["di"] for riga in righe if riga["di"]}
    households = {riga["valori"].get("famiglia") or -riga["id"] for riga in righe}
    return {"famiglie": len(households), "persone": len(persons)}


def voci(righe: list[Voce]) -> list[Voce]:
    """Return the entries of the section."""
    return righe


SEZIONE = Sezione("residenti", "residenti", ("residenza",), voci, conta)
