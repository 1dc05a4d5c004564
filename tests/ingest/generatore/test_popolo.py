"""The invented people: codes that hold, shares that sum, unless spoiled on purpose."""

import csv
from datetime import date
from fractions import Fraction

import pytest

from catasto.belfiore import is_in_force
from catasto.codice_fiscale import CodiceFiscale, compose, disagreements, fault
from catasto.formati.censuario import PersonaFisica, RigaRifiutata, find_files, read_sog
from ingest.generatore.caso import new_caso
from ingest.generatore.persone import Popolo, codice_fiscale
from ingest.generatore.rilievo import Numeratore
from tests.ingest.generatore.conftest import COMUNE, Comune


def test_the_quick_code_is_the_code() -> None:
    caso = new_caso(3, "gente")
    popolo = Popolo(Numeratore(), COMUNE, 100)
    gente = [popolo.person(caso, caso.choice("MF"), caso.randint(0, 95)) for _ in range(300)]
    for p in gente:
        vero = compose(p.cognome, p.nome, p.nascita, p.sesso, p.luogo)
        assert codice_fiscale(p.cognome, p.nome, p.nascita, p.sesso, p.luogo) == str(vero) == p.cf
    assert len({p.cf for p in gente}) == len(gente)


def test_every_subject_has_a_valid_code_that_agrees_with_its_facts(comune: Comune) -> None:
    persone = 0
    for _, archivio in comune.supplies("*_FABBRICATI_*.zip"):
        for file in find_files(archivio):
            if file.tipo != "SOG":
                continue
            for soggetto in read_sog(file):
                assert not isinstance(soggetto, RigaRifiutata)
                scritto = soggetto.codice_fiscale_scritto
                if not scritto:
                    continue
                assert fault(scritto) is None
                if isinstance(soggetto, PersonaFisica):
                    persone += 1
                    assert _agrees(soggetto) == ()
    assert persone > 500


def _agrees(p: PersonaFisica) -> tuple[str, ...]:
    assert p.codice_fiscale is not None
    assert p.data_nascita is not None
    return disagreements(
        p.codice_fiscale,
        cognome=p.cognome or "",
        nome=p.nome or "",
        nascita=p.data_nascita,
        sesso=p.sesso,
        luogo_nascita=p.luogo_nascita,
    )


def test_nobody_is_born_where_there_was_no_municipality(comune: Comune) -> None:
    _, file = comune.supplies("LAC_*.csv")[0]
    with file.open(encoding="utf-8", newline="") as flusso:
        righe = [r for r in csv.DictReader(flusso, delimiter=";") if r["codfiscale"]]
    assert len(righe) > 200
    for r in righe:
        giorno, mese, anno = map(int, r["datanas"].split("/"))
        luogo = CodiceFiscale(r["codfiscale"]).luogo_nascita
        assert luogo is not None
        assert is_in_force(luogo, date(anno, mese, giorno))


@pytest.mark.parametrize("giorno", [date(2021, 1, 1), date(2023, 1, 1), date(2025, 1, 1)])
def test_shares_sum_to_one_unless_spoiled(comune: Comune, giorno: date) -> None:
    guasti = {d["oggetto"] for d in comune.table("difetti") if d["difetto"] == "quote_non_unitarie"}
    quando = giorno.isoformat()
    somme: dict[str, Fraction] = {}
    for t in comune.table("titolari"):
        in_vita = t["dal"] <= quando and (not t["al"] or quando < t["al"])
        # Usufruct is a ledger of its own beside bare ownership.
        if in_vita and t["diritto"] in ("10", "20") and t["oggetto"] not in guasti:
            num, den = map(int, t["quota"].split("/"))
            somme[t["oggetto"]] = somme.get(t["oggetto"], Fraction(0)) + Fraction(num, den)
    assert len(somme) > 400
    assert guasti
    assert {o: s for o, s in somme.items() if s != 1} == {}


def test_households_have_one_holder(comune: Comune) -> None:
    for giorno, file in comune.supplies("LAC_*.csv"):
        with file.open(encoding="utf-8", newline="") as flusso:
            righe = list(csv.DictReader(flusso, delimiter=";"))
        famiglie: dict[str, int] = {}
        for r in righe:
            famiglie[r["codicefam"]] = famiglie.get(r["codicefam"], 0) + (r["relpar"] == "1")
        assert len(famiglie) > 100, giorno
        # A holder may die, and the family may go on without a new one; a row may be double.
        assert sum(n == 1 for n in famiglie.values()) > 0.9 * len(famiglie)
