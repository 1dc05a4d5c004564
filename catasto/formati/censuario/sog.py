"""SOG: the subjects of the census supply, persons (P) and organisations (G).

Everything here is personal data: readers hand it over, they never log it.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Final

from catasto.codice_fiscale import CodiceFiscale, is_valid
from catasto.errors import InvalidValue
from catasto.formati.anomalia import Anomalia
from catasto.formati.censuario.campi import Campi

CONTEGGI: Final = {"P": 11, "G": 7}
_SESSO: Final = {"1": "M", "2": "F", "M": "M", "F": "F"}


# Not frozen, here and below: a supply has millions of records, and freezing takes as long
# as making them.
@dataclass(slots=True)
class PersonaFisica:
    """A natural person. ``codice_fiscale`` is None where it is missing or not valid,
    ``codice_fiscale_scritto`` is what the supply says.
    """

    comune_catastale: str
    sezione: str
    soggetto: int
    riga: int
    cognome: str | None
    nome: str | None
    sesso: str | None
    data_nascita: date | None
    luogo_nascita: str | None
    codice_fiscale: CodiceFiscale | None
    codice_fiscale_scritto: str | None
    indicazioni: str | None
    anomalie: tuple[Anomalia, ...] = ()


@dataclass(slots=True)
class PersonaGiuridica:
    """An organisation; also "CONDOMINIO …", "EREDI DI …", "DEMANIO …"."""

    comune_catastale: str
    sezione: str
    soggetto: int
    riga: int
    denominazione: str | None
    sede: str | None
    codice_fiscale: CodiceFiscale | None
    codice_fiscale_scritto: str | None
    anomalie: tuple[Anomalia, ...] = ()


def expected(tipo_record: str, numero: int) -> bool:
    """Say whether a subject of this type may have so many fields."""
    return CONTEGGI.get(tipo_record) == numero


def build(riga: int, testi: list[str]) -> PersonaFisica | PersonaGiuridica:
    """Build one subject; raises LineError without a key."""
    c = Campi(testi, CONTEGGI["P"])
    comune, sezione = c.place()
    soggetto = c.key(3, "identificativo soggetto")
    if testi[3] == "G":
        codice = _fiscal_code(c, 7)
        return PersonaGiuridica(
            comune, sezione, soggetto, riga, c.text(5), c.text(6), codice, c.text(7), c.anomalie
        )
    sesso = c.testi[7]
    if sesso not in _SESSO and sesso not in {"", "0"}:
        c.report("sesso", sesso, "codice non previsto")
    nascita, codice = c.date(8, "data di nascita"), _fiscal_code(c, 10)
    return PersonaFisica(
        comune,
        sezione,
        soggetto,
        riga,
        c.text(5),
        c.text(6),
        _SESSO.get(sesso),
        nascita,
        c.text(9),
        codice,
        c.text(10),
        c.text(11),
        c.anomalie,
    )


def _fiscal_code(c: Campi, n: int) -> CodiceFiscale | None:
    testo = c.testi[n]
    if not testo:
        return None
    try:
        return CodiceFiscale(testo)
    except InvalidValue as errore:
        alto = testo.upper()
        if alto != testo and is_valid(alto):
            c.report("codice fiscale", testo, "scritto in minuscolo")
            return CodiceFiscale(alto)
        c.report("codice fiscale", testo, errore.motivo)
        return None
