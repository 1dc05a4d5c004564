"""Acts on addresses: a number is assigned, a street renamed in one act."""

from collections.abc import Callable
from datetime import date

import pytest
import sqlalchemy as sa

from territorio import civico, elenco
from territorio.accessi.policy import Ruolo, Visto
from territorio.atti import annullamento, indirizzo
from territorio.atti.indirizzo import NuovoCivico
from territorio.elenco import Filtro, Sguardo
from territorio.errors import Conflict, InvalidInput
from territorio.fascicolo import fascicolo
from territorio.prevalenza import UFFICIO, stands
from territorio.schema import legame
from territorio.tables import FATTI
from territorio.vigenza import Quando, in_force
from tests.factories import new_civico, new_edificio, new_legame, new_odonimo
from tests.factory_defaults import punto, rettangolo
from tests.territorio.atti.racconto import DETERMINA, G2020, G2022, G2024, G2025, wkb

odonimo = FATTI["odonimo"]


def names(conn: sa.Connection, day: Quando) -> list[str]:
    """Return what the streets are called on a day."""
    rows = conn.execute(sa.select(odonimo.c.denominazione).where(stands(odonimo, day)))
    return list(rows.scalars())


def test_a_number_is_assigned_to_a_building(conn: sa.Connection) -> None:
    street, casa = new_odonimo(conn), new_edificio(conn)
    new = NuovoCivico(street, 7, "A", punto=wkb(punto(15, 10)))
    done = indirizzo.assign(conn, DETERMINA, G2022, new, casa)
    link = conn.execute(sa.select(legame).where(legame.c.da == done.nuovi[0])).one()
    assert (link.tipo, link.a, link.stato, link.metodo) == (
        "civico_edificio",
        casa,
        "confermato",
        "atto",
    )
    assert (link.autore, link.valida_dal) == ("geom. Verdi", G2022)


def leads(conn: sa.Connection, number: int, day: date) -> list[int]:
    """Return the buildings a number leads into on a day."""
    query = sa.select(legame.c.a).where(legame.c.da == number, in_force(legame.c, Quando(day)))
    return list(conn.execute(query).scalars())


def test_a_number_assigned_again_leads_elsewhere_from_that_day(conn: sa.Connection) -> None:
    first, second = new_edificio(conn), new_edificio(conn, geometria=rettangolo(100, 100))
    number = new_civico(conn)
    indirizzo.assign(conn, DETERMINA, G2022, number, first)
    with pytest.raises(Conflict, match="conduce già"):
        indirizzo.assign(conn, DETERMINA, G2024, number, first)
    moved = indirizzo.assign(conn, DETERMINA, G2024, number, second)
    assert [leads(conn, number, day) for day in (G2022, G2024)] == [[first], [second]]
    annullamento.undo(conn, DETERMINA, moved.registrazione)
    assert [leads(conn, number, day) for day in (G2022, G2024)] == [[first], [first]]


def test_an_assignment_in_the_past_ends_where_the_next_begins(conn: sa.Connection) -> None:
    first, second = new_edificio(conn), new_edificio(conn, geometria=rettangolo(100, 100))
    number = new_civico(conn)
    late = indirizzo.assign(conn, DETERMINA, G2024, number, second)
    early = indirizzo.assign(conn, DETERMINA, G2022, number, first)
    assert [leads(conn, number, day) for day in (G2022, G2024)] == [[first], [second]]
    for act in (late, early):
        annullamento.undo(conn, DETERMINA, act.registrazione)
    assert leads(conn, number, G2024) == []


def test_assignments_are_undone_one_after_the_other(conn: sa.Connection) -> None:
    first, second = new_edificio(conn), new_edificio(conn, geometria=rettangolo(100, 100))
    number = new_civico(conn)
    one = indirizzo.assign(conn, DETERMINA, G2022, number, first)
    two = indirizzo.assign(conn, DETERMINA, G2024, number, second)
    refused = pytest.raises(Conflict, match=f"si basa l'atto {two.registrazione}")
    with refused, conn.begin_nested():
        annullamento.undo(conn, DETERMINA, one.registrazione)
    annullamento.undo(conn, DETERMINA, two.registrazione)
    annullamento.undo(conn, DETERMINA, one.registrazione)
    assert leads(conn, number, G2024) == []


