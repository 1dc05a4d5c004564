"""Land cadastre: the census supply of a municipality (TER, SOG, TIT, PRM in a ZIP).

Agenzia delle Entrate, for the municipality, on request; personal data. We take parcels
with quality, class, area, incomes and portions, the subjects, and their rights. Left out:
incomes in lire, annotations (free text that names people), ids and words of the notes, and
the flag of income, which published tables decode the wrong way round. Partita 0000000
says that the parcel was suppressed (catasto.md §4).
"""

from collections.abc import Iterator
from functools import partial
from pathlib import Path

from catasto.formati.censuario import CaratteristicheTerreno, SituazioneTerreno, read_ter
from ingest.contract import Ambito, Asserzione, Detto, Fonte, Rifiuto
from ingest.formats import censuario
from ingest.formats.censuario import canonical, deed

FONTE = Fonte(
    title="Catasto terreni",
    publisher="Agenzia delle Entrate",
    licence="riservata al comune: dati personali",
    cadence="su richiesta",
    facts=("particella_censuaria", *censuario.FATTI_COMUNI),
    persone=True,
)


def recognise(path: Path) -> bool:
    """Tell whether the file is one supply of the land cadastre."""
    return censuario.is_supply(path, "TER")


def ambito(path: Path) -> Ambito:
    """Return what was asked of the cadastre."""
    return censuario.supply_ambito(path, "TER", FONTE.facts)


def read(path: Path, ambito: Ambito) -> Iterator[Detto]:
    """Say each parcel, each subject, each right."""
    yield from censuario.count_check(path, ("TER", "SOG", "TIT"))
    files = censuario.supply_files(path, "TER")
    yield from censuario.each(files, read_ter, partial(_parcel, ambito=ambito))
    yield from censuario.subjects_and_rights(path)


def _parcel(s: SituazioneTerreno, ambito: Ambito) -> Iterator[Detto]:
    """Say one version of a parcel."""
    c = s.caratteristiche
    chiave = censuario.property_key("T", s.comune_catastale, s.sezione, s.immobile)
    if c is None or not canonical(c.foglio) or not canonical(c.numero):
        motivo = "TER: la particella non ha foglio e numero"
        yield Rifiuto(s.riga, motivo, chiavi=(("particella_censuaria", chiave),))
        return
    yield from censuario.anomalies(s.riga, s.anomalie, ("particella_censuaria", chiave))
    valori: dict[str, object] = {
        "comune_catastale": s.comune_catastale,
        "sezione": s.sezione,
        "identificativo": s.immobile,
        "progressivo": s.progressivo,
        **_characteristics(c),
        "porzioni": [
            {
                "identificativo": p.identificativo,
                "qualita": None if p.qualita is None else str(p.qualita),
                "classe": p.classe,
                "superficie_mq": None if p.superficie is None else int(p.superficie),
                "reddito_dominicale": p.reddito_dominicale,
                "reddito_agrario": p.reddito_agrario,
            }
            for p in s.porzioni
        ],
        "deduzioni": s.deduzioni,
        "riserve": [{"codice": r.codice, "partita": r.partita} for r in s.riserve],
    }
    said = Asserzione(
        "particella_censuaria",
        chiave,
        valori,
        s.riga,
        ordine=s.progressivo,
        parte=censuario.part(s.comune_catastale, s.sezione),
    )
    if c.partita is not None and not c.partita.strip("0"):
        yield censuario.ended(said, c.generante, ambito)
    else:
        yield from censuario.dated(said, c.generante, c.conclusivo)


def _characteristics(c: CaratteristicheTerreno) -> dict[str, object]:
    """Return the columns of record 1; the census knows no allegato and no sviluppo."""
    return {
        "foglio": canonical(c.foglio),
        "allegato": "0",
        "sviluppo": "0",
        "numero": canonical(c.numero),
        "denominatore": canonical(c.denominatore),
        "subalterno": canonical(c.subalterno),
        "qualita": None if c.qualita is None else str(c.qualita),
        "classe": c.classe,
        "superficie_mq": None if c.superficie is None else int(c.superficie),
        "reddito_dominicale": c.reddito_dominicale,
        "reddito_agrario": c.reddito_agrario,
        "partita": c.partita,
        "atto_generante": deed(c.generante),
        "atto_conclusivo": deed(c.conclusivo),
    }
