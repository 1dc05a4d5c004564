"""Facts for tests: ``new_particella(conn, numero="345")`` writes one row and returns its id.

Every column has a default that makes sense beside the others (``factory_defaults``), so a
test names only what it is about. The objects stand in the invented municipality ``X999``,
on a flat field near ``ORIGINE``; ``rettangolo`` and ``punto`` place them in metres from
there. Pass ``id`` to write another version of the same object, ``valida_dal`` and
``valida_al`` for its days, ``nota_da`` and ``nota_fino`` for what was known when.
"""

import hashlib
from collections.abc import Iterable
from datetime import date
from decimal import Decimal

import sqlalchemy as sa
from geoalchemy2.elements import WKBElement
from geoalchemy2.shape import from_shape
from shapely.geometry.base import BaseGeometry

from territorio.geometry import SRID
from territorio.schema import (
    comune,
    comune_catastale,
    fonte,
    fornitura,
    identita,
    legame,
    registrazione,
    segnalazione,
)
from territorio.schema_statistiche import statistica_sezione
from territorio.tables import FATTI
from tests.factory_defaults import (
    COMUNE,
    DEFAULTS,
    IDENTIFICATIVO,
    Valori,
)


def new_comune(conn: sa.Connection, codice: str = COMUNE, **valori: object) -> str:
    """Write a municipality, if it is not there, and return its code."""
    row = {"denominazione": "Borgo Sereno", "istat": "999999", "provincia": "XX", "utm": 32632}
    insert = sa.dialects.postgresql.insert
    conn.execute(
        insert(comune)
        .values({"comune": codice, "inventato": True, **row, **valori})
        .on_conflict_do_nothing()
    )
    new_parte(conn, codice, codice)
    return codice


def new_parte(conn: sa.Connection, catastale: str, codice: str = COMUNE) -> None:
    """Write a code under which the cadastre delivers a part of a municipality."""
    row = sa.dialects.postgresql.insert(comune_catastale)
    conn.execute(row.values(comune=codice, comune_catastale=catastale).on_conflict_do_nothing())


def new_fonte(conn: sa.Connection, codice: str = "prova", **valori: object) -> str:
    """Write a source, if it is not there, and return its code."""
    row = {
        "titolo": f"Fonte {codice}",
        "editore": "Ente inventato",
        "licenza": "CC0",
        "cadenza": "annuale",
        "conserva_giorni": 3650,
        "persone": False,
    }
    insert = sa.dialects.postgresql.insert(fonte).values({"codice": codice, **row, **valori})
    conn.execute(insert.on_conflict_do_nothing())
    return codice


def new_fornitura(conn: sa.Connection, **valori: object) -> int:
    """Write a delivery and return its number."""
    codice = str(valori.get("fonte", "prova"))
    giorno = valori.get("data_riferimento", date(2024, 1, 1))
    nome = valori.get("nome", f"{codice}_{giorno}")
    impronta = hashlib.sha256(f"{valori.get('comune', COMUNE)}{codice}{nome}".encode()).hexdigest()
    row = {
        "comune": COMUNE,
        "fonte": new_fonte(conn, codice),
        "sha256": impronta,
        "nome": nome,
        "byte": 1000,
        "data_riferimento": giorno,
        "data_elaborazione": None,
        "registrazione": new_registrazione(conn),
        "letti": 1,
        "inseriti": 1,
    }
    statement = sa.insert(fornitura).values({**row, **valori}).returning(fornitura.c.id)
    number: int = conn.execute(statement).scalar_one()
    return number


def new_registrazione(conn: sa.Connection, **valori: object) -> int:
    """Write the next change of the registry and return its number."""
    last = conn.execute(sa.select(sa.func.max(registrazione.c.numero))).scalar() or 0
    row = {
        "numero": last + 1,
        "quando": sa.func.clock_timestamp(),
        "comune": COMUNE,
        "causa": "fornitura",
        "autore": "prova",
    }
    conn.execute(sa.insert(registrazione).values({**row, **valori}))
    return last + 1