def test_a_street_has_a_number_once(conn: sa.Connection) -> None:
    street = new_odonimo(conn)
    new_civico(conn, odonimo=street, numero=7, esponente="A")
    with pytest.raises(Conflict, match="ha già il civico 7a"):
        indirizzo.assign(conn, DETERMINA, G2022, NuovoCivico(street, 7, "a"))
    indirizzo.assign(conn, DETERMINA, G2022, NuovoCivico(street, 7, "B"))


def test_a_street_is_renamed_from_its_day_and_numbers_follow(conn: sa.Connection) -> None:
    street = new_odonimo(conn, denominazione="VIA ROMA", valida_dal=G2020)
    number = new_civico(conn, odonimo=street)
    indirizzo.rename(conn, DETERMINA, street, G2022, "  Viale   XX Settembre ")
    assert names(conn, Quando(G2020)) == ["VIA ROMA"]
    assert names(conn, Quando(G2024)) == ["Viale XX Settembre"]
    c = FATTI["civico"].c
    assert conn.execute(sa.select(c.odonimo).where(c.id == number)).scalar_one() == street
    key = conn.execute(
        sa.select(odonimo.c.chiave_odonimo).where(odonimo.c.fonte == "ufficio")
    ).scalar_one()
    assert key == "VIALE 20 SETTEMBRE"


def test_house_numbers_are_listed_under_the_new_name(conn: sa.Connection) -> None:
    via = new_odonimo(conn, valida_dal=G2020)
    new_civico(conn, odonimo=via, valida_dal=G2020)

    def listed(quando: Quando) -> list[str]:
        page = elenco.page(conn, civico.TIPO, Filtro(), Sguardo(quando, Visto()))
        found = civico.name(conn, page.elementi, quando)
        return [voce["valori"]["denominazione"] for one in found for voce in one["voci"]]

    indirizzo.rename(conn, DETERMINA, via, G2022, "VIA DELLE ROSE")
    # The source says its own again: whose row stands first must not matter.
    street = FATTI["odonimo"]
    source = street.c.fonte != UFFICIO
    again = sa.select(street.c.nota_da).where(street.c.fonte == UFFICIO).scalar_subquery()
    columns = [c.name for c in street.columns if c.name not in {"versione", "nota_da"}]
    copied = sa.select(*[street.c[name] for name in columns], again).where(source)
    conn.execute(sa.insert(street).from_select([*columns, "nota_da"], copied))
    assert listed(Quando(G2020)) == ["VIA ROMA"]
    assert listed(Quando(G2024)) == ["VIA DELLE ROSE"]


def test_a_dossier_has_each_address_once_under_the_name_of_its_day(conn: sa.Connection) -> None:
    casa, via = new_edificio(conn, valida_dal=G2020), new_odonimo(conn, valida_dal=G2020)
    number = new_civico(conn, odonimo=via, numero=7, valida_dal=G2020)
    new_legame(conn, "civico_edificio", number, casa)
    said = indirizzo.rename(conn, DETERMINA, via, G2022, "VIA DELLE ROSE").registrazione
    new_odonimo(conn, id=via, fonte="altra", denominazione="VIA ROMA ALTA", valida_dal=G2024)

    def addresses(quando: Quando) -> list[str]:
        found = fascicolo(conn, casa, quando, Visto(Ruolo.UFFICIO_TECNICO)).edificio["indirizzi"]
        return [voce["valori"]["indirizzo"] for voce in found]

    assert addresses(Quando(G2020)) == ["VIA ROMA 7"]
    assert addresses(Quando(G2022)) == ["VIA DELLE ROSE 7"]
    assert addresses(Quando(G2025)) == ["VIA DELLE ROSE 7"]
    assert addresses(Quando(G2022, said - 1)) == ["VIA ROMA 7"]


@pytest.mark.parametrize(
    "act",
    [
        lambda conn, street: indirizzo.rename(conn, DETERMINA, street, G2022, " "),
        lambda conn, street: indirizzo.rename(conn, DETERMINA, street, G2022, "VIA ROMA"),
        lambda conn, street: indirizzo.assign(
            conn, DETERMINA, G2022, NuovoCivico(street, 7, punto=wkb(rettangolo(0, 0)))
        ),
        lambda conn, street: indirizzo.assign(conn, DETERMINA, G2022, street),
    ],
    ids=["no name", "same name", "an area for a door", "no building"],
)
def test_what_cannot_be_said_is_refused(
    conn: sa.Connection, act: Callable[[sa.Connection, int], object]
) -> None:
    street = new_odonimo(conn)
    with pytest.raises(InvalidInput):
        act(conn, street)
