"""What is asked of a collection: the parameters of OGC API – Features, parts 1, 2 and 3, read.

Strict, as the standard asks: a parameter that is not known, or has no meaning, is refused. Days
follow the registry: without ``datetime`` what holds today, with an instant what held on that day
(*alla_data*), with an interval what held on some day of it, each object as it last was.
"""

import base64
import binascii
import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache

import orjson

from opendata.dataset import Dataset
from opendata.ogc import cql2, crs
from opendata.ogc.crs import CRS84, Crs
from territorio import vigenza
from territorio.errors import InvalidInput, InvalidParameter
from territorio.identita import Codice
from territorio.schema_pubblico import properties
from territorio.vigenza import ROMA

LIMITE, LIMITE_MASSIMO = 10, 10_000
"""Items of a page: unless told, and at most (more is not refused, as the standard asks)."""
OFFSET_MASSIMO = 100_000_000

FORMATI = ("json", "jsonfg", "html", "csv", "parquet", "fgb")
PARAMETRI = (
    *("f", "lang", "bbox", "bbox-crs", "crs", "datetime", "limit", "offset", "dopo"),
    *("properties", "sortby", "filter", "filter-lang", "filter-crs"),
    *("skipGeometry", "skipCount", "resulttype"),
)
"""The parameters of items besides the properties of the collection."""

_INFINITO = ("-infinity", "infinity")
_SI, _NO = frozenset({"true", "1"}), frozenset({"false", "0"})
_MOLTI = 200
"""Columns and values of a request."""


@dataclass(frozen=True, slots=True)
class Interrogazione:
    """A request for items; ``primo`` and ``ultimo`` are the days asked about, as ISO text."""

    dataset: Dataset
    primo: str
    ultimo: str
    riquadro: tuple[float, float, float, float] | None = None
    valori: tuple[tuple[str, str], ...] = ()
    filtro: cql2.Filtro | None = None
    filtro_crs: Crs = CRS84
    ordine: tuple[tuple[str, bool], ...] = ()
    """Properties to sort by, each with whether it descends."""
    campi: tuple[str, ...] | None = None
    senza_geometria: bool = False
    crs: Crs = CRS84
    limite: int = LIMITE
    offset: int = 0
    dopo: tuple[str | float | bool | None, ...] | None = None
    """The values of ``ordine``, and the id, of the item after which the page begins."""
    conta: bool = True
    solo_conta: bool = False
    formato: str = "json"
    elemento: int | None = None
    """The one object that is asked for."""

    @property
    def periodo(self) -> bool:
        """Tell whether several days are asked about."""
        return self.primo != self.ultimo


def read(
    dataset: Dataset, asked: Iterable[tuple[str, str]], elemento: int | None = None
) -> Interrogazione:
    """Read the parameters of a request; raise InvalidParameter for the first that is wrong.

    For one item (``elemento``) few of them have a meaning.
    """
    p = _once(asked, dataset)
    if elemento is not None:
        return _item(dataset, p, elemento)
    primo, ultimo = read_datetime(p.get("datetime"))
    language = p.get("filter-lang", cql2.TEXT)
    if language not in cql2.LANGUAGES:
        raise InvalidParameter("filter-lang", f"è uno fra {', '.join(cql2.LANGUAGES)}")
    ordine = _sortby(dataset, p.get("sortby"))
    kind = p.get("resulttype", "results")
    if kind not in {"results", "hits"}:
        raise InvalidParameter("resulttype", "è results oppure hits")
    return Interrogazione(
        dataset,
        primo,
        ultimo,
        riquadro=read_bbox(p.get("bbox"), p.get("bbox-crs")),
        valori=tuple((k, v) for k, v in p.items() if k not in PARAMETRI),
        filtro=cql2.read(p["filter"], language) if "filter" in p else None,
        filtro_crs=crs.find("filter-crs", p["filter-crs"]) if "filter-crs" in p else CRS84,
        ordine=ordine,
        campi=_properties(dataset, p.get("properties")),
        senza_geometria=_flag("skipGeometry", p),
        crs=crs.find("crs", p["crs"]) if "crs" in p else CRS84,
        limite=_limit(p.get("limit")),
        offset=_whole("offset", p.get("offset"), 0, OFFSET_MASSIMO),
        dopo=None if "dopo" not in p else _cursor(p["dopo"], len(ordine)),
        conta=not _flag("skipCount", p),
        solo_conta=kind == "hits",
        formato=read_format(p.get("f")),
    )


