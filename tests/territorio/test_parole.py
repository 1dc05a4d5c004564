"""Codes, deeds, links and reasons as officers read them: no code of a file on a page."""

from typing import Any

import pytest

from territorio.documenti import campi, codici, motivi, prospetto, testa, valore
from territorio.documenti.parole import SEZIONI
from territorio.documenti.prospetto import SezioneLetta

ATTO = {
    "causale": "VTO",
    "anno_nota": 2003,
    "tipo_nota": "V",
    "numero_nota": "114898",
    "progressivo_nota": "001",
    "data_efficacia": "2003-01-11",
    "data_registrazione": "2003-01-23",
}


def entry(tipo: str, number: int = 1, **valori: object) -> dict[str, Any]:
    return {"tipo": tipo, "id": number, "fonte": "prova", "fornitura": 1, "valori": valori}


def laid_out(nome: str, *voci: dict[str, Any]) -> SezioneLetta:
    words = next(s for s in SEZIONI if s.nome == nome)
    return prospetto.lay_out(words, {"stato": "presente", "voci": list(voci)}, {})


def plain(text: str) -> str:
    return text.replace("\u00a0", " ").replace("\u202f", ".")


@pytest.mark.parametrize(
    ("campo", "valore", "words"),
    [
        ("qualita", "282", "ente urbano"),
        ("qualita", "1", "seminativo"),
        ("qualita", "9999", "codice 9999"),
        ("riferimento", "X999/_/1/10", "foglio 1 part. 10"),
        ("riferimento", "X999/B/1.A2/10/3", "sez. B foglio 1 all. A svil. 2 part. 10/3"),
        ("riferimento", "X999/_/RM.1/10 sub 7", "sez. urb. RM foglio 1 part. 10 sub 7"),
        ("riferimento", "come capita", "come capita"),
        ("comune_catastale", "H501", "Roma (H501)"),
        ("comune_catastale", "X999", "X999"),
        ("regime", "P", "bene personale"),
        ("regime", "C", "comunione legale dei beni"),
        ("regime", "S", "separazione dei beni"),
        ("flag_classamento", "4", "classamento rettificato, in sostituzione del proposto"),
        ("uso", "fabbricati_gruppo_d", "fabbricati del gruppo D"),
        ("uso", "abitazione_principale_lusso", "abitazione principale di lusso"),
        ("riserve", [{"codice": "3", "partita": ""}], "errate generalità in atto"),
        ("base_calcolo", "rendita 307.3 × 1.05 × 160", "rendita 307,30 € × 1,05 × 160"),
        ("ubicazione", {"piano": ["T", "1"], "scala": "", "interno": "1"}, "piano T-1, interno 1"),
        ("autore", "territorio ingest", "caricamento delle forniture"),
        ("autore", "dott. Neri", "dott. Neri"),
    ],
)
def test_codes_become_the_words_of_the_field(campo: str, valore: object, words: str) -> None:
    assert plain(campi.write(campo, valore)) == words


def test_the_urban_section_and_the_denominator_are_part_of_an_identifier() -> None:
    written = campi.write(
        "identificativi",
        [{"sezione_urbana": "A", "foglio": "1", "numero": "10", "denominatore": "2"}],
    )
    assert written == "sez. urb. A foglio 1 part. 10/2"


def test_portions_say_their_quality_in_words() -> None:
    text = campi.write("porzioni", [{"identificativo": "AA", "qualita": "1", "superficie_mq": 80}])
    assert plain(text) == "porzione AA, qualità seminativo, superficie 80 m²"


def test_a_deed_reads_as_on_a_visura() -> None:
    unit = entry("unita_immobiliare", categoria="A02", atto_generante=ATTO)
    assert plain(valore.text("atto_generante", unit)) == (
        "variazione n. 114898.1/2003 (variazione di toponomastica), efficacia 11 gennaio 2003, "
        "registrazione 23 gennaio 2003"
    )
    land = entry("particella_censuaria", atto_generante={"tipo_nota": "F", "anno_nota": 1994})
    assert plain(valore.text("atto_generante", land)) == "frazionamento del 1994"


