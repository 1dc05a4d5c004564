"""TER: the land parcels of the census supply, record types 1 to 4."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from catasto.codici import qualita
from catasto.formati.anomalia import Anomalia
from catasto.formati.censuario.campi import CIFRE_PROGRESSIVO, Campi
from catasto.formati.censuario.fab import Riserva, reserves
from catasto.formati.censuario.nota import Nota
from catasto.riferimento import RiferimentoCatastale

CONTEGGI_1: Final = frozenset({39, 43})
_ATTUALE: Final = 43
_CIFRE_ETTARI: Final = 5
_CIFRE_REDDITO: Final = 10


# Not frozen, here and below: a supply has millions of records, and freezing takes as long
# as making them.
@dataclass(slots=True)
class CaratteristicheTerreno:
    """Record 1: what the parcel is; incomes are the totals also where it is portioned.

    ``flag_reddito`` is kept as delivered: published tables decode it the wrong way
    round, so trust the incomes.
    """

    riga: int
    foglio: str | None
    numero: str | None
    denominatore: str | None
    subalterno: str | None
    edificialita: str | None
    qualita: int | None
    classe: str | None
    superficie: Decimal | None
    flag_reddito: str | None
    flag_porzione: str | None
    flag_deduzioni: str | None
    reddito_dominicale_lire: int | None
    reddito_agrario_lire: int | None
    reddito_dominicale: Decimal | None
    reddito_agrario: Decimal | None
    generante: Nota | None
    conclusivo: Nota | None
    partita: str | None
    annotazione: str | None
    mutazione_iniziale: int | None
    mutazione_finale: int | None


@dataclass(slots=True)
class Porzione:
    """Record 4, one group: a part of the parcel with a quality of its own."""

    riga: int
    identificativo: str | None
    qualita: int | None
    classe: str | None
    superficie: Decimal | None
    reddito_dominicale: Decimal | None = None
    reddito_agrario: Decimal | None = None


@dataclass(slots=True)
class SituazioneTerreno:
    """One version of one land parcel, all its records together."""

    comune_catastale: str
    sezione: str
    immobile: int
    progressivo: int
    riga: int
    caratteristiche: CaratteristicheTerreno | None
    deduzioni: tuple[str, ...] = ()
    riserve: tuple[Riserva, ...] = ()
    porzioni: tuple[Porzione, ...] = ()
    anomalie: tuple[Anomalia, ...] = ()

    @property
    def riferimento(self) -> RiferimentoCatastale | None:
        """The parcel, without *allegato*: the census does not know it.

        None without record 1; raises InvalidValue where foglio or numero is missing.
        """
        c = self.caratteristiche
        if c is None:
            return None
        return RiferimentoCatastale.of(
            self.comune_catastale, self.sezione, c.foglio or "", c.numero or "", c.denominatore
        )


def expected(tipo_record: str, numero: int) -> bool:
    """Say whether a record of this type may have so many fields."""
    gruppi = numero - 6
    match tipo_record:
        case "1":
            return numero in CONTEGGI_1
        case "2":
            return gruppi > 0
        case "3":
            return gruppi > 0 and gruppi % 2 == 0
        case "4":
            return gruppi > 0 and (gruppi % 6 == 0 or gruppi % 8 == 0)
    return False


def build(righe: list[tuple[int, list[str]]], campi_porzione: int = 6) -> SituazioneTerreno:
    """Build one situation from its lines, in any order; raises LineError without a key."""
    chiave = Campi(righe[0][1], 6)
    comune, sezione = chiave.place()
    immobile = chiave.key(3, "identificativo immobile")
    progressivo = chiave.key(5, "progressivo", CIFRE_PROGRESSIVO)
    caratteristiche: CaratteristicheTerreno | None = None
    deduzioni: list[str] = []
    riserve: list[Riserva] = []
    porzioni: list[Porzione] = []
    anomalie: list[Anomalia] = []
    for riga, testi in righe:
        tipo = testi[5]
        campi = Campi(testi, _ATTUALE if tipo == "1" else 0)
        if tipo == "2":
            deduzioni += [t for t in testi[6:] if t]
        elif tipo == "3":
            riserve += reserves(riga, campi)
        elif tipo == "4":
            porzioni += _portions(riga, campi, campi_porzione)
        elif caratteristiche is None:
            caratteristiche = _characteristics(riga, campi)
        else:
            campi.report("tipo record", "1", "più record 1 per la stessa situazione")
        anomalie += campi.anomalie
    if caratteristiche is None:
        anomalie.append(Anomalia("tipo record", "1", "record 1 mancante"))
    return SituazioneTerreno(
        comune,
        sezione,
        immobile,
        progressivo,
        righe[0][0],
        caratteristiche,
        tuple(deduzioni),
        tuple(riserve),
        tuple(porzioni),
        tuple(anomalie),
    )


def _characteristics(riga: int, c: Campi) -> CaratteristicheTerreno:
    lunga = c.numero > 39
    return CaratteristicheTerreno(
        riga,
        c.text(7),
        c.text(8),
        c.text(9),
        c.text(10),
        c.text(11),
        _quality(c, 12),
        c.classe(13),
        _area(c, 14),
        c.text(17),
        c.text(18),
        c.text(19),
        c.integer(20, "reddito dominicale lire"),
        c.integer(21, "reddito agrario lire"),
        c.euro(20, 22, "reddito dominicale", _CIFRE_REDDITO),
        c.euro(21, 23, "reddito agrario", _CIFRE_REDDITO),
        c.nota(24, "atto generante", 40 if lunga else None),
        c.nota(30, "atto conclusivo", 42 if lunga else None),
        c.text(36),
        c.text(37),
        c.integer(38, "mutazione iniziale"),
        c.integer(39, "mutazione finale"),
    )


def _area(c: Campi, n: int) -> Decimal | None:
    """Return m² from hectares, are and centiare; a blank among them is zero.

    None where one of them cannot be read: the others alone would be another area.
    """
    testi = c.testi[n : n + 3]
    if not any(testi):
        return None
    metri = 0
    for i, testo in enumerate(testi, n):
        parte = c.integer(i, "superficie", _CIFRE_ETTARI) if testo else 0
        if parte is None:
            return None
        metri = metri * 100 + parte
    return Decimal(metri)


def _quality(c: Campi, n: int) -> int | None:
    codice = c.integer(n, "qualità")
    if codice is not None and codice not in qualita():
        c.report("qualità", c.testi[n], "codice non in tabella")
    return codice


def _portions(riga: int, c: Campi, passo: int) -> list[Porzione]:
    # A line that fits only the other size keeps its own, and says so.
    if (c.numero - 6) % passo:
        c.report("porzioni", str(c.numero), f"gruppi non di {passo} campi")
        passo = 14 - passo
    return [
        Porzione(
            riga,
            c.text(n),
            _quality(c, n + 1),
            c.classe(n + 2),
            _area(c, n + 3),
            c.decimal(n + 6, "reddito dominicale", _CIFRE_REDDITO) if passo == 8 else None,
            c.decimal(n + 7, "reddito agrario", _CIFRE_REDDITO) if passo == 8 else None,
        )
        for n in range(7, c.numero + 1, passo)
        if any(c.testi[n : n + passo])
    ]
