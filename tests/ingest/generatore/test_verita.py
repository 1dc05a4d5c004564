"""The truth file against the files: every key it names is there, on the right days."""

import csv
from collections.abc import Iterator
from datetime import date
from itertools import pairwise
from pathlib import Path
from typing import Any

from pyogrio import read_info

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
    chiavi = {
        nome: {riga[nome] for riga in comune.table(tabella)}
        for nome, tabella in (
            ("edificio", "edifici"),
            ("particella", "particelle"),
            ("unita", "unita"),
            ("soggetto", "soggetti"),
            ("civico", "civici"),
            ("titolarita", "titolari"),
        )
    }
    assert len(chiavi["soggetto"]) == len(comune.table("soggetti"))
    for tabella, colonne in (
        ("impronte", ("edificio",)),
        ("edificio_particella", ("edificio", "particella")),
        ("particella_unita", ("particella", "unita")),
        ("unita_edificio", ("unita", "edificio")),
        ("civico_edificio", ("civico", "edificio")),
        ("residenze", ("unita", "civico", "edificio")),
        ("civici", ("edificio",)),
        ("posizioni", ("titolarita", "unita", "soggetto")),
    ):
        righe = comune.table(tabella)
        assert len(righe) > 200, tabella
        for colonna in colonne:
            assert {r[colonna] for r in righe} <= chiavi[colonna], (tabella, colonna)


def test_every_standing_building_has_its_square_metres(comune: Comune) -> None:
    for giorno in (date(2021, 1, 1), date(2023, 1, 1), date(2025, 1, 1)):
        coperti = {
            r["edificio"]
            for r in comune.table("edificio_particella")
            if within(r["dal"], r["al"], giorno) and float(r["mq"]) > 5
        }
        in_piedi = {
            e["edificio"] for e in comune.table("edifici") if within(e["dal"], e["al"], giorno)
        }
        assert len(in_piedi) > 200
        assert coperti == in_piedi


def test_a_person_lives_in_one_place_at_a_time(comune: Comune) -> None:
    per_persona: dict[str, list[tuple[str, str]]] = {}
    for r in comune.table("residenze"):
        per_persona.setdefault(r["persona"], []).append((r["dal"], r["al"] or "9999"))
    for periodi in per_persona.values():
        periodi.sort()
        assert all(prima[1] <= dopo[0] for prima, dopo in pairwise(periodi))
    assert any(len(p) > 1 for p in per_persona.values()), "nobody has moved"


def test_as_many_buildings_as_asked(comune: Comune) -> None:
    fatti = comune.verita["edifici"]
    assert isinstance(fatti, int)
    # What towns hold is estimated before it is drawn; farms make up the difference.
    assert abs(fatti - EDIFICI) <= 0.03 * EDIFICI
