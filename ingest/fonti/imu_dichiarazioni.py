"""IMU declarations: the file of fixed records the State hands to municipalities.

Specification of 24/4/2024 (fonti.md §4.3): 1,900 bytes a record, the last three ``A`` CR
LF; A (or 0) opens, then per declaration B, C for the co-holders, D with two properties,
and Z (or 9) closes with the counts. Personal data. We take who declares, which property,
share, value, relief and the day of change; addresses of people, co-holders, phones, mail
and platforms at sea (E) are not read.

A declaration speaks for itself alone: what it does not name goes on. Lengths, tails, order
and counts must be right, or the file is refused: it was damaged on the way.
"""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import partial
from pathlib import Path
from typing import Final

from catasto import belfiore
from ingest.contract import Ambito, Asserzione, Detto, Fonte, Record, Rifiuto
from ingest.fonti.imu_posizioni import categoria, numero, quota
from ingest.formats.campi import Campi, Illeggibile, said
from ingest.formats.persona import SESSI, contribuente, persona
from territorio.errors import Refused

FONTE = Fonte(
    title="Dichiarazioni IMU",
    publisher="Dipartimento delle finanze, per il comune",
    licence="non pubblicabile: dati personali",
    cadence="mensile",
    facts=("soggetto", "posizione_imu"),
    persone=True,
    conserva_giorni=3650,
)

LUNGHEZZA: Final = 1_900
_CODA: Final = b"A\r\n"
_ORDINE: Final = {"0": "B9", "B": "CDE", "C": "CDE", "D": "DEB9", "E": "EB9"}
"""Which records may follow which."""
_NOMI: Final = {"A": "0", "Z": "9"}
_CONTI: Final = {"B": (2, 9), "C": (11, 9), "D": (20, 9), "E": (29, 9)}
_IMMOBILI: Final = (90, 589)
"""Where the two properties of a record D begin."""
_NUMERO: Final = 4
"""Where its number stands in a property: zero if there is none."""

_B: Final = {
    "anno": (94, 4),
    "comune": (98, 4),
    "codice_fiscale": (152, 16),
    "cognome": (230, 24),
    "nome": (254, 20),
    "nascita": (274, 8),
    "sesso": (282, 1),
}
_D: Final = {
    "caratteristiche": (9, 3),
    "indirizzo": (12, 100),
    "sezione": (118, 3),
    "foglio": (121, 4),
    "numero": (125, 10),
    "subalterno": (135, 4),
    "categoria": (139, 25),
    "classe": (164, 10),
    "valore": (198, 15),
    "quota": (213, 5),
    "detrazione": (218, 9),
    "assimilata": (227, 1),
    "riduzione": (228, 1),
    "esenzione": (229, 1),
    "acquisto": (230, 1),
    "cessione": (231, 1),
    "variazione": (333, 8),
    "decorrenza": (341, 1),
    "occupazione": (390, 1),
}
"""Offsets from the beginning of the property."""

CARATTERISTICHE: Final = {
    "1": "terreno",
    "2": "area fabbricabile",
    "3": "fabbricato con rendita",
    "4": "fabbricato con valore contabile",
    "5": "abitazione principale",
    "6": "pertinenza",
    "7": "bene merce",
}
RIDUZIONI: Final = {
    "0": None,
    "1": "immobile storico o artistico",
    "2": "immobile inagibile",
    "3": "comodato a parenti",
    "4": "pensionato all'estero",
    "5": "altra riduzione",
}
ESENZIONI: Final = {
    "0": None,
    "1": "immobile non utilizzabile né disponibile",
    "2": "esente per aiuti di Stato",
    "3": "altra esenzione",
}
DECORRENZE: Final = {"I": True, "T": False}
"""Whether the relief begins or ends on the day of change."""
ASSIMILATE: Final = {"0": None, "1": "alloggio sociale", "2": "alloggio di servizio"}
OCCUPATO: Final = "occupato abusivamente, con denuncia"
_TERRENO_O_AREA: Final = frozenset({"terreno", "area fabbricabile"})


@dataclass(frozen=True, slots=True)
class _Frontespizio:
    """The record B that the following records hang from."""

    soggetto: str
    anno: int
    comune: str


def recognise(path: Path) -> bool:
    """Tell whether the first record has the length, the tail and the name of the supply."""
    with path.open("rb") as stream:
        first = stream.read(LUNGHEZZA)
    good = len(first) == LUNGHEZZA and first.endswith(_CODA)
    return good and first[:1] in (b"A", b"0") and first[15:18] == b"TAT"


