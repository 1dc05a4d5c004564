"""Addresses in words: the normal form of a street name and the parts of a house number.

Two offices write the same street in two ways (``V.LE 20 SETTEMBRE``, ``VIALE XX
SETTEMBRE``): :func:`chiave_odonimo` brings both to one key. It only undoes spellings, it
never guesses (no nearest name, no first names added or dropped): what it leaves apart is
work for the calibrated matcher. In the same way ``0012A``, ``12/A`` and ``n. 12 A`` are
one :class:`NumeroCivico`. Forms seen in real registers: fonti.md §2.3.
"""

import re
import unicodedata
from dataclasses import dataclass
from functools import cache

from catasto import codici

DUG_ABBREVIATE = {
    "V": "VIA",
    "VLE": "VIALE",
    "VLO": "VICOLO",
    "VIC": "VICOLO",
    "PZA": "PIAZZA",
    "PZZA": "PIAZZA",
    "PIAZ": "PIAZZA",
    "PZ": "PIAZZA",
    "PLE": "PIAZZALE",
    "PZLE": "PIAZZALE",
    "PTTA": "PIAZZETTA",
    "PZTTA": "PIAZZETTA",
    "PZZTTA": "PIAZZETTA",
    "CSO": "CORSO",
    "LGO": "LARGO",
    "BGO": "BORGO",
    "CDA": "CONTRADA",
    "CTRDA": "CONTRADA",
    "CTRA": "CONTRADA",
    "CONTRA": "CONTRADA",
    "STR": "STRADA",
    "STRDA": "STRADA",
    "LOC": "LOCALITA",
    "FRAZ": "FRAZIONE",
    "FR": "FRAZIONE",
    "REG": "REGIONE",
    "SAL": "SALITA",
    "TRAV": "TRAVERSA",
    "GALL": "GALLERIA",
    "CNA": "CASCINA",
    "CASC": "CASCINA",
    "VOC": "VOCABOLO",
}
"""Short forms of the kind of street, without dots; they count only at the beginning."""

STRADE = {"S": "STATALE", "P": "PROVINCIALE", "C": "COMUNALE", "R": "REGIONALE"}
"""``S.S. 16``, ``SP 5``: only before a number, since ``SS.`` is also saints."""

ABBREVIATE = {
    "FLLI": "FRATELLI",
    "MTE": "MONTE",
    "STO": "S",
    "STA": "S",
    "SAN": "S",
    "SANTO": "S",
    "SANTA": "S",
    "SANT": "S",
    "SANTI": "SS",
    "SANTE": "SS",
}
"""Words written in several ways wherever they stand; saints all become ``S``."""

# fmt: off
ELISI = frozenset([
    "D", "L", "DELL", "ALL", "NELL", "SULL", "DALL", "COLL", "QUELL",
])
# fmt: on
"""Articles that lost a vowel: ``DELL' AMORE``, ``DELL AMORE`` and ``DELL'AMORE`` are one."""

# fmt: off
MESI = frozenset([
    "GENNAIO", "FEBBRAIO", "MARZO", "APRILE", "MAGGIO", "GIUGNO", "LUGLIO", "AGOSTO",
    "SETTEMBRE", "OTTOBRE", "NOVEMBRE", "DICEMBRE",
])
# fmt: on

_STRADA_NUMERATA = re.compile(r"^S\.?\s?([SPCR])\.?\s*(?:N\.?\s*)?(?=\d)")
_ROMANO = re.compile(r"(X{0,3})(IX|IV|V?I{0,3})")
_APOSTROFI = re.compile("[\u2019\u2018\u0060\u00b4\u02bc]")
# fmt: off
_ORDINALI_BASE = [
    "PRIM", "SECOND", "TERZ", "QUART", "QUINT", "SEST", "SETTIM", "OTTAV", "NON", "DECIM",
    "UNDICESIM", "DODICESIM", "TREDICESIM", "QUATTORDICESIM", "QUINDICESIM", "SEDICESIM",
    "DICIASSETTESIM", "DICIOTTESIM", "DICIANNOVESIM",
]
# fmt: on
# fmt: off
_CARDINALI_BASE = [
    "UNO", "DUE", "TRE", "QUATTRO", "CINQUE", "SEI", "SETTE", "OTTO", "NOVE", "DIECI",
    "UNDICI", "DODICI", "TREDICI", "QUATTORDICI", "QUINDICI", "SEDICI", "DICIASSETTE",
    "DICIOTTO", "DICIANNOVE",
]
# fmt: on


