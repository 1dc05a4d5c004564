"""How the value of each field is written for people, by the name of the field."""

from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from catasto import codici as catasto
from catasto.belfiore import denominazione_or_none, history
from catasto.categoria import Categoria
from catasto.errors import CatastoError
from territorio import legame_parole
from territorio.documenti import codici, parole, scrittura
from territorio.errors import InvalidInput
from territorio.identita import Codice

MANCA = "–"

_EURO = frozenset(
    {
        "rendita",
        "reddito_dominicale",
        "reddito_agrario",
        "valore",
        "base_imponibile",
        "detrazione",
    }
)
NUMERICI = _EURO | {"area_mq", "superficie_mq", "consistenza", "altezza_m", "piani"}
"""Fields aligned to the right, in figures of equal width."""

_PARTI_INDIRIZZO = ("toponimo", "indirizzo", "civici", "civico", "numero", "esponente")
_PARTI_UBICAZIONE = ("lotto", "edificio", "scala", "piano", "piani", "interno")
_IDENTIFICATIVO = (
    ("sezione", "sez."),
    ("sezione_urbana", "sez. urb."),
    ("foglio", "foglio"),
    ("numero", "part."),
    ("subalterno", "sub"),
)


def number(valore: object) -> Decimal | None:
    """Return a value as a number, or None if it is none.

    >>> number("12.50"), number("A/2")
    (Decimal('12.50'), None)
    """
    if isinstance(valore, bool):
        return None
    if isinstance(valore, int | float | Decimal):
        return Decimal(str(valore))
    if isinstance(valore, str) and valore.replace(".", "", 1).removeprefix("-").isdecimal():
        return Decimal(valore)
    return None


def day(valore: object) -> date | None:
    """Return a value as a day, or None if it is none.

    >>> day("2025-12-31"), day("12/31")
    (datetime.date(2025, 12, 31), None)
    """
    if isinstance(valore, datetime):
        return valore.date()
    if isinstance(valore, date):
        return valore
    if isinstance(valore, str) and len(valore) >= 10 and valore[4:5] == "-":
        try:
            return date.fromisoformat(valore[:10])
        except ValueError:
            return None
    return None


def code(valore: object) -> str | None:
    """Return the written code of an identity, or None if the value is not one."""
    if isinstance(valore, int) and not isinstance(valore, bool):
        try:
            return str(Codice(valore))
        except InvalidInput:
            return None
    return valore if isinstance(valore, str) else None


def _share(valore: object) -> str:
    if isinstance(valore, Mapping):
        return f"{valore.get('numeratore', MANCA)}/{valore.get('denominatore', MANCA)}"
    if isinstance(valore, Sequence) and not isinstance(valore, str) and len(valore) == 2:
        return f"{valore[0]}/{valore[1]}"
    value = number(valore)
    # The collector writes shares as percentages, the cadastre as fractions (text by now).
    if value is None or isinstance(valore, str):
        return str(valore)
    return f"{scrittura.numero(value, 0 if value % 1 == 0 else 2)}{scrittura.NBSP}%"


def _identifiers(valore: object) -> str:
    items = valore if isinstance(valore, list) else [valore]
    texts = []
    for item in items:
        if not isinstance(item, Mapping):
            texts.append(str(item))
            continue
        known = dict(item)
        if known.get("numero") and known.get("denominatore"):
            known["numero"] = f"{known['numero']}/{known['denominatore']}"
        texts.append(
            " ".join(f"{word} {known[key]}" for key, word in _IDENTIFICATIVO if known.get(key))
        )
    return "; ".join(texts)


def _parts(order: Sequence[str]) -> Callable[[object], str]:
    def join(valore: object) -> str:
        items = valore if isinstance(valore, list) else [valore]
        texts = []
        for item in items:
            if not isinstance(item, Mapping):
                texts.append(str(item))
                continue
            known = [key for key in order if item.get(key)]
            rest = [key for key in item if key not in order and item.get(key)]
            words = [
                write(key, item[key]) if key in _PARTI_INDIRIZZO else
                f"{parole.label(key).lower()} {write(key, item[key])}"
                for key in [*known, *rest]
            ]  # fmt: skip
            texts.append(", ".join(words) if order is _PARTI_UBICAZIONE else " ".join(words))
        return "; ".join(texts)

    return join


