"""FAB: the urban units of the census supply, record types 1 to 5."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Final

from catasto.categoria import Categoria
from catasto.codici import toponimi
from catasto.formati.anomalia import Anomalia
from catasto.formati.censuario.campi import CIFRE_PROGRESSIVO, Campi
from catasto.formati.censuario.nota import Nota
from catasto.riferimento import RiferimentoUrbano

if TYPE_CHECKING:
    from datetime import date

#: Field counts of record 1 over the years; 46 and 47 have trailing fields nobody documents.
CONTEGGI_1: Final = frozenset({39, 40, 45, 46, 47})
_ATTUALE: Final = 45


# Not frozen, here and below: a supply has millions of records, and freezing takes as long
# as making them.
@dataclass(slots=True)
class CaratteristicheUrbane:
    """Record 1: what the unit is, and the notes that open and close this situation."""

    riga: int
    zona_censuaria: str | None
    categoria: Categoria | None
    classe: str | None
    consistenza: Decimal | None
    superficie: Decimal | None
    rendita_lire: int | None
    rendita: Decimal | None
    lotto: str | None
    edificio: str | None
    scala: str | None
    interni: tuple[str, ...]
    piani: tuple[str, ...]
    generante: Nota | None
    conclusivo: Nota | None
    partita: str | None
    annotazione: str | None
    mutazione_iniziale: int | None
    mutazione_finale: int | None
    protocollo_notifica: str | None
    data_notifica: date | None
    flag_classamento: str | None
    extra: tuple[str, ...] = ()


@dataclass(slots=True)
class IdentificativoUrbano:
    """Record 2, one group: a parcel (and sub) the unit stands on; the first is the principal."""

    riga: int
    sezione_urbana: str | None
    foglio: str | None
    numero: str | None
    denominatore: str | None
    subalterno: str | None
    edificialita: str | None

    def riferimento(self, comune_catastale: str, sezione: str) -> RiferimentoUrbano:
        """Return the canonical reference; raises InvalidValue where the number is missing."""
        return RiferimentoUrbano.of(
            comune_catastale,
            sezione,
            self.sezione_urbana,
            self.foglio or "",
            self.numero or "",
            self.denominatore,
            self.subalterno,
        )


@dataclass(slots=True)
class IndirizzoCensuario:
    """Record 3, one group; the last address of a unit is the most recent."""

    riga: int
    toponimo: int | None
    indirizzo: str | None
    civici: tuple[str, ...]
    codice_strada: str | None = None


@dataclass(slots=True)
class UtilitaComune:
    """Record 4, one group: the common good that serves the unit."""

    riga: int
    sezione_urbana: str | None
    foglio: str | None
    numero: str | None
    denominatore: str | None
    subalterno: str | None


@dataclass(slots=True)
class Riserva:
    """A reserve written on the register (FAB record 5, TER record 3)."""

    riga: int
    codice: str | None
    partita: str | None


@dataclass(slots=True)
class SituazioneUrbana:
    """One version of one urban unit, all its records together.

    The key is the first five fields: municipality, section, immobile, (type F) and
    progressivo. ``caratteristiche`` is None where record 1 is missing.
    """

    comune_catastale: str
    sezione: str
    immobile: int
    progressivo: int
    riga: int
    caratteristiche: CaratteristicheUrbane | None
    identificativi: tuple[IdentificativoUrbano, ...] = ()
    indirizzi: tuple[IndirizzoCensuario, ...] = ()
    utilita_comuni: tuple[UtilitaComune, ...] = ()
    riserve: tuple[Riserva, ...] = ()
    anomalie: tuple[Anomalia, ...] = ()

    @property
    def riferimenti(self) -> tuple[RiferimentoUrbano, ...]:
        """The identifiers as references, principal first."""
        return tuple(
            i.riferimento(self.comune_catastale, self.sezione) for i in self.identificativi
        )


def expected(tipo_record: str, numero: int) -> bool:
    """Say whether a record of this type may have so many fields."""
    gruppi = numero - 6
    match tipo_record:
        case "1":
            return numero in CONTEGGI_1
        case "2":
            return gruppi > 0 and gruppi % 6 == 0
        case "3":
            # At most four groups: so five and six fields a group never meet.
            return 0 < gruppi <= 24 and (gruppi % 6 == 0 or gruppi % 5 == 0)
        case "4":
            return gruppi > 0 and gruppi % 5 == 0
        case "5":
            return gruppi > 0 and gruppi % 2 == 0
    return False


def build(righe: list[tuple[int, list[str]]]) -> SituazioneUrbana:
    """Build one situation from its lines, in any order; raises LineError without a key."""
    chiave = Campi(righe[0][1], 6)
    comune, sezione = chiave.place()
    immobile = chiave.key(3, "identificativo immobile")
    progressivo = chiave.key(5, "progressivo", CIFRE_PROGRESSIVO)
    caratteristiche: CaratteristicheUrbane | None = None
    identificativi: list[IdentificativoUrbano] = []
    indirizzi: list[IndirizzoCensuario] = []
    utilita: list[UtilitaComune] = []
    riserve: list[Riserva] = []
    anomalie: list[Anomalia] = []
    for riga, testi in righe:
        tipo = testi[5]
        campi = Campi(testi, _ATTUALE if tipo == "1" else 0)
        if tipo == "2":
            identificativi += _identifiers(riga, campi)
        elif tipo == "3":
            indirizzi += _addresses(riga, campi)
        elif tipo == "4":
            utilita += _utilities(riga, campi)
        elif tipo == "5":
            riserve += reserves(riga, campi)
        elif caratteristiche is None:
            caratteristiche = _characteristics(riga, campi)
        else:
            campi.report("tipo record", "1", "più record 1 per la stessa situazione")
        anomalie += campi.anomalie
    if caratteristiche is None:
        anomalie.append(Anomalia("tipo record", "1", "record 1 mancante"))
    return SituazioneUrbana(
        comune,
        sezione,
        immobile,
        progressivo,
        righe[0][0],
        caratteristiche,
        tuple(identificativi),
        tuple(indirizzi),
        tuple(utilita),
        tuple(riserve),
        tuple(anomalie),
    )


def _characteristics(riga: int, c: Campi) -> CaratteristicheUrbane:
    lunga = c.numero > 40
    return CaratteristicheUrbane(
        riga,
        c.text(7),
        c.categoria(8),
        c.classe(9),
        c.decimal(10, "consistenza", 7),
        c.decimal(11, "superficie", 9),
        c.integer(12, "rendita lire"),
        c.euro(12, 13, "rendita", 12),
        c.text(14),
        c.text(15),
        c.text(16),
        _filled(c.testi[17:19]),
        _filled(c.testi[19:23]),
        c.nota(23, "atto generante", 41 if lunga else None),
        c.nota(29, "atto conclusivo", 43 if lunga else None),
        c.text(35),
        c.text(36),
        c.integer(37, "mutazione iniziale"),
        c.integer(38, "mutazione finale"),
        c.text(39),
        c.date(40, "data notifica"),
        # Zero is what older programs write for "not stated".
        None if c.testi[45] == "0" else c.text(45),
        tuple(c.testi[_ATTUALE + 1 :]),
    )


def _identifiers(riga: int, c: Campi) -> list[IdentificativoUrbano]:
    gruppi = []
    for n in range(7, c.numero + 1, 6):
        urbana, foglio, numero, denominatore, sub, edificialita = gruppo = c.testi[n : n + 6]
        if not (numero or any(gruppo)):
            continue
        if len(edificialita) > 1 and len(sub) <= 1:
            c.report("subalterno", f"{sub}|{edificialita}", "scambiato con l'edificialità")
            sub, edificialita = edificialita, sub
        gruppi.append(
            IdentificativoUrbano(
                riga,
                urbana or None,
                foglio or None,
                numero or None,
                denominatore or None,
                sub or None,
                edificialita or None,
            )
        )
    return gruppi


def _addresses(riga: int, c: Campi) -> list[IndirizzoCensuario]:
    passo = 6 if (c.numero - 6) % 6 == 0 else 5
    return [
        IndirizzoCensuario(
            riga,
            _street_kind(c, n),
            c.text(n + 1),
            _filled(c.testi[n + 2 : n + 5]),
            c.text(n + 5) if passo == 6 else None,
        )
        for n in range(7, c.numero + 1, passo)
        if c.testi[n + 1] or any(c.testi[n : n + passo])
    ]


def _street_kind(c: Campi, n: int) -> int | None:
    codice = c.integer(n, "toponimo")
    if codice and codice not in toponimi():
        c.report("toponimo", c.testi[n], "codice non in tabella")
    return codice


def _utilities(riga: int, c: Campi) -> list[UtilitaComune]:
    return [
        UtilitaComune(riga, *(t or None for t in c.testi[n : n + 5]))
        for n in range(7, c.numero + 1, 5)
        if any(c.testi[n : n + 5])
    ]


def reserves(riga: int, c: Campi) -> list[Riserva]:
    """Read the groups of a reserves record, the same in both cadastres."""
    return [
        Riserva(riga, c.text(n), c.text(n + 1))
        for n in range(7, c.numero + 1, 2)
        if any(c.testi[n : n + 2])
    ]


def _filled(testi: list[str]) -> tuple[str, ...]:
    return tuple([t for t in testi if t])
