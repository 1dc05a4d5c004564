"""IMU positions: exports that leave columns out."""

from pathlib import Path

from ingest.contract import Asserzione
from tests.ingest.fonti import mutazioni
from tests.ingest.fonti.lettura import fixture, said


def positions(path: Path) -> dict[str, dict[str, object]]:
    """Return what is said of each position."""
    found = said("imu_posizioni", path)
    taken = (d for d in found if isinstance(d, Asserzione) and d.fatto == "posizione_imu")
    return {d.chiave: dict(d.valori) for d in taken}


def test_an_export_without_categories_is_read_all_the_same(tmp_path: Path) -> None:
    whole = positions(fixture("imu_posizioni"))
    bare = positions(mutazioni.without_field(fixture("imu_posizioni"), tmp_path, "Categoria"))
    assert len(whole) > 2
    assert {key: {**one, "categoria": None} for key, one in whole.items()}.items() <= bare.items()
