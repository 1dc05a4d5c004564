"""Invented people with formally valid fiscal codes, and the households they live in."""

from __future__ import annotations

import random
import zlib
from datetime import date, timedelta
from functools import lru_cache
from typing import Final

from catasto.codice_fiscale import check_digit, check_letter, name_code
from ingest.generatore.caso import Pesi
from ingest.generatore.comune import since
from ingest.generatore.modello import Soggetto
from ingest.generatore.nomi import (
    COGNOMI,
    COGNOMI_ESTERI,
    DITTE,
    FEMMINILI,
    FEMMINILI_ESTERE,
    FORME,
    MASCHILI,
    MASCHILI_ESTERI,
    NATALI,
)
from ingest.generatore.rilievo import Numeratore

#: The day the first supply describes.
OGGI: Final = date(2021, 1, 1)
_MESI: Final = "ABCDEHLMPRST"
#: Relation to the holder of the household (ANPR).
INTESTATARIO, CONIUGE, FIGLIO, GENITORE, CONVIVENTE = 1, 2, 3, 6, 23
#: Marital status (ANPR).
CELIBE, CONIUGATO, VEDOVO, DIVORZIATO = 1, 2, 3, 4

#: One member: who, relation to the holder, marital status.
type Membro = tuple[Soggetto, int, int]

_ITALIANI: Final = Pesi([(n, p) for n, p in NATALI if n[0] != "Z"])
_ESTERI: Final = Pesi([(n, p) for n, p in NATALI if n[0] == "Z"])
_TIPI: Final = Pesi((("solo", 33), ("coppia", 26), ("figli", 29), ("genitore", 9), ("anziano", 3)))


@lru_cache(maxsize=512)
def _surname_code(cognome: str) -> str:
    return name_code(cognome, di_battesimo=False)


@lru_cache(maxsize=512)
def _first_name_code(nome: str) -> str:
    return name_code(nome, di_battesimo=True)


def codice_fiscale(cognome: str, nome: str, nascita: date, sesso: str, luogo: str) -> str:
    """Return the fiscal code; as ``catasto.codice_fiscale.compose``, without its checks."""
    primi = (
        f"{_surname_code(cognome)}{_first_name_code(nome)}{nascita.year % 100:02d}"
        f"{_MESI[nascita.month - 1]}{nascita.day + (40 if sesso == 'F' else 0):02d}{luogo}"
    )
    return primi + check_letter(primi)


