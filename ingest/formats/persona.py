"""Persons and bodies as the registers write them, turned into columns of a subject."""

from datetime import date
from functools import lru_cache

from catasto import codice_fiscale
from ingest.formats.campi import Campi
from territorio.indirizzo import NumeroCivico, chiave_odonimo

SESSI = {"1": "M", "2": "F", "M": "M", "F": "F", "m": "M", "f": "F"}
IGNOTO = "?"
"""Kind of a subject of whom a source does not say whether it is a person."""


def persona(
    campi: Campi,
    codice: str,
    *,
    cognome: str | None,
    nome: str | None,
    sesso: str | None,
    nascita: date | None,
) -> dict[str, object]:
    """Return the columns of a natural person; the fiscal code tells where they were born."""
    testo, luogo = codice_letto(campi, codice)
    return {
        "tipo": "P",
        "cognome": cognome,
        "nome": nome,
        "sesso": sesso,
        "data_nascita": nascita,
        "luogo_nascita": luogo or None,
        "codice_fiscale": testo,
        "codice_valido": luogo is not None,
    }


def contribuente(campi: Campi, codice: str, nome: str | None) -> dict[str, object]:
    """Return the columns of a taxpayer of whom one name is known.

    Surname and first name cannot be parted safely: the whole goes to denominazione.
    """
    testo, luogo = codice_letto(campi, codice)
    # A damaged code of a person still has letters; those of the others are numbers.
    known = "G" if testo is not None and testo.isdecimal() else "P"
    return {
        "tipo": IGNOTO if testo is None else known,
        "denominazione": nome,
        "codice_fiscale": testo,
        "codice_valido": luogo is not None,
    }


def codice_letto(campi: Campi, nome: str) -> tuple[str | None, str | None]:
    """Return a fiscal code as written, and the place of birth in it if it is valid.

    The place is empty for a valid code that holds none; a code that is not valid is
    reported.
    """
    testo = (campi.text(nome) or "").upper()
    if not testo:
        return None, None
    motivo, luogo = _examined(testo)
    if motivo is not None:
        campi.report("codice fiscale non valido", motivo, nome, testo)
    return testo, luogo


# Registers repeat themselves, row after row and delivery after delivery.


@lru_cache(maxsize=1 << 14)
def _examined(testo: str) -> tuple[str | None, str | None]:
    """Return what is wrong with a fiscal code, or the place of birth it holds."""
    motivo = codice_fiscale.fault(testo)
    if motivo is not None:
        return motivo, None
    return None, codice_fiscale.CodiceFiscale(testo).luogo_nascita or ""


_number = lru_cache(maxsize=1 << 14)(NumeroCivico.parse)
_street = lru_cache(maxsize=1 << 14)(chiave_odonimo)


def via(specie: str | None, denominazione: str | None) -> dict[str, object]:
    """Return the columns of a street written in words."""
    intera = " ".join(filter(None, (specie, denominazione)))
    return {
        "toponimo": specie,
        "indirizzo": denominazione,
        "chiave_odonimo": _street(intera) if intera else None,
    }


def civico(campi: Campi, numero: str, esponente: str) -> NumeroCivico:
    """Return a house number from its two fields, reporting what is not understood."""
    primo, coda = campi.text(numero) or "", campi.text(esponente) or ""
    testo = f"{primo}/{coda}" if primo and coda else primo or coda
    letto = _number(testo)
    if letto.residuo:
        motivo = "una parte del numero civico non si capisce"
        campi.report("civico non compreso", motivo, numero, testo)
    return letto