def new_identita(conn: sa.Connection, tipo: str, codice: str = COMUNE) -> int:
    """Issue an identity."""
    number: int = conn.execute(
        sa.insert(identita)
        .values(id=sa.func.registro.nuovo_id(), tipo=tipo, comune=codice)
        .returning(identita.c.id)
    ).scalar_one()
    return number


def new_fatto(conn: sa.Connection, nome: str, /, **valori: object) -> int:
    """Write one version of an object of any kind and return its identity."""
    return new_fatti(conn, nome, [valori])[0]


def new_fatti(conn: sa.Connection, nome: str, righe: Iterable[Valori]) -> list[int]:
    """Write many versions at once: the real files have thousands of objects."""
    table = FATTI[nome]
    base = _base(conn)
    rows: list[dict[str, object]] = []
    numbers: list[int] = []
    for valori in righe:
        row = {**base, **DEFAULTS[nome], **valori}
        own = row.get("id")
        number = own if isinstance(own, int) else new_identita(conn, nome, str(row["comune"]))
        row["id"] = number
        numbers.append(number)
        content = repr(sorted((k, str(v)) for k, v in row.items() if k in DEFAULTS[nome]))
        row["impronta"] = int.from_bytes(hashlib.sha256(content.encode()).digest()[:8], signed=True)
        if isinstance(row.get("geometria"), BaseGeometry):
            row["geometria"] = _stored(row["geometria"])
        rows.append(row)
    if rows:
        conn.execute(sa.insert(table), rows)
    return numbers


def _base(conn: sa.Connection) -> dict[str, object]:
    """Return the columns every fact has, with one delivery for all that do not say."""
    new_comune(conn)
    delivery = conn.execute(
        sa.select(sa.func.min(fornitura.c.id)).where(fornitura.c.comune == COMUNE)
    ).scalar()
    return {
        "comune": COMUNE,
        "fonte": "prova",
        "valida_dal": None,
        "valida_al": None,
        "nota_da": 1,
        "nota_fino": None,
        "fornitura": delivery or new_fornitura(conn),
        "riga": 1,
    }


def _stored(geometry: object) -> WKBElement:
    assert isinstance(geometry, BaseGeometry)
    return from_shape(geometry, srid=SRID)


def new_legame(conn: sa.Connection, tipo: str, da: int, a: int, **valori: object) -> None:
    """Write a link, computed and confirmed unless said otherwise."""
    row = {
        "comune": COMUNE,
        "tipo": tipo,
        "da": da,
        "a": a,
        "valida_dal": None,
        "valida_al": None,
        "nota_da": 1,
        "nota_fino": None,
        "metodo": "prova",
        "punteggio": Decimal(1),
        "misura": None,
        "quota": None,
        "evidenza": {},
        "autore": "calcolo",
        "stato": "confermato",
    }
    conn.execute(sa.insert(legame).values({**row, **valori}))


def new_segnalazione(conn: sa.Connection, **valori: object) -> int:
    """Write a report and return its number."""
    row = {
        "comune": new_comune(conn),
        "tipo": "record rifiutato",
        "oggetto": None,
        "fornitura": None,
        "riga": 12,
        "campo": "numero",
        "motivo": "il numero non si legge",
        "stato": "aperta",
        "autore": "ingest",
    }
    statement = sa.insert(segnalazione).values({**row, **valori}).returning(segnalazione.c.id)
    number: int = conn.execute(statement).scalar_one()
    return number


def new_confine(conn: sa.Connection, **valori: object) -> int:
    """Write the boundary of the municipality."""
    return new_fatto(conn, "confine", **valori)


def new_foglio(conn: sa.Connection, **valori: object) -> int:
    """Write a map sheet."""
    return new_fatto(conn, "foglio", **valori)


def new_particella(conn: sa.Connection, **valori: object) -> int:
    """Write a parcel of the map, 30 m by 30 m from the origin."""
    return new_fatto(conn, "particella", **valori)


