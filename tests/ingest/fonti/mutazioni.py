"""The fixture with one thing changed: a field more, a field less, a value nobody knows."""

import csv
import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

CON_COLONNE = (
    "anagrafe_ascot",
    "anagrafe_lac",
    "anncsu_accessi",
    "anncsu_strade",
    "civici_locali",
    "confine",
    "dpc_aggregati",
    "edifici",
    "imu_aliquote",
    "imu_posizioni",
    "particelle_vettoriali",
    "pericolosita",
    "sezioni_censimento",
    "vincoli",
    "zone",
)
"""Sources whose files name their fields; the others have fields by position, and GML is
read by the names of its elements alone."""

OBBLIGATORIE = [
    ("anagrafe_ascot", "Sesso"),
    ("anagrafe_lac", "cognome"),
    ("anncsu_accessi", "ESPONENTE"),
    ("anncsu_strade", "ODONIMO"),
    ("confine", "istat"),
    ("imu_aliquote", "delibera"),
    ("imu_posizioni", "Rendita"),
    ("sezioni_censimento", "TIPO_LOC"),
    ("zone", "ZN_ZTO"),
]
"""A column without which the source stops. The others tell their layout by every mandatory
column: without one the file is not theirs."""

CATEGORIE = [
    ("anagrafe_ascot", "Sesso"),
    ("anagrafe_lac", "relpar"),
    ("anncsu_accessi", "METODO"),
    ("edifici", "edifc_uso"),
    ("imu_aliquote", "fattispecie"),
    ("imu_posizioni", "Categoria"),
    ("pericolosita", "CLASSE"),
    ("sezioni_censimento", "TIPO_LOC"),
    ("zone", "ZN_ZTO"),
]
"""Sources with a column of codes. The census keeps what it cannot read as an anomaly of the
unit (catasto.md §11); the rest have no codes."""

Row = dict[str, Any]


def with_field(path: Path, folder: Path, name: str, value: str) -> Path:
    """Add a field to every row."""
    return _changed(path, folder, lambda row: {**row, name: value})


def without_field(path: Path, folder: Path, name: str) -> Path:
    """Take a field out of every row."""
    return _changed(path, folder, lambda row: {k: v for k, v in row.items() if k != name})


def with_value(path: Path, folder: Path, name: str, value: str) -> Path:
    """Put a value in the first row alone."""
    done: list[Row] = []

    def change(row: Row) -> Row:
        done.append(row)
        return {**row, name: value} if len(done) == 1 else row

    return _changed(path, folder, change)


def _changed(path: Path, folder: Path, change: Callable[[Row], Row]) -> Path:
    target = folder / path.name
    for beside in path.parent.iterdir():
        shutil.copy(beside, folder / beside.name)
    if path.suffix == ".geojson":
        collection = json.loads(path.read_text())
        for feature in collection["features"]:
            feature["properties"] = change(feature["properties"])
        target.write_text(json.dumps(collection, ensure_ascii=False))
    else:
        _change_table(path, target, change)
    return target


def _change_table(path: Path, target: Path, change: Callable[[Row], Row]) -> None:
    """Change the rows that are as long as the header; the first is the header's model."""
    code = "cp1252" if path.parent.name == "anagrafe_lac" else "utf-8"
    with path.open(encoding=code, newline="") as source:
        names, *rows = csv.reader(source, delimiter=";")
    # Header and rows are changed by position: names may repeat, or be empty.
    keys = [f"{name}" if names.index(name) == i else f"{name}#{i}" for i, name in enumerate(names)]
    good = [dict(zip(keys, row, strict=True)) for row in rows if len(row) == len(names)]
    changed = [change(row) for row in good]
    with target.open("w", encoding=code, newline="") as sink:
        out = csv.writer(sink, delimiter=";", lineterminator="\n")
        out.writerow([key.split("#")[0] if "#" in key else key for key in changed[0]])
        out.writerows([list(row.values()) for row in changed])
