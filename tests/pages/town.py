"""A small invented town handed to the pages in place of the database.

Four buildings have a part in the tests: one whose dossier is full in every section, one
about which nothing is known, one that is no more, and one with six hundred units.
"""

from collections.abc import Mapping
from datetime import date
from typing import Any

import shapely
from fastapi import FastAPI
from shapely.geometry.base import BaseGeometry

from api.app import create_app
from api.deps import Momento
from api.pages import dossier, home
from api.pages.sito import ComuneServito, Sito
from maps.svg import Oggetto
from territorio.accessi.policy import PERSONALI, Ruolo, Visto
from territorio.config import Settings
from territorio.documenti.parole import SEZIONI
from territorio.errors import NotFound
from territorio.identita import Codice, permute

SITO = Sito((ComuneServito("X999", "Borgo Sereno", "XX", inventato=True),))
LON, LAT = 12.5, 43.1
SPLIT = date(2023, 5, 1)
"""The day on which the full building grew."""

PIENO, VUOTO, CESSATO, GRANDE = (permute(n) for n in (1, 2, 3, 4))
NOMI = ("FERRANTINI", "BELMONTI")
"""Family names of the invented holders: no public page may hold them."""

TITOLI = {
    "ade_gml": "Agenzia delle Entrate, mappa catastale",
    "catasto_fabbricati": "Catasto fabbricati",
    "dbt": "Database topografico comunale",
    "anagrafe": "Anagrafe della popolazione",
    "imu": "Riscossione IMU",
    "anncsu": "ANNCSU, strade e numeri civici",
    "prg": "Piano regolatore generale",
}


def rectangle(x: float, y: float, width: float, height: float) -> shapely.Polygon:
    """Return a rectangle by metres from the middle of the town."""
    north, east = 1 / 111_100, 1 / 81_200
    return shapely.box(
        LON + x * east, LAT + y * north, LON + (x + width) * east, LAT + (y + height) * north
    )