class Popolo:
    """Makes people, each with a fiscal code of its own."""

    def __init__(self, numeri: Numeratore, comune: str, edifici: int) -> None:
        self.numeri = numeri
        self.comune = comune
        self.dati = bytearray(max(1 << 13, 8 * edifici))

    def person(
        self, caso: random.Random, sesso: str, eta: int, cognome: str = "", estero: bool = False
    ) -> Soggetto:
        """Make a person of about an age on the first day."""
        nascita = OGGI - timedelta(days=int(eta * 365.25 + caso.random() * 365))
        return self.born(caso, sesso, nascita, cognome, estero)

    def born(
        self,
        caso: random.Random,
        sesso: str,
        nascita: date,
        cognome: str = "",
        estero: bool = False,
    ) -> Soggetto:
        """Make a person born on a day."""
        if estero and caso.random() < 0.85:
            luogo = _ESTERI.draw(caso)
        else:
            luogo = self.comune if caso.random() < 0.48 else _ITALIANI.draw(caso)
        if nascita < since(luogo):
            luogo = "H501"
        nomi = (
            (MASCHILI_ESTERI if sesso == "M" else FEMMINILI_ESTERE)
            if estero
            else (MASCHILI if sesso == "M" else FEMMINILI)
        )
        cognome = cognome or caso.choice(COGNOMI_ESTERI if estero else COGNOMI)
        nome = caso.choice(nomi)
        if caso.random() < 0.06 and not estero:
            nome = f"{nome} {caso.choice(nomi)}"
        cf = codice_fiscale(cognome, nome, nascita, sesso, luogo)
        while self._taken(cf):
            nascita -= timedelta(days=1)
            cf = codice_fiscale(cognome, nome, nascita, sesso, luogo)
        return Soggetto(self.numeri.next("soggetto"), cf, cognome, nome, sesso, nascita, luogo)

    def _taken(self, cf: str) -> bool:
        """Tell whether a code may have been given already, and note that it now is.

        One bit for each code, by its checksum: a few megabytes for a million people. Two
        codes with one bit only make a birthday move by a day.
        """
        posto = zlib.crc32(cf.encode()) % (8 * len(self.dati))
        byte, bit = posto >> 3, 1 << (posto & 7)
        preso = bool(self.dati[byte] & bit)
        self.dati[byte] |= bit
        return preso

    def namesake(self, caso: random.Random, modello: Soggetto, eta: int) -> Soggetto:
        """Make another person with the same name."""
        altro = self.person(caso, modello.sesso, eta, modello.cognome)
        self.rename(altro, modello)
        return altro

    def rename(self, persona: Soggetto, modello: Soggetto) -> None:
        """Give a person the name of another, and the code that goes with it."""
        p = persona
        p.cognome, p.nome = modello.cognome, modello.nome
        p.cf = codice_fiscale(p.cognome, p.nome, p.nascita, p.sesso, p.luogo)

    def firm(self, caso: random.Random) -> Soggetto:
        """Make a company with a valid number of an office that issues none (888)."""
        numero = self.numeri.next("soggetto")
        dieci = f"{(7000000 + numero) % 10000000:07d}888"
        nome = f"{caso.choice(DITTE)} {caso.choice(COGNOMI)} {caso.choice(FORME)}"
        return Soggetto(numero, dieci + check_digit(dieci), nome, luogo=self.comune)

    def body(self, nome: str) -> Soggetto:
        """Make a public or church body."""
        numero = self.numeri.next("soggetto")
        dieci = f"{(8000000 + numero) % 10000000:07d}888"
        return Soggetto(numero, dieci + check_digit(dieci), nome, luogo=self.comune)

    def household(self, caso: random.Random) -> list[Membro]:
        """Make the members of a household, the holder first."""
        estero = caso.random() < 0.08
        tipo = _TIPI.draw(caso)
        if tipo == "solo":
            return [self._single(caso, estero)]
        if tipo == "coppia":
            return self._couple(caso, caso.choice((30, 38, 58, 64, 70, 76, 82)), estero)
        if tipo == "figli":
            coppia = self._couple(caso, caso.randint(31, 54), estero)
            return coppia + self._children(caso, coppia, estero)
        if tipo == "genitore":
            madre = self.person(
                caso, "F" if caso.random() < 0.8 else "M", caso.randint(32, 56), "", estero
            )
            solo: list[Membro] = [(madre, INTESTATARIO, caso.choice((CELIBE, DIVORZIATO, VEDOVO)))]
            return solo + self._children(caso, solo, estero)
        figlio = self.person(caso, caso.choice("MF"), caso.randint(48, 64), "", estero)
        madre = self.person(caso, "F", caso.randint(78, 94), "", estero)
        return [(figlio, INTESTATARIO, CELIBE), (madre, GENITORE, VEDOVO)]

    def _single(self, caso: random.Random, estero: bool) -> Membro:
        eta = caso.choice((27, 34, 41, 48, 56, 63, 70, 75, 79, 83, 87, 90)) + caso.randint(-4, 4)
        sesso = "F" if caso.random() < (0.72 if eta > 65 else 0.45) else "M"
        stato = (
            VEDOVO
            if eta > 68 and caso.random() < 0.7
            else caso.choice((CELIBE, CELIBE, DIVORZIATO))
        )
        return self.person(caso, sesso, eta, "", estero), INTESTATARIO, stato

    def _couple(self, caso: random.Random, eta: int, estero: bool) -> list[Membro]:
        eta += caso.randint(-3, 3)
        uomo = self.person(caso, "M", eta, "", estero)
        donna = self.person(caso, "F", max(20, eta - caso.randint(-2, 6)), "", estero)
        if caso.random() < 0.86:
            return [(uomo, INTESTATARIO, CONIUGATO), (donna, CONIUGE, CONIUGATO)]
        return [(uomo, INTESTATARIO, CELIBE), (donna, CONVIVENTE, CELIBE)]

    def _children(self, caso: random.Random, genitori: list[Membro], estero: bool) -> list[Membro]:
        capo = genitori[0][0]
        piu_giovane = max(g[0].nascita.year for g in genitori)
        figli: list[Membro] = []
        for _ in range(caso.choice((1, 1, 2, 2, 2, 3))):
            eta = min(OGGI.year - piu_giovane - caso.randint(22, 36), 29)
            if eta >= 0:
                figlio = self.person(caso, caso.choice("MF"), eta, capo.cognome, estero)
                figli.append((figlio, FIGLIO, CELIBE))
        return figli