def new_particella_censuaria(conn: sa.Connection, **valori: object) -> int:
    """Write a parcel of the land census."""
    return new_fatto(conn, "particella_censuaria", **valori)


def new_unita_immobiliare(conn: sa.Connection, **valori: object) -> int:
    """Write a unit; ``subalterno=`` and the parcel's key change its only identifier."""
    own = {k: valori.pop(k) for k in list(valori) if k in IDENTIFICATIVO}
    if own:
        valori["identificativi"] = [{**IDENTIFICATIVO, **own}]
    return new_fatto(conn, "unita_immobiliare", **valori)


def new_aggregato(conn: sa.Connection, **valori: object) -> int:
    """Write a structural aggregate."""
    return new_fatto(conn, "aggregato", **valori)


def new_fabbricato(conn: sa.Connection, **valori: object) -> int:
    """Write a building of the cadastral map."""
    return new_fatto(conn, "fabbricato", **valori)


def new_edificio(conn: sa.Connection, **valori: object) -> int:
    """Write a building, 20 m by 10 m, inside the default parcel."""
    return new_fatto(conn, "edificio", **valori)


def new_odonimo(conn: sa.Connection, **valori: object) -> int:
    """Write a street: via Roma."""
    return new_fatto(conn, "odonimo", **valori)


def new_civico(conn: sa.Connection, **valori: object) -> int:
    """Write a house number inside the default building; name its ``odonimo``."""
    return new_fatto(conn, "civico", **valori)


def new_soggetto(conn: sa.Connection, **valori: object) -> int:
    """Write a person, without fiscal code."""
    return new_fatto(conn, "soggetto", **valori)


def new_titolarita(conn: sa.Connection, **valori: object) -> int:
    """Write a full right; name ``soggetto`` and ``unita`` or ``terreno``."""
    return new_fatto(conn, "titolarita", **valori)


def new_residenza(conn: sa.Connection, **valori: object) -> int:
    """Write a residence in via Roma 1; name ``soggetto`` and ``famiglia``."""
    return new_fatto(conn, "residenza", **valori)


def new_posizione_imu(conn: sa.Connection, **valori: object) -> int:
    """Write a tax position on the default unit; name ``soggetto``."""
    return new_fatto(conn, "posizione_imu", **valori)


def new_aliquota_imu(conn: sa.Connection, **valori: object) -> int:
    """Write a tax rate."""
    return new_fatto(conn, "aliquota_imu", **valori)


def new_zona_urbanistica(conn: sa.Connection, **valori: object) -> int:
    """Write a planning zone that covers the default parcel."""
    return new_fatto(conn, "zona_urbanistica", **valori)


def new_vincolo(conn: sa.Connection, **valori: object) -> int:
    """Write a constraint that covers the default parcel."""
    return new_fatto(conn, "vincolo", **valori)


def new_area_pericolosita(conn: sa.Connection, **valori: object) -> int:
    """Write a hazard area that covers the default parcel."""
    return new_fatto(conn, "area_pericolosita", **valori)


def new_sezione_censimento(conn: sa.Connection, **valori: object) -> int:
    """Write a census section that covers the default parcel."""
    return new_fatto(conn, "sezione_censimento", **valori)


def new_statistica(conn: sa.Connection, sezione: int, **valori: object) -> None:
    """Write what a publication said of a census section: nothing counted, nobody shown."""
    row = {
        c.name: 0 for c in statistica_sezione.c if not c.nullable and c.name not in ("comune", "id")
    }
    day = {"comune": COMUNE, "id": sezione, "pubblicazione": date(2024, 1, 1)}
    conn.execute(sa.insert(statistica_sezione).values({**row, **day, **valori}))


def new_documento(conn: sa.Connection, **valori: object) -> int:
    """Write a document; name its ``edificio``."""
    return new_fatto(conn, "documento", **valori)
