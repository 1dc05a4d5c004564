"""Lines of the census files, as ``catasto.formati.censuario`` writes them.

A town has hundreds of thousands, of forty fields mostly empty: each is written in one go,
without the records in between. A test reads them and writes them again with that module.
"""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from fractions import Fraction
from functools import lru_cache
from typing import Final

from ingest.generatore.modello import Diritto, Particella, Soggetto, StatoTerreno, StatoUnita, Unita
from ingest.generatore.scrittura.imu import euro
from ingest.generatore.terreni import ENTE_URBANO

_FINE: Final = "|\r\n"
#: The six fields of a closing deed: supplies of what is in force have none.
_NESSUN_ATTO: Final = "|||||"
#: Species of street in the cadastre's own table of 554.
_TOPONIMI: Final = {
    "VIA": 236, "VIALE": 240, "VICOLO": 248, "CORSO": 58, "PIAZZA": 130, "PIAZZETTA": 134,
    "LARGO": 86, "STRADA": 210, "STRADA COMUNALE": 546, "STRADA VICINALE": 579,
}  # fmt: skip


def fab(belfiore: str, u: Unita, s: StatoUnita) -> str:
    """Return the records 1, 2 and 3 of a unit in one of its states."""
    chiave = f"{belfiore}| |{u.id}|F|{s.progressivo}"
    # Four fields for floors, the empty ones at the end.
    piani = "|".join((u.piano.split("-") + [""] * 3)[:4])
    rendita = euro(s.rendita)
    superficie = "" if s.superficie is None else s.superficie
    return (
        f"{chiave}|1||{s.categoria}|{_class(s.classe)}|{_comma(s.consistenza)}|{superficie}"
        f"||{rendita}|||{u.scala}|{u.interno}||{piani}|{_note(s)}|{_NESSUN_ATTO}|{s.partita}"
        f"||||||{_reason(s)}|||4{_FINE}"
        f"{chiave}|2{_identifiers(u)}{_FINE}"
        f"{_address(chiave, u)}"
    )


def ter(belfiore: str, p: Particella, s: StatoTerreno, progressivo: int) -> str:
    """Return the record 1 of a parcel in one of its states."""
    ettari, are, centiare = p.mq // 10_000, p.mq // 100 % 100, p.mq % 100
    if s.qualita == ENTE_URBANO:
        flag, redditi, partita = "1", "|", "0000001"
    else:
        flag, redditi, partita = "0", f"{euro(s.dominicale)}|{euro(s.agrario)}", ""
    return (
        f"{belfiore}| |{p.id}|T|{progressivo}|1|{p.foglio}|{int(p.numero):05d}||||{s.qualita}"
        f"|{s.classe:02d}|{ettari}|{are:02d}|{centiare:02d}|{flag}|0|0|||{redditi}"
        f"|{_note(s)}|{_NESSUN_ATTO}|{partita}||||{_reason(s)}||{_FINE}"
    )


def tit(belfiore: str, d: Diritto, immobile: int, tipo: str) -> str:
    """Return the record of a right on a unit (``F``) or a parcel (``T``)."""
    nota, numero, anno = d.nota
    return (
        f"{belfiore}| |{d.soggetto.id}|{'P' if d.soggetto.persona else 'G'}|{immobile}|{tipo}"
        f"|{d.codice}||{_share(d.num, d.den)}|{d.regime}|{d.rif.id if d.rif else ''}"
        f"|{_day(d.dal)}|{nota}|{numero}|001|{anno or ''}|{_day(d.noto_dal)}"
        f"||{_NESSUN_ATTO}|||{d.id}|{_reason(d)}||{_FINE}"
    )


def sog(belfiore: str, s: Soggetto) -> str:
    """Return the record of a subject."""
    cf = "" if s.senza_cf else s.cf
    if not s.persona:
        return f"{belfiore}| |{s.id}|G|{s.cognome}|{s.luogo}|{cf}{_FINE}"
    return (
        f"{belfiore}| |{s.id}|P|{s.cognome}|{s.nome}|{'1' if s.sesso == 'M' else '2'}"
        f"|{_day(s.nascita)}|{s.luogo}|{cf}|{_FINE}"
    )


def _identifiers(u: Unita) -> str:
    return "".join(
        [f"||{p.foglio:04d}|{int(p.numero):05d}||{int(sub):04d}|" for p, sub in u.identificativi]
    )


def _address(chiave: str, u: Unita) -> str:
    if u.civico is None:
        return ""
    strada = u.civico.strada
    via = u.indirizzo_catasto or strada.nome
    return f"{chiave}|3|{_TOPONIMI[strada.dug]:03d}|{via}|{u.civico.testo}|||{_FINE}"


def _note(s: StatoUnita | StatoTerreno) -> str:
    """Write the six fields of the deed a state came from."""
    tipo, numero, anno = s.nota
    return f"{_day(s.dal)}|{_day(s.noto_dal)}|{tipo}|{numero}|001|{anno or ''}"


def _reason(atto: StatoUnita | StatoTerreno | Diritto) -> str:
    causale, descrizione = atto.causale
    return f"{causale}|{descrizione}"


def _class(classe: str) -> str:
    return classe.zfill(2) if classe.isdigit() else classe


@lru_cache(maxsize=1 << 14)
def _comma(valore: float | None) -> str:
    return "" if valore is None else f"{Decimal(f'{valore:g}'):f}".replace(".", ",")


@lru_cache(maxsize=1 << 15)
def _day(giorno: date) -> str:
    return f"{giorno.day:02d}{giorno.month:02d}{giorno.year:04d}"


@lru_cache(maxsize=1 << 12)
def _share(num: int, den: int) -> str:
    """Write a share in lowest terms; nothing for one that is unknown."""
    quota = Fraction(num, den) if num and den else None
    return f"{quota.numerator}|{quota.denominator}" if quota else "|"
