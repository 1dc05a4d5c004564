"""The truth file against the files: every key it names is there, on the right days."""

import csv
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

from catasto.formati.censuario import find_files, read_fab, read_ter, read_tit
from catasto.formati.gml import read_gml
from tests.ingest.generatore.conftest import EDIFICI, Comune, known, within


def census(archivio: Path, tipo: str) -> Iterator[Any]:
    """Yield the readable records of one file of a census supply."""
    lettori: dict[str, Any] = {"FAB": read_fab, "TER": read_ter, "TIT": read_tit}
    for file in find_files(archivio):
        if file.tipo == tipo:
            yield from (r for r in lettori[tipo](file) if hasattr(r, "comune_catastale"))


def column(file: Path, nome: str) -> set[str]:
    """Return the values of a column, damaged rows left out."""
    with file.open(encoding="utf-8", newline="") as flusso:
        return {r[nome] for r in csv.DictReader(flusso, delimiter=";") if None not in r.values()}


def test_parcels(comune: Comune) -> None:
    vere = comune.table("particelle")
    for giorno, gml in comune.supplies("*_ple.gml"):
        nel_file = {o.riferimento for o in read_gml(gml)}
        attese = {p["riferimento"] for p in vere if known(p, giorno)}
        assert len(attese) > 400
        assert {r for r in nel_file if "STRADA" not in r and "ACQUA" not in r} == attese


def test_land(comune: Comune) -> None:
    veri = comune.table("terreni")
    for giorno, archivio in comune.supplies("*_TERRENI_*.zip"):
        nel_file = {
            (f"P{r.immobile}", str(r.caratteristiche.qualita)) for r in census(archivio, "TER")
        }
        attesi = {(t["particella"], t["qualita"]) for t in veri if known(t, giorno)}
        assert len(attesi) > 400
        assert nel_file == attesi


def test_units(comune: Comune) -> None:
    veri = comune.table("unita_stati")
    for giorno, archivio in comune.supplies("*_FABBRICATI_*.zip"):
        nel_file = {(f"U{r.immobile}", str(r.progressivo)) for r in census(archivio, "FAB")}
        attesi = {(s["unita"], s["progressivo"]) for s in veri if known(s, giorno)}
        assert len(attesi) > 300
        assert nel_file == attesi


def test_rights(comune: Comune) -> None:
    veri = comune.table("titolari")
    stati = comune.table("unita_stati")
    for giorno, archivio in comune.supplies("*_FABBRICATI_*.zip"):
        vive = {s["unita"] for s in stati if known(s, giorno)}
        nel_file = {f"T{r.identificativo}" for r in census(archivio, "TIT")}
        attesi = {t["titolarita"] for t in veri if t["oggetto"] in vive and known(t, giorno)}
        assert len(attesi) > 400
        assert nel_file == attesi


def test_footprints(comune: Comune) -> None:
    from pyogrio import read_info  # noqa: PLC0415 - slow to import, one test needs it

    vere = comune.table("impronte")
    edifici = {e["edificio"]: e for e in comune.table("edifici")}
    file = comune.supplies("edifici_*.gpkg")
    assert len(file) == 4
    for giorno, gpkg in file:
        del_giorno = [i for i in vere if i["fornitura"] == giorno.isoformat()]
        assert read_info(gpkg)["features"] == len(del_giorno)
        assert sorted(int(i["objectid"]) for i in del_giorno) == list(range(1, len(del_giorno) + 1))
        for i in del_giorno:
            e = edifici[i["edificio"]]
            assert within(e["dal"], e["al"], giorno)


def test_doors(comune: Comune) -> None:
    veri = comune.table("civici")
    for giorno, file in comune.supplies("INDIR_*.csv"):
        attesi = {c["progressivo_accesso"] for c in veri if within(c["dal"], c["al"], giorno)}
        assert len(attesi) > 150
        assert column(file, "PROGRESSIVO_ACCESSO") == attesi
        strade = next(iter(file.parent.glob("STRAD_*.csv")))
        assert column(file, "PROGRESSIVO_NAZIONALE") <= column(strade, "PROGRESSIVO_NAZIONALE")


def test_residents(comune: Comune) -> None:
    vere = comune.table("residenze")
    for giorno, file in comune.supplies("LAC_*.csv"):
        attesi = {r["persona"] for r in vere if within(r["dal"], r["al"], giorno)}
        assert len(attesi) > 200
        assert {f"S{p}" for p in column(file, "idindividuo")} == attesi


def test_positions(comune: Comune) -> None:
    vere = comune.table("posizioni")
    stati = comune.table("unita_stati")
    for giorno, file in comune.supplies("IMU_posizioni_*.csv"):
        vive = {s["unita"] for s in stati if known(s, giorno) and s["rendita"]}
        attese = {p["codice_utenza"] for p in vere if p["unita"] in vive and known(p, giorno)}
        assert len(attese) > 250
        assert column(file, "CodiceUtenza") == attese


def test_keys_lead_to_objects_of_the_truth(comune: Comune) -> None:
    edifici = {e["edificio"] for e in comune.table("edifici")}
    unita = {u["unita"] for u in comune.table("unita")}
    soggetti = {s["soggetto"] for s in comune.table("soggetti")}
    civici = {c["civico"] for c in comune.table("civici")}
    assert len({s["soggetto"] for s in comune.table("soggetti")}) == len(comune.table("soggetti"))
    for r in comune.table("residenze"):
        assert r["persona"] in soggetti
        assert r["unita"] in unita
        assert r["edificio"] in edifici
        assert {r["civico"], r["civico_dichiarato"]} <= civici
    for u in comune.table("unita_edificio"):
        assert u["unita"] in unita
        assert u["edificio"] in edifici
    for t in comune.table("titolari"):
        assert t["soggetto"] in soggetti or not within(t["nota_da"], t["nota_fino"], LONTANO)


LONTANO = date(2025, 1, 1)


def test_as_many_buildings_as_asked(comune: Comune) -> None:
    assert comune.verita["edifici"] == EDIFICI