def _generic(valore: object) -> str:
    if valore is None or valore == "" or valore == [] or valore == {}:
        return MANCA
    if isinstance(valore, bool):
        return "sì" if valore else "no"
    if isinstance(valore, Mapping):
        shown = [(k, v) for k, v in valore.items() if v not in (None, "", [], {})]
        return ", ".join(f"{parole.label(k).lower()} {write(k, v)}" for k, v in shown)
    if isinstance(valore, list | tuple):
        return "; ".join(_generic(item) for item in valore)
    found = day(valore)
    if found is not None:
        return scrittura.giorno(found)
    if isinstance(valore, float | Decimal):
        return scrittura.numero(valore, 2 if Decimal(str(valore)) % 1 else 0)
    return str(valore)


def _kind(tipo: str) -> str:
    """Return a type of building or constraint, or a kind of issue, in words."""
    if tipo in codici.SEGNALAZIONI:
        return codici.SEGNALAZIONI[tipo]
    return codici.describe(codici.TIPI | codici.VINCOLI, tipo)


def birthplace(codice: str, nascita: object) -> str:
    """Return a place of birth by its name on the day; what is no code stays as it is.

    >>> birthplace("H501", "1960-05-20"), birthplace("ROMA", None)
    ('Roma', 'ROMA')
    """
    found = denominazione_or_none(codice, day(nascita) or date.max)
    if found is None and (known := history(codice)):
        found = known[-1]
    return found.nome if found else codice


def _use(uso: str) -> str:
    """Return the use of a building, or the case a tax position falls under."""
    if uso in codici.USI_IMU:
        return codici.USI_IMU[uso]
    return codici.describe(codici.USI, uso).replace("_", " ")


def _floors(valore: object) -> str:
    """Return the floors of a unit as the cadastre writes them together.

    >>> _floors(["S1", "T"])
    'S1-T'
    """
    return "-".join(map(str, valore)) if isinstance(valore, list) else str(valore)


def _portions(valore: object) -> str:
    """Write the portions of a parcel, each with its letters first."""
    items: list[Mapping[str, Any]] = valore if isinstance(valore, list) else []
    return "; ".join(
        _generic({"porzione" if k == "identificativo" else k: v for k, v in item.items()})
        for item in items
    )


def _reckoning(base: str) -> str:
    """Write how a taxable base is reckoned.

    >>> _reckoning("rendita 307.3 × 1.05 × 160")
    'rendita 307,30\u00a0€ × 1,05 × 160'
    """
    word, _, rest = base.partition(" ")
    amount, *factors = rest.split(" × ")
    value = number(amount)
    if value is None:
        return base
    return " × ".join((f"{word} {scrittura.euro(value)}", *(f.replace(".", ",") for f in factors)))


def _place(codice: str) -> str:
    """Return a municipality by name and code: parcels are quoted by the code."""
    name = birthplace(codice, None)
    return f"{name} ({codice})" if name != codice else codice


def _fields(valore: object) -> str:
    items = valore if isinstance(valore, list) else [valore]
    return ", ".join(parole.label(str(item)).lower() for item in items)


_WRITERS: dict[str, Callable[[object], str]] = {
    "quota": _share,
    "identificativi": _identifiers,
    "ubicazione": _parts(_PARTI_UBICAZIONE),
    "indirizzi": _parts(_PARTI_INDIRIZZO),
    "evento": lambda v: parole.EVENTI.get(str(v), scrittura.maiuscola(str(v))),
    "stato": lambda v: parole.STATI.get(str(v), str(v)),
    "provvisorio": lambda v: "sagoma provvisoria" if v else "sagoma rilevata",
    "uso": lambda v: _use(str(v)),
    "riferimento": lambda v: codici.reference(str(v)),
    "comune_catastale": lambda v: _place(str(v)),
    "qualita": lambda v: codici.quality(str(v)),
    "regime": lambda v: catasto.REGIME.get(str(v), str(v)),
    "flag_classamento": lambda v: catasto.FLAG_CLASSAMENTO.get(str(v), str(v)),
    "riserve": lambda v: codici.reserves(v) if isinstance(v, list) else str(v),
    "porzioni": _portions,
    "utilita_comuni": _identifiers,
    "piano": _floors,
    "base_calcolo": lambda v: _reckoning(str(v)),
    "autore": lambda v: codici.author(str(v)),
    "tipo": lambda v: _kind(str(v)),
    "parentela": lambda v: codici.PARENTELE.get(str(v), str(v)),
    "zto": lambda v: codici.describe(codici.ZTO, str(v)),
    "destinazione": lambda v: codici.describe(codici.DESTINAZIONI, str(v)),
    "categoria": lambda v: category(str(v)),
    "cambiati": _fields,
    "campo": _fields,
}


