"""Tax positions: the section of the dossier that sets what is declared beside the cadastre."""

from decimal import Decimal
from fractions import Fraction
from typing import Any

from catasto.categoria import Categoria
from catasto.errors import CatastoError
from catasto.rendita import RIVALUTAZIONE_FABBRICATI, base_fabbricato, multiplier
from territorio.sezione import Sezione, Voce, differ, disagreement

CONFRONTATI = ("categoria", "classe", "consistenza", "rendita")
"""What the position and the cadastre both say of a unit."""

_CERTO = 1e-3
"""Well inside the tolerance: no rounding of floats leads out of it."""

_TOLLERANZA_QUOTA = Fraction(1, 200)
"""The collector rounds shares to two decimals of a percentage."""


def base_imponibile(
    rendita: float | None, categoria: str | None, anno: int | None
) -> tuple[Decimal, str] | None:
    """Return the taxable base of a unit and how it is reckoned, or None if it has none.

    >>> base_imponibile(1064.68, "A/7", 2024)
    (Decimal('178866.24'), 'rendita 1064.68 × 1.05 × 160')
    """
    if rendita is None or categoria is None or anno is None:
        return None
    try:
        kind = Categoria.parse(categoria)
        amount = Decimal(str(rendita))
        base = base_fabbricato(amount, kind, anno)
        factor = multiplier(kind, anno)
    except CatastoError:
        return None
    if base is None:
        return None
    return base, f"rendita {amount} × {RIVALUTAZIONE_FABBRICATI} × {factor}"


def voci(righe: list[Voce]) -> list[Voce]:
    """Return the entries of the section, each with what the cadastre says otherwise."""
    for riga in righe:
        catasto = riga.pop("catasto", None) or []
        possesso = riga.pop("possesso", None) or []
        valori = riga["valori"]
        valori["imposta"] = "IMU"
        found = [
            disagreement(campo, unit)
            for unit in catasto
            for campo in CONFRONTATI
            if differ(campo, valori.get(campo), unit["valori"].get(campo))
        ]
        found += _share_marks(valori.get("quota"), possesso)
        if found:
            riga["discordanza"] = found
        said = catasto[0]["valori"] if catasto else valori
        base = base_imponibile(said.get("rendita"), said.get("categoria"), valori.get("anno"))
        if base is not None:
            valori["base_imponibile"], valori["base_calcolo"] = float(base[0]), base[1]
    return righe


def _share_marks(quota: float | None, possesso: list[Voce]) -> list[dict[str, Any]]:
    """Return the mark that the cadastre gives the taxpayer another share, if it does."""
    whole = [p for p in possesso if p["denominatore"]]
    if quota is None or not whole:
        return []
    rough = sum(p["numeratore"] / p["denominatore"] for p in whole)
    if abs(quota / 100 - rough) < _CERTO:  # fractions are exact, and slow for every position
        return []
    held = sum((Fraction(p["numeratore"], p["denominatore"]) for p in whole), Fraction(0))
    if abs(Fraction(str(quota)) / 100 - held) <= _TOLLERANZA_QUOTA:
        return []
    mark = {key: whole[0][key] for key in ("fonte", "fornitura", "riga", "data")}
    return [{"campo": "quota", "valore": round(float(held * 100), 4), **mark}]


def conta(righe: list[Voce]) -> dict[str, int]:
    """Count positions, and those that disagree with the cadastre."""
    return {
        "posizioni": len({riga["id"] for riga in righe}),
        "discordanti": sum(1 for riga in righe if riga.get("discordanza")),
    }


SEZIONE = Sezione("posizioni_tributarie", "posizioni_tributarie", ("posizione_imu",), voci, conta)