@cache
def _numerali() -> dict[str, int]:
    """Return the numbers written out, up to 39, as dates and kings need them."""
    numeri = {parola: n for n, parola in enumerate(_CARDINALI_BASE, 1)}
    for n, radice in enumerate(_ORDINALI_BASE, 1):
        numeri[f"{radice}O"] = n
        numeri[f"{radice}A"] = n
    # NONA and NONO are grandparents as often as ninths: nobody loses by one key for both.
    for decina, parola in ((20, "VENTI"), (30, "TRENTA")):
        numeri[parola] = decina
        numeri[f"{parola[:-1]}ESIMO"] = decina
        for unita, cifra in enumerate(_CARDINALI_BASE[:9], 1):
            radice = parola[:-1] if cifra in {"UNO", "OTTO"} else parola
            composto = f"{radice}{cifra}"
            numeri[composto] = decina + unita
            tronco = composto if cifra in {"TRE", "SEI"} else composto[:-1]
            numeri[f"{tronco}ESIMO"] = decina + unita
    return numeri


def _roman(parola: str) -> int | None:
    """Read a Roman number up to 39; C, D, L and M stand in too many Italian words."""
    trovato = _ROMANO.fullmatch(parola)
    if trovato is None or not parola:
        return None
    decine, unita = trovato.groups()
    valori = {"": 0, "I": 1, "II": 2, "III": 3, "IV": 4, "V": 5, "VI": 6, "VII": 7, "VIII": 8}
    return 10 * len(decine) + (9 if unita == "IX" else valori[unita])


def _number(parole: list[str], posto: int) -> str:
    """Return the word, in digits where it is a number."""
    parola = parole[posto]
    if parola.isdecimal():
        return str(int(parola))
    if parola in _numerali():
        return str(_numerali()[parola])
    romano = _roman(parola)
    if romano is None:
        return parola
    ultima = posto == len(parole) - 1
    mese = not ultima and parole[posto + 1] in MESI
    # A lone I, V or X is an initial (V. ALFIERI) unless a month follows or a name precedes.
    return str(romano) if len(parola) > 1 or mese or (ultima and posto > 1) else parola


def plain(testo: str) -> str:
    """Return the text in capitals, without accents and with one kind of apostrophe.

    >>> plain("Libertà dell’Università")
    "LIBERTA DELL'UNIVERSITA"
    """
    testo = re.sub("[°ºª]", "", _APOSTROFI.sub("'", testo))
    scomposto = unicodedata.normalize("NFKD", testo.upper())
    return "".join(c for c in scomposto if not unicodedata.combining(c))


@cache
def dug() -> frozenset[str]:
    """Return the kinds of street of the official list, in plain capitals, first words."""
    nomi = {plain(nome).replace("'", "") for nome in codici.toponimi().values()}
    return frozenset(nome.split()[0] for nome in nomi) | frozenset(DUG_ABBREVIATE.values())


def _words(testo: str) -> list[str]:
    """Split into words; a dotted short form (``V.LE``, ``F.LLI``) is one word."""
    parole: list[str] = []
    for pezzo in re.split(r"[\s,;:/()\-–_\"]+", testo):
        intero = pezzo.replace(".", "").replace("'", "")
        if intero in ABBREVIATE or (not parole and intero in DUG_ABBREVIATE):
            parole.append(intero)
        else:
            parole += [p.replace("'", "") for p in re.split(r"\.|(?<=SANT)'", pezzo)]
    return [p for p in parole if p]


def _dug_first(testo: str) -> str:
    """Bring ``DE IACOMINI, via`` and ``ROMA (VIA)`` to the usual order."""
    trovato = re.fullmatch(r"(.+?)\s*[,(]\s*([A-Z.' ]+?)\s*\)?\s*", testo)
    if trovato is None:
        return testo
    nome, coda = trovato.groups()
    parola = coda.replace(".", "").replace("'", "")
    if parola in DUG_ABBREVIATE or parola in dug():
        return f"{coda} {nome}"
    return testo


