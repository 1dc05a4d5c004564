"""Census supplies of the Agenzia delle Entrate: FAB, TER, SOG, TIT and PRM files.

Every line becomes a record, a part of one, or a RigaRifiutata; every field becomes a
value or an anomaly of its record. Nothing here decides who is right.
"""

from catasto.formati.anomalia import Anomalia, RigaRifiutata
from catasto.formati.censuario.archivio import FileCensuario, find_files
from catasto.formati.censuario.fab import (
    CaratteristicheUrbane,
    IdentificativoUrbano,
    IndirizzoCensuario,
    Riserva,
    SituazioneUrbana,
    UtilitaComune,
)
from catasto.formati.censuario.nota import Nota
from catasto.formati.censuario.prm import RichiestaCensuaria, TipoFornitura, parse_prm
from catasto.formati.censuario.read import read_fab, read_sog, read_ter, read_tit
from catasto.formati.censuario.sog import PersonaFisica, PersonaGiuridica
from catasto.formati.censuario.ter import CaratteristicheTerreno, Porzione, SituazioneTerreno
from catasto.formati.censuario.tit import TitolaritaCensuaria
from catasto.formati.censuario.write import write_fab, write_prm, write_sog, write_ter, write_tit

__all__ = [
    "Anomalia",
    "CaratteristicheTerreno",
    "CaratteristicheUrbane",
    "FileCensuario",
    "IdentificativoUrbano",
    "IndirizzoCensuario",
    "Nota",
    "PersonaFisica",
    "PersonaGiuridica",
    "Porzione",
    "RichiestaCensuaria",
    "RigaRifiutata",
    "Riserva",
    "SituazioneTerreno",
    "SituazioneUrbana",
    "TipoFornitura",
    "TitolaritaCensuaria",
    "UtilitaComune",
    "find_files",
    "parse_prm",
    "read_fab",
    "read_sog",
    "read_ter",
    "read_tit",
    "write_fab",
    "write_prm",
    "write_sog",
    "write_ter",
    "write_tit",
]
