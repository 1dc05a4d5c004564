"""The dossier: everything the registry knows of one building, on a day, as known at a moment.

What a role may see is read (:mod:`territorio.fascicolo_righe`); the days of the deliveries are
remembered (:mod:`territorio.fascicolo_date`).
Then each section's function turns rows into entries, and one pure function takes away what
this reader may not see (:func:`territorio.accessi.redact.redact`). If what is left speaks of
persons, the reading is written down in the same transaction.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, datetime
from functools import cache, lru_cache
from typing import Any

import sqlalchemy as sa

from territorio import edificio as edifici
from territorio import (
    fascicolo_righe,
    particella,
    prepared,
    segnalazione,
    soggetto,
    titolarita,
    unita_immobiliare,
)
from territorio.accessi import lettura, rettifica
from territorio.accessi.lettura import Lettura
from territorio.accessi.policy import PERSONALI, Ruolo, Visto, readable
from territorio.accessi.redact import redact
from territorio.anagrafe import residenza
from territorio.fascicolo_date import dating
from territorio.fascicolo_righe import Chiesto, Righe
from territorio.fascicolo_voci import missing
from territorio.legame_parole import in_words
from territorio.prepared import Computation
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


TESTA_REDATTA = ("edificio", "civici")
"""Names, in the table of who sees what, of what the head of a dossier says."""


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
    *,
    paired: bool = False,
) -> Computation[Fascicolo]:
    """Compile the dossier; ``ricordi`` is what is remembered with a connection.

    ``mine`` are the identities under which the sources know the person who looks. Where persons
    are looked at, ``write`` is given the dossier, all but the number of the reading, while that
    is being written down: nothing of it may leave before this has ended. ``paired`` says that
    two statements may be asked at the same time.
    """
    nomi = _files(visto_da.ruolo, bool(visto_da.scopo))
    # Who names no purpose is shown no person: nothing will have to be written down.
    asked = Chiesto(edificio, quando, nomi, not visto_da.scopo, paired)
    comune, righe = yield from fascicolo_righe.reading(ricordi, asked)
    yield from dating(ricordi, righe, asked.last)
    if visto_da.soggetto is not None:
        _mark_own(righe, mine, visto_da.soggetto)
    caricati = frozenset(riga["fatto"] for riga in righe["caricati"])
    vuote = _without_rows(caricati, visto_da.ruolo, bool(visto_da.scopo))
    persone = redact(_contents(righe, caricati, personali=True), visto_da)
    letti = {*persone.letti, *(campo for s, campo in vuote.letti if s not in persone.sezioni)}

    def whole() -> Fascicolo:
        altre = redact({**_contents(righe, caricati, personali=False), **_head(righe)}, visto_da)
        lette, stato = {**persone.sezioni, **altre.sezioni}, righe["stato"][0]
        voci, indirizzi = (lette[nome].voci for nome in TESTA_REDATTA)
        testa = edifici.head(edificio, comune, quando.alla_data, stato, voci, indirizzi)
        testa["strati"] = list(STRATI)
        noto_al = datetime.fromisoformat(stato["noto_al"]) if stato["noto_al"] else None
        sezioni = {nome: lette.get(nome, vuota) for nome, vuota in vuote.sezioni.items()}
        return Fascicolo(testa, quando.alla_data, noto_al, sezioni)

    if not letti:
        return whole()
    made: list[Fascicolo] = []

    def meanwhile() -> None:
        made.append(whole())
        if write is not None:
            write(made[0])

    # What is read of persons is known; the rest is compiled while that is being written down.
    entry = Lettura(comune, edificio, tuple(sorted(letti)))
    number = yield from lettura.appending(visto_da, entry, meanwhile)
    return replace(made[0], lettura=number)


@cache
def _files(ruolo: Ruolo, scopo: bool) -> tuple[str, ...]:
    """Return the files of the sections a role may see anything of."""
    allowed = readable(ruolo, scopo)
    return tuple(s.query for s in SEZIONI if s.query and s.nome in allowed)


def _head(righe: Righe) -> dict[str, Contenuto]:
    """Return what the head of the dossier says, before anything is taken away."""
    voci = edifici.voci(righe["edificio"])
    indirizzi = edifici.indirizzi(righe["indirizzi"])
    _say_bonds(indirizzi)
    contents = (Contenuto(Stato.PRESENTE, voci), Contenuto(Stato.PRESENTE, indirizzi))
    return dict(zip(TESTA_REDATTA, contents, strict=True))


def _mark_own(righe: Righe, same: frozenset[int], mine: int) -> None:
    """Put the reader's own identity on what is theirs under another source's name."""
    for rows in righe.values():
        for riga in rows:
            if riga.get("di") in same:
                riga["di"] = mine


def _contents(righe: Righe, caricati: frozenset[str], *, personali: bool) -> dict[str, Contenuto]:
    """Return the sections that have rows: those that name persons, or the others."""
    return {
        s.nome: _content(s, found, caricati)
        for s in SEZIONI
        if (s.nome in PERSONALI) is personali and (found := righe.get(s.nome))
    }


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
    if sezione.nome in PERSONALI:
        soggetto.say_erased(righe)
    voci = sezione.componi(righe)
    _say_bonds(voci)
    return Contenuto(Stato.PRESENTE, voci, sezione.conta(voci), lacking)


@dataclass(frozen=True, slots=True)
class _Vuote:
    """The sections as a role sees them where nothing was found."""

    sezioni: dict[str, Contenuto]
    letti: tuple[tuple[str, str], ...]
    """What even so is something about persons: section, and field as it is written down."""


@lru_cache(maxsize=100)
def _without_rows(caricati: frozenset[str], ruolo: Ruolo, scopo: bool) -> _Vuote:
    """Return the sections without rows, or not read: they are the same in every dossier."""
    visto, allowed = Visto(ruolo, "?" if scopo else ""), readable(ruolo, scopo)
    sezioni: dict[str, Contenuto] = {}
    letti: list[tuple[str, str]] = []
    for s in SEZIONI:
        empty = _content(s, [] if s.query and s.nome in allowed else None, caricati)
        found = redact({s.nome: empty}, visto)
        # One for all dossiers: nobody may write into it.
        sezioni[s.nome] = found.sezioni[s.nome]._replace(voci=())
        letti += [(s.nome, campo) for campo in found.letti]
    return _Vuote(sezioni, tuple(letti))


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
