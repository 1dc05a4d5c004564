"""What an object is unless a test says otherwise: the invented town of the factories.

One entry for each table of facts, one value for each of its columns; the values agree with
each other (the unit stands on the parcel, the number on the building). All people are
invented.
"""

import math
from collections.abc import Mapping
from datetime import date
from decimal import Decimal

from shapely.geometry import Point, Polygon, box

COMUNE = "X999"
ORIGINE = (11.0, 44.0)
_GRADO_LAT = 111_132.0
_GRADO_LON = 111_320.0 * math.cos(math.radians(ORIGINE[1]))

Valori = Mapping[str, object]


def punto(est: float, nord: float) -> Point:
    """Return the point so many metres east and north of the origin."""
    return Point(ORIGINE[0] + est / _GRADO_LON, ORIGINE[1] + nord / _GRADO_LAT)


def rettangolo(est: float, nord: float, largo: float = 10, alto: float = 10) -> Polygon:
    """Return a rectangle by its lower left corner and its sides, in metres."""
    basso, cima = punto(est, nord), punto(est + largo, nord + alto)
    return box(basso.x, basso.y, cima.x, cima.y)


RIFERIMENTO: Valori = {
    "comune_catastale": COMUNE,
    "sezione": "",
    "foglio": "1",
    "allegato": "0",
    "sviluppo": "0",
    "numero": "10",
    "denominatore": "",
}
IDENTIFICATIVO: Valori = {
    "sezione_urbana": "",
    "foglio": "1",
    "numero": "10",
    "denominatore": "",
    "subalterno": "1",
    "edificialita": "",
}
INDIRIZZO: Valori = {"toponimo": "VIA", "indirizzo": "ROMA", "civici": ["1"], "codice_strada": ""}
UBICAZIONE: Valori = {"scala": "", "interno": "", "piano": ["T"], "edificio": "", "lotto": ""}
ATTO: Valori = {"data_efficacia": "2010-03-15", "tipo_nota": "V", "numero_nota": "12345"}

