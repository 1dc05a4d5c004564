"""One value of an entry in words, read together with the other values of the entry."""

from collections.abc import Callable, Mapping
from typing import Any

from territorio.documenti import campi, catastali, motivi

PAGINE = {
    "particella": "/particelle/",
    "terreno": "/particelle/",
    "unita": "/unita-immobiliari/",
    "unita_immobiliare": "/unita-immobiliari/",
    "civico": "/civici/",
    "edificio": "/edifici/",
    "prima": "/edifici/",
    "dopo": "/edifici/",
}
"""Where the page of an object is, by the kind of the entry or the name of the field."""

IDENTITA = frozenset({*PAGINE, "famiglia", "su"})
"""Fields that hold an identity."""

Nomi = Mapping[object, str]
"""What objects are called, by their number: a reference says more than a code."""

Voce = Mapping[str, Any]


def _person(voce: Voce) -> str:
    return campi.person((voce.get("soggetto") or {}).get("valori", {}))


def _bond(voce: Voce) -> str:
    return campi.bond(voce["legame"]) if voce.get("legame") else campi.MANCA


def _right(voce: Voce) -> str | None:
    return voce["valori"].get("diritto_descrizione") or None


def _category(voce: Voce) -> str | None:
    valori = voce["valori"]
    words = valori.get("categoria_descrizione")
    return f"{campi.category(str(valori['categoria']))}, {words}" if words else None


def _size(voce: Voce) -> str | None:
    valori = voce["valori"]
    if valori.get("consistenza") is None or not valori.get("categoria"):
        return None
    return campi.size(valori["consistenza"], str(valori["categoria"]))


def _number(voce: Voce) -> str | None:
    valori = voce["valori"]
    return f"{valori['numero']}/{valori['esponente']}" if valori.get("esponente") else None


def _street(voce: Voce) -> str | None:
    """Return the name of a street with its kind before it."""
    valori = voce["valori"]
    return f"{valori['toponimo']} {valori['indirizzo']}" if valori.get("toponimo") else None


def _ledger(voce: Voce) -> str:
    return catastali.ledger(str(voce["valori"]["partita"]), catastali.cadastre(voce))


def _reason(voce: Voce) -> str:
    valori = voce["valori"]
    taxed = {"tributi": valori["tributi"]} if valori.get("tributi") else {}
    dati = {**(valori.get("dati") or {}), **taxed}
    return motivi.reason(str(valori["motivo"]), dati, valori.get("campo"))


def _deed(campo: str) -> Callable[[Voce], str]:
    def write(voce: Voce) -> str:
        atto, catasto = voce["valori"][campo], catastali.cadastre(voce)
        if isinstance(atto, Mapping):
            return catastali.deed(atto, catasto)
        return catastali.right_deed(str(atto), catasto)

    return write


_OF_ENTRY: dict[str, Callable[[Voce], str | None]] = {"soggetto": _person, "legame": _bond}
"""What stands beside the values of an entry."""

_WITH_OTHERS: dict[str, Callable[[Voce], str | None]] = {
    "diritto": _right,
    "categoria": _category,
    "consistenza": _size,
    "numero": _number,
    "indirizzo": _street,
    "partita": _ledger,
    "motivo": _reason,
    "atto_generante": _deed("atto_generante"),
    "atto_conclusivo": _deed("atto_conclusivo"),
}
"""Values that other values of the same entry explain; None where nothing explains them."""


def text(campo: str, voce: Voce, nomi: Nomi | None = None) -> str:
    """Return a value of an entry as people read it.

    >>> text("consistenza", {"valori": {"consistenza": 5.5, "categoria": "A02"}})
    '5,5\u00a0vani'
    """
    valore = voce.get("valori", {}).get(campo)
    said: str | None = None
    if campo in _OF_ENTRY:
        said = _OF_ENTRY[campo](voce)
    elif campo in _WITH_OTHERS and valore not in (None, ""):
        said = _WITH_OTHERS[campo](voce)
    elif campo in IDENTITA:
        known = (nomi or {}).get(valore) if isinstance(valore, int | str) else None
        said = known or campi.code(valore)
    return said if said is not None else campi.write(campo, valore)
