"""The links and answers of a small town may not fall below what they have reached.

``make accuracy`` prints the same figures for a larger one. The floors leave room for what a
small town cannot avoid, not for a regression; wrong links must stay rarer than missing ones.
"""

import pytest

from territorio import db
from tests.bench.accuracy import Accuratezza, compare
from tests.bench.verita import Verita
from tests.stories.citta import Citta

PRECISIONE = 0.985
RICHIAMO = 0.97
CON_PROPOSTI = 0.98
RICHIAMO_MINORE = {"residente_unita": 0.95, "unita_edificio": 0.93}
"""Who has a wrong number, and the barns of farms (half of a small town), are for a person."""

RISPOSTE = 0.97
RISPOSTE_MINORE = {"edificio delle unità": 0.93}
TROVATI = {
    "ampliamento_non_dichiarato": 1.0,
    "edificio_non_dichiarato": 1.0,
    "rendita_diversa": 0.8,
    "residente_civico_errato": 0.7,
    "omonimi tenuti distinti": 1.0,
    "refuso nell’indirizzo di residenza": 1.0,
    "refuso nell’indirizzo in catasto": 1.0,
    "refuso nell’indirizzo ai tributi": 1.0,
    "riga doppia (LAC)": 1.0,
    "riga doppia (IMU_posizioni)": 1.0,
    "chiave mancante: codice fiscale": 1.0,
    "chiave mancante: identificativi": 0.7,
    "riga malformata": 1.0,
}


@pytest.fixture(scope="module")
def misurata(citta: Citta) -> Accuratezza:
    with db.transaction(citta.engine, (citta.comune,)) as conn:
        return compare(conn, Verita(citta.comune, citta.cartella))


def test_links_are_right_and_few_are_missing(misurata: Accuratezza) -> None:
    assert len(misurata.legami) == 12
    low = {
        tipo: (round(e.precisione, 3), round(e.richiamo, 3), round(e.con_proposti, 3))
        for tipo, e in misurata.legami.items()
        if e.veri == 0
        or e.precisione < PRECISIONE
        or e.richiamo < RICHIAMO_MINORE.get(tipo, RICHIAMO)
        or e.con_proposti < CON_PROPOSTI
    }
    assert low == {}


def test_wrong_links_are_rarer_than_missing_ones(misurata: Accuratezza) -> None:
    wrong = sum(e.confermati - e.giusti for e in misurata.legami.values())
    missing = sum(e.veri - e.giusti for e in misurata.legami.values())
    assert wrong < missing


def test_answers_with_a_date_are_right(misurata: Accuratezza) -> None:
    assert min(r.chieste for r in misurata.risposte.values()) > 1_000
    low = {
        nome: r.quota
        for nome, r in misurata.risposte.items()
        if r.quota < RISPOSTE_MINORE.get(nome, RISPOSTE)
    }
    assert low == {}


def test_planted_defects_are_found(misurata: Accuratezza) -> None:
    assert TROVATI.keys() <= misurata.difetti.keys()
    planted = {nome: misurata.difetti[nome] for nome in TROVATI}
    assert min(d.piantati for d in planted.values()) > 0
    assert {nome: d for nome, d in planted.items() if d.quota < TROVATI[nome]} == {}
    assert {nome: d for nome, d in planted.items() if d.precisione < 0.8} == {}
