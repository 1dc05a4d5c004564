"""A known small town, written once a session: what the pages are tested on.

About two hundred buildings on a grid. Some have a part in the tests (:class:`Town`): one
whose dossier is full in every section that has a source, one about which nothing else is
known, one that was split, one with six hundred units, one that grew.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

import sqlalchemy as sa

from territorio import densita, disegno, indirizzo, pubblicato, search
from territorio.identita import Codice
from territorio.schema import fornitura_ambito, genealogia, legame
from territorio.schema_fatti import edificio
from tests import factories
from tests.factory_defaults import COMUNE, punto, rettangolo

CRESCITA = date(2022, 5, 1)
"""The day on which the full building grew."""

DIVISIONE = date(2023, 9, 15)
"""The day on which one building became two."""

PERSONE = ("CAVALIERI", "PRUDENZIA", "MARZAPANE", "CVLPDN60E41X999K")
"""Names and code of the invented people: no public page may hold them."""

FONTI = {
    "ade_particelle": "Agenzia delle Entrate, mappa catastale",
    "catasto_fabbricati": "Catasto fabbricati",
    "catasto_terreni": "Catasto terreni",
    "edifici": "Database topografico comunale",
    "anncsu": "ANNCSU, strade e numeri civici",
    "popolazione": "Anagrafe della popolazione",
    "imu": "Riscossione IMU",
    "zone": "Piano regolatore generale",
    "vincoli": "Vincoli del piano",
}
FATTI_DI = {
    "ade_particelle": ("particella", "foglio"),
    "catasto_fabbricati": ("unita_immobiliare", "titolarita", "soggetto"),
    "catasto_terreni": (),
    "edifici": ("edificio",),
    "anncsu": ("odonimo", "civico"),
    "popolazione": ("residenza", "soggetto"),
    "imu": ("posizione_imu", "soggetto"),
    "zone": ("zona_urbanistica",),
    "vincoli": ("vincolo",),
}
"""What each source speaks of."""

RIGHE, COLONNE = 11, 18
PASSO = 34.0
UNITA_GRANDE = 600
VIE = ("VIA DEI TIGLI", "VIA ROMA", "PIAZZA DELLA LIBERTÀ", "VIALE XX SETTEMBRE")


@dataclass(frozen=True, slots=True)
class Town:
    """The objects that have a part in the tests, by their codes."""

    pieno: str
    vuoto: str
    diviso: str
    figli: tuple[str, str]
    grande: str
    particella: str
    unita: str
    civico: str
    corretto: str
    ignaro: str
    """The moment of knowledge before the correction."""

    edifici: int


def corner(n: int) -> tuple[float, float]:
    """Return the lower left corner of the n-th plot, in metres from the origin."""
    return (n % COLONNE) * PASSO, (n // COLONNE) * PASSO


def fill(conn: sa.Connection) -> Town:
    """Write the town and return who is who."""
    factories.new_comune(conn)
    delivery = {
        code: _delivery(conn, code, title, n) for n, (code, title) in enumerate(FONTI.items())
    }
    factories.new_confine(conn, geometria=rettangolo(-300, -300, 1300, 1000))
    factories.new_foglio(
        conn,
        fonte="ade_particelle",
        fornitura=delivery["ade_particelle"],
        geometria=rettangolo(-20, -20, COLONNE * PASSO + 40, RIGHE * PASSO + 40),
    )
    parcels = factories.new_fatti(conn, "particella", _parcels(delivery["ade_particelle"]))
    buildings = factories.new_fatti(conn, "edificio", _buildings(delivery["edifici"]))
    known = [n for n in range(len(buildings)) if n != VUOTO]
    on_parcel = [(buildings[n], parcels[n]) for n in known]
    _link(conn, "edificio_particella", on_parcel, metodo="sovrapposizione", misura=Decimal(216),
          quota=Decimal(1))  # fmt: skip
    numbers = _streets(conn, delivery["anncsu"], buildings)
    units = _units(conn, delivery["catasto_fabbricati"], buildings, parcels)
    _planning(conn, delivery, buildings)
    _persons(conn, delivery, units[0])
    children = _history(conn, delivery["edifici"], buildings, parcels)
    factories.new_segnalazione(conn, oggetto=buildings[PIENO], motivo="Le aree non coincidono.")
    search.refresh(conn, COMUNE)
    disegno.refresh(conn, COMUNE)
    densita.refresh(conn, COMUNE)
    pubblicato.refresh(conn, COMUNE)
    return Town(
        pieno=str(Codice(buildings[PIENO])),
        vuoto=str(Codice(buildings[VUOTO])),
        diviso=str(Codice(buildings[DIVISO])),
        figli=(str(Codice(children[0])), str(Codice(children[1]))),
        grande=str(Codice(buildings[GRANDE])),
        particella=str(Codice(parcels[PIENO])),
        unita=str(Codice(units[0])),
        civico=str(Codice(numbers[0])),
        corretto=str(Codice(buildings[CORRETTO])),
        ignaro=_correction(conn, delivery["edifici"], buildings[CORRETTO]),
        edifici=len(buildings) + 1,
    )


PIENO, VUOTO, DIVISO, GRANDE, CORRETTO = 0, 7, 20, 40, 60
"""Where the buildings with a part stand on the grid."""


def _link(
    conn: sa.Connection, tipo: str, pairs: Iterable[tuple[int, int]], **valori: object
) -> None:
    """Write many links of a kind at once."""
    common: dict[str, object] = {
        "comune": COMUNE,
        "tipo": tipo,
        "nota_da": 1,
        "punteggio": Decimal(1),
        "autore": "calcolo",
        "stato": "confermato",
    }
    conn.execute(sa.insert(legame), [{**common, **valori, "da": da, "a": a} for da, a in pairs])


def _delivery(conn: sa.Connection, code: str, title: str, n: int) -> int:
    factories.new_fonte(conn, code, titolo=title)
    number = factories.new_fornitura(conn, fonte=code, data_riferimento=date(2025, 12, 1 + n))
    for fatto in FATTI_DI[code]:
        scope = {"comune": COMUNE, "fornitura": number, "fatto": fatto, "ambito": "*"}
        conn.execute(sa.insert(fornitura_ambito).values(scope))
    return number


def _parcels(delivery: int) -> Iterator[dict[str, object]]:
    for n in range(RIGHE * COLONNE):
        x, y = corner(n)
        yield {
            "numero": str(100 + n),
            "geometria": rettangolo(x, y, PASSO - 2, PASSO - 4),
            "fonte": "ade_particelle",
            "fornitura": delivery,
            "riga": 40 + n,
        }


def _buildings(delivery: int) -> Iterator[dict[str, object]]:
    uses = ("0101", "0101", "07", "0801", "0301", "09")
    for n in range(RIGHE * COLONNE):
        x, y = corner(n)
        yield {
            "codice_fonte": f"edifc.{n}",
            "uso": uses[n % len(uses)],
            "provvisorio": n % 29 == 28,
            "geometria": rettangolo(x + 7, y + 8, 18 if n == PIENO else 16, 12 + n % 5),
            "fonte": "edifici",
            "fornitura": delivery,
            "riga": n + 1,
            "valida_dal": CRESCITA if n == PIENO else date(2018, 1, 1),
            "valida_al": DIVISIONE if n == DIVISO else None,
        }


def _streets(conn: sa.Connection, delivery: int, buildings: list[int]) -> list[int]:
    common = {"fonte": "anncsu", "fornitura": delivery}
    streets = factories.new_fatti(
        conn,
        "odonimo",
        [
            {
                **common,
                "riga": n + 2,
                "denominazione": name,
                "chiave_odonimo": indirizzo.chiave_odonimo(name),
                "progressivo_nazionale": 900_001 + n,
            }
            for n, name in enumerate(VIE)
        ],
    )
    rows = [
        {
            **common,
            "riga": n + 2,
            "odonimo": streets[n % len(streets)],
            "numero": n // len(streets) + 1,
            "progressivo_accesso": 9_000_000 + n,
            "geometria": punto(corner(n)[0] + 15, corner(n)[1] + 7),
        }
        for n in range(len(buildings))
    ]
    numbers = factories.new_fatti(conn, "civico", rows)
    near = [(numbers[n], buildings[n]) for n in range(len(buildings)) if n != VUOTO]
    _link(conn, "civico_edificio", near, metodo="vicinanza")
    return numbers


def _units(
    conn: sa.Connection, delivery: int, buildings: list[int], parcels: list[int]
) -> list[int]:
    plan = [(PIENO, sub) for sub in range(1, 5)]
    plan += [(n, 1) for n in range(len(buildings)) if n not in {PIENO, VUOTO, GRANDE}]
    plan += [(GRANDE, sub) for sub in range(1, UNITA_GRANDE + 1)]
    kinds = (("A02", "02", "710.13"), ("C06", "01", "60.22"), ("A03", "03", "480.00"))
    rows = []
    for line, (n, sub) in enumerate(plan):
        categoria, classe, rendita = kinds[sub % 3]
        key = {"sezione_urbana": "", "foglio": "1", "numero": str(100 + n), "denominatore": "",
               "subalterno": str(sub), "edificialita": ""}  # fmt: skip
        rows.append(
            {
                "categoria": categoria,
                "classe": classe,
                "rendita": Decimal(rendita) + sub,
                "superficie_mq": 60 + sub % 80,
                "identificativo": 5000 + line,
                "identificativi": [key],
                "fonte": "catasto_fabbricati",
                "fornitura": delivery,
                "riga": line + 1,
            }
        )
    units = factories.new_fatti(conn, "unita_immobiliare", rows)
    places = [(unit, n) for unit, (n, _) in zip(units, plan, strict=True)]
    keys = [(unit, parcels[n]) for unit, n in places]
    homes = [(unit, buildings[n]) for unit, n in places]
    _link(conn, "unita_particella", keys, metodo="chiave_catastale")
    _link(conn, "unita_edificio", homes, metodo="stessa_particella")
    return units


def _planning(conn: sa.Connection, delivery: dict[str, int], buildings: list[int]) -> None:
    half = COLONNE * PASSO / 2
    zones = [
        factories.new_zona_urbanistica(
            conn, sigla=sigla, zto=zto, fonte="zone", fornitura=delivery["zone"], riga=line,
            geometria=rettangolo(x, -20, half, RIGHE * PASSO + 40),
        )
        for line, (sigla, zto, x) in enumerate((("B2", "02", 0.0), ("E1", "05", half)), 1)
    ]  # fmt: skip
    strip = factories.new_vincolo(
        conn,
        fonte="vincoli",
        fornitura=delivery["vincoli"],
        geometria=rettangolo(-20, -20, 160, 90),
    )
    inside = [(buildings[n], zones[corner(n)[0] >= half]) for n in range(len(buildings))
              if n != VUOTO]  # fmt: skip
    _link(conn, "edificio_zona", inside, metodo="sovrapposizione", misura=Decimal(216),
          quota=Decimal(1))  # fmt: skip
    factories.new_legame(
        conn, "edificio_vincolo", buildings[PIENO], strip, metodo="sovrapposizione",
        misura=Decimal("120.5"), quota=Decimal("0.55"),
    )  # fmt: skip


def _persons(conn: sa.Connection, delivery: dict[str, int], unit: int) -> None:
    catasto = {"fonte": "catasto_fabbricati", "fornitura": delivery["catasto_fabbricati"]}
    first = factories.new_soggetto(conn, codice_fiscale=PERSONE[3], **catasto)
    second = factories.new_soggetto(conn, cognome=PERSONE[2], sesso="M", **catasto)
    for person in (first, second):
        factories.new_titolarita(
            conn, soggetto=person, unita=unit, quota_numeratore=1, quota_denominatore=2, **catasto
        )
    people = {"fonte": "popolazione", "fornitura": delivery["popolazione"]}
    resident = factories.new_soggetto(conn, codice_fiscale=PERSONE[3], **people)
    household = factories.new_identita(conn, "famiglia")
    factories.new_residenza(conn, soggetto=resident, famiglia=household, **people)
    factories.new_legame(conn, "residente_unita", resident, unit, metodo="indirizzo")
    factories.new_legame(conn, "stesso_soggetto", resident, first, metodo="codice_fiscale")
    tax = {"fonte": "imu", "fornitura": delivery["imu"]}
    payer = factories.new_soggetto(conn, codice_fiscale=PERSONE[3], **tax)
    position = factories.new_posizione_imu(
        conn, soggetto=payer, quota=Decimal(50), rendita=Decimal("650.00"), **tax
    )
    factories.new_legame(conn, "posizione_unita", position, unit, metodo="chiave_catastale")


def _correction(conn: sa.Connection, delivery: int, building: int) -> str:
    """Write that a building was thought to have two floors until it was known to have three."""
    row = conn.execute(sa.select(edificio).where(edificio.c.id == building)).one()._mapping
    number = factories.new_registrazione(conn, causa="atto")
    known = {k: v for k, v in row.items() if k not in {"versione", "area_mq"}}
    conn.execute(
        sa.update(edificio).where(edificio.c.versione == row["versione"]).values(nota_fino=number)
    )
    conn.execute(sa.insert(edificio).values({**known, "piani": 3, "nota_da": number}))
    return f"n{number - 1}"


def _history(
    conn: sa.Connection, delivery: int, buildings: list[int], parcels: list[int]
) -> list[int]:
    """Write what was before: the full building was smaller, one building was split in two."""
    common = {"fonte": "edifici", "fornitura": delivery}
    x, y = corner(PIENO)
    factories.new_edificio(
        conn, id=buildings[PIENO], geometria=rettangolo(x + 7, y + 8, 11, 12), piani=1,
        valida_dal=date(2018, 1, 1), valida_al=CRESCITA, **common,
    )  # fmt: skip
    x, y = corner(DIVISO)
    children = [
        factories.new_edificio(
            conn, geometria=rettangolo(x + 7 + 8 * n, y + 8, 8, 12), valida_dal=DIVISIONE, **common
        )
        for n in range(2)
    ]
    event = factories.new_identita(conn, "evento")
    for child in children:
        factories.new_legame(
            conn, "edificio_particella", child, parcels[DIVISO], metodo="sovrapposizione",
            misura=Decimal(96), quota=Decimal(1),
        )  # fmt: skip
        conn.execute(
            sa.insert(genealogia).values(
                comune=COMUNE, evento=event, tipo="divisione", oggetto="edificio",
                da=buildings[DIVISO], a=child, giorno=DIVISIONE, nota_da=1, fornitura=delivery,
            )
        )  # fmt: skip
    return children