DI_UNO = frozenset({"f", "lang", "crs", "datetime"})
"""The parameters of one item."""


def _item(dataset: Dataset, p: Mapping[str, str], elemento: int) -> Interrogazione:
    for name in p:
        if name not in DI_UNO:
            raise InvalidParameter(name, f"di un elemento si chiede {', '.join(sorted(DI_UNO))}")
    primo, ultimo = read_datetime(p.get("datetime"))
    return Interrogazione(
        dataset,
        primo,
        ultimo,
        crs=crs.find("crs", p["crs"]) if "crs" in p else CRS84,
        limite=1,
        conta=False,
        formato=read_format(p.get("f")),
        elemento=elemento,
    )


def _once(asked: Iterable[tuple[str, str]], dataset: Dataset) -> dict[str, str]:
    """Return the parameters by name, each known and there once."""
    known, found = _known(dataset), dict[str, str]()
    for name, value in asked:
        if name not in known:
            raise InvalidParameter(
                name, f"non è un parametro di «{dataset.nome}»: {', '.join(sorted(known))}"
            )
        if name in found:
            raise InvalidParameter(name, "c’è più di una volta")
        if "\0" in value:
            raise InvalidParameter(name, "contiene un carattere che non può stare in un testo")
        found[name] = value
    return found


@cache
def _known(dataset: Dataset) -> frozenset[str]:
    return frozenset(PARAMETRI) | frozenset(properties(dataset.tavola))


def read_format(text: str | None) -> str:
    """Read the format by its short name."""
    if text is None:
        return "json"
    if text not in FORMATI:
        raise InvalidParameter("f", f"«{text}» non è uno fra {', '.join(FORMATI)}")
    return text


def read_bbox(text: str | None, system: str | None) -> tuple[float, float, float, float] | None:
    """Read a box as west, south, east, north in degrees; heights are left out.

    A box whose west is beyond its east goes across the antimeridian: nothing of ours is there,
    and it stands for its two halves of the world.
    """
    if text is None:
        if system is not None:
            raise InvalidParameter("bbox-crs", "c’è senza bbox")
        return None
    try:
        numbers = [float(part) for part in text.split(",")]
    except ValueError:
        raise InvalidParameter("bbox", f"«{text[:80]}» non sono numeri") from None
    if len(numbers) not in {4, 6} or not all(math.isfinite(one) for one in numbers):
        raise InvalidParameter("bbox", "vuole quattro numeri (o sei, con le quote)")
    half = len(numbers) // 2
    (a, b), (c, d) = numbers[:2], numbers[half : half + 2]
    of = CRS84 if system is None else crs.find("bbox-crs", system)
    if max(map(abs, (a, b, c, d))) > 1e9:
        raise InvalidParameter("bbox", "è fuori dal mondo")
    west, south, east, north = of.box(a, b, c, d)
    if not all(map(math.isfinite, (west, south, east, north))) or south > north:
        raise InvalidParameter("bbox", "ha gli angoli scambiati o fuori dal suo sistema")
    if west > east:
        if of.proiettato:
            raise InvalidParameter("bbox", "ha gli angoli scambiati")
        west, east = (west, 180.0) if west < _EST_ITALIA else (-180.0, east)
    return west, south, east, north


_EST_ITALIA = 20.0


def read_datetime(text: str | None) -> tuple[str, str]:
    """Read an instant or an interval as first and last day (RFC 3339, ``..`` for an open end)."""
    if text is None:
        today = vigenza.today().isoformat()
        return today, today
    first, slash, last = text.partition("/")
    if not slash:
        day = _day(first)
        return day, day
    ends = tuple(
        _INFINITO[place] if end in {"", ".."} else _day(end)
        for place, end in enumerate((first, last))
    )
    if ends[0] == "-infinity" and ends[1] == "infinity":
        return ends[0], ends[1]
    if "infinity" not in ends and "-infinity" not in ends and ends[0] > ends[1]:
        raise InvalidParameter("datetime", "finisce prima di cominciare")
    return ends[0], ends[1]