def category(codice: str) -> str:
    """Return a cadastral category as the law writes it, or what the source says.

    >>> category("A02"), category("?")
    ('A/2', '?')
    """
    try:
        return str(Categoria.parse(codice))
    except CatastoError:
        return codice


def size(consistenza: object, codice: str) -> str:
    """Return the size of a unit in the measure of its category.

    >>> size(5.5, "A02"), size(22, "C06")
    ('5,5\u00a0vani', '22\u00a0m²')
    """
    value = number(consistenza)
    if value is None:
        return _generic(consistenza)
    try:
        unit = Categoria.parse(codice).unita_consistenza or ""
    except CatastoError:
        unit = ""
    words = {"mq": "m²", "mc": "m³"}.get(unit, unit)
    text = scrittura.numero(value, 1 if value % 1 else 0)
    return f"{text}{scrittura.NBSP}{words}" if words else text


def write(campo: str, valore: Any) -> str:
    """Return the value of a field as people read it.

    >>> write("rendita", "1234.5"), write("area_mq", 310), write("attuale", True)
    ('1\u202f234,50\u00a0€', '310\u00a0m²', 'sì')
    >>> write("identificativi", [{"foglio": "12", "numero": "345", "subalterno": "3"}])
    'foglio 12 part. 345 sub 3'
    """
    if valore in (None, "", [], {}):
        return MANCA
    if campo in _WRITERS:
        return _WRITERS[campo](valore)
    value = number(valore)
    if value is not None and campo in _EURO:
        return scrittura.euro(value)
    if value is not None and campo.endswith("_mq"):
        return scrittura.metri_quadri(value)
    if value is not None and campo.endswith("_m"):
        return f"{scrittura.numero(value, 1)}{scrittura.NBSP}m"
    return _generic(valore)


def person(valori: Mapping[str, Any]) -> str:
    """Return a person or a body in one line, with the fields that may be seen.

    >>> person({"cognome": "ROSSI", "nome": "MARIA", "codice_fiscale": "X"})
    'ROSSI MARIA, codice fiscale X'
    """
    name = " ".join(str(valori[k]) for k in ("cognome", "nome", "denominazione") if valori.get(k))
    parts = [name] if name else []
    if valori.get("sede"):
        parts.append(f"sede in {birthplace(str(valori['sede']), None)}")
    if valori.get("data_nascita"):
        born = valori["data_nascita"]
        where = valori.get("luogo_nascita")
        place = f" a {birthplace(str(where), born)}" if where else ""
        parts.append(f"data di nascita {_generic(valori['data_nascita'])}{place}")
    if valori.get("codice_fiscale"):
        wrong = "" if valori.get("codice_valido", True) else " (non valido)"
        parts.append(f"codice fiscale {valori['codice_fiscale']}{wrong}")
    return ", ".join(parts) or MANCA


def bond(legame: Mapping[str, Any]) -> str:
    """Return in words how an object was linked, and how sure that is.

    >>> bond({"tipo": "edificio_zona", "metodo": "area", "misura": 120.4, "quota": 0.985})
    'si sovrappongono per una parte che conta: 120\u00a0m² (98,5\u00a0%)'
    """
    tipo, metodo = str(legame.get("tipo", "")), str(legame.get("metodo", ""))
    text = legame_parole.description(tipo, metodo)
    if legame_parole.judged(metodo):
        return text
    measure, quota, score = (number(legame.get(k)) for k in ("misura", "quota", "punteggio"))
    if measure and tipo in legame_parole.METRI:
        text += f": {scrittura.numero(measure, 1)}{scrittura.NBSP}m"
    elif measure:
        text += f": {scrittura.metri_quadri(measure)}"
        text += f" ({scrittura.percento(quota)})" if quota is not None else ""
    if score is not None:
        text += f", certezza {scrittura.numero(score * 100)}{scrittura.NBSP}%"
    if legame.get("stato") == "proposto":
        text += ", da confermare"
    return text
