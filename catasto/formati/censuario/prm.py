"""PRM: what was asked of the cadastre, and so what the supply covers."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from typing import TYPE_CHECKING, Final

from catasto.codici import Catasto
from catasto.errors import FormatError

if TYPE_CHECKING:
    from collections.abc import Mapping

_DATA: Final = re.compile(r"[0-9]{1,2}/[0-9]{1,2}/[0-9]{4}")
#: The code, and the letter of the section unless it begins a name.
_COMUNE: Final = re.compile(r"(?<![A-Z0-9])([A-Z][0-9]{3})(?![0-9])(?:[ _]?([A-Z])(?![A-Z0-9]))?")


class TipoFornitura(StrEnum):
    """A whole picture on a day, or what changed between two registration dates."""

    ATTUALITA = "attualità"
    AGGIORNAMENTO = "aggiornamento"


@dataclass(frozen=True, slots=True)
class RichiestaCensuaria:
    """The parameters of one request.

    ``fogli`` not empty means a partial supply: an immobile that is not in it is not
    suppressed. ``altro`` keeps the labels this reader does not know.
    """

    comune_catastale: str | None
    sezione: str
    catasto: Catasto | None
    tipo: TipoFornitura | None
    tipologia: str
    data_richiesta: date | None = None
    data_elaborazione: date | None = None
    data_selezione: date | None = None
    registrate_dal: date | None = None
    registrate_al: date | None = None
    numero_record: int | None = None
    fogli: tuple[str, ...] = ()
    altro: Mapping[str, str] = field(default_factory=dict)

    @property
    def data_riferimento(self) -> date | None:
        """The day the supply speaks of: selection, last registration, or processing."""
        return self.data_selezione or self.registrate_al or self.data_elaborazione


_NOTE: Final = frozenset(
    {
        "comune richiesto",
        "data richiesta",
        "data elaborazione",
        "tipologia di estrazione",
        "data selezione",
        "date registrazione",
        "numero record",
        "fogli estratti",
    }
)


def parse_prm(contenuto: bytes, nome: str) -> RichiestaCensuaria:
    """Read a PRM file; labels in any case and spacing, unknown ones kept.

    >>> r = parse_prm(b"Comune richiesto : H501B\\nData selezione: 01/02/2024\\n", "x.PRM")
    >>> r.comune_catastale, r.sezione, str(r.tipo), r.data_riferimento
    ('H501', 'B', 'attualità', datetime.date(2024, 2, 1))
    """
    voci = _entries(contenuto)
    if not voci.keys() & _NOTE:
        raise FormatError(nome, "nessuna voce nota: non è un file di parametri", riga=1)
    comune = _COMUNE.search(voci.get("comune richiesto", "").upper())
    tipologia = voci.get("tipologia di estrazione", "")
    registrazione = _dates(voci, "date registrazione", nome)
    selezione = _one_date(voci, "data selezione", nome)
    return RichiestaCensuaria(
        comune_catastale=comune[1] if comune else None,
        sezione=(comune[2] or "") if comune else "",
        catasto=_cadastre(tipologia),
        tipo=_kind(tipologia, selezione, registrazione),
        tipologia=tipologia,
        data_richiesta=_one_date(voci, "data richiesta", nome),
        data_elaborazione=_one_date(voci, "data elaborazione", nome),
        data_selezione=selezione,
        registrate_dal=registrazione[0] if registrazione else None,
        registrate_al=registrazione[-1] if registrazione else None,
        numero_record=_number(voci.get("numero record", "")),
        fogli=tuple(re.findall(r"[0-9A-Za-z]+", voci.get("fogli estratti", ""))),
        altro={k: v for k, v in voci.items() if k not in _NOTE},
    )


def _entries(contenuto: bytes) -> dict[str, str]:
    try:
        testo = contenuto.decode("utf-8-sig")
    except UnicodeDecodeError:
        testo = contenuto.decode("iso-8859-1")
    coppie = (riga.partition(":") for riga in testo.replace("\0", "").split("\n"))
    return {
        " ".join(etichetta.split()).lower(): valore.strip()
        for etichetta, due_punti, valore in coppie
        if due_punti
    }


def _dates(voci: Mapping[str, str], etichetta: str, nome: str) -> list[date]:
    esito = []
    for testo in _DATA.findall(voci.get(etichetta, "")):
        try:
            esito.append(datetime.strptime(testo, "%d/%m/%Y").date())  # noqa: DTZ007 - a day
        except ValueError:
            raise FormatError(nome, "data impossibile", campo=etichetta, valore=testo) from None
    return esito


def _one_date(voci: Mapping[str, str], etichetta: str, nome: str) -> date | None:
    trovate = _dates(voci, etichetta, nome)
    return trovate[0] if trovate else None


def _number(testo: str) -> int | None:
    cifre = testo.replace(".", "").strip()
    return int(cifre) if cifre.isascii() and cifre.isdigit() else None


def _cadastre(tipologia: str) -> Catasto | None:
    minuscola = tipologia.lower()
    if "fabbricati" in minuscola:
        return Catasto.FABBRICATI
    return Catasto.TERRENI if "terreni" in minuscola else None


def _kind(
    tipologia: str, selezione: date | None, registrazione: list[date]
) -> TipoFornitura | None:
    """Decide by the dates first: the wording changed over the years."""
    if selezione is not None:
        return TipoFornitura.ATTUALITA
    minuscola = tipologia.lower()
    if registrazione or "aggiornament" in minuscola:
        return TipoFornitura.AGGIORNAMENTO
    return TipoFornitura.ATTUALITA if "completa" in minuscola else None
