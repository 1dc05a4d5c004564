"""SUP: the surfaces that go with a map, and their comparison with the drawing.

Records of 11 + 10 characters in a fixed order. They are read by position, not into a
dictionary: the same parcel may be there twice.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO, Final

import shapely

from catasto.errors import FormatError, InvalidValue, NotRecognised
from catasto.formati.cxf.classe import ClasseBordo
from catasto.nome_mappa import NomeMappa

if TYPE_CHECKING:
    from catasto.formati.cxf.mappa import MappaCxf

_CONTEGGI: Final = ("N.FABBRIC", "N.PARTIC", "N.STRADE", "N.ACQUE", "N.SVIL-ALL")
_TOTALI: Final = ("PARTIC", "STRADE", "ACQUE", "SVIL-ALL", "TOTALE", "CONFINE", "SBILANCIO")
_NOME: Final = 11
_NUMERO: Final = re.compile(r"-?[0-9]+")
#: Largest difference of one parcel that rounding explains.
TOLLERANZA: Final = 1.0


@dataclass(frozen=True, slots=True)
class TabellaSuperfici:
    """The table of one map; areas in whole m², parcels as (code, area) in file order.

    ``conteggi``: buildings, parcels, roads, waters, insets. ``totali``: parcels, roads,
    waters, insets, their sum, the border, the difference.
    """

    nome: str
    data: date | None
    conteggi: tuple[int, ...]
    fabbricati: int
    particelle: tuple[tuple[str, int], ...]
    totali: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Differenza:
    """What the table and the drawing say of one thing; None where one is silent."""

    cosa: str
    tabella: float | None
    disegno: float | None


def parse_sup(origine: Path | BinaryIO, nome: str | None = None) -> TabellaSuperfici:
    """Read a whole table; a line out of its place is an error, since order is the format."""
    file = nome or (origine.name if isinstance(origine, Path) else "flusso SUP")
    contenuto = origine.read_bytes() if isinstance(origine, Path) else origine.read()
    righe = [
        (n, r.rstrip())
        for n, r in enumerate(contenuto.decode("iso-8859-1").split("\n"), 1)
        if r.strip()
    ]
    cursore = _Cursore(file, righe)
    codice, giorno = cursore.head()
    conteggi = tuple(cursore.named(n) for n in _CONTEGGI)
    fabbricati = cursore.named("FABBRIC")
    particelle = cursore.details(len(righe) - len(_TOTALI))
    totali = tuple(cursore.named(n) for n in _TOTALI)
    return TabellaSuperfici(
        codice,
        giorno,
        conteggi,
        fabbricati,
        tuple(particelle),
        totali,
    )


class _Cursore:
    """A cursor on the lines that are not blank."""

    def __init__(self, file: str, righe: list[tuple[int, str]]) -> None:
        self.file = file
        self.righe = righe
        self.dove = 0

    def next(self) -> tuple[int, str, int]:
        """Return line number, name and value of the next record."""
        if self.dove >= len(self.righe):
            raise FormatError(self.file, "il file finisce prima dei totali")
        riga, testo = self.righe[self.dove]
        self.dove += 1
        nome, valore = testo[:_NOME].strip(), testo[_NOME:].strip()
        if not nome or _NUMERO.fullmatch(valore) is None:
            raise FormatError(self.file, "attesi un nome e un numero intero", riga=riga)
        return riga, nome, int(valore)

    def head(self) -> tuple[str, date | None]:
        """Return map name and day of the first record."""
        try:
            _, nome, giorno = self.next()
            NomeMappa.parse(nome)
        except (FormatError, InvalidValue):
            raise NotRecognised(
                self.file, "la prima riga non è nome della mappa e data", riga=1
            ) from None
        try:
            return nome, datetime.strptime(str(giorno), "%Y%m%d").date()  # noqa: DTZ007 - a day
        except ValueError:
            return nome, None

    def named(self, atteso: str) -> int:
        """Return the value of the record that must come now."""
        riga, nome, valore = self.next()
        if nome != atteso:
            raise FormatError(self.file, f"atteso {atteso}, trovato {nome}", riga=riga)
        return valore

    def details(self, fine: int) -> list[tuple[str, int]]:
        """Return the parcels, which end where the seven totals begin."""
        esito = []
        while self.dove < fine:
            _, nome, valore = self.next()
            esito.append((nome, valore))
        return esito


def compare_sup(tabella: TabellaSuperfici, mappa: MappaCxf) -> list[Differenza]:
    """List where counts and areas of the table differ from those of the drawing."""
    disegnate = {c: mappa.of_class(c) for c in ClasseBordo}
    classi = (
        ClasseBordo.FABBRICATO,
        ClasseBordo.PARTICELLA,
        ClasseBordo.STRADA,
        ClasseBordo.ACQUA,
    )
    esito = [
        Differenza(f"numero: {classe}", attesi, len(disegnate[classe]))
        for classe, attesi in zip(classi, tabella.conteggi, strict=False)
        if attesi != len(disegnate[classe])
    ]
    propri = sorted((b.codice, b.area()) for b in disegnate[ClasseBordo.PARTICELLA])
    esito += _compare_parcels(sorted(tabella.particelle), propri)
    fabbricati = sum(b.area() for b in disegnate[ClasseBordo.FABBRICATO])
    if abs(fabbricati - tabella.fabbricati) > TOLLERANZA * max(tabella.conteggi[0], 1):
        esito.append(Differenza("area: fabbricati", tabella.fabbricati, fabbricati))
    return esito


def _compare_parcels(
    tabella: list[tuple[str, int]], disegno: list[tuple[str, float]]
) -> list[Differenza]:
    """Compare parcels of the same code in the order of their areas."""
    esito = []
    per_codice: dict[str, tuple[list[float], list[float]]] = {}
    for codice, intera in tabella:
        per_codice.setdefault(codice, ([], []))[0].append(intera)
    for codice, misurata in disegno:
        per_codice.setdefault(codice, ([], []))[1].append(misurata)
    for codice, (attese, trovate) in sorted(per_codice.items()):
        for n in range(max(len(attese), len(trovate))):
            attesa = attese[n] if n < len(attese) else None
            trovata = trovate[n] if n < len(trovate) else None
            if attesa is None or trovata is None or abs(attesa - trovata) > TOLLERANZA:
                esito.append(Differenza(f"area: particella {codice}", attesa, trovata))
    return esito


def write_sup(flusso: BinaryIO, tabella: TabellaSuperfici) -> None:
    """Write a table: names on eleven characters, numbers on ten, CRLF."""
    giorno = f"{tabella.data:%Y%m%d}" if tabella.data else "0"
    voci = [
        (tabella.nome, giorno),
        *zip(_CONTEGGI, tabella.conteggi, strict=True),
        ("FABBRIC", tabella.fabbricati),
        *tabella.particelle,
        *zip(_TOTALI, tabella.totali, strict=True),
    ]
    flusso.write("".join(f"{nome:<11}{valore!s:>10}\r\n" for nome, valore in voci).encode("ascii"))


def measure(mappa: MappaCxf, giorno: date) -> TabellaSuperfici:
    """Compute the table of a map from its drawing."""
    aree = {c: [b.area() for b in mappa.of_class(c)] for c in ClasseBordo}
    somma = {c: round(sum(valori)) for c, valori in aree.items()}
    particelle, strade = somma[ClasseBordo.PARTICELLA], somma[ClasseBordo.STRADA]
    acque = somma[ClasseBordo.ACQUA]
    intero, isole = _outline(mappa)
    confine, area_isole = round(intero), round(sum(isole))
    totale = particelle + strade + acque + area_isole
    return TabellaSuperfici(
        str(mappa.nome or mappa.nome_scritto),
        giorno,
        (
            len(aree[ClasseBordo.FABBRICATO]),
            len(aree[ClasseBordo.PARTICELLA]),
            len(aree[ClasseBordo.STRADA]),
            len(aree[ClasseBordo.ACQUA]),
            len(isole),
        ),
        somma[ClasseBordo.FABBRICATO],
        tuple(sorted((b.codice, round(b.area())) for b in mappa.of_class(ClasseBordo.PARTICELLA))),
        (particelle, strade, acque, area_isole, totale, confine, totale - confine),
    )


def _outline(mappa: MappaCxf) -> tuple[float, list[float]]:
    """Return the area inside the border, and that of each hole: an inset drawn elsewhere."""
    intero = 0.0
    isole: list[float] = []
    for bordo in mappa.of_class(ClasseBordo.CONFINE):
        if bordo.geometria is not None:
            contorno, *buchi = shapely.get_rings(shapely.from_wkb(bordo.geometria))
            intero += float(shapely.area(shapely.polygons(contorno)))
            isole += shapely.area(shapely.polygons(buchi)).tolist() if buchi else []
    return intero, isole