def _joined(parole: list[str]) -> list[str]:
    """Join an elided article to its word."""
    uniti: list[str] = []
    for parola in parole:
        if uniti and uniti[-1] in ELISI and parola[0] in "AEIOUH":
            uniti[-1] += parola
        else:
            uniti.append(parola)
    return uniti


def chiave_odonimo(testo: str) -> str:
    """Return the normal form of the name of a street, its kind included.

    >>> chiave_odonimo("V.le XX Settembre"), chiave_odonimo("VIALE VENTI SETTEMBRE")
    ('VIALE 20 SETTEMBRE', 'VIALE 20 SETTEMBRE')
    >>> chiave_odonimo("P.zza della Liberta'"), chiave_odonimo("PIAZZA DELLA LIBERTÀ")
    ('PIAZZA DELLA LIBERTA', 'PIAZZA DELLA LIBERTA')
    >>> chiave_odonimo("D'ANNUNZIO, via"), chiave_odonimo("VIA D ANNUNZIO")
    ('VIA DANNUNZIO', 'VIA DANNUNZIO')
    >>> chiave_odonimo("Via S. Antonio"), chiave_odonimo("VIA SANT'ANTONIO")
    ('VIA S ANTONIO', 'VIA S ANTONIO')
    """
    testo = _dug_first(plain(testo).strip())
    testo = _STRADA_NUMERATA.sub(lambda m: f"STRADA {STRADE[m[1]]} ", testo, count=1)
    parole = _words(testo)
    if len(parole) > 1 and parole[0] in DUG_ABBREVIATE:
        parole[:1] = DUG_ABBREVIATE[parole[0]].split()
    parole = [ABBREVIATE.get(p, p) for p in parole]
    numerate = [_number(parole, posto) for posto in range(len(parole))]
    return " ".join(_joined(numerate))


def senza_dug(chiave: str) -> str:
    """Return a key without its kind of street: registers disagree on it.

    >>> senza_dug("VIALE 20 SETTEMBRE"), senza_dug("ZANN")
    ('20 SETTEMBRE', 'ZANN')
    """
    prima, _, resto = chiave.partition(" ")
    return resto if resto and prima in dug() else chiave


_COLORI = {"ROSSO": "ROSSO", "ROSSA": "ROSSO", "NERO": "NERO", "NERA": "NERO", "BLU": "BLU"}
_INIZIALI = {"R": "ROSSO", "N": "NERO"}
_SNC = re.compile(r"(?<![A-Z])S\.?\s?N\.?\s?(?:C\b\.?)?(?!\w)|\bSENZA NUMERO(?: CIVICO)?\b")
_METRICO = re.compile(r"\bKM\b[.\s]*(\d+)(?:\s*([+,.])\s*(\d{1,3}))?(?!\d)")
_PARTI = {
    "interno": re.compile(r"(?<!/)\b(?:INTERNO|INT|I(?=\.))[.\s:]*([A-Z]?\d[A-Z0-9]*|[A-Z]\b)"),
    "scala": re.compile(r"(?<!/)\b(?:SCALA|SC)\b[.\s:]*([A-Z0-9]+)"),
    "piano": re.compile(r"(?<!/)\b(?:PIANO|P)\b[.\s:]*([A-Z0-9]+(?:-[A-Z0-9]+)*)"),
}
_NUMERO = re.compile(r"(?:\b(?:NUMERO|NUM|NR|N|CIVICO|CIV)[.\s:]*)*(?<!\d)0*(\d{1,5})(?!\d)")
_ESPONENTE = re.compile(
    r"(?:[\s/\\.-]*(?:(?:BIS|TER|QUATER|QUINQUIES)(?![A-Z])|[A-Z](?![A-Z])\d*)|\s*[/\\]\s*\d+|(?<=[A-Z])\d+)*"
)
_SEPARATORI = " .,;:/-"


