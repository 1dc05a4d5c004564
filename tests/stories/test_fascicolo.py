"""A delivery comes in, and the dossier shows it: compared with what the town's maker knows."""

from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
import sqlalchemy as sa

from territorio import db
from territorio.accessi.policy import Ruolo, Visto
from territorio.fascicolo import Fascicolo, fascicolo
from territorio.identita import Codice
from territorio.vigenza import Quando
from tests.stories.citta import Citta, Riga, current

TRIBUTI = Visto(Ruolo.TRIBUTI, "verifica", "prova")
ANAGRAFE = Visto(Ruolo.ANAGRAFE, "verifica", "prova")


@pytest.fixture
def conn(citta: Citta) -> Iterator[sa.Connection]:
    with db.transaction(citta.engine, (citta.comune,)) as connection:
        yield connection


@pytest.fixture(scope="module")
def casa(citta: Citta) -> str:
    """Choose a building whose units, holders, residents and positions nobody spoiled."""
    spoiled = {
        word
        for row in citta.table("difetti")
        for word in (*row["oggetto"].split(), *row["chiave"].split())
    }
    for building in citta.table("edifici"):
        name = building["edificio"]
        units = units_of(citta, name)
        people = residents_of(citta, name)
        named = {name, *units, *(r["persona"] for r in people)}
        named |= {r["soggetto"] for r in rights_on(citta, units)}
        if len(units) > 1 and people and not spoiled & named and not building["madre"]:
            return name
    raise AssertionError("the town has no building without a defect")


def units_of(citta: Citta, edificio: str) -> set[str]:
    rows = citta.table("unita_edificio")
    return {r["unita"] for r in rows if r["edificio"] == edificio and current(r, citta.ultimo)}


def rights_on(citta: Citta, units: set[str], giorno: date | None = None) -> list[Riga]:
    """Return the rights that hold on a day and were known to the cadastre by the last one."""
    return [
        r
        for r in citta.table("titolari")
        if r["oggetto"] in units
        and current(r, giorno or citta.ultimo)
        and current(r, citta.ultimo, "nota_da", "nota_fino")
    ]


def residents_of(citta: Citta, edificio: str) -> list[Riga]:
    rows = citta.table("residenze")
    return [r for r in rows if r["edificio"] == edificio and current(r, citta.ultimo)]


def codes(citta: Citta) -> dict[str, str]:
    return {r["soggetto"]: r["codice_fiscale"] for r in citta.table("soggetti")}


def dossier(
    conn: sa.Connection, edificio: int, quando: Quando, visto: Visto = TRIBUTI
) -> dict[str, list[dict[str, Any]]]:
    found: Fascicolo = fascicolo(conn, edificio, quando, visto)
    return {nome: [*parte.voci] for nome, parte in found.sezioni.items()}


def read(conn: sa.Connection, citta: Citta, nome: str, visto: Visto = TRIBUTI) -> Any:
    number = citta.building(conn, nome, citta.ultimo)
    return dossier(conn, number, Quando(citta.ultimo), visto)


def test_units_are_those_of_the_cadastre(conn: sa.Connection, citta: Citta, casa: str) -> None:
    wanted = set()
    for unit in units_of(citta, casa):
        keys = next(r["identificativi"] for r in citta.table("unita") if r["unita"] == unit)
        states = [r for r in citta.table("unita_stati") if r["unita"] == unit]
        now = next(
            r
            for r in states
            if current(r, citta.ultimo) and current(r, citta.ultimo, "nota_da", "nota_fino")
        )
        rendita = Decimal(now["rendita"] or 0) / 100
        wanted.add((keys, now["categoria"], float(rendita)))
    found = {
        (
            " ".join(f"{k['foglio']}/{k['numero']}/{k['subalterno']}" for k in v["identificativi"]),
            v["categoria"],
            float(v["rendita"] or 0),
        )
        for v in (voce["valori"] for voce in read(conn, citta, casa)["unita_immobiliari"])
    }
    assert len(wanted) > 1
    assert found == wanted


def test_holders_are_those_of_the_cadastre(conn: sa.Connection, citta: Citta, casa: str) -> None:
    code = codes(citta)
    wanted = {
        (code[r["soggetto"]], r["diritto"], r["quota"])
        for r in rights_on(citta, units_of(citta, casa))
    }
    found = {
        (
            voce["soggetto"]["valori"]["codice_fiscale"],
            voce["valori"]["diritto"],
            voce["valori"]["quota"],
        )
        for voce in read(conn, citta, casa)["titolari"]
        if voce["valori"]["unita"] is not None and voce["valori"]["attuale"]
    }
    assert wanted
    assert found == wanted


def test_residents_are_those_of_the_registry_office(
    conn: sa.Connection, citta: Citta, casa: str
) -> None:
    code = codes(citta)
    wanted = {code[r["persona"]] for r in residents_of(citta, casa)}
    found = {
        voce["soggetto"]["valori"]["codice_fiscale"]
        for voce in read(conn, citta, casa, ANAGRAFE)["residenti"]
    }
    assert wanted
    assert found == wanted


