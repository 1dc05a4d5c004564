"""Real files for the tests of the sources: used where they are, never in the repository."""

import pytest

from tests.ingest.fonti.lettura import DATI

MAPPA = DATI / "catasto/catasto-open_catasto-ingest/H501D076700.CTF"
CASSINI = DATI / "catasto/amefad_QGIS_import_catasto/test.cxf"
CASARSA = DATI / "catasto/amefad_manuale_cdu_creator/db_esempio.gpkg"
WFS = DATI / "catasto/ade_wfs_sample/A176_003100_329.gml"
AGGREGATI = DATI / "edifici/dpc-aggregati"
CONFINI = DATI / "confini/comuni-demo/comuni_demo.geojson"
BOLZANO = DATI / "indirizzi/bolzano-civici-fie/Addresses_point.shp"
ALESSANDRIA = DATI / "indirizzi/alessandria"
ANAGNI = DATI / "indirizzi/anncsu/INDIR_A269_estratto_20260223.csv"
PUNTI = DATI / "indirizzi/anncsu-punti"

reali = pytest.mark.skipif(
    not DATI.exists(), reason="i file reali (cartella shared/data) non ci sono su questa macchina"
)
