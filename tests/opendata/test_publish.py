"""Versions: numbered, whole or not there, none without a change."""

import hashlib
import json
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from pathlib import Path
from typing import Any

import pyogrio
import pytest
import sqlalchemy as sa

from opendata import pubblicazione
from opendata.dataset import BY_NAME, DATASETS
from opendata.ente import Ente
from opendata.formats import FORMATI
from opendata.publish import Esito, Richiesta, publish
from territorio import db
from territorio.errors import InvalidInput, NotFound
from tests import factories as f
from tests.factory_defaults import COMUNE, rettangolo
from tests.opendata.paese import PIENI
from tests.territorio.casa import NOMI

ENTE = Ente("Unione delle Terre Inventate", "uti")


def publish_one(engine: sa.Engine, folder: Path, nome: str = "edifici", *formati: str) -> Esito:
    return publish(engine, folder, ENTE, Richiesta(BY_NAME[nome], COMUNE, formati))


def change(engine: sa.Engine, statement: str, **values: object) -> None:
    with db.transaction(engine) as conn:
        conn.execute(sa.text(statement), values)


def standing(folder: Path) -> list[str]:
    return sorted(str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file())


def described(folder: Path, nome: str = "edifici", numero: int = 1) -> dict[str, Any]:
    path = pubblicazione.folder_of(folder, nome, COMUNE, numero) / "metadati.json"
    body: dict[str, Any] = json.loads(path.read_text("utf-8"))
    return body


def test_each_dataset_is_published_in_all_its_formats(paese: sa.Engine, tmp_path: Path) -> None:
    for nome in PIENI:
        made = publish_one(paese, tmp_path, nome)
        assert (made.esito, made.numero) == ("pubblicata", 1)
        assert made.cambi == {"nuovo": made.righe}
    with db.transaction(paese) as conn:
        found = pubblicazione.search(conn)
    assert sorted(one.dataset for one in found) == sorted(PIENI)
    for one in found:
        folder = pubblicazione.folder_of(tmp_path, one.dataset, COMUNE, 1)
        assert {file.nome for file in one.file} == {path.name for path in folder.iterdir()}
        for file in one.file:
            data = (folder / file.nome).read_bytes()
            assert (file.byte, file.sha256) == (len(data), hashlib.sha256(data).hexdigest())
    edifici = next(one for one in found if one.dataset == "edifici")
    assert {file.formato for file in edifici.file} == {
        *(FORMATI.keys() - {"ponte"}),
        "metadati",
    }


def test_what_did_not_change_is_not_published_again(paese: sa.Engine, tmp_path: Path) -> None:
    publish_one(paese, tmp_path)
    before = {path: (tmp_path / path).stat().st_mtime_ns for path in standing(tmp_path)}
    again = publish_one(paese, tmp_path)
    assert (again.esito, again.numero, again.righe, again.file) == ("invariata", 1, 3, ())
    assert {path: (tmp_path / path).stat().st_mtime_ns for path in standing(tmp_path)} == before


def test_a_change_makes_the_next_version_and_keeps_the_last(
    paese: sa.Engine, tmp_path: Path
) -> None:
    publish_one(paese, tmp_path, "edifici", "geojson")
    first = standing(tmp_path)
    with db.transaction(paese) as conn:
        f.new_edificio(conn, geometria=rettangolo(500, 500))
        publishing_refresh(conn)
    made = publish_one(paese, tmp_path, "edifici", "geojson")
    assert (made.esito, made.numero, made.righe, made.cambi) == ("pubblicata", 2, 4, {"nuovo": 1})
    assert set(first) < set(standing(tmp_path))
    with db.transaction(paese) as conn:
        assert [v.numero for v in pubblicazione.search(conn, "edifici", COMUNE)] == [2, 1]
        assert pubblicazione.find_or_none(conn, "edifici", COMUNE, 1) is not None