def _day(text: str) -> str:
    """Read a day, or the day in Italy of a moment."""
    wrong = InvalidParameter(
        "datetime", f"«{text[:40]}» non è un giorno (2025-12-31) né un istante RFC 3339"
    )
    if len(text) != 10 and ("T" not in text.upper() or len(text) > 40):
        raise wrong
    try:
        moment = datetime.fromisoformat(text.upper())
    except ValueError:
        raise wrong from None
    if len(text) == 10:
        return moment.date().isoformat()
    moment = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    if not 1 < moment.year < 9999:
        raise InvalidParameter("datetime", "è fuori dal calendario")
    return moment.astimezone(ROMA).date().isoformat()


def _sortby(dataset: Dataset, text: str | None) -> tuple[tuple[str, bool], ...]:
    if text is None:
        return ()
    found = []
    for one in text.split(","):
        name = one.strip().lstrip("+-")
        if name not in {"id", *properties(dataset.tavola)}:
            raise InvalidParameter("sortby", f"«{name}» non è un campo di «{dataset.nome}»")
        found.append((name, one.strip().startswith("-")))
    if len({name for name, _ in found}) != len(found):
        raise InvalidParameter("sortby", "nomina un campo due volte")
    return tuple(found)


def _properties(dataset: Dataset, text: str | None) -> tuple[str, ...] | None:
    if text is None:
        return None
    asked = [one.strip() for one in text.split(",") if one.strip()][:_MOLTI]
    there = properties(dataset.tavola)
    unknown = [one for one in asked if one not in there]
    if unknown:
        raise InvalidParameter("properties", f"«{unknown[0]}» non è un campo di «{dataset.nome}»")
    return tuple(name for name in there if name in asked)


def _flag(name: str, p: Mapping[str, str]) -> bool:
    value = p.get(name, "false").lower()
    if value not in _SI | _NO:
        raise InvalidParameter(name, "è true oppure false")
    return value in _SI


def _limit(text: str | None) -> int:
    return LIMITE if text is None else min(_whole("limit", text, 1, 10**12), LIMITE_MASSIMO)


def _whole(name: str, text: str | None, least: int, most: int) -> int:
    if text is None:
        return least
    # A plus sign comes as the blank it stands for.
    if not text.strip().isascii() or not text.strip().isdigit() or len(text) > 13:
        raise InvalidParameter(name, f"«{text[:20]}» non è un numero intero da {least} in su")
    number = int(text)
    if not least <= number <= most:
        raise InvalidParameter(name, f"va da {least} a {most}")
    return number


def parse_item(text: str) -> int | None:
    """Return the number of an item by its number or its code; None if it can be none."""
    if text.isascii() and text.isdigit() and len(text) < 16:
        return int(text)
    try:
        return Codice.parse(text).id
    except InvalidInput:
        return None


def cursor(values: tuple[str | float | bool | None, ...]) -> str:
    """Write after which item a page begins: its id, with the values sorted by before it."""
    if len(values) == 1:
        return str(values[0])
    return base64.urlsafe_b64encode(orjson.dumps(values)).decode().rstrip("=")


def _cursor(text: str, sorted_by: int) -> tuple[str | float | bool | None, ...]:
    if sorted_by == 0:
        if not (text.isascii() and text.isdigit() and len(text) < 16):
            raise InvalidParameter("dopo", "si prende dal collegamento «next» della pagina prima")
        return (int(text),)
    try:
        found = orjson.loads(base64.urlsafe_b64decode(text + "=" * (-len(text) % 4)))
    except (ValueError, binascii.Error):
        found = None
    plain = isinstance(found, list) and len(found) == sorted_by + 1
    if not plain or any(isinstance(one, list | dict) for one in found):
        raise InvalidParameter("dopo", "si prende dal collegamento «next» della pagina prima")
    return tuple(found)