DEFAULTS: Mapping[str, Valori] = {
    "confine": {
        "istat": "999999",
        "denominazione": "Borgo Sereno",
        "geometria": rettangolo(-5000, -5000, 10_000, 10_000),
    },
    "foglio": {
        **{k: v for k, v in RIFERIMENTO.items() if k not in ("numero", "denominatore")},
        "scala": 2000,
        "geometria": rettangolo(-500, -500, 1000, 1000),
    },
    "particella": {
        **RIFERIMENTO,
        "classe": "particella",
        "geometria": rettangolo(0, 0, 30, 30),
    },
    "particella_censuaria": {
        **RIFERIMENTO,
        "subalterno": "",
        "identificativo": 501,
        "progressivo": 1,
        "qualita": "282",
        "classe": "",
        "superficie_mq": 900,
        "reddito_dominicale": Decimal(0),
        "reddito_agrario": Decimal(0),
        "partita": "0000001",
        "porzioni": [],
        "deduzioni": [],
        "riserve": [],
        "atto_generante": ATTO,
        "atto_conclusivo": None,
    },
    "unita_immobiliare": {
        "comune_catastale": COMUNE,
        "sezione": "",
        "identificativo": 4711,
        "progressivo": 1,
        "zona": "",
        "categoria": "A02",
        "classe": "03",
        "consistenza": Decimal("5.5"),
        "superficie_mq": 102,
        "rendita": Decimal("710.13"),
        "partita": "1000001",
        "ubicazione": UBICAZIONE,
        "identificativi": [IDENTIFICATIVO],
        "indirizzi": [
            {"toponimo": "VIA", "indirizzo": "ROMA", "civici": ["1"], "codice_strada": ""}
        ],
        "utilita_comuni": [],
        "riserve": [],
        "atto_generante": ATTO,
        "atto_conclusivo": None,
        "protocollo_notifica": "",
        "flag_classamento": "2",
    },
    "aggregato": {"codice": "0300000000001", "geometria": rettangolo(5, 5, 20, 10)},
    "fabbricato": {
        **RIFERIMENTO,
        "codice": "10+",
        "geometria": rettangolo(5, 5, 20, 10),
    },
    "edificio": {
        "codice_fonte": "edifc.1",
        "provvisorio": False,
        "uso": "0101",
        "tipo": "01",
        "stato": "03",
        "piani": 2,
        "altezza_m": Decimal("6.50"),
        "anno": 1970,
        "interrato": False,
        "geometria": rettangolo(5, 5, 20, 10),
    },
    "odonimo": {
        "progressivo_nazionale": 900_001,
        "codice_comunale": "1",
        "denominazione": "VIA ROMA",
        "localita": "",
        "lingua1": None,
        "lingua2": None,
        "chiave_odonimo": "VIA ROMA",
    },
    "civico": {
        "progressivo_accesso": 9_000_001,
        "numero": 1,
        "esponente": "",
        "specificita": "",
        "metrico": None,
        "snc": None,
        "metodo": 1,
        "geometria": punto(15, 10),
        "odonimo": None,
    },
    "soggetto": {
        "tipo": "F",
        "cognome": "CAVALIERI",
        "nome": "PRUDENZIA",
        "sesso": "F",
        "data_nascita": date(1960, 5, 1),
        "luogo_nascita": COMUNE,
        "denominazione": None,
        "sede": None,
        "codice_fiscale": None,
        "codice_valido": False,
        "indicazioni": "",
    },
    "titolarita": {
        "diritto": "10",
        "titolo": "",
        "quota_numeratore": 1,
        "quota_denominatore": 1,
        "regime": "",
        "partita": "1000001",
        "atto_generante": "V 12345/2010",
        "atto_conclusivo": None,
        "soggetto": None,
        "unita": None,
        "terreno": None,
        "soggetto_riferimento": None,
    },
    "residenza": {
        "convivenza": False,
        "parentela": "1",
        "codice_via": "900001",
        "toponimo": "VIA",
        "indirizzo": "ROMA",
        "chiave_odonimo": "VIA ROMA",
        "numero": 1,
        "esponente": "",
        "interno": "",
        "iscritto": date(2000, 1, 1),
        "soggetto": None,
        "famiglia": None,
    },
    "posizione_imu": {
        "anno": 2024,
        "indirizzo": "VIA ROMA 1",
        "sezione": "",
        "foglio": "1",
        "numero": "10",
        "subalterno": "1",
        "quota": Decimal("100"),
        "categoria": "A02",
        "classe": "03",
        "consistenza": Decimal("5.5"),
        "rendita": Decimal("710.13"),
        "valore": Decimal("119301.84"),
        "uso": "abitazione principale",
        "detrazione": Decimal(0),
        "agevolazioni": "",
        "dichiarazione": False,
        "soggetto": None,
    },
    "aliquota_imu": {
        "anno": 2024,
        "fattispecie": "altri_fabbricati",
        "ex_comune": "",
        "aliquota": Decimal("1.06"),
        "ammessa": None,
        "delibera": "12",
        "data_delibera": date(2023, 12, 20),
    },
    "zona_urbanistica": {
        "strumento": "PRG",
        "sigla": "B2",
        "zto": "02",
        "destinazione": "0201",
        "indice_fondiario": Decimal("1.5"),
        "norma": "art. 14",
        "geometria": rettangolo(-100, -100, 300, 300),
    },
    "vincolo": {
        "tipo": "U_CIMI",
        "denominazione": "fascia di rispetto del cimitero",
        "atto": "D.C.C. 4",
        "data_atto": date(2001, 2, 3),
        "rubrica": "",
        "codice_nazionale": "",
        "codice_regionale": "",
        "geometria": rettangolo(-100, -100, 300, 300),
    },
    "area_pericolosita": {
        "fenomeno": "frana",
        "classe": "P3",
        "denominazione": "versante del Colle",
        "autorita": "Autorità di bacino inventata",
        "strumento": "PAI",
        "data_atto": date(2020, 12, 15),
        "geometria": rettangolo(-100, -100, 300, 300),
    },
    "sezione_censimento": {
        "sezione": "9999990000001",
        "numero": 1,
        "istat": "999999",
        "tipo_localita": "1",
        "localita": "9999910001",
        "residenti": 75,
        "famiglie": 31,
        "abitazioni": 40,
        "edifici": 20,
        "geometria": rettangolo(-100, -100, 300, 300),
    },
    "documento": {
        "tipo": "fotografia",
        "titolo": "Fronte su strada",
        "nome_file": "fronte.jpg",
        "formato": "image/jpeg",
        "byte": 1024,
        "sha256": "0" * 64,
        "data_documento": date(2020, 1, 1),
        "edificio": None,
    },
}
"""What an object is unless the test says otherwise; one entry a table of facts."""
