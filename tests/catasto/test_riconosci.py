"""Files are known by what is in them."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from catasto.formati.riconosci import TipoFile, recognise
from tests.catasto.censuario import FAB_1, SOG_G, SOG_P, TER_1, TIT
from tests.catasto.dati import real_file
from tests.catasto.test_censuario_prm import PRM
from tests.catasto.test_cxf import MINIMA
from tests.catasto.test_gml import CODA, TESTA, member
from tests.catasto.test_sup import SUP

CASI = [
    (FAB_1, TipoFile.FAB),
    (f"rotta\n{FAB_1}", TipoFile.FAB),
    (TER_1, TipoFile.TER),
    (SOG_P, TipoFile.SOG),
    (SOG_G, TipoFile.SOG),
    (TIT, TipoFile.TIT),
    (PRM, TipoFile.PRM),
    (MINIMA, TipoFile.CXF),
    (SUP, TipoFile.SUP),
    (TESTA + member() + CODA, TipoFile.GML_PARTICELLE),
    (TESTA + member().replace("Parcel", "Zoning") + CODA, TipoFile.GML_FOGLI),
    ((TESTA + member() + CODA).replace("6706", "3003"), TipoFile.GML_PARTICELLE),
    ("\ufeff" + TESTA + member() + CODA, TipoFile.GML_PARTICELLE),
    ("", None),
    ("comune;foglio;particella\nH501;1;2\n", None),
    ("<html><body>MAPPA</body></html>", None),
    ("H501|una|riga|qualsiasi|", None),
    ("PK\x03\x04rotto", None),
]


@pytest.mark.parametrize(("testo", "tipo"), CASI)
def test_a_file_is_known_by_its_content(testo: str, tipo: TipoFile | None, tmp_path: Path) -> None:
    (tmp_path / "senza_nome").write_text(testo, encoding="utf-8")
    assert recognise(tmp_path / "senza_nome") == tipo


def test_an_empty_answer_is_known_by_its_name(tmp_path: Path) -> None:
    for nome, tipo in (
        ("H501_ROMA_ple.gml", TipoFile.GML_PARTICELLE),
        ("H501_ROMA_MAP.GML", TipoFile.GML_FOGLI),
        ("altro.gml", None),
    ):
        (tmp_path / nome).write_text(TESTA + CODA, encoding="utf-8")
        assert recognise(tmp_path / nome) == tipo


def test_an_archive_is_a_supply_when_it_holds_census_files(tmp_path: Path) -> None:
    for nome, tipo in (("H501_1.FAB", TipoFile.FORNITURA), ("a.txt", None)):
        flusso = io.BytesIO()
        with zipfile.ZipFile(flusso, "w") as z:
            z.writestr(nome, FAB_1)
        (tmp_path / "a.zip").write_bytes(flusso.getvalue())
        assert recognise(tmp_path / "a.zip") == tipo


@given(st.binary(max_size=200))
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
def test_any_file_may_be_asked(tmp_path: Path, contenuto: bytes) -> None:
    (tmp_path / "x").write_bytes(contenuto)
    assert recognise(tmp_path / "x") in {None, *TipoFile}


def test_real_files_are_known() -> None:
    attesi = {
        "catasto/ade_wfs_sample/A176_003100_329.gml": TipoFile.GML_PARTICELLE,
        "catasto/catasto-open_catasto-ingest/H501D076700.CTF": TipoFile.CXF,
        "catasto/amefad_QGIS_import_catasto/test.cxf": TipoFile.CXF,
        "catasto/comunedibari_SIT/docfa/B648_200910_DC.DAT": None,
        "catasto/comunedibari_SIT/categorie_catastali.xls": None,
        "catasto/amefad_manuale_cdu_creator/db_esempio.gpkg": None,
    }
    assert {p: recognise(real_file(p)) for p in attesi} == attesi
