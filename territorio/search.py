"""Search: an address, a cadastral reference, a code, a point, or words with mistakes.

What a text is, is decided by its form: a code, a reference or a point goes straight to the
object; everything else is looked up among the words of ``registro.ricerca``, which
:func:`refresh` writes anew after each change.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

import sqlalchemy as sa

from catasto.errors import CatastoError
from catasto.riferimento import RiferimentoCatastale
from catasto.scrittura import Scrittura, read_scrittura
from territorio import bulk, db, digitato, indirizzo, spelling, vigenza
from territorio.accessi import rettifica
from territorio.accessi.policy import Visto
from territorio.errors import InvalidInput
from territorio.geometry import Punto
from territorio.identita import PRIME, Codice
from territorio.schema import identita
from territorio.schema_ricerca import ricerca, ricerca_persona
from territorio.vigenza import Quando

ULTIMO = 2**62
MINIMO = 2
"""Letters below which nothing is worth looking for."""

SOGLIA = 0.35
"""Similarity below which a word is another word."""

SICURA = 0.8
"""Similarity that is looked for first: of a large town thousands of names reach the other."""

LUNGA = 16
"""Letters of a name that begins as is being typed, from which on nothing is suggested that only
holds or resembles them: to look for that in a large town takes a hundredth of a second."""

SOGLIA_PERSONE = 0.5
"""The same for names of persons, of which there are more and shorter ones."""

MEANT, GUESSED = 3, 0.8
"""Names looked up for one that nothing is called, and what their score is worth."""

_IDENTITA = re.compile(r"[0-9]{6,12}")
_DUE_NUMERI = re.compile(r"0*([0-9]{1,4})(?:\s*[-–]\s*|\s+)0*([0-9]{1,5})")
"""Sheet and number without a word: perhaps."""

TIPI = ("edificio", "particella", "unita_immobiliare", "civico", "odonimo", "vincolo", "soggetto")


@dataclass(frozen=True, slots=True)
class Risultato:
    """One thing found; ``esatto`` when the text names it and nothing else."""

    tipo: str
    id: int
    comune: str
    etichetta: str
    punteggio: float
    esatto: bool = False
    edificio: int | None = None
    lon: float | None = None
    lat: float | None = None
    edifici: tuple[int, ...] = ()

    @property
    def codice(self) -> str:
        """Return the written code."""
        return str(Codice(self.id))


@dataclass(frozen=True, slots=True)
class Domanda:
    """What was asked, where, and for which moment."""

    testo: str
    quando: Quando
    comuni: tuple[str, ...] = ()
    limite: int = 8
    visto: Visto = field(default_factory=Visto)
    digitando: bool = False
    """Whether more is being typed: then it is asked again at the next letter."""

    @property
    def values(self) -> dict[str, object]:
        """Return the parameters every statement takes."""
        nota = ULTIMO if self.quando.noto_al is None else self.quando.noto_al
        return {
            "comuni": list(self.comuni),
            "limite": self.limite,
            "giorno": self.quando.alla_data,
            "nota": nota,
        }


def search(conn: sa.Connection, domanda: Domanda) -> list[Risultato]:
    """Return what the text may mean, best first; nothing about persons.

    Raises Rectified where the public asks in what was known before a correction.
    """
    text = domanda.testo.strip()
    if len(text) < MINIMO:
        return []
    rettifica.require_none(conn, domanda.comuni, domanda.quando, domanda.visto)
    code = code_or_none(text)
    if code is not None:
        return _by_code(conn, code)
    if (bare := _by_bare_numbers(conn, text, domanda)) is not None:
        return bare
    point = point_or_none(text)
    if point is not None:
        return _rows(conn, "cerca_punto", {**domanda.values, "lon": point.lon, "lat": point.lat})
    reference = reference_or_none(text)
    if reference is not None:
        return _by_reference(conn, reference, domanda)
    return _by_words(conn, text, domanda)


def code_or_none(text: str) -> int | None:
    """Return the identity a text writes, or None if it is no code."""
    try:
        return Codice.parse(text).id
    except InvalidInput:
        return None


def point_or_none(text: str) -> Punto | None:
    """Return the point a text writes, or None if it is none."""
    try:
        return Punto.parse(text)
    except InvalidInput:
        return None


def reference_or_none(text: str) -> Scrittura | None:
    """Return the cadastral reference a text writes, or None if it reads like words.

    >>> reference_or_none("foglio 352 particella 1018").numero, reference_or_none("via Roma 12")
    ('1018', None)
    """
    found = read_scrittura(text)
    if found.foglio and found.numero and not found.resto:
        return found
    try:
        r = RiferimentoCatastale.parse(text)
    except CatastoError:
        return None
    return Scrittura(
        comune_catastale=r.comune_catastale,
        sezione=r.sezione,
        foglio=r.foglio,
        numero=r.numero,
        denominatore=r.denominatore,
    )


def _by_code(conn: sa.Connection, number: int) -> list[Risultato]:
    row = conn.execute(
        sa.select(identita.c.tipo, identita.c.comune).where(identita.c.id == number)
    ).one_or_none()
    if row is None or row.tipo not in TIPI or row.tipo == "soggetto":
        return []
    label = f"{row.tipo.replace('_', ' ').capitalize()} {Codice(number)}"
    building = number if row.tipo == "edificio" else None
    return [Risultato(row.tipo, number, row.comune, label, 1.0, True, building)]


def _by_bare_numbers(conn: sa.Connection, text: str, domanda: Domanda) -> list[Risultato] | None:
    """Look up an identity as programs write it, or sheet and number; None if it is neither.

    Two numbers may mean something else: what they find is never certain.
    """
    if _IDENTITA.fullmatch(text) and int(text) < PRIME and (found := _by_code(conn, int(text))):
        return found
    two = _DUE_NUMERI.fullmatch(text)
    if two is None:
        return None
    reference = Scrittura(foglio=two[1], numero=two[2])
    guesses = [
        replace(one, punteggio=round(one.punteggio * GUESSED, 3), esatto=False)
        for one in _by_reference(conn, reference, domanda)
    ]
    return guesses or None


def _by_reference(conn: sa.Connection, found: Scrittura, domanda: Domanda) -> list[Risultato]:
    """Look a reference up; ``a/b/c`` may end in a denominator or in a subaltern."""
    values: dict[str, object] = {
        **domanda.values,
        "catastale": found.comune_catastale,
        "sezione": found.sezione,
        "foglio": _plain(found.foglio),
        "numero": _plain(found.numero),
        "denominatore": found.denominatore or None,
        "subalterno": _plain(found.subalterno),
    }
    results = _rows(conn, "cerca_catasto", values)
    if not results and found.denominatore and not found.subalterno:
        values |= {"denominatore": None, "subalterno": _plain(found.denominatore)}
        results = _rows(conn, "cerca_catasto", values)
    return _mark_exact(results)


def _by_words(conn: sa.Connection, text: str, domanda: Domanda) -> list[Risultato]:
    street, number, exponent = digitato.split_address(text)
    whole = indirizzo.chiave_odonimo(street)
    values = {
        **domanda.values,
        "intero": whole,
        "parole": indirizzo.senza_dug(whole),
        "piane": indirizzo.senza_dug(indirizzo.plain(street)),
        "numero": number,
        "esponente": exponent,
        "numeri": _beginning_with(number, exponent),
    }
    named = domanda.digitando and len(str(values["parole"])) >= LUNGA
    values["abbastanza"] = 1 if named else domanda.limite
    # Who has typed a kind of street so far has not named one.
    unnamed = any(kind.startswith(whole) for kind in indirizzo.dug())
    for soglia in (SICURA,) if unnamed else (SICURA, SOGLIA):
        _set_threshold(conn, soglia, one_plan=True)
        if found := _like(conn, values):
            return _mark_exact(found)
    # What stands after the last comma may be a town, which no name of a street holds.
    head, comma, place = text.rpartition(",")
    if comma and number is not None and not any(ch.isdigit() for ch in place):
        return _by_words(conn, head, domanda)
    return [] if unnamed else _by_slips(conn, values, domanda)


def _like(conn: sa.Connection, values: Mapping[str, object]) -> list[Risultato]:
    """Return what is called like the words, as alike as the threshold says."""
    parole, piane = str(values["parole"]), str(values["piane"])
    # Mostly both are the same words: what begins with them is asked for once.
    after = {"dopo_parole": _after(parole), "dopo_piane": "" if piane == parole else _after(piane)}
    return _rows(conn, "cerca_parole", {**values, **after})


def _after(words: str) -> str:
    """Return a text after all that begin with some words: these and the last character of all.

    >>> "ROMA" < "ROMANIA" < _after("ROMA") < "ROMB"
    True
    """
    return f"{words}\U0010ffff" if words else ""


def _by_slips(
    conn: sa.Connection, values: Mapping[str, object], domanda: Domanda
) -> list[Risultato]:
    """Look up the names that were perhaps meant; none of them is certain."""
    names = spelling.meant(conn, str(values["parole"]), domanda.comuni)[:MEANT]
    _set_threshold(conn, one_plan=True)
    found: dict[tuple[str, int], Risultato] = {}
    for name in names:
        for one in _like(conn, {**values, "parole": name, "piane": name}):
            guess = replace(one, punteggio=round(one.punteggio * GUESSED, 3))
            found.setdefault((one.tipo, one.id), guess)
    best = sorted(found.values(), key=lambda one: -one.punteggio)
    return best[: domanda.limite]


def persons(conn: sa.Connection, domanda: Domanda) -> list[Risultato]:
    """Return the persons a text may mean; doors ask :mod:`territorio.accessi.persone`."""
    words = indirizzo.plain(domanda.testo).strip()
    if len(words) < MINIMO:
        return []
    _set_threshold(conn, SOGLIA_PERSONE)
    values = {**domanda.values, "parole": words, "dopo_parole": _after(words)}
    return _rows(conn, "cerca_persone", values)


def refresh(conn: sa.Connection, comune: str) -> None:
    """Write anew the tables of search of one municipality."""
    values: dict[str, object] = {
        "comune": comune,
        "giorno": vigenza.today(),
        "nota": ULTIMO,
        "dug": sorted(indirizzo.dug()),
    }
    with bulk.without_indexes(conn, ricerca):
        db.execute_sql(conn, "territorio/ricerca", values)
    with bulk.without_indexes(conn, ricerca_persona):
        db.execute_sql(conn, "territorio/ricerca_persone", {"comune": comune})
    for table in (ricerca, ricerca_persona):
        bulk.settle(conn, table)


def _beginning_with(number: int | None, exponent: str) -> list[int]:
    """Return a number and, while it may still be typed, those with one more digit.

    >>> _beginning_with(1, "")
    [1, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19]
    """
    if number is None:
        return []
    longer = [] if exponent else range(max(number * 10, 1), number * 10 + 10)
    return [number, *longer]


def _set_threshold(conn: sa.Connection, soglia: float = SOGLIA, *, one_plan: bool = False) -> None:
    """Say how alike words must be; ``one_plan`` serves where planning takes as long as the rest."""
    conn.execute(
        sa.text(
            "SELECT set_config('pg_trgm.word_similarity_threshold', :soglia, true),"
            " set_config('plan_cache_mode', :piani, true)"
        ),
        {"soglia": str(soglia), "piani": "force_generic_plan" if one_plan else "auto"},
    )


def _plain(text: str | None) -> str | None:
    return text.lstrip("0") or "0" if text else None


def _rows(conn: sa.Connection, name: str, values: Mapping[str, object]) -> list[Risultato]:
    rows = conn.execute(db.sql(f"territorio/{name}"), dict(values))
    return [_result(row._mapping) for row in rows]


def _result(row: sa.RowMapping) -> Risultato:
    return Risultato(
        row["tipo"],
        row["id"],
        row["comune"],
        row["testo"],
        round(float(row["punteggio"]), 3),
        edificio=row["edificio"],
        lon=row["lon"],
        lat=row["lat"],
        edifici=tuple(row.get("edifici") or ()),
    )


def _mark_exact(results: Sequence[Risultato]) -> list[Risultato]:
    """Mark the first as the one meant, if it is certain and no other is."""
    certain = [r for r in results if r.punteggio >= 1]
    if len(certain) != 1:
        return list(results)
    first = certain[0]
    rest = [r for r in results if r is not first]
    values = {name: getattr(first, name) for name in first.__slots__}
    return [Risultato(**{**values, "esatto": True}), *rest]