def place(n: int) -> tuple[float, float]:
    """Return the corner of the n-th plot, in metres: twenty plots a row."""
    return (n % 20 - 10) * 34.0, (n // 20 - 5) * 30.0


def footprint(n: int, alla_data: date = date.max) -> shapely.Polygon:
    """Return the outline of the n-th building; the first one grew on a day."""
    x, y = place(n)
    return rectangle(x + 6, y + 7, 18 if n != 1 or alla_data >= SPLIT else 12, 13)


def around(geometry: BaseGeometry, momento: Momento) -> list[Oggetto]:
    """Return the plots and buildings near a geometry."""
    near, objects = geometry.buffer(0.001), []
    for n in range(1, 200):
        x, y = place(n)
        plot, house = rectangle(x, y, 32, 28), footprint(n, momento.alla_data)
        if plot.intersects(near):
            chosen = house.intersects(geometry.buffer(-1e-6))
            kind = ("residenziale", "produttivo", "provvisorio")[n % 7 % 3]
            objects.append(Oggetto("particelle", plot, testo=str(100 + n)))
            objects.append(Oggetto("edifici", house, kind, scelto=chosen))
    return objects


def voce(genere: str, n: int, source: str, **valori: Any) -> dict[str, Any]:
    """Return an entry of a section."""
    return {
        "tipo": genere,
        "id": permute(n),
        "fonte": source,
        "fornitura": 3,
        "riga": 10 + n,
        "data": "2025-12-31",
        "dal": "2019-03-04",
        "valori": valori,
    }


def _units(count: int) -> list[dict[str, Any]]:
    return [
        voce(
            "unita_immobiliare",
            1000 + n,
            "catasto_fabbricati",
            riferimento=f"X999/_/12/345 sub {n + 1}",
            categoria=("A/2", "C/6", "A/3")[n % 3],
            categoria_descrizione=("Abitazioni civili", "Autorimesse", "Economiche")[n % 3],
            classe="2",
            consistenza=5.5,
            superficie_mq=92 + n,
            rendita=512.33 + n,
            ubicazione={"piano": str(n % 5), "interno": str(n)},
            indirizzi=[{"toponimo": "VIA", "indirizzo": "DEI TIGLI", "civico": "12"}],
        )
        for n in range(count)
    ]


def _person(n: int) -> dict[str, Any]:
    return {
        "cognome": NOMI[n % 2],
        "nome": "ADA",
        "codice_fiscale": f"{NOMI[n % 2][:3]}DAA80A41X999{n}",
        "codice_valido": False,
    }


def _entries(nome: str, alla_data: date, units: int) -> list[dict[str, Any]]:
    area = 234.0 if alla_data >= SPLIT else 156.0
    entries: dict[str, list[dict[str, Any]]] = {
        "particelle": [
            voce("particella", 50, "ade_gml", riferimento="X999/_/12/345", area_mq=896.0)
            | {"legame": {"metodo": "area", "misura": area, "quota": 1.0, "punteggio": 1.0}},
            voce("particella", 50, "catasto_fabbricati", riferimento="X999/_/12/345", area_mq=905.0)
            | {
                "discordanza": [
                    {"campo": "area_mq", "valore": 896.0, "fonte": "ade_gml", "data": "2025-12-31"}
                ]
            },
        ],
        "unita_immobiliari": _units(units),
        "titolari": [
            voce("titolarita", 70 + n, "catasto_fabbricati", diritto="1", quota="1/2",
                 diritto_descrizione="Proprietà") | {"soggetto": {"valori": _person(n)}}
            for n in range(2)
        ],
        "residenti": [
            voce("residenza", 80, "anagrafe", famiglia="F1", interno="3")
            | {"soggetto": {"valori": _person(0)}}
        ],
        "posizioni_tributarie": [
            voce("posizione", 90, "imu", imposta="IMU", anno=2025, rendita=480.0, quota="1/2")
            | {"soggetto": {"valori": _person(1)}}
        ],
        "rischio_vincoli": [
            voce("zona", 95, "prg", sigla="B2", zto="B", destinazione="0201", norma="art. 34",
                 strumento="PRG") | {"legame": {"metodo": "area", "misura": area, "quota": 1.0}},
            voce("vincolo", 96, "prg", tipo="U_CIMI", denominazione="Cimitero urbano")
            | {"legame": {"metodo": "area", "misura": 40.2, "quota": 0.17}},
        ],
        "documenti": [voce("documento", 97, "dbt", titolo="Foto dalla strada", tipo="foto")],
        "pratiche_titoli": [voce("pratica", 98, "dbt", numero="12/2022", tipo="CILA")],
        "attestati_energetici": [voce("ape", 99, "dbt", classe="C", scadenza="2031-04-01")],
        "segnalazioni": [voce("segnalazione", 60, "ade_gml", tipo="area", motivo="Aree diverse")],
        "cronologia": [
            voce("evento", 61, "dbt", evento="nascita", oggetto="edificio") | {"dal": "2018-01-01"},
            voce("evento", 62, "dbt", evento="variazione", cambiati=["piani", "area_mq"])
            | {"dal": SPLIT.isoformat()},
        ],
    }  # fmt: skip
    return entries[nome]


def _section(nome: str, visto: Visto, alla_data: date, units: int) -> dict[str, Any]:
    locked = nome in {*PERSONALI, "segnalazioni"} and visto.ruolo is Ruolo.PUBBLICO
    if locked:
        return {"stato": "riservata", "voci": [], "motivo": "Occorre un ruolo."}
    entries = [v for v in _entries(nome, alla_data, units) if v["dal"] <= alla_data.isoformat()]
    content: dict[str, Any] = {"stato": "presente" if entries else "vuota", "voci": entries}
    if nome == "residenti":
        content["conteggio"] = {"famiglie": 1, "persone": 1}
    return content


def read(identity: int, momento: Momento, visto: Visto) -> dict[str, Any]:
    """Return a dossier in the form of the machine door."""
    if identity not in {permute(n) for n in range(1, 200)}:
        raise NotFound("edificio", Codice(identity))
    n = next(n for n in range(1, 200) if permute(n) == identity)
    day = momento.alla_data
    said = voce("edificio", n, "dbt", uso="Residenziale", piani=3, area_mq=234.0, provvisorio=False,
                geometria=shapely.geometry.mapping(footprint(n, day)))  # fmt: skip
    edificio: dict[str, Any] = {
        "id": identity,
        "codice": str(Codice(identity)),
        "uri": f"/id/edificio/{Codice(identity)}",
        "comune": "X999",
        "stato": "cessato" if identity == CESSATO else "esistente",
        "prima": [],
        "dopo": [str(Codice(permute(n))) for n in (5, 6)] if identity == CESSATO else [],
        "voci": [said],
        "indirizzi": [
            voce("civico", 300 + n, "anncsu", indirizzo=f"{street} {n}", odonimo=street, numero=n)
            for street in (() if identity == VUOTO else ("VIA DEI TIGLI", "PIAZZA GRANDE"))
        ],
        "strati": ["edifici", "particelle"],
    }
    if identity == VUOTO:
        states: dict[str, Any] = {s.nome: {"stato": "vuota", "voci": []} for s in SEZIONI}
        states["attestati_energetici"] = {"stato": "fonte_non_caricata", "voci": []}
        sezioni: Mapping[str, Any] = states
    else:
        units = 600 if identity == GRANDE else 4
        sezioni = {s.nome: _section(s.nome, visto, momento.alla_data, units) for s in SEZIONI}
    return {
        "edificio": edificio,
        "alla_data": momento.alla_data.isoformat(),
        "noto_al": momento.noto_al,
        "sezioni": sezioni,
    }


def fake_app() -> FastAPI:
    """Return the real application, with invented answers for what it asks the registry."""
    app = create_app(Settings())
    app.state.sito = SITO
    answers: dict[Any, Any] = {
        home.stato: lambda: home.Stato(199, date(2025, 12, 31), 3),
        dossier.lettore: lambda: read,
        dossier.titoli: lambda: TITOLI,
        dossier.intorno: lambda: around,
    }
    app.dependency_overrides.update(answers)
    return app