def ambito(path: Path) -> Ambito:
    """Return the municipality of the first declaration; nothing ends by its absence."""
    for _, tipo, testo in _lines(path):
        if tipo == "B":
            nessuna: tuple[str, ...] = ()
            return Ambito(
                _cut(testo, *_B["comune"]), None, parti=dict.fromkeys(FONTE.facts, nessuna)
            )
    raise Refused(path.name, "il file non contiene nessuna dichiarazione")


def read(path: Path, ambito: Ambito) -> Iterator[Detto]:
    """Say each declared property and each taxpayer."""
    fronte: _Frontespizio | None = None
    volte: Counter[str] = Counter()
    for riga, tipo, testo in _checked(path):
        if tipo == "B":
            detti = list(said([_record(riga, testo, _B, 0)], partial(_declarant, ambito=ambito)))
            fronte = _front(detti, testo, ambito)
            yield from detti
        elif tipo == "D" and fronte is None:
            yield Rifiuto(riga, "gli immobili sono di una dichiarazione rifiutata")
        elif tipo == "D" and fronte is not None:
            for inizio in _IMMOBILI:
                if _cut(testo, inizio + _NUMERO, 4).strip("0 "):
                    record = _record(riga, testo, _D, inizio)
                    yield from said([record], partial(_property, fronte=fronte, volte=volte))


def _declarant(campi: Campi, ambito: Ambito) -> Iterator[Detto]:
    """Say who declares."""
    anno = campi.integer("anno")
    comune = campi.must("comune")
    if comune != ambito.comune_catastale:
        raise Illeggibile(f"la dichiarazione è per il comune {comune}", comune)
    if anno is None or not 2012 <= anno <= 2100:
        raise Illeggibile("l'anno d'imposta manca o non è possibile", str(anno))
    if belfiore.history(comune) and not belfiore.is_in_force(comune, date(anno, 1, 1)):
        motivo = f"il codice {comune} non era di un comune il primo gennaio {anno}"
        campi.report("imu.comune_non_in_vita", motivo, "comune", comune)
    codice = str(campi.peek("codice_fiscale") or "").strip()
    if not codice:
        raise Illeggibile("manca il codice fiscale del contribuente")
    cognome, nome, nascita = campi.text("cognome"), campi.text("nome"), campi.day("nascita")
    sesso = campi.category("sesso", SESSI)
    if len(codice) == 16:
        valori = persona(
            campi, "codice_fiscale", cognome=cognome, nome=nome, sesso=sesso, nascita=nascita
        )
    else:
        valori = contribuente(campi, "codice_fiscale", cognome)
    chiave = f"DICH|{ambito.comune}|{codice}"
    yield from campi.avvisi(("soggetto", chiave))
    yield Asserzione("soggetto", chiave, valori, campi.riga, dal_ignoto=True)


def _front(detti: list[Detto], testo: str, ambito: Ambito) -> _Frontespizio | None:
    """Return the head of a declaration, None if it was refused."""
    for detto in detti:
        if isinstance(detto, Asserzione):
            return _Frontespizio(detto.chiave, int(_cut(testo, *_B["anno"])), ambito.comune)
    return None


def _property(campi: Campi, fronte: _Frontespizio, volte: Counter[str]) -> Iterator[Detto]:
    """Say one property: held from the day of change on, or ended on it when ceded.

    Without a day the declaration holds from the first of its year. What the same holder
    declares later of the same property follows it (``volte`` counts within the file).
    """
    caratteristiche = campi.category("caratteristiche", CARATTERISTICHE)
    if caratteristiche is None:
        raise Illeggibile("manca la caratteristica dell'immobile")
    riduzione = campi.category("riduzione", RIDUZIONI)
    esenzione = campi.category("esenzione", ESENZIONI)
    assimilata = campi.category("assimilata", ASSIMILATE)
    occupazione = (campi.text("occupazione") or "0") != "0"
    reliefs = [riduzione, esenzione, assimilata, OCCUPATO if occupazione else None]
    if campi.category("decorrenza", DECORRENZE) is False:
        reliefs = []  # what is named ended on that day
    ceduto = campi.text("cessione") == "1"
    giorno = campi.day("variazione") or date(fronte.anno, 1, 1)
    rustico = caratteristiche in _TERRENO_O_AREA
    valori: dict[str, object] = {
        "anno": fronte.anno,
        "indirizzo": campi.text("indirizzo"),
        "sezione": campi.text("sezione"),
        "foglio": numero(campi.text("foglio")),
        "numero": numero(campi.text("numero")),
        "subalterno": numero(campi.text("subalterno")),
        "quota": quota(campi, "quota"),
        "categoria": None if rustico else categoria(campi, "categoria"),
        "classe": numero(campi.text("classe")),
        "valore": campi.decimal("valore"),
        "uso": caratteristiche,
        "detrazione": campi.decimal("detrazione"),
        "agevolazioni": "; ".join(filter(None, reliefs)) or None,
        "dichiarazione": True,
        "soggetto": fronte.soggetto,
    }
    chiave = f"{fronte.soggetto}|{_which(valori)}"
    volte[chiave] += 1
    yield from campi.avvisi(("posizione_imu", chiave))
    yield Asserzione(
        "posizione_imu",
        chiave,
        valori,
        campi.riga,
        dal=None if ceduto else giorno,
        dal_ignoto=ceduto,
        al=giorno if ceduto else None,
        ordine=volte[chiave],
    )


