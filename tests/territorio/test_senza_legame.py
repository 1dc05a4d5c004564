"""What no link could be found for is said, with the reason."""

from datetime import date

import sqlalchemy as sa
from geoalchemy2.shape import from_shape

from territorio import legame
from territorio.anomalia import regole
from territorio.collegamento import collega
from territorio.geometry import SRID
from territorio.legame import Coppia
from territorio.schema import segnalazione
from territorio.tables import FATTI
from tests import factories as f
from tests.factory_defaults import COMUNE, punto, rettangolo


def reports(conn: sa.Connection, tipo: str) -> dict[int | None, tuple[str, str]]:
    """Run links and rules; return what is said of each object, and whether it stands."""
    collega(conn, COMUNE)
    regole.refresh(conn, COMUNE)
    c = segnalazione.c
    rows = conn.execute(sa.select(c.oggetto, c.motivo, c.stato).where(c.tipo == tipo))
    return {row.oggetto: (row.motivo, row.stato) for row in rows}


def test_a_number_far_from_every_building_says_how_far(conn: sa.Connection) -> None:
    f.new_edificio(conn)
    via = f.new_odonimo(conn)
    f.new_civico(conn, odonimo=via)
    lontano = f.new_civico(conn, odonimo=via, numero=3, geometria=punto(15, -60))
    ignoto = f.new_civico(conn, odonimo=via, numero=5, geometria=None)
    f.new_civico(conn, odonimo=via, numero=7, geometria=None, valida_al=date(2020, 1, 1))
    assert reports(conn, "civico senza edificio") == {
        lontano: (
            "nessun edificio entro 10 metri né sulla sua particella; il più vicino è a 65 m",
            "aperta",
        ),
        ignoto: ("il numero civico non ha posizione", "aperta"),
    }


def test_a_number_just_beyond_ten_metres_is_not_said_to_be_at_ten(conn: sa.Connection) -> None:
    f.new_edificio(conn, geometria=rettangolo(0, 0, 10, 10))
    civico = f.new_civico(conn, geometria=punto(20.2, 5))
    motivo, _ = reports(conn, "civico senza edificio")[civico]
    assert motivo.endswith("il più vicino è a 10,22 m")


def test_a_finding_that_comes_back_is_opened_again(conn: sa.Connection) -> None:
    f.new_edificio(conn)
    civico = f.new_civico(conn, geometria=None, odonimo=f.new_odonimo(conn))
    c = segnalazione.c
    states = sa.select(c.stato).where(c.oggetto == civico).order_by(c.id)
    facts = FATTI["civico"]
    places = []
    for place in (None, punto(15, 5), None):
        conn.execute(sa.update(facts).values(geometria=place and from_shape(place, srid=SRID)))
        reports(conn, "civico senza edificio")
        places.append(list(conn.execute(states).scalars()))
    assert places == [["aperta"], ["chiusa"], ["chiusa", "aperta"]]
    conn.execute(sa.update(segnalazione).values(stato="chiusa"))  # by a person
    assert reports(conn, "civico senza edificio")[civico][1] == "chiusa"


def test_a_finding_is_told_with_the_figures_of_today(conn: sa.Connection) -> None:
    f.new_edificio(conn)
    civico = f.new_civico(conn, odonimo=f.new_odonimo(conn), geometria=punto(15, -60))
    assert "65 m" in reports(conn, "civico senza edificio")[civico][0]
    moved = from_shape(punto(15, -160), srid=SRID)
    conn.execute(sa.update(FATTI["civico"]).values(geometria=moved))
    assert "165 m" in reports(conn, "civico senza edificio")[civico][0]
    said = sa.select(segnalazione.c.dati).where(segnalazione.c.oggetto == civico)
    assert conn.execute(said).scalars().all() == [{"metri": "164.96"}]


def test_a_judgement_answers_the_question(conn: sa.Connection) -> None:
    edificio = f.new_edificio(conn)
    civico = f.new_civico(conn, geometria=punto(15, -60))
    assert reports(conn, "civico senza edificio")[civico][1] == "aperta"
    legame.judge(
        conn,
        Coppia(COMUNE, "civico_edificio", civico, edificio),
        stato="confermato",
        autore="anna@comune",
        motivo="il cancello è in fondo alla strada",
    )
    assert reports(conn, "civico senza edificio")[civico][1] == "chiusa"


def test_a_resident_without_number_says_why_but_not_where(conn: sa.Connection) -> None:
    f.new_civico(conn, odonimo=f.new_odonimo(conn))
    residenti = {}
    cases: dict[str, dict[str, object]] = {
        "giusto": {},
        "numero": {"numero": 99},
        "via": {"chiave_odonimo": "VIA CHE NON ESISTE", "codice_via": None},
        "senza": {"numero": None},
    }
    for nome, valori in cases.items():
        residenti[nome] = f.new_soggetto(conn)
        f.new_residenza(conn, soggetto=residenti[nome], **valori)
    assert reports(conn, "residente senza civico") == {
        residenti["numero"]: ("la via della residenza non ha quel numero civico", "aperta"),
        residenti["via"]: ("la via della residenza non è nello stradario", "aperta"),
        residenti["senza"]: ("l'indirizzo di residenza non ha numero", "aperta"),
    }


def test_a_position_without_unit_is_reported_and_land_is_not(conn: sa.Connection) -> None:
    f.new_unita_immobiliare(conn)
    io = f.new_soggetto(conn)
    f.new_posizione_imu(conn, soggetto=io)
    persa = f.new_posizione_imu(conn, soggetto=io, foglio="77")
    f.new_posizione_imu(conn, soggetto=io, foglio="78", categoria=None)
    assert set(reports(conn, "posizione tributaria senza unità")) == {persa}