def test_the_same_note_means_another_thing_in_the_other_cadastre() -> None:
    note = {"tipo_nota": "A", "numero_nota": "7", "anno_nota": 2001}
    unit, land = entry("unita_immobiliare"), entry("particella_censuaria")
    for voce in (unit, land):
        voce["valori"]["atto_generante"] = note
    assert plain(valore.text("atto_generante", unit)) == "accatastamento n. 7/2001"
    assert plain(valore.text("atto_generante", land)) == (
        "voltura da tabelle o note di variazione n. 7/2001"
    )


@pytest.mark.parametrize(
    ("said", "words"),
    [
        ("N 2411.1/2023 COMPRAVENDITA", "voltura n. 2411.1/2023, compravendita"),
        ("N 7.1/2019 DEN", "voltura n. 7.1/2019, denuncia di successione"),
        ("rogito Bianchi", "rogito Bianchi"),
    ],
)
def test_the_deed_of_a_right_is_told_in_words(said: str, words: str) -> None:
    right = entry("titolarita", unita=5, atto_generante=said)
    assert plain(valore.text("atto_generante", right)) == words


def test_a_ledger_without_holders_is_told_in_words() -> None:
    land = entry("particella_censuaria", partita="0000001")
    assert valore.text("partita", land) == "aree di enti urbani e promiscui (0000001)"
    unit = entry("unita_immobiliare", partita="A")
    assert valore.text("partita", unit) == "beni comuni non censibili (A)"
    assert valore.text("partita", entry("unita_immobiliare", partita="1034")) == "1034"


def test_the_page_of_an_object_speaks_as_its_section() -> None:
    unit = entry("unita_immobiliare", categoria="A02", consistenza=5.5, partita="A")
    facts = {d.titolo: plain(d.valori[0][0]) for d in testa.head([unit], {})}
    assert facts["Consistenza"] == "5,5 vani"
    assert facts["Partita"] == "beni comuni non censibili (A)"


@pytest.mark.parametrize(
    ("nome", "tipo", "words"),
    [
        ("unita_immobiliari", "unita_immobiliare", "in vigore dal 4 marzo 2019"),
        ("cronologia", "modifica", "avvenuto il 4 marzo 2019"),
        ("segnalazioni", "segnalazione", "aperta il 4 marzo 2019"),
    ],
)
def test_facts_hold_and_events_happen(nome: str, tipo: str, words: str) -> None:
    voce = {**entry(tipo, motivo="x", oggetto="edificio"), "dal": "2019-03-04"}
    (row,) = laid_out(nome, voce).blocchi[0].gruppi[0]
    assert plain(row.periodo) == words
    assert not any(note.startswith("Oggetto") for note in row.note)


def test_what_several_sources_say_alike_is_said_once() -> None:
    other = {**entry("particella", area_mq=269, classe="strada"), "fonte": "altra"}
    area, kind = testa.head([entry("particella", area_mq=269, classe="particella"), other], {})
    (text, sources), *more = area.distinti
    assert (plain(text), [s.fonte for s in sources], more) == ("269 m²", ["prova", "altra"], [])
    assert not area.discordi
    assert kind.discordi


def test_kinds_of_street_stand_before_their_name() -> None:
    home = entry("residenza", toponimo="VIA", indirizzo="ROMA", numero=8, esponente="A")
    section = laid_out("residenti", home)
    (row,) = section.blocchi[0].gruppi[0]
    assert [cell.testo for cell in row.celle] == ["VIA ROMA", "8/A"]
    assert row.note == ()


@pytest.mark.parametrize(
    ("legame", "words"),
    [
        (
            {"tipo": "edificio_particella", "metodo": "area", "misura": 96.8, "quota": 1},
            "si sovrappongono per una parte che conta: 96,8 m² (100,0 %)",
        ),
        (
            {"tipo": "civico_edificio", "metodo": "vicino", "misura": 4.2, "punteggio": 0.85},
            "è il più vicino al punto del civico, entro 10 metri: 4,2 m, certezza 85 %",
        ),
        (
            {"tipo": "unita_edificio", "metodo": "particella", "punteggio": 0.28,
             "stato": "proposto"},
            "è l’unico edificio della particella che può contenerla, certezza 28 %, da confermare",
        ),
        (
            {"tipo": "unita_edificio", "metodo": "giudizio", "punteggio": 1},
            "lo ha detto una persona",
        ),
        ({"tipo": "nuovo", "metodo": "per_altro"}, "per altro"),
    ],
)  # fmt: skip
def test_a_link_is_told_in_words_with_its_measure(legame: dict[str, Any], words: str) -> None:
    assert plain(campi.bond(legame)) == words


