"""Sheets of the cadastral map, open data of the Agenzia delle Entrate (``_map`` GML).

Published about twice a year with the parcels, CC BY 4.0. We take the name of the map,
which holds section, foglio, allegato and sviluppo, and the outline; the label repeats the
name and the level is the same for all (catasto.md §16).
"""

from collections.abc import Iterator
from pathlib import Path

from catasto.errors import CatastoError
from catasto.formati.gml import TipoGml, read_gml
from catasto.nome_mappa import NomeMappa
from ingest.contract import Ambito, Asserzione, Avviso, Detto, Fonte, Rifiuto
from ingest.fonti.ade_particelle import axes, gml_ambito, gml_kind

FONTE = Fonte(
    title="Cartografia catastale: fogli",
    publisher="Agenzia delle Entrate",
    licence="CC BY 4.0",
    cadence="semestrale",
    facts=("foglio",),
)


def recognise(path: Path) -> bool:
    """Tell whether the file is a GML of map sheets."""
    return gml_kind(path) is TipoGml.FOGLI


def ambito(path: Path) -> Ambito:
    """Return the municipality of the first sheet and the day the file was written."""
    return gml_ambito(path, FONTE.facts)


def read(path: Path, _ambito: Ambito) -> Iterator[Detto]:
    """Say each sheet and each inset of the file."""
    yield from axes(path)
    for oggetto in read_gml(path):
        try:
            mappa = oggetto.mappa
        except CatastoError as error:
            yield Rifiuto(oggetto.riga, str(error), oggetto.riferimento)
            continue
        if oggetto.geometria is None:
            reason = oggetto.problema or "manca la geometria"
            yield Rifiuto(oggetto.riga, reason, oggetto.riferimento, (("foglio", str(mappa)),))
            continue
        if oggetto.problema is not None:
            yield Avviso(
                oggetto.riga,
                "geometria difettosa",
                oggetto.problema,
                campo="geometria",
                chiave=("foglio", str(mappa)),
            )
        yield Asserzione(
            "foglio",
            str(mappa),
            valori(mappa),
            oggetto.riga,
            geometria=oggetto.geometria,
            parte=mappa.comune_catastale,
        )


def valori(mappa: NomeMappa) -> dict[str, object]:
    """Return the columns of the name of a map."""
    return {
        "comune_catastale": mappa.comune_catastale,
        "sezione": mappa.sezione,
        "foglio": mappa.foglio,
        "allegato": mappa.allegato,
        "sviluppo": mappa.sviluppo,
    }
