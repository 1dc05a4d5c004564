"""TIT: the rights that tie subjects to units and parcels."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import Final

from catasto.codici import DIRITTI_AMBIGUI, REGIME, Diritto, diritti, diritto_or_none
from catasto.formati.anomalia import Anomalia
from catasto.formati.censuario.campi import Campi, LineError
from catasto.formati.censuario.nota import Nota

CONTEGGI: Final = frozenset({28, 32})
_ATTUALE: Final = 32
_DIRITTO: Final = 7


# Not frozen: a supply has millions of them, and freezing takes as long as making them.
@dataclass(slots=True)
class TitolaritaCensuaria:
    """A right of one subject on one immobile, over all the versions of the immobile.

    ``codice_diritto`` keeps its trailing blank: ``20`` is bare ownership, ``20 `` is
    *livello*. ``titolo`` and the descriptions of the notes may name private persons.
    """

    comune_catastale: str
    sezione: str
    riga: int
    soggetto: int
    tipo_soggetto: str
    immobile: int
    tipo_immobile: str
    codice_diritto: str
    titolo: str | None
    quota: Fraction | None
    regime: str | None
    soggetto_riferimento: int | None
    generante: Nota | None
    conclusivo: Nota | None
    partita: str | None
    mutazione_iniziale: int | None
    mutazione_finale: int | None
    identificativo: int | None
    anomalie: tuple[Anomalia, ...] = ()

    @property
    def diritto(self) -> Diritto | None:
        """What the code means, None for an unknown one."""
        return diritto_or_none(self.codice_diritto)


def expected(tipo_record: str, numero: int) -> bool:
    """Say whether a right may have so many fields."""
    return tipo_record in {"P", "G"} and numero in CONTEGGI


def blanks_lost(codici: set[str]) -> bool:
    """Say whether an upstream program trimmed the rights of a file.

    Codes that exist only with a trailing blank, found without it, tell.

    >>> blanks_lost({"10", "3"}), blanks_lost({"10", "20 ", "3 "})
    (True, False)
    """
    noti = diritti()
    return any(c not in noti and f"{c} " in noti for c in codici)


def build(
    riga: int, testi: list[str], diritto_scritto: str, *, ambigui: bool = False
) -> TitolaritaCensuaria:
    """Build one right; ``diritto_scritto`` is field 7 before any stripping."""
    c = Campi(testi, _ATTUALE)
    if c.testi[6] not in {"F", "T"}:
        raise LineError("tipo immobile non previsto")
    codice = diritto_scritto if testi[_DIRITTO - 1] else ""
    soggetto = c.key(3, "identificativo soggetto")
    if soggetto == 0:
        c.report("identificativo soggetto", c.testi[3], "diritto senza soggetto")
    if not codice:
        c.report("diritto", codice, "codice mancante")
    elif diritto_or_none(codice) is None:
        c.report("diritto", codice, "codice non in tabella")
    elif ambigui and codice in DIRITTI_AMBIGUI:
        c.report("diritto", codice, "ambiguo: il file ha perso gli spazi finali")
    if c.testi[11] and c.testi[11] not in REGIME:
        c.report("regime", c.testi[11], "codice non in tabella")
    lunga = c.numero > 28
    return TitolaritaCensuaria(
        *c.place(),
        riga,
        soggetto,
        c.testi[4],
        c.key(5, "identificativo immobile"),
        c.testi[6],
        codice,
        c.text(8),
        c.quota(9),
        c.text(11),
        c.integer(12, "soggetto di riferimento"),
        _note(c, 13, "atto generante", 29 if lunga else None),
        _note(c, 20, "atto conclusivo", 31 if lunga else None),
        c.text(19),
        c.integer(26, "mutazione iniziale"),
        c.integer(27, "mutazione finale"),
        c.integer(28, "identificativo titolarità"),
        c.anomalie,
    )


def _note(c: Campi, n: int, nome: str, causale: int | None) -> Nota | None:
    """Return a note: here the day of validity comes first, that of registration last."""
    testi = c.testi
    if not any(testi[n : n + 6]):
        return None
    return Nota(
        c.date(n, f"{nome}: data validità"),
        c.date(n + 5, f"{nome}: data registrazione"),
        testi[n + 1] or None,
        testi[n + 2] or None,
        testi[n + 3] or None,
        c.integer(n + 4, f"{nome}: anno"),
        (testi[causale] or None) if causale else None,
        (testi[causale + 1] or None) if causale else None,
    )
