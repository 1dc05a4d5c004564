"""Parcels of the cadastral map, open data of the Agenzia delle Entrate (``_ple`` GML).

Published about twice a year, CC BY 4.0. We take the reference and the outline; the label
and the local id repeat the reference. Roads and waters (``STRADA001``) are kept with
their class: they tile the sheet with the parcels. The same reference with two outlines is
one parcel in several parts (catasto.md §16).
"""

from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path

from catasto.errors import CatastoError
from catasto.formati.gml import TipoGml, peek_gml, read_gml
from catasto.nome_mappa import NomeMappa
from catasto.riferimento import RiferimentoCatastale
from ingest.contract import Ambito, Asserzione, Avviso, Detto, Fonte, Rifiuto
from territorio.errors import Refused

FONTE = Fonte(
    title="Cartografia catastale: particelle",
    publisher="Agenzia delle Entrate",
    licence="CC BY 4.0",
    cadence="semestrale",
    facts=("particella",),
)


def recognise(path: Path) -> bool:
    """Tell whether the file is a GML of parcels."""
    return gml_kind(path) is TipoGml.PARTICELLE


def ambito(path: Path) -> Ambito:
    """Return the municipality of the first parcel and the day the file was written."""
    return gml_ambito(path, FONTE.facts)


def read(path: Path, ambito: Ambito) -> Iterator[Detto]:
    """Say each parcel, road and water of the file."""
    yield from read_part(path, ambito, (0, 1))


def read_part(path: Path, _ambito: Ambito, parte: tuple[int, int]) -> Iterator[Detto]:
    """Say what is in every n-th block of the file."""
    if parte[0] == 0:
        yield from axes(path)
    for oggetto in read_gml(path, parte=parte):
        try:
            riferimento = _riferimento(oggetto.riferimento)
        except CatastoError as error:
            yield Rifiuto(oggetto.riga, str(error), oggetto.riferimento)
            continue
        if oggetto.geometria is None:
            reason = oggetto.problema or "manca la geometria"
            about = (("particella", riferimento.chiave),)
            yield Rifiuto(oggetto.riga, reason, oggetto.riferimento, about)
            continue
        if oggetto.problema is not None:
            yield Avviso(
                oggetto.riga,
                "geometria difettosa",
                oggetto.problema,
                campo="geometria",
                chiave=("particella", riferimento.chiave),
            )
        yield Asserzione(
            "particella",
            riferimento.chiave,
            valori(riferimento),
            oggetto.riga,
            geometria=oggetto.geometria,
            parte=riferimento.comune_catastale,
        )


def _riferimento(testo: str) -> RiferimentoCatastale:
    """Return the reference of a parcel; its map is read once for all the parcels on it."""
    mappa, punto, numero = testo.partition(".")
    if not punto:
        return RiferimentoCatastale.parse(testo)
    return RiferimentoCatastale.of_mappa(_mappa(mappa), numero)


@lru_cache(maxsize=4096)
def _mappa(nome: str) -> NomeMappa:
    return NomeMappa.parse(nome)


def valori(riferimento: RiferimentoCatastale) -> dict[str, object]:
    """Return the columns of the whole cadastral key."""
    return {
        "comune_catastale": riferimento.comune_catastale,
        "sezione": riferimento.sezione,
        "foglio": riferimento.foglio,
        "allegato": riferimento.allegato,
        "sviluppo": riferimento.sviluppo,
        "numero": riferimento.numero,
        "denominatore": riferimento.denominatore,
        "classe": riferimento.classe.value,
    }


def gml_kind(path: Path) -> TipoGml | None:
    """Return what a GML of the Agenzia holds; None for any other file."""
    if path.suffix.lower() != ".gml":
        return None
    try:
        return peek_gml(path).tipo
    except CatastoError:
        return None


def axes(path: Path) -> Iterator[Avviso]:
    """Report a file that writes longitude first, against its own declaration."""
    if peek_gml(path).assi_scambiati:
        motivo = "il file scrive prima la longitudine: le coordinate sono state scambiate"
        yield Avviso(None, "assi scambiati", motivo, campo="geometria")


def gml_ambito(path: Path, facts: tuple[str, ...]) -> Ambito:
    """Return what a GML of the Agenzia speaks for: one code of the cadastre.

    A merged municipality goes on having a file for each of its old codes.
    """
    try:
        head = peek_gml(path)
        first = next(iter(read_gml(path)), None)
        if first is None:
            raise Refused(path.name, "il file non contiene nessun oggetto")
        comune = first.mappa.comune_catastale
    except CatastoError as error:
        raise Refused(path.name, f"il primo oggetto non si legge: {error.dentro}") from None
    return Ambito(
        comune,
        head.data_ora.date() if head.data_ora else None,
        parti=dict.fromkeys(facts, (comune,)),
    )
