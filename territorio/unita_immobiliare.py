"""Urban units: how they are listed, and the section of the dossier that lists them."""

from functools import lru_cache

from catasto.categoria import Categoria
from catasto.errors import CatastoError
from territorio.elenco import Tipo
from territorio.schema_fatti import unita_immobiliare
from territorio.sezione import Sezione, Voce, mark_disagreements

CONFRONTATI = ("categoria", "classe", "consistenza", "superficie_mq", "rendita")
"""What two sources on the same unit may disagree on."""


@lru_cache(maxsize=1_000)
def descrizione(categoria: str | None) -> str | None:
    """Return a category in words, or None where the code says nothing."""
    try:
        return Categoria.parse(categoria).descrizione if categoria else None
    except CatastoError:
        return None


def riferimento(valori: Voce) -> str | None:
    """Write the key of a unit from its first identifier.

    >>> riferimento({"comune_catastale": "H501", "sezione": "", "identificativi": [
    ...     {"sezione_urbana": "RM", "foglio": "352", "numero": "1018", "subalterno": "7"}]})
    'H501/_/RM.352/1018 sub 7'
    """
    found = valori.get("identificativi") or []
    if not found:
        return None
    first = found[0]
    sheet = first.get("foglio") or ""
    if first.get("sezione_urbana"):
        sheet = f"{first['sezione_urbana']}.{sheet}"
    tail = f"/{first['denominatore']}" if first.get("denominatore") else ""
    sub = f" sub {first['subalterno']}" if first.get("subalterno") else ""
    head = f"{valori['comune_catastale']}/{valori['sezione'] or '_'}"
    return f"{head}/{sheet}/{first.get('numero') or ''}{tail}{sub}"


def voci(righe: list[Voce]) -> list[Voce]:
    """Return the entries of the section."""
    for riga in righe:
        valori = riga["valori"]
        words = {"riferimento": riferimento(valori)}
        if valori.get("categoria"):
            words["categoria_descrizione"] = descrizione(valori["categoria"])
        riga["valori"] = {**words, **valori}
    mark_disagreements(righe, CONFRONTATI)
    return righe


def conta(righe: list[Voce]) -> dict[str, int]:
    """Count the units."""
    return {"unita": len({riga["id"] for riga in righe})}


SEZIONE = Sezione("unita_immobiliari", "unita_immobiliari", ("unita_immobiliare",), voci, conta)


TIPO = Tipo(
    "unita_immobiliare",
    unita_immobiliare,
    (
        "comune_catastale",
        "sezione",
        "identificativi",
        "zona",
        "categoria",
        "classe",
        "consistenza",
        "superficie_mq",
        "rendita",
        "ubicazione",
        "indirizzi",
        "utilita_comuni",
    ),
    "unita_immobiliari",
    voci,
)
