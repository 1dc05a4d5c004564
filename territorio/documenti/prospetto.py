"""The dossier laid out for reading: sections, rows, cells, each row with its source.

It takes the dossier as the machine door gives it and adds nothing but words and order. A
field nobody has named a column for gets one at the end: nothing is dropped in silence.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from typing import Any

from territorio.documenti import campi, parole, scrittura, valore
from territorio.documenti.parole import SEZIONI, ParoleSezione
from territorio.documenti.valore import PAGINE, Nomi

# In words elsewhere in the same row, or parts of a reference already written whole.
_WITHIN = {
    "categoria_descrizione": "categoria",
    "diritto_descrizione": "diritto",
    "sezione": "riferimento",
    "foglio": "riferimento",
    "allegato": "riferimento",
    "sviluppo": "riferimento",
    "numero": "riferimento",
    "denominatore": "riferimento",
    "subalterno": "riferimento",
    "identificativi": "riferimento",
    "esponente": "numero",
    "toponimo": "indirizzo",
    "oggetto": "evento",
    "codice_valido": "soggetto",
}

EMPTY: tuple[object, ...] = (None, "", [], {})


@dataclass(frozen=True, slots=True)
class Provenienza:
    """Who says it, in which delivery and line, and for which day."""

    fonte: str
    fornitura: int | None
    riga: int | None
    data: date | None

    @property
    def breve(self) -> str:
        """Return source and date.

        >>> Provenienza("Catasto", 3, 120, date(2025, 12, 31)).breve
        'Catasto, al 31\u00a0dicembre\u00a02025'
        """
        return self.fonte + (f", {scrittura.con('al', self.data)}" if self.data else "")

    @property
    def posto(self) -> str:
        """Return delivery and line.

        >>> Provenienza("Catasto", 3, 120, None).posto
        'fornitura 3, riga 120'
        """
        parts = [f"fornitura {self.fornitura}"] if self.fornitura is not None else []
        parts += [f"riga {self.riga}"] if self.riga is not None else []
        return ", ".join(parts)


@dataclass(frozen=True, slots=True)
class Cella:
    """One value, with what another source says against it."""

    testo: str
    href: str | None = None
    altri: tuple[tuple[str, str], ...] = ()
    """Further objects of the same cell, with their addresses."""

    numerica: bool = False
    contrasti: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Riga:
    """What one source says in one line."""

    chiave: str
    """The object the row is about: rows with the same key stand side by side."""

    celle: tuple[Cella, ...]
    provenienza: Provenienza
    periodo: str
    note: tuple[str, ...] = ()
    """What has no column of its own."""


@dataclass(frozen=True, slots=True)
class Blocco:
    """Rows that are read together under the same columns."""

    titolo: str
    colonne: tuple[tuple[str, bool], ...]
    """Title of each column and whether it holds figures."""

    gruppi: tuple[tuple[Riga, ...], ...]
    """Rows, those about the same object together."""

    piegabile: bool = False
    aperto: bool = True


@dataclass(frozen=True, slots=True)
class SezioneLetta:
    """A section ready to be read."""

    parole: ParoleSezione
    stato: str
    conteggio: tuple[str, ...] = ()
    blocchi: tuple[Blocco, ...] = ()
    fonti: tuple[str, ...] = ()
    non_caricate: tuple[str, ...] = ()
    motivo: str | None = None

    @property
    def frase_riservata(self) -> str:
        """Return the sentence of a locked section."""
        who = self.parole.riservata or "chi ne ha diritto"
        return parole.RISERVATA.format(who)

    @property
    def frase_non_nota(self) -> str:
        """Return the sentence of a section nobody has delivered anything for."""
        return f"{parole.FONTE_NON_CARICATA} {parole.FONTE_PERCHE}"

    @property
    def oggetti(self) -> int:
        """Return how many things the section shows.

        A parcel on the map and in the land register is one; each event is a line of its own.
        """
        groups = [gruppo for blocco in self.blocchi for gruppo in blocco.gruppi]
        if self.parole.nome == "cronologia":
            return sum(len(gruppo) for gruppo in groups)
        if self.parole.nome.startswith("particell"):
            return len({_called(gruppo[0]) for gruppo in groups})
        return len(groups)


def _called(riga: Riga) -> str:
    """Return the name of the object of a row, or its key where it has none."""
    name = riga.celle[0].testo if riga.celle else campi.MANCA
    return riga.chiave if name == campi.MANCA else name


MOLTE = 50
"""Units from which on only the first category is open."""

Titoli = Mapping[str, str]
"""The title of each source by its code."""

NESSUNO: Nomi = {}
Voce = Mapping[str, Any]


def provenance(voce: Voce, titoli: Titoli) -> Provenienza:
    """Return where an entry, or a value that contradicts it, comes from."""
    fonte = str(voce.get("fonte") or "registro")
    return Provenienza(
        titoli.get(fonte, fonte),
        voce.get("fornitura"),
        voce.get("riga"),
        campi.day(voce.get("data")),
    )


def object_key(voce: Voce) -> str:
    """Return what an entry is about: the same on every day and for every source."""
    identity = voce.get("id")
    if identity is not None:
        return f"{voce.get('tipo', '')}:{identity}"
    return f"{voce.get('fonte')}:{voce.get('fornitura')}:{voce.get('riga')}"


def _columns(voci: Sequence[Voce], words: ParoleSezione) -> list[str]:
    """Return the named columns that hold anything; all fields, where none is named."""
    present: dict[str, None] = {}
    for voce in voci:
        filled = (k for k, v in voce.get("valori", {}).items() if v not in EMPTY)
        present |= dict.fromkeys(filled)
        present |= {k: None for k in ("soggetto", "legame") if voce.get(k)}
    inside = {k for k, whole in _WITHIN.items() if whole in present and k != whole}
    inside |= {"diritto_descrizione", "categoria_descrizione"}
    named = [c for c in words.colonne if c in present and c not in inside]
    rest = [c for c in present if c not in inside and c not in words.colonne and c != "legame"]
    return [*named, *([] if named else rest)]


def _notes(voce: Voce, columns: Sequence[str], nomi: Nomi, titoli: Titoli) -> Iterator[str]:
    """Say what has no column of its own: how the object was linked, the lesser fields."""
    if voce.get("legame") and "legame" not in columns:
        yield f"Collegamento: {valore.text('legame', voce)}"
    against = {mark["campo"]: mark for mark in voce.get("discordanza", ())}
    for campo, said in voce.get("valori", {}).items():
        if campo in columns or campo in _WITHIN or said in EMPTY:
            continue
        other = ""
        if campo in against:
            mark = against[campo]
            text = campi.write(campo, mark["valore"])
            other = f" (un’altra fonte dice {text}: {provenance(mark, titoli).breve})"
        yield f"{parole.label(campo)}: {valore.text(campo, voce, nomi)}{other}"


def _href(campo: str, voce: Voce, first: bool) -> str | None:
    code = campi.code(voce.get("valori", {}).get(campo)) if campo in PAGINE else None
    if code:
        return PAGINE[campo] + code
    own = campi.code(voce.get("id")) if first and voce.get("tipo") in PAGINE else None
    return PAGINE[str(voce["tipo"])] + own if own else None


def _cell(campo: str, voce: Voce, nomi: Nomi, *, first: bool, against: tuple[str, ...]) -> Cella:
    said = voce.get("valori", {}).get(campo)
    figures = campo in campi.NUMERICI
    if campo in PAGINE and isinstance(said, list) and said:
        codes = [(str(code), PAGINE[campo] + str(code)) for code in said]
        return Cella(codes[0][0], codes[0][1], tuple(codes[1:]), figures, against)
    text = valore.text(campo, voce, nomi)
    return Cella(text, _href(campo, voce, first), (), figures, against)


def _row(voce: Voce, columns: Sequence[str], nomi: Nomi, titoli: Titoli) -> Riga:
    cells = []
    for n, campo in enumerate(columns):
        against = tuple(
            f"{campi.write(mark['campo'], mark['valore'])} ({provenance(mark, titoli).breve})"
            for mark in voce.get("discordanza", ())
            if mark["campo"] == campo
        )
        cells.append(_cell(campo, voce, nomi, first=n == 0, against=against))
    return Riga(
        object_key(voce),
        tuple(cells),
        provenance(voce, titoli),
        _held(voce),
        tuple(_notes(voce, columns, nomi, titoli)),
    )


_SUCCESSO = {"evento": "avvenuto", "modifica": "avvenuto", "segnalazione": "aperta"}
"""Entries that are of one day and do not last, in words."""


def _held(voce: Voce) -> str:
    """Return since when a fact is in force, or on which day something happened."""
    happened, day = _SUCCESSO.get(str(voce.get("tipo"))), campi.day(voce.get("dal"))
    if happened:
        return f"{happened} {scrittura.con('il', day)}" if day else ""
    days = period(voce)
    return f"in vigore {days}" if days else ""


def period(voce: Voce) -> str:
    """Return since when, and until when, the fact held.

    >>> period({"dal": "2019-03-04", "al": None})
    'dal 4\u00a0marzo\u00a02019'
    """
    since, until = campi.day(voce.get("dal")), campi.day(voce.get("al"))
    parts = [scrittura.con("dal", since)] if since else []
    parts += [scrittura.con("al", until)] if until else []
    return " ".join(parts)


def _block(
    title: str, voci: Sequence[Voce], words: ParoleSezione, nomi: Nomi, titoli: Titoli
) -> Blocco:
    """Return entries as rows, those about the same object together."""
    columns = _columns(voci, words)
    rows: dict[str, list[Riga]] = {}
    for voce in voci:
        row = _row(voce, columns, nomi, titoli)
        rows.setdefault(row.chiave, []).append(row)
    named = tuple((parole.label(c), c in campi.NUMERICI) for c in columns)
    return Blocco(title, named, tuple(tuple(group) for group in rows.values()))


def _by_kind(
    voci: Sequence[Voce], words: ParoleSezione, nomi: Nomi, titoli: Titoli
) -> tuple[Blocco, ...]:
    """Return a block for each kind of entry that has a table of its own."""
    kinds: dict[str, list[Mapping[str, Any]]] = {}
    for voce in voci:
        kinds.setdefault(parole.TIPI_VOCE.get(str(voce.get("tipo")), ""), []).append(voce)
    return tuple(_block(title, entries, words, nomi, titoli) for title, entries in kinds.items())


def _by_category(
    voci: Sequence[Voce], words: ParoleSezione, nomi: Nomi, titoli: Titoli
) -> tuple[Blocco, ...]:
    """Return units by category with their totals; the first word on a unit names its own."""
    category_of: dict[str, str] = {}
    entries: dict[str, list[Mapping[str, Any]]] = {}
    totals: dict[str, Decimal] = {}
    for voce in voci:
        key, valori = object_key(voce), voce.get("valori", {})
        if key not in category_of:
            category = campi.category(str(valori.get("categoria") or "Senza categoria"))
            category_of[key] = category
            rendita = campi.number(valori.get("rendita")) or Decimal(0)
            totals[category] = totals.get(category, Decimal(0)) + rendita
        entries.setdefault(category_of[key], []).append(voce)
    blocks: list[Blocco] = []
    for category in sorted(entries):
        block = _block(category, entries[category], words, nomi, titoli)
        units = parole.count("unita", len(block.gruppi))
        title = f"{category}: {units}, rendita {scrittura.euro(totals[category])}"
        shown = len(category_of) <= MOLTE or not blocks
        blocks.append(replace(block, titolo=title, piegabile=True, aperto=shown))
    return tuple(blocks)


def lay_out(
    words: ParoleSezione, contenuto: Mapping[str, Any], titoli: Titoli, nomi: Nomi = NESSUNO
) -> SezioneLetta:
    """Return one section laid out; objects of other sections are called by their names."""
    voci: list[dict[str, Any]] = contenuto.get("voci", [])
    split = _by_category if words.nome == "unita_immobiliari" else _by_kind
    sources = dict.fromkeys(provenance(voce, titoli).breve for voce in voci)
    return SezioneLetta(
        parole=words,
        stato=str(contenuto["stato"]),
        conteggio=tuple(parole.count(k, n) for k, n in contenuto.get("conteggio", {}).items()),
        blocchi=split(voci, words, nomi, titoli),
        fonti=tuple(sources),
        non_caricate=tuple(contenuto.get("non_caricate", ())),
        motivo=contenuto.get("motivo"),
    )


def _names(sezioni: Mapping[str, Any]) -> Nomi:
    """Return how the objects of a dossier are called: by reference or address."""
    return {
        voce["id"]: campi.write("riferimento", name)
        for contenuto in sezioni.values()
        for voce in contenuto.get("voci", ())
        if (name := voce["valori"].get("riferimento"))
    }


def compose(fascicolo: Mapping[str, Any], titoli: Titoli) -> tuple[SezioneLetta, ...]:
    """Return every section of a dossier, always all, always in the same order."""
    sezioni = fascicolo["sezioni"]
    nomi = _names(sezioni)
    absent = {"stato": "fonte_non_caricata", "voci": []}
    return tuple(lay_out(words, sezioni.get(words.nome, absent), titoli, nomi) for words in SEZIONI)