CATASTO = {"categoria": "A03", "rendita": "446.62"}


@pytest.mark.parametrize(
    ("dati", "words"),
    [
        ({"somma": "1.167"}, "le quote di proprietà sommano a 7/6 (116,7 %) e non all’intero"),
        ({"somma": "0.500"}, "le quote di proprietà sommano a 1/2 (50,0 %) e non all’intero"),
        ({"somma": "0.987"}, "le quote di proprietà sommano al 98,7 % e non all’intero"),
        (
            {"tributi": {"categoria": "A02", "rendita": "1276.90"}, "catasto": CATASTO},
            "ai tributi A/2 con rendita 1.276,90 €, in catasto A/3 con rendita 446,62 €",
        ),
        (
            {
                "tributi": {"categoria": None, "rendita": "56.10"},
                "catasto": {"categoria": "C06", "rendita": None},
            },
            "ai tributi senza categoria, con rendita 56,10 €, in catasto C/6 senza rendita",
        ),
        # Who may not read what is paid is told the rest.
        ({"catasto": CATASTO}, "il motivo: in catasto A/3 con rendita 446,62 €"),
        (
            {"tributi": {"rendita": "315.43", "catasto": "394.29"}},
            "la posizione ha rendita 315,43 €, il catasto (secondo la stessa riga) 394,29 €",
        ),
        (
            {"fonte": "edifici", "consegna": "0101", "ufficio": "07"},
            "la fonte edifici dice «abitativo», un atto dell’ufficio dice «commerciale»: "
            "vale l’atto",
        ),
        ({"mq": "12"}, "il motivo"),
        ({}, "il motivo"),
    ],
)
def test_the_reason_of_an_issue_is_written_for_an_officer(
    dati: dict[str, object], words: str
) -> None:
    assert plain(motivi.reason("il motivo", dati, "uso")) == words


def test_a_disputed_value_is_written_as_its_field() -> None:
    doubt = {"fonte": "edifici", "consegna": "7.5", "ufficio": "12.00"}
    words = "la fonte edifici dice «7,5 m», un atto dell’ufficio dice «12,0 m»: vale l’atto"
    assert plain(motivi.reason("", doubt, "altezza_m")) == words
    issue = entry("segnalazione", motivo="contraddice", dati=doubt, campo="altezza_m")
    assert plain(valore.text("motivo", issue)) == words


@pytest.mark.parametrize(
    ("autore", "words"),
    [
        ("regola quote", "controllo automatico: quote"),
        ("ingest", "caricamento delle forniture"),
        ("pubblico", "un lettore"),
        ("calcolo", "calcolo dei legami"),
    ],
)
def test_who_opened_an_issue_is_told_in_words(autore: str, words: str) -> None:
    assert codici.author(autore) == words


def test_what_a_holder_holds_is_called_by_its_reference() -> None:
    unit = entry("unita_immobiliare", 425570305, riferimento="X999/_/1/10 sub 1", categoria="A02")
    right = entry("titolarita", 8, diritto="10", unita=425570305)
    body = {
        "sezioni": {
            "unita_immobiliari": {"stato": "presente", "voci": [unit]},
            "titolari": {"stato": "presente", "voci": [right]},
        }
    }
    holders = next(s for s in prospetto.compose(body, {}) if s.parole.nome == "titolari")
    cell = holders.blocchi[0].gruppi[0][0].celle[1]
    assert (plain(cell.testo), cell.href) == (
        "foglio 1 part. 10 sub 1",
        f"/unita-immobiliari/{campi.code(425570305)}",
    )
