"""Open data of the Agenzia delle Entrate: parcels (``_ple``) and map sheets (``_map``).

The files are not the INSPIRE application schema but what MapServer writes from it:
``wfs:member`` after ``wfs:member``, property names in capital letters or in camelCase,
coordinates in EPSG:6706 with latitude first. Licence of the data: CC BY 4.0.

Duplicates, pseudo-parcels (``STRADA001``) and invalid polygons are handed over as they
are: what to do with them is the caller's judgement.
"""

from catasto.formati.gml.intestazione import IntestazioneGml, TipoGml, peek_gml
from catasto.formati.gml.oggetto import OggettoGml
from catasto.formati.gml.read import read_gml
from catasto.formati.gml.write import write_fogli, write_particelle

__all__ = [
    "IntestazioneGml",
    "OggettoGml",
    "TipoGml",
    "peek_gml",
    "read_gml",
    "write_fogli",
    "write_particelle",
]