def _which(valori: dict[str, object]) -> str:
    """Return what tells a property from the others of its holder: identifiers, or address."""
    parts = [str(valori[name] or "") for name in ("sezione", "foglio", "numero", "subalterno")]
    return "/".join(parts) if valori["numero"] else str(valori["indirizzo"] or "senza indirizzo")


def _record(riga: int, testo: str, fields: dict[str, tuple[int, int]], inizio: int) -> Record:
    """Cut the declared fields out of a record; zero-filled days and shares become empty."""
    values: dict[str, object] = {
        name: _cut(testo, inizio + place, length).strip()
        for name, (place, length) in fields.items()
    }
    for name in ("nascita", "variazione"):
        if not str(values.get(name, "")).strip("0"):
            values[name] = None
    if "caratteristiche" in values:
        values["caratteristiche"] = str(values["caratteristiche"]).lstrip("0")
    if "quota" in values:
        values["quota"] = _share(str(values["quota"]))
    return Record(riga, values)


def _share(testo: str) -> Decimal | str | None:
    """Return three digits of per cent and two decimals as a number."""
    if not testo.strip("0"):
        return None
    return Decimal(testo) / 100 if testo.isdecimal() else testo


def _cut(testo: str, posizione: int, lunghezza: int) -> str:
    """Return what stands at a position, counted from 1."""
    return testo[posizione - 1 : posizione - 1 + lunghezza]


def _lines(path: Path) -> Iterator[tuple[int, str, str]]:
    """Yield number, kind and text of each record; raise Refused where one is damaged."""
    with path.open("rb") as stream:
        riga = 0
        while raw := stream.read(LUNGHEZZA):
            riga += 1
            if len(raw) < LUNGHEZZA and not raw.strip(b"\r\n\x1a"):
                return
            if len(raw) != LUNGHEZZA or not raw.endswith(_CODA):
                raise Refused(
                    path.name,
                    f"riga {riga}: il record non è di {LUNGHEZZA} caratteri chiusi da «A» e a "
                    "capo: il file è troncato o è stato modificato",
                )
            testo = raw.decode("latin-1")
            yield riga, _NOMI.get(testo[0], testo[0]), testo


def _checked(path: Path) -> Iterator[tuple[int, str, str]]:
    """Yield the records, checking their order and, at the end, their counts."""
    counts: Counter[str] = Counter()
    before = ""
    for riga, tipo, testo in _lines(path):
        allowed = _ORDINE.get(before, "") if before else "0"
        if tipo not in allowed:
            wanted = " o ".join(allowed) or "nessun altro record"
            raise Refused(path.name, f"riga {riga}: record «{testo[0]}», atteso {wanted}")
        counts[tipo] += 1
        before = tipo
        yield riga, tipo, testo
        if tipo == "9":
            _check_counts(path, riga, testo, counts)
    if before != "9":
        raise Refused(path.name, "manca il record di chiusura: il file è troncato")


def _check_counts(path: Path, riga: int, testo: str, counts: Counter[str]) -> None:
    """Raise Refused if the closing record counts other records than there are."""
    for tipo, (posizione, lunghezza) in _CONTI.items():
        stated = _cut(testo, posizione, lunghezza).strip()
        if not stated.isdecimal() or int(stated) != counts[tipo]:
            raise Refused(
                path.name,
                f"riga {riga}: il record di chiusura dichiara «{stated}» record {tipo}, "
                f"nel file sono {counts[tipo]}",
            )
