"""IMU rate sheets: rates beside what the law allows."""

from pathlib import Path

import pytest

from ingest.contract import Asserzione, Avviso
from tests.ingest.fonti.lettura import said

HEAD = "codice_catastale;anno;fattispecie;aliquota;delibera;data_delibera\n"


@pytest.mark.parametrize(
    ("anno", "fattispecie", "aliquota", "told"),
    [
        (2025, "abitazione_principale_lusso", "0,6", False),
        (2025, "abitazione_principale_lusso", "0,86", True),
        (2025, "fabbricati_rurali_strumentali", "0,11", True),
        (2025, "fabbricati_gruppo_d", "0,5", True),
        (2025, "fabbricati_gruppo_d", "1,14", False),
        (2025, "terreni_agricoli", "1,07", True),
        (2025, "altri_fabbricati", "0", False),
        # Before 2020 the law had other limits.
        (2019, "fabbricati_rurali_strumentali", "0,2", False),
    ],
)
def test_a_rate_the_law_does_not_allow_is_taken_and_told(
    tmp_path: Path, anno: int, fattispecie: str, aliquota: str, told: bool
) -> None:
    path = tmp_path / "aliquote.csv"
    path.write_text(f"{HEAD}X999;{anno};{fattispecie};{aliquota};12;01/12/2024\n")
    found = said("imu_aliquote", path)
    assert [d.valori["fattispecie"] for d in found if isinstance(d, Asserzione)] == [fattispecie]
    kinds = [d.tipo for d in found if isinstance(d, Avviso)]
    assert kinds == ["imu.aliquota_oltre_i_limiti"] * told


@pytest.mark.parametrize(("testo", "ammessa"), [("sì", True), ("Si", True), ("no", False)])
def test_a_yes_is_a_yes_however_it_is_written(tmp_path: Path, testo: str, ammessa: bool) -> None:
    path = tmp_path / "aliquote.csv"
    path.write_text(f"{HEAD}X999;2025;assimilazione_anziani_disabili;{testo};12;01/12/2024\n")
    (one,) = [d for d in said("imu_aliquote", path) if isinstance(d, Asserzione)]
    assert one.valori["ammessa"] is ammessa
