"""The dossier: everything the registry knows of one building, on a day, as known at a moment.

One statement reads it all: the files of ``territorio/sql/fascicolo`` are put together for the
sections a role may see anything of (:data:`SEZIONI`); what a role may not see is not read. The
days of the deliveries are remembered (:mod:`territorio.fascicolo_date`).
Then each section's function turns rows into entries, and one pure function takes away what
this reader may not see (:func:`territorio.accessi.redact.redact`). If what is left speaks of
persons, the reading is written down in the same transaction.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, datetime
from functools import cache, partial
from pathlib import Path
from typing import Any

import orjson
import sqlalchemy as sa

from territorio import edificio as edifici
from territorio import particella, prepared, segnalazione, soggetto, titolarita, unita_immobiliare
from territorio.accessi import lettura, rettifica
from territorio.accessi.lettura import Lettura
from territorio.accessi.policy import Visto, readable
from territorio.accessi.redact import redact
from territorio.anagrafe import residenza
from territorio.fascicolo_date import dating
from territorio.fascicolo_voci import missing
from territorio.legame_parole import in_words
from territorio.prepared import Computation, Statement
from territorio.sezione import Contenuto, Sezione, Stato, Voce
from territorio.tributi import posizione
from territorio.urbanistica import zona
from territorio.vigenza import Quando

SEZIONI: tuple[Sezione, ...] = (
    particella.SEZIONE,
    unita_immobiliare.SEZIONE,
    titolarita.SEZIONE,
    residenza.SEZIONE,
    posizione.SEZIONE,
    Sezione("attestati_energetici"),
    Sezione("pratiche_titoli"),
    zona.SEZIONE,
    Sezione("documenti", "documenti", ("documento",)),
    segnalazione.SEZIONE,
    edifici.CRONOLOGIA,
)
"""The sections, in the order in which a dossier is read."""

STRATI = ("edifici", "particelle", "civici", "zone", "vincoli")
"""Layers of the map worth drawing around the building."""


@dataclass(frozen=True, slots=True)
class Fascicolo:
    """A dossier as one reader may see it."""

    edificio: dict[str, Any]
    alla_data: date
    noto_al: datetime | None
    sezioni: dict[str, Contenuto]
    lettura: int | None = None
    """Number of the entry in the log of readings, if persons were looked at."""

    def to_json(self) -> dict[str, Any]:
        """Return the dossier as the doors write it."""
        return {
            "edificio": self.edificio,
            "alla_data": self.alla_data.isoformat(),
            "noto_al": self.noto_al.isoformat() if self.noto_al else None,
            "sezioni": {nome: sezione.to_json() for nome, sezione in self.sezioni.items()},
        }


SQL = Path(__file__).parent / "sql" / "fascicolo"
CONFRONTANO = frozenset({"residenti", "posizioni_tributarie"})
"""Sections that compare persons with who holds the units."""

TESTA = ("stato", "caricati", "edificio", "indirizzi")
"""Files of the statement that are no section."""

TESTA_REDATTA = ("edificio", "civici")
"""Names, in the table of who sees what, of what the head of a dossier says."""

ULTIMO = 2**62
"""The number that stands for all that is known now: above every registrazione."""


def fascicolo(conn: sa.Connection, edificio: int, quando: Quando, visto_da: Visto) -> Fascicolo:
    """Return the dossier of a building as ``visto_da`` may see it.

    Every section is always there. Raises NotFound for a number that is no building, Rectified
    where the public asks what was known before a correction.
    """
    rettifica.require(conn, [edificio], quando, visto_da)
    mine: frozenset[int] = frozenset()
    if visto_da.soggetto is not None:
        mine = soggetto.same(conn, visto_da.soggetto, quando)
    return prepared.compute(conn, compiling(conn.info, edificio, quando, visto_da, mine))


def compiling(
    ricordi: dict[Any, Any],
    edificio: int,
    quando: Quando,
    visto_da: Visto,
    mine: frozenset[int] = frozenset(),
    write: Callable[[Fascicolo], None] | None = None,
) -> Computation[Fascicolo]:
    """Compile the dossier; ``ricordi`` is what is remembered with a connection.

    ``mine`` are the identities under which the sources know the person who looks. Where persons
    are looked at, ``write`` is given the dossier, all but the number of the reading, while that
    is being written down: nothing of it may leave before this has ended.
    """
    allowed = readable(visto_da.ruolo, bool(visto_da.scopo))
    # Who names no purpose is shown no person: nothing will have to be written down.
    asked = _Chiesto(edificio, quando, allowed, last=not visto_da.scopo)
    comune, parti = yield from _read_at_home(ricordi, asked)
    yield from dating(ricordi, parti, asked.last)
    stato = parti["stato"][0]
    if visto_da.soggetto is not None:
        _mark_own(parti, mine, visto_da.soggetto)
    caricati = frozenset(riga["fatto"] for riga in parti["caricati"])
    fatti = {s.nome: _content(s, parti.get(s.nome), caricati) for s in SEZIONI}
    letto = redact({**fatti, **_head(parti)}, visto_da)
    voci, indirizzi = (letto.sezioni.pop(nome).voci for nome in TESTA_REDATTA)
    testa = edifici.head(edificio, comune, quando.alla_data, stato, voci, indirizzi)
    testa["strati"] = list(STRATI)
    noto_al = datetime.fromisoformat(stato["noto_al"]) if stato["noto_al"] else None
    found = Fascicolo(testa, quando.alla_data, noto_al, letto.sezioni)
    if not letto.letti:
        return found
    entry = Lettura(comune, edificio, letto.letti)
    meanwhile = None if write is None else partial(write, found)
    number = yield from lettura.appending(visto_da, entry, meanwhile)
    return replace(found, lettura=number)


@dataclass(frozen=True, slots=True)
class _Chiesto:
    """What is read for a dossier."""

    edificio: int
    quando: Quando
    sezioni: frozenset[str]
    last: bool


_CASA = "comune of the last dossier"


def _read_at_home(
    ricordi: dict[Any, Any], asked: _Chiesto
) -> Computation[tuple[str, dict[str, list[Voce]]]]:
    """Return the municipality the building lives in, and the rows of each section.

    The statement starts from the municipality, and says itself which one it should have been:
    so that of the last dossier is tried, and only where it was another one is it asked first.
    """
    comune: str = ricordi.get(_CASA) or (yield from edifici.home(asked.edificio))
    parti = yield from _read(comune, asked)
    if parti["stato"][0]["comune"] != comune:
        comune = yield from edifici.home(asked.edificio)
        parti = yield from _read(comune, asked)
    ricordi[_CASA] = comune
    return comune, parti


def _read(comune: str, asked: _Chiesto) -> Computation[dict[str, list[Voce]]]:
    """Run the statement for the sections that may be read and return the rows of each."""
    names = tuple(s.query for s in SEZIONI if s.query and s.nome in asked.sezioni)
    noto_al = asked.quando.noto_al
    nota = ULTIMO if noto_al is None else noto_al
    values = (comune, asked.edificio, asked.quando.alla_data, nota)
    row = yield Statement(statement(names), values, asked.last)
    assert row is not None  # noqa: S101 -- a SELECT without FROM has one row
    columns = (*TESTA, *names)
    pieces = (
        b'"%b":[%b]' % (name.encode(), text or b"") for name, text in zip(columns, row, strict=True)
    )
    parts: dict[str, list[Voce]] = orjson.loads(b"{" + b",".join(pieces) + b"}")
    return parts


PARAMETRI = ("comune", "edificio", "giorno", "nota")
"""The parameters of the statement, in the order of their numbers."""


@cache
def statement(names: tuple[str, ...]) -> str:
    """Return the statement that reads these sections, each as one column of JSON text."""
    column = _file("colonna")
    columns = [
        column.replace("/* corpo */", _file(name)).replace("/* nome */", name)
        for name in (*TESTA, *names)
    ]
    around = [_file("contorno")]
    if not CONFRONTANO.isdisjoint(names):
        around.append(_file("detentori"))
    text = "\n".join((",\n".join(around), "SELECT", ",\n".join(columns)))
    return prepared.numbered(text, PARAMETRI)[0]


def _file(name: str) -> str:
    return (SQL / f"{name}.sql").read_text().strip()


def _head(parti: dict[str, list[Voce]]) -> dict[str, Contenuto]:
    """Return what the head of the dossier says, before anything is taken away."""
    voci = edifici.voci(parti["edificio"])
    indirizzi = edifici.indirizzi(parti["indirizzi"])
    _say_bonds(indirizzi)
    contents = (Contenuto(Stato.PRESENTE, voci), Contenuto(Stato.PRESENTE, indirizzi))
    return dict(zip(TESTA_REDATTA, contents, strict=True))


def _mark_own(parti: dict[str, list[Voce]], same: frozenset[int], mine: int) -> None:
    """Put the reader's own identity on what is theirs under another source's name."""
    for righe in parti.values():
        for riga in righe:
            if riga.get("di") in same:
                riga["di"] = mine


def _content(sezione: Sezione, righe: list[Voce] | None, caricati: frozenset[str]) -> Contenuto:
    """Return a section as it was read, before anything is taken away."""
    lacking = missing(sezione.nome, caricati)
    if sezione.query is None or (
        not righe and sezione.fatti and caricati.isdisjoint(sezione.fatti)
    ):
        return _not_loaded(lacking)
    if not righe:
        counted = sezione.conta([]) if righe is not None else {}
        return Contenuto(Stato.VUOTA, conteggio=counted, non_caricate=lacking)
    soggetto.say_erased(righe)
    voci = sezione.componi(righe)
    _say_bonds(voci)
    return Contenuto(Stato.PRESENTE, voci, sezione.conta(voci), lacking)


@cache
def _not_loaded(lacking: tuple[str, ...]) -> Contenuto:
    return Contenuto(Stato.FONTE_NON_CARICATA, non_caricate=lacking)


def _say_bonds(voci: list[Voce]) -> None:
    """Write in words how each object was linked."""
    for voce in voci:
        legame = voce.get("legame")
        if legame:
            legame["parole"] = in_words(*map(legame.get, _A_PAROLE))


_A_PAROLE = ("tipo", "metodo", "punteggio", "misura", "quota", "stato")