def test_tax_positions_are_those_of_the_collector(
    conn: sa.Connection, citta: Citta, casa: str
) -> None:
    code, units = codes(citta), units_of(citta, casa)
    wanted = sorted(
        code[r["soggetto"]]
        for r in citta.table("posizioni")
        if r["unita"] in units and current(r, citta.ultimo, "nota_da", "nota_fino")
    )
    found = sorted(
        voce["soggetto"]["valori"]["codice_fiscale"]
        for voce in read(conn, citta, casa)["posizioni_tributarie"]
        if voce["fonte"] == "imu_posizioni"
    )
    assert wanted
    assert found == wanted


def test_zone_is_that_of_the_plan(conn: sa.Connection, citta: Citta, casa: str) -> None:
    parcels = {
        r["particella"]
        for r in citta.table("edificio_particella")
        if r["edificio"] == casa and current(r, citta.ultimo)
    }
    rows = citta.table("particelle")
    wanted = {r["zona_2025"] for r in rows if r["particella"] in parcels}
    found = {
        voce["valori"]["sigla"]
        for voce in read(conn, citta, casa)["rischio_vincoli"]
        if voce["tipo"] == "zona_urbanistica"
    }
    assert wanted
    assert found == wanted


def test_each_value_names_the_delivery_and_the_line(
    conn: sa.Connection, citta: Citta, casa: str
) -> None:
    sections = read(conn, citta, casa)
    entries = [v for s in ("particelle", "unita_immobiliari", "titolari") for v in sections[s]]
    assert len(entries) > 3
    for entry in entries:
        assert entry["fonte"]
        assert entry["fornitura"] > 0
        assert entry["riga"] > 0
        assert entry["data"] <= citta.ultimo.isoformat()


def test_a_sale_recorded_late_changes_the_answer_about_the_past(
    conn: sa.Connection, citta: Citta
) -> None:
    sale = next(r for r in citta.table("eventi") if r["tipo"] == "vendita_registrata_tardi")
    unit, sold = sale["prima"], date.fromisoformat(sale["data"])
    learned = next(g for g in citta.giorni if g.isoformat() >= sale["noto_dal"])
    before = citta.giorni[citta.giorni.index(learned) - 1]
    day = sold + timedelta(1)
    number = _building_of(conn, citta, unit, day)
    owners = {
        saputo: {
            v["soggetto"]["valori"]["codice_fiscale"]
            for v in dossier(conn, number, Quando(day, citta.saputo[saputo]))["titolari"]
            if v["valori"]["unita"] is not None
        }
        for saputo in (before, learned)
    }
    code = codes(citta)
    buyers = {code[r["soggetto"]] for r in rights_on(citta, {unit}, day)}
    assert buyers
    assert buyers <= owners[learned]
    assert not buyers & owners[before]


def _building_of(conn: sa.Connection, citta: Citta, unit: str, giorno: date) -> int:
    """Return the building a unit was in on a day, by the delivery of outlines before it."""
    home = next(r for r in citta.table("unita") if r["unita"] == unit)["edificio"]
    mothers = {r["edificio"]: r["madre"] for r in citta.table("edifici")}
    known = {(r["edificio"], r["fornitura"]) for r in citta.table("impronte")}
    supply = max(g for g in citta.giorni if g <= giorno and _drawn(citta, g))
    if (home, supply.isoformat()) not in known:
        home = mothers[home]
    return citta.building(conn, home, supply)


def _drawn(citta: Citta, giorno: date) -> bool:
    return any(r["fornitura"] == giorno.isoformat() for r in citta.table("impronte"))


def test_a_split_building_keeps_its_past_and_both_addresses(
    conn: sa.Connection, citta: Citta
) -> None:
    split = next(
        r for r in citta.table("eventi") if r["tipo"] == "divisione" and r["oggetto"] == "edificio"
    )
    shown = next(g for g in citta.giorni if g.isoformat() >= split["data"] and _drawn(citta, g))
    drawn_before = max(g for g in citta.giorni if g < shown and _drawn(citta, g))
    mother = citta.building(conn, split["prima"], drawn_before)
    children = [citta.building(conn, name, shown) for name in split["dopo"].split()]
    assert len({mother, *children}) == 3

    head = fascicolo(conn, mother, Quando(shown), Visto()).edificio
    assert head["stato"] == "cessato"
    assert set(head["dopo"]) == {str(Codice(n)) for n in children}
    numbers = set()
    for name, child in zip(split["dopo"].split(), children, strict=True):
        head = fascicolo(conn, child, Quando(shown), Visto()).edificio
        assert head["prima"] == [str(Codice(mother))]
        found = {_number(v) for v in head["indirizzi"]}
        assert found == _doors(citta, {name})
        numbers |= found
    eve = Quando(shown - timedelta(1))
    old = fascicolo(conn, mother, eve, Visto()).edificio
    assert old["stato"] == "esistente"
    assert {_number(v) for v in old["indirizzi"]} == numbers
    assert len(numbers) > 1


def _number(voce: dict[str, Any]) -> tuple[str, str]:
    return str(voce["valori"]["numero"]), voce["valori"]["esponente"]


def _doors(citta: Citta, edifici: set[str]) -> set[tuple[str, str]]:
    rows = citta.table("civici")
    return {
        (r["numero"], r["esponente"])
        for r in rows
        if r["edificio"] in edifici and current(r, citta.ultimo)
    }