def publishing_refresh(conn: sa.Connection) -> None:
    """Write the collections of the village anew."""
    from territorio import pubblicato
    from territorio.schema_pubblico import COLLEZIONI

    for table in COLLEZIONI.values():
        conn.execute(sa.delete(table))
    pubblicato.refresh(conn, COMUNE)


def test_a_dataset_without_rows_is_not_published(paese: sa.Engine, tmp_path: Path) -> None:
    change(paese, "DELETE FROM pubblico.edifici")
    assert publish_one(paese, tmp_path).esito == "vuota"
    assert standing(tmp_path) == []


def test_a_dataset_that_loses_all_its_rows_is_published_empty(
    paese: sa.Engine, tmp_path: Path
) -> None:
    publish_one(paese, tmp_path)
    change(paese, "DELETE FROM pubblico.edifici")
    made = publish_one(paese, tmp_path)
    assert (made.numero, made.righe, made.cambi) == (2, 0, {"cessato": 3})


def test_a_format_that_is_missing_is_added_to_the_version(paese: sa.Engine, tmp_path: Path) -> None:
    publish_one(paese, tmp_path, "edifici", "csv")
    made = publish_one(paese, tmp_path, "edifici", "csv", "gpkg")
    assert (made.esito, made.numero) == ("completata", 1)
    assert {file.formato for file in made.file} == {"gpkg", "metadati"}
    assert {one["formato"] for one in described(tmp_path)["file"]} == {"csv", "csvw", "gpkg"}
    assert publish_one(paese, tmp_path, "edifici", "csv", "gpkg").esito == "invariata"


def test_a_file_that_was_lost_is_written_again(paese: sa.Engine, tmp_path: Path) -> None:
    publish_one(paese, tmp_path, "edifici", "geojson")
    file = tmp_path / "edifici" / COMUNE / "1" / f"edifici_{COMUNE}.geojson"
    data = file.read_bytes()
    file.unlink()
    assert publish_one(paese, tmp_path, "edifici", "geojson").esito == "completata"
    assert file.read_bytes() == data


def test_a_version_that_fails_leaves_nothing(
    paese: sa.Engine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object) -> None:
        raise BrokenPipeError

    monkeypatch.setattr("opendata.differenza.record", fail)
    with pytest.raises(BrokenPipeError):
        publish_one(paese, tmp_path, "edifici", "csv")
    with db.transaction(paese) as conn:
        assert pubblicazione.search(conn) == []
    assert standing(tmp_path) == []
    monkeypatch.undo()
    assert publish_one(paese, tmp_path, "edifici", "csv").numero == 1


def test_what_a_killed_process_left_is_cleared_away(paese: sa.Engine, tmp_path: Path) -> None:
    for name in (".1.parziale", "1"):
        left = tmp_path / "edifici" / COMUNE / name
        left.mkdir(parents=True)
        (left / "half.gpkg").write_text("half")
    publish_one(paese, tmp_path, "edifici", "geojson")
    assert standing(tmp_path) == [
        f"edifici/{COMUNE}/1/edifici_{COMUNE}.geojson",
        f"edifici/{COMUNE}/1/metadati.json",
    ]


def test_it_is_told_whose_the_data_are_and_what_they_mean(paese: sa.Engine, tmp_path: Path) -> None:
    publish_one(paese, tmp_path)
    told = described(tmp_path)
    assert told["licenza"]["url"] == "https://creativecommons.org/licenses/by/4.0/"
    assert "Fonte prova (Ente inventato)" in told["attribuzione"]
    assert [(one["codice"], one["licenza"], one["righe"]) for one in told["fonti"]] == [
        ("prova", "CC0", 3)
    ]
    assert told["data"] == date.today().isoformat()  # noqa: DTZ011 -- the database's day is UTC
    assert {one["nome"] for one in told["campi"]} >= {"codice", "uso", "area_mq"}
    by_name = {one["nome"]: one for one in told["campi"]}
    assert (by_name["area_mq"]["tipo"], by_name["area_mq"]["unita"]) == ("decimal", "m²")
    assert all(len(one["sha256"]) == 64 for one in told["file"])