@dataclass(frozen=True, slots=True)
class NumeroCivico:
    """The parts of a house number; empty text and None mean that the text has none.

    ``12/4`` is number 12, exponent 4.

    >>> str(NumeroCivico.parse("n. 5 int. 3 sc. B piano T"))
    '5 sc. B piano T int. 3'
    >>> civico = NumeroCivico.parse("0018/a7")
    >>> civico.numero, civico.esponente
    (18, 'A7')
    >>> NumeroCivico.parse("KM 10+292").metrico
    10292
    """

    numero: int | None = None
    esponente: str = ""
    specificita: str = ""
    metrico: int | None = None
    snc: bool = False
    scala: str = ""
    interno: str = ""
    piano: str = ""
    residuo: str = ""

    @classmethod
    def parse(cls, testo: str, *, colori: bool = False) -> "NumeroCivico":
        """Read a house number; what is not understood stays in ``residuo``.

        With ``colori`` the town paints its numbers: ``12R`` is red, not exponent R.
        """
        resto = plain(testo)
        parti: dict[str, str] = {}
        for nome, forma in _PARTI.items():
            trovato, resto = _take(forma, resto)
            parti[nome] = trovato[1] if trovato else ""
        snc, resto = _take(_SNC, resto)
        metrico, resto = _take(_METRICO, resto)
        specificita, resto = _colour(resto)
        numero, esponente, resto = _number_and_exponent(resto)
        if colori and not specificita and esponente in _INIZIALI:
            specificita, esponente = _INIZIALI[esponente], ""
        return cls(
            numero=numero,
            esponente=esponente,
            specificita=specificita,
            metrico=_metres(metrico) if metrico else None,
            snc=bool(snc) or (numero is None and metrico is None and resto == ""),
            residuo=resto,
            **parti,
        )

    @property
    def coda(self) -> str:
        """What tells numbers apart beyond the number: exponent and initial of the colour.

        >>> NumeroCivico.parse("12R").coda == NumeroCivico.parse("12 rosso").coda
        True
        """
        return self.esponente + self.specificita[:1]

    def __str__(self) -> str:
        """Write the number in the usual order; ``parse`` reads it back."""
        testo = "" if self.numero is None else str(self.numero)
        testo += f"/{self.esponente}" if self.esponente else ""
        metrico = "" if self.metrico is None else f"km {self.metrico // 1000}"
        if self.metrico is not None:
            metrico += f"+{self.metrico % 1000:03}"
        parti = (
            testo,
            self.specificita.lower(),
            metrico,
            "snc" if self.snc else "",
            f"sc. {self.scala}" if self.scala else "",
            f"piano {self.piano}" if self.piano else "",
            f"int. {self.interno}" if self.interno else "",
            self.residuo,
        )
        return " ".join(p for p in parti if p)


def _take(forma: re.Pattern[str], testo: str) -> tuple[re.Match[str] | None, str]:
    """Cut the first match out of the text."""
    trovato = forma.search(testo)
    if trovato is None:
        return None, testo
    return trovato, f"{testo[: trovato.start()]} {testo[trovato.end() :]}".strip(" ,;")


def _metres(chilometrica: re.Match[str]) -> int:
    """Read ``10+292`` as 10,292 metres; ``10,5`` is ten and a half kilometres."""
    chilometri, segno, metri = chilometrica.groups()
    metri = metri or "0"
    return int(chilometri) * 1000 + int(metri if segno == "+" else metri.ljust(3, "0"))


def _colour(testo: str) -> tuple[str, str]:
    """Take a colour written out."""
    for parola, colore in _COLORI.items():
        trovato, resto = _take(re.compile(rf"\b{parola}\b"), testo)
        if trovato:
            return colore, resto
    return "", testo


def _number_and_exponent(testo: str) -> tuple[int | None, str, str]:
    """Take the number and what hangs on it; a number 0 stands for no number."""
    trovato = _NUMERO.search(testo)
    if trovato is None:
        return None, "", testo.strip(_SEPARATORI)
    coda = _ESPONENTE.match(testo, trovato.end())
    fine = coda.end() if coda else trovato.end()
    esponente = re.sub(r"[^A-Z0-9]", "", testo[trovato.end() : fine])
    resto = f"{testo[: trovato.start()]} {testo[fine:]}".strip(_SEPARATORI)
    return int(trovato[1]) or None, esponente, resto
