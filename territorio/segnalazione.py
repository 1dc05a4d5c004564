"""Issues with the data: what does not fit, or was said and could not be placed."""

from territorio.sezione import Sezione, Voce


def conta(righe: list[Voce]) -> dict[str, int]:
    """Count the open ones."""
    return {"aperte": sum(1 for riga in righe if riga["valori"].get("stato") != "chiusa")}


SEZIONE = Sezione("segnalazioni", "segnalazioni", conta=conta)