@pytest.mark.parametrize("licenza", ["ODbL 1.0", "CC BY-SA 4.0", "riservata al comune"])
def test_rows_that_may_not_leave_under_our_licence_stay_out_and_it_is_told(
    paese: sa.Engine, tmp_path: Path, licenza: str
) -> None:
    with db.transaction(paese) as conn:
        f.new_fonte(conn, "osm", licenza=licenza)
        f.new_fornitura(conn, fonte="osm")
        f.new_edificio(conn, fonte="osm", geometria=rettangolo(700, 700))
        publishing_refresh(conn)
    made = publish_one(paese, tmp_path)
    assert made.righe == 3
    folder = tmp_path / "edifici" / COMUNE / "1"
    frame = pyogrio.read_dataframe(folder / f"edifici_{COMUNE}.gpkg")
    assert set(frame["fonte"]) == {"prova"}
    told = described(tmp_path)
    assert [(one["codice"], one["righe"]) for one in told["fonti_escluse"]] == [("osm", 1)]
    assert any("licenza" in limit for limit in told["limiti"])


def test_a_licence_that_is_not_open_is_told(paese: sa.Engine, tmp_path: Path) -> None:
    change(paese, "UPDATE registro.fonte SET licenza = 'della fonte consegnata'")
    publish_one(paese, tmp_path)
    assert any(
        "3 righe sono della fonte «Fonte prova»" in limit for limit in described(tmp_path)["limiti"]
    )


def test_no_name_of_a_person_is_in_any_file(paese: sa.Engine, tmp_path: Path) -> None:
    for dataset in DATASETS:
        publish_one(paese, tmp_path, dataset.nome)
    data = b"".join((tmp_path / path).read_bytes() for path in standing(tmp_path))
    assert b"VIA ROMA" in data
    assert [name for name in NOMI if name.encode() in data] == []


def test_what_took_the_place_of_what_is_gone_is_in_the_bridge(
    paese: sa.Engine, tmp_path: Path
) -> None:
    with db.transaction(paese) as conn:
        old, new = f.new_edificio(conn), f.new_edificio(conn)
        conn.execute(
            sa.text(
                "INSERT INTO registro.genealogia"
                " (comune, evento, tipo, oggetto, da, a, giorno, nota_da, motivo)"
                " VALUES (:c, 1, 'sostituzione', 'edificio', :da, :a, '2024-05-01', 1, 'segreto')"
            ),
            {"c": COMUNE, "da": old, "a": new},
        )
    publish_one(paese, tmp_path)
    text = (tmp_path / "edifici" / COMUNE / "1" / f"edifici_{COMUNE}.ponte.csv").read_text()
    header, line = text.splitlines()
    assert header == "id,codice,evento,giorno,successore,successore_codice"
    assert (line.split(",")[0], line.split(",")[4]) == (str(old), str(new))
    assert "segreto" not in text


def test_two_who_publish_at_once_make_one_version(paese: sa.Engine, tmp_path: Path) -> None:
    with ThreadPoolExecutor(2) as both:
        made = list(both.map(lambda _: publish_one(paese, tmp_path, "edifici", "csv"), range(2)))
    assert sorted(one.esito for one in made) == ["invariata", "pubblicata"]
    assert {one.numero for one in made} == {1}


def test_an_unknown_municipality_or_format_is_refused(paese: sa.Engine, tmp_path: Path) -> None:
    with pytest.raises(NotFound):
        publish(paese, tmp_path, ENTE, Richiesta(BY_NAME["edifici"], "Z999"))
    with pytest.raises(InvalidInput):
        publish_one(paese, tmp_path, "edifici", "shp")
