"""Writers of the census files in the current national layouts.

ISO-8859-1, CRLF, a trailing ``|``: what the cadastre sends. A character that encoding
lacks is written as ``?``, as the national system does.
"""

from __future__ import annotations

from itertools import batched
from typing import TYPE_CHECKING, BinaryIO, Final

from catasto.formati.censuario.sog import PersonaFisica, PersonaGiuridica

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from datetime import date
    from decimal import Decimal

    from catasto.formati.censuario.fab import CaratteristicheUrbane, Riserva, SituazioneUrbana
    from catasto.formati.censuario.nota import Nota
    from catasto.formati.censuario.prm import RichiestaCensuaria
    from catasto.formati.censuario.ter import (
        CaratteristicheTerreno,
        Porzione,
        SituazioneTerreno,
    )
    from catasto.formati.censuario.tit import TitolaritaCensuaria

_BLOCCO: Final = 1000
_SESSO: Final = {"M": "1", "F": "2"}

type _Campo = str | int | None


def write_fab(flusso: BinaryIO, situazioni: Iterable[SituazioneUrbana]) -> int:
    """Write urban situations (record 1 with 45 fields); return how many lines."""
    return _write(flusso, (riga for s in situazioni for riga in _fab(s)))


def write_ter(flusso: BinaryIO, situazioni: Iterable[SituazioneTerreno]) -> int:
    """Write land situations (record 1 with 43 fields); return how many lines."""
    return _write(flusso, (riga for s in situazioni for riga in _ter(s)))


def write_sog(flusso: BinaryIO, soggetti: Iterable[PersonaFisica | PersonaGiuridica]) -> int:
    """Write subjects; return how many lines."""
    return _write(flusso, (_sog(s) for s in soggetti))


def write_tit(flusso: BinaryIO, titolarita: Iterable[TitolaritaCensuaria]) -> int:
    """Write rights (32 fields); return how many lines."""
    return _write(flusso, (_tit(t) for t in titolarita))


def write_prm(flusso: BinaryIO, richiesta: RichiestaCensuaria) -> None:
    """Write the parameters of a request."""
    r = richiesta
    registrate = f"{_slashes(r.registrate_dal)} {_slashes(r.registrate_al)}".strip()
    voci = {
        "Comune richiesto": f"{r.comune_catastale or ''}{r.sezione}",
        "Data richiesta": _slashes(r.data_richiesta),
        "Data elaborazione": _slashes(r.data_elaborazione),
        "Tipologia di estrazione": r.tipologia,
        "Data selezione": _slashes(r.data_selezione),
        "Date registrazione": registrate,
        "Numero record": "" if r.numero_record is None else str(r.numero_record),
        "Fogli estratti": " ".join(r.fogli),
        **r.altro,
    }
    testo = "".join(f"{nome} : {valore}\r\n" for nome, valore in voci.items() if valore)
    flusso.write(testo.encode("iso-8859-1", "replace"))


def _write(flusso: BinaryIO, righe: Iterable[Iterable[_Campo]]) -> int:
    scritte = 0
    for lotto in batched(righe, _BLOCCO):
        testo = "".join(["|".join(map(_text, campi)) + "|\r\n" for campi in lotto])
        flusso.write(testo.encode("iso-8859-1", "replace"))
        scritte += len(lotto)
    return scritte


def _text(campo: _Campo) -> str:
    """Write a field; the delimiter and line ends cannot stand in one."""
    if campo is None:
        return ""
    if isinstance(campo, str):
        return campo.translate(_VIETATI)
    return str(campo)


_VIETATI: Final = {ord("|"): "/", ord("\r"): " ", ord("\n"): " "}


def _fab(s: SituazioneUrbana) -> Iterator[list[_Campo]]:
    chiave: list[_Campo] = [s.comune_catastale, s.sezione or " ", s.immobile, "F", s.progressivo]
    if s.caratteristiche is not None:
        yield [*chiave, "1", *_fab_1(s.caratteristiche)]
    if s.identificativi:
        gruppi: list[_Campo] = []
        for i in s.identificativi:
            gruppi += (i.sezione_urbana, i.foglio, i.numero, i.denominatore, i.subalterno)
            gruppi.append(i.edificialita)
        yield from _grouped(chiave, "2", gruppi, 60)
    if s.indirizzi:
        gruppi = []
        for via in s.indirizzi:
            toponimo = "" if via.toponimo is None else f"{via.toponimo:03d}"
            gruppi += (toponimo, via.indirizzo, *_padded(via.civici, 3), via.codice_strada)
        yield from _grouped(chiave, "3", gruppi, 24)
    if s.utilita_comuni:
        gruppi = []
        for u in s.utilita_comuni:
            gruppi += (u.sezione_urbana, u.foglio, u.numero, u.denominatore, u.subalterno)
        yield from _grouped(chiave, "4", gruppi, 50)
    yield from _grouped(chiave, "5", _reserves(s.riserve), 20)


