"""What even a small town must show: events, defects, stories, and reading without surprises."""

import csv
import importlib
import pkgutil
from datetime import date
from pathlib import Path
from types import ModuleType

import pytest
from pyogrio import read_dataframe

import ingest.fonti
from ingest.contract import Rifiuto
from ingest.generatore import genera
from territorio.errors import InvalidInput
from tests.ingest.generatore.conftest import COMUNE, Comune

EVENTI = {
    "edificio:nuova_costruzione",
    "edificio:demolizione",
    "edificio:ampliamento",
    "edificio:divisione",
    "edificio:fusione",
    "particella:frazionamento",
    "particella:fusione",
    "unita:vendita",
    "unita:vendita_registrata_tardi",
    "unita:correzione_classamento",
}
DIFETTI = {
    "ampliamento_non_dichiarato",
    "edificio_non_dichiarato",
    "residente_civico_errato",
    "omonimi",
    "refuso_indirizzo",
    "riga_doppia",
    "chiave_mancante",
    "rendita_diversa",
    "riga_malformata",
    "quote_non_unitarie",
}


def test_everything_happens_at_least_once(comune: Comune) -> None:
    eventi, difetti = comune.verita["eventi"], comune.verita["difetti"]
    assert isinstance(eventi, dict)
    assert isinstance(difetti, dict)
    assert set(eventi) >= EVENTI
    assert set(difetti) >= DIFETTI


def test_the_five_stories_are_told(comune: Comune) -> None:
    storie = comune.verita["storie"]
    assert isinstance(storie, list)
    assert {s["storia"] for s in storie} == {
        "divisione",
        "fonti_discordi",
        "ampliamento",
        "riservatezza",
        "noto_al",
    }


def test_a_correction_leaves_the_wrong_state_no_day_in_the_world(comune: Comune) -> None:
    errati = [s for s in comune.table("unita_stati") if s["corretta"] == "no"]
    assert errati
    for s in errati:
        assert s["dal"] == s["al"]
        assert s["nota_da"] < s["nota_fino"]


def test_a_late_deed_is_unknown_to_the_supply_between(comune: Comune) -> None:
    tardi = [e for e in comune.table("eventi") if e["tipo"] == "vendita_registrata_tardi"]
    assert tardi
    assert all(e["data"] < "2023-01-01" < e["noto_dal"] for e in tardi)


def test_a_renamed_street_moves_nobody(comune: Comune) -> None:
    nomi: dict[str, set[str]] = {}
    for _, file in comune.supplies("STRAD_*.csv"):
        with file.open(encoding="utf-8", newline="") as flusso:
            for r in csv.DictReader(flusso, delimiter=";"):
                nomi.setdefault(r["PROGRESSIVO_NAZIONALE"], set()).add(r["ODONIMO"])
    rinominate = {n for n, visti in nomi.items() if len(visti) > 1}
    assert rinominate
    iscrizioni: dict[str, set[tuple[str, str]]] = {}
    for _, file in comune.supplies("LAC_*.csv"):
        with file.open(encoding="utf-8", newline="") as flusso:
            for r in csv.DictReader(flusso, delimiter=";"):
                if r["idtoponimo"] in rinominate:
                    iscrizioni.setdefault(r["idindividuo"], set()).add(
                        (r["dataiscr"], r["idtoponimo"])
                    )
    assert all(len(viste) == 1 for viste in iscrizioni.values())


def sources() -> list[ModuleType]:
    """Return every source the registry reads."""
    return [
        importlib.import_module(f"ingest.fonti.{m.name}")
        for m in pkgutil.iter_modules(ingest.fonti.__path__)
    ]


def test_each_file_is_read_by_one_source_with_only_the_planted_refusals(comune: Comune) -> None:
    fonti = sources()
    rifiuti: set[tuple[str, int]] = set()
    lette = set()
    for file in sorted(comune.cartella.glob("20*/*")):
        conoscono = [m for m in fonti if m.recognise(file)]
        assert len(conoscono) == 1, file.name
        fonte = conoscono[0]
        lette.add(fonte.__name__)
        for detto in fonte.read(file, fonte.ambito(file)):
            if isinstance(detto, Rifiuto):
                rifiuti.add((file.parent.name, detto.riga or 0))
    piantati = {
        (d["fornitura"], int(d["chiave"]))
        for d in comune.table("difetti")
        if d["difetto"] == "riga_malformata"
    }
    assert len(lette) >= 16
    assert rifiuti == piantati


def test_same_seed_same_bytes(tmp_path: Path) -> None:
    for nome in ("uno", "due"):
        genera(COMUNE, 100, 5, tmp_path / nome)
    genera(COMUNE, 100, 6, tmp_path / "altro")
    uno = {f.relative_to(tmp_path / "uno"): f for f in (tmp_path / "uno").rglob("*") if f.is_file()}
    assert len(uno) > 60
    diversi = [n for n, f in uno.items() if f.read_bytes() != (tmp_path / "due" / n).read_bytes()]
    assert diversi == []
    altro = tmp_path / "altro" / "verita.json"
    assert altro.read_bytes() != uno[Path("verita.json")].read_bytes()


def test_supplies_come_on_the_days_agreed(comune: Comune) -> None:
    giorni = {f.parent.name for f in comune.cartella.glob("20*/*")}
    assert {date.fromisoformat(g) for g in giorni} == {
        date(2021, 1, 1),
        date(2022, 7, 1),
        date(2023, 1, 1),
        date(2024, 7, 1),
        date(2025, 1, 1),
    }


def test_a_code_nobody_has_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InvalidInput, match="X999"):
        genera("X999", 100, 1, tmp_path)


def test_a_large_territory_is_laid_out_in_squares(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("ingest.generatore.quadro._MASSIMO", 120)
    riepilogo = genera(COMUNE, 350, 2, tmp_path)
    assert abs(riepilogo.edifici - 350) <= 0.05 * 350

    grande = Comune(tmp_path)
    _, zone = grande.supplies("zone_*.gpkg")[0]
    _, confine = grande.supplies("confine_*.geojson")[0]
    area_zone = read_dataframe(zone).geometry.area.sum()
    area_confine = read_dataframe(confine).to_crs(7791).geometry.area.sum()
    assert abs(area_zone - area_confine) < 0.001 * area_zone
    chiavi = [p["riferimento"] for p in grande.table("particelle")]
    assert len(set(chiavi)) == len(chiavi)
    _, strade = grande.supplies("STRAD_*.csv")[0]
    with strade.open(encoding="utf-8", newline="") as flusso:
        numeri = [r["PROGRESSIVO_NAZIONALE"] for r in csv.DictReader(flusso, delimiter=";")]
    assert len(set(numeri)) == len(numeri)