def _fab_1(c: CaratteristicheUrbane) -> list[_Campo]:
    return [
        c.zona_censuaria,
        c.categoria.codice if c.categoria else None,
        _class(c.classe),
        _comma(c.consistenza),
        _comma(c.superficie),
        c.rendita_lire,
        _comma(c.rendita),
        c.lotto,
        c.edificio,
        c.scala,
        *_padded(c.interni, 2),
        *_padded(c.piani, 4),
        *_note(c.generante),
        *_note(c.conclusivo),
        c.partita,
        c.annotazione,
        c.mutazione_iniziale,
        c.mutazione_finale,
        c.protocollo_notifica,
        _day(c.data_notifica),
        *_reasons(c.generante, c.conclusivo),
        c.flag_classamento,
        *c.extra,
    ]


def _ter(s: SituazioneTerreno) -> Iterator[list[_Campo]]:
    chiave: list[_Campo] = [s.comune_catastale, s.sezione or " ", s.immobile, "T", s.progressivo]
    if s.caratteristiche is not None:
        yield [*chiave, "1", *_ter_1(s.caratteristiche)]
    yield from _grouped(chiave, "2", list(s.deduzioni), 7)
    yield from _grouped(chiave, "3", _reserves(s.riserve), 20)
    yield from _grouped(chiave, "4", [f for p in s.porzioni for f in _portion(p)], 120)


def _ter_1(c: CaratteristicheTerreno) -> list[_Campo]:
    return [
        c.foglio,
        c.numero,
        c.denominatore,
        c.subalterno,
        c.edificialita,
        c.qualita,
        _class(c.classe),
        *_area(c.superficie),
        c.flag_reddito,
        c.flag_porzione,
        c.flag_deduzioni,
        c.reddito_dominicale_lire,
        c.reddito_agrario_lire,
        _comma(c.reddito_dominicale),
        _comma(c.reddito_agrario),
        *_note(c.generante),
        *_note(c.conclusivo),
        c.partita,
        c.annotazione,
        c.mutazione_iniziale,
        c.mutazione_finale,
        *_reasons(c.generante, c.conclusivo),
    ]


def _portion(p: Porzione) -> list[_Campo]:
    return [p.identificativo, p.qualita, _class(p.classe), *_area(p.superficie)]


def _sog(s: PersonaFisica | PersonaGiuridica) -> list[_Campo]:
    chiave: list[_Campo] = [s.comune_catastale, s.sezione or " ", s.soggetto]
    codice = s.codice_fiscale_scritto or str(s.codice_fiscale or "")
    if isinstance(s, PersonaGiuridica):
        return [*chiave, "G", s.denominazione, s.sede, codice]
    return [
        *chiave,
        "P",
        s.cognome,
        s.nome,
        _SESSO.get(s.sesso or "", ""),
        _day(s.data_nascita),
        s.luogo_nascita,
        codice,
        s.indicazioni,
    ]


def _tit(t: TitolaritaCensuaria) -> list[_Campo]:
    quota = (t.quota.numerator, t.quota.denominator) if t.quota is not None else (None, None)
    return [
        t.comune_catastale,
        t.sezione or " ",
        t.soggetto,
        t.tipo_soggetto,
        t.immobile,
        t.tipo_immobile,
        t.codice_diritto,
        t.titolo,
        *quota,
        t.regime,
        t.soggetto_riferimento,
        *_title_note(t.generante),
        t.partita,
        *_title_note(t.conclusivo),
        t.mutazione_iniziale,
        t.mutazione_finale,
        t.identificativo,
        *_reasons(t.generante, t.conclusivo),
    ]


def _grouped(
    chiave: list[_Campo], tipo: str, campi: list[_Campo], massimo: int
) -> Iterator[list[_Campo]]:
    """Yield lines of at most ``massimo`` fields after the key."""
    for inizio in range(0, len(campi), massimo):
        yield [*chiave, tipo, *campi[inizio : inizio + massimo]]


def _reserves(riserve: Iterable[Riserva]) -> list[_Campo]:
    return [campo for r in riserve for campo in (r.codice, r.partita)]


def _note(n: Nota | None) -> list[_Campo]:
    if n is None:
        return [None] * 6
    return [
        _day(n.data_efficacia),
        _day(n.data_registrazione),
        n.tipo,
        n.numero,
        n.progressivo,
        n.anno,
    ]


def _title_note(n: Nota | None) -> list[_Campo]:
    efficacia, registrazione, *nota = _note(n)
    return [efficacia, *nota, registrazione]


def _reasons(generante: Nota | None, conclusivo: Nota | None) -> list[_Campo]:
    return [
        campo
        for n in (generante, conclusivo)
        for campo in ((n.causale, n.descrizione) if n else (None, None))
    ]


def _padded(testi: tuple[str, ...], quanti: int) -> list[_Campo]:
    return [*testi[:quanti], *([None] * (quanti - len(testi)))]


def _class(classe: str | None) -> str | None:
    return classe.zfill(2) if classe and classe.isdigit() else classe


def _comma(valore: Decimal | None) -> str | None:
    return None if valore is None else f"{valore:f}".replace(".", ",")


def _area(superficie: Decimal | None) -> tuple[_Campo, _Campo, _Campo]:
    if superficie is None:
        return None, None, None
    metri = int(superficie)
    return metri // 10_000, f"{metri // 100 % 100:02d}", f"{metri % 100:02d}"


def _day(giorno: date | None) -> str | None:
    return None if giorno is None else f"{giorno.day:02d}{giorno.month:02d}{giorno.year:04d}"


def _slashes(giorno: date | None) -> str:
    return "" if giorno is None else f"{giorno:%d/%m/%Y}"
