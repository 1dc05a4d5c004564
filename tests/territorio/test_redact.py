"""Who sees what: no role sees a field above its level, and nothing of persons is public."""

import json
from typing import Any

import hypothesis.strategies as st
import pytest
import sqlalchemy as sa
from hypothesis import given
from pydantic_core import to_json

from territorio import fascicolo as modulo
from territorio import fascicolo_righe, prepared
from territorio.accessi.policy import (
    COLONNE,
    CONTEGGIO,
    PERSONALI,
    TABELLA,
    Livello,
    Ruolo,
    Visto,
    levels,
    may_search_persons,
    readable,
)
from territorio.accessi.redact import DI, SOGGETTO, mask, redact
from territorio.errors import InvalidInput
from territorio.fascicolo import SEZIONI
from territorio.fascicolo_righe import Chiesto
from territorio.sezione import Contenuto, Stato, Voce
from tests import factories as f
from tests.territorio.casa import ADESSO, new_casa

IO, ALTRI = 7, 8
"""The one who looks, and somebody else."""


def marker(sezione: str, campo: str, whose: int) -> str:
    """Return a value that says where it comes from: found outside, it has leaked."""
    return f"segreto:{sezione}:{campo}:{whose}"


def full(sezione: str, fields: frozenset[str], whose: int) -> Voce:
    """Return an entry that has a value in each of these fields."""
    voce: Voce = {"tipo": "prova", "id": whose, DI: whose, "valori": {}}
    for campo in fields:
        value = marker(sezione, campo, whose)
        if campo == "legame":
            voce["legame"] = {"evidenza": value}
        elif campo.startswith(f"{SOGGETTO}."):
            person = voce.setdefault(SOGGETTO, {"id": whose, "valori": {}})
            person["valori"][campo.removeprefix(f"{SOGGETTO}.")] = value
        elif campo != CONTEGGIO:
            voce["valori"][campo] = value
    # What another source says may be told of a field the first is silent about.
    voce["discordanza"] = [
        {"campo": campo, "valore": marker(sezione, campo, whose)} for campo in TABELLA[sezione]
    ]
    return voce


FIELDS = [(sezione, campo) for sezione, campi in TABELLA.items() for campo in campi]
UNKNOWN = [(sezione, campo) for sezione in TABELLA for campo in ("nuovo", "soggetto.nuovo")]


@st.composite
def fatti(draw: st.DrawFn) -> dict[str, Contenuto]:
    """Return sections with any of the known fields, and with fields nobody has named."""
    chosen = draw(st.sets(st.sampled_from(FIELDS + UNKNOWN), min_size=1))
    contents = {}
    for sezione in TABELLA:
        fields = frozenset(campo for where, campo in chosen if where == sezione)
        voci = [full(sezione, fields, whose) for whose in (IO, ALTRI)] if fields else []
        state = Stato.PRESENTE if voci else draw(st.sampled_from(Stato))
        contents[sezione] = Contenuto(state, voci, {"persone": 41})
    return contents


VISTI = st.builds(
    Visto,
    ruolo=st.sampled_from(Ruolo),
    scopo=st.sampled_from(["", "controllo"]),
    soggetto=st.sampled_from([None, IO]),
)


@given(fatti(), VISTI)
def test_no_role_sees_a_field_above_its_level(facts: dict[str, Contenuto], visto: Visto) -> None:
    out = redact(facts, visto)
    assert set(out.sezioni) == set(facts)
    written = json.dumps({nome: s.to_json() for nome, s in out.sezioni.items()})
    for sezione, campo in FIELDS:
        if campo == CONTEGGIO:
            continue
        allowed = levels(visto.ruolo, sezione).get(campo)
        if sezione in PERSONALI and not visto.scopo:
            allowed = None
        if allowed is not Livello.MOSTRATO:
            assert marker(sezione, campo, ALTRI) not in written
        if allowed not in (Livello.MOSTRATO, Livello.PROPRIO) or (
            allowed is Livello.PROPRIO and visto.soggetto is None
        ):
            assert marker(sezione, campo, IO) not in written
    assert ":nuovo:" not in written
    assert '"di"' not in written


@given(fatti(), st.sampled_from(["", "controllo"]), st.sampled_from([None, IO]))
def test_nothing_of_persons_reaches_the_public(
    facts: dict[str, Contenuto], scopo: str, soggetto: int | None
) -> None:
    out = redact(facts, Visto(Ruolo.PUBBLICO, scopo, "anonimo", soggetto))
    assert out.letti == ()
    for nome in PERSONALI:
        section = out.sezioni[nome]
        assert section.stato in (Stato.RISERVATA, Stato.FONTE_NON_CARICATA)
        assert not section.voci
        assert section.conteggio == {}


@given(fatti(), VISTI)
def test_what_was_read_of_persons_is_named(facts: dict[str, Contenuto], visto: Visto) -> None:
    out = redact(facts, visto)
    shown = set()
    for nome in PERSONALI:
        for voce in out.sezioni[nome].voci:
            shown |= {f"{nome}.{campo}" for campo in voce["valori"]}
            shown |= {f"{nome}.soggetto.{c}" for c in voce.get(SOGGETTO, {}).get("valori", {})}
            shown |= {f"{nome}.legame"} if "legame" in voce else set()
        shown |= {f"{nome}.{CONTEGGIO}"} if out.sezioni[nome].conteggio else set()
    assert set(out.letti) == shown


@given(fatti(), VISTI)
def test_redacting_changes_nothing_of_what_it_is_given(
    facts: dict[str, Contenuto], visto: Visto
) -> None:
    before = json.dumps({nome: s.to_json() for nome, s in facts.items()})
    redact(facts, visto)
    assert json.dumps({nome: s.to_json() for nome, s in facts.items()}) == before


def test_the_table_has_a_letter_for_each_role() -> None:
    assert len(FIELDS) > 100
    for sezione, campo in FIELDS:
        letters = TABELLA[sezione][campo]
        assert len(letters) == len(COLONNE), (sezione, campo)
        assert all(Livello(letter) for letter in letters), (sezione, campo)


@pytest.mark.parametrize("sezione", PERSONALI)
def test_no_field_of_persons_has_a_letter_for_the_public(sezione: str) -> None:
    assert TABELLA[sezione]
    for campo, letters in TABELLA[sezione].items():
        assert letters[0] == "-", campo


def test_only_the_tax_office_sees_amounts() -> None:
    for campo in ("rendita", "valore", "base_imponibile", "detrazione"):
        who = [r for r in Ruolo if levels(r, "posizioni_tributarie").get(campo)]
        assert who == [Ruolo.PROPRIETARIO, Ruolo.TRIBUTI]


def test_a_third_body_sees_the_fiscal_code_masked() -> None:
    voce: Voce = {"tipo": "titolarita", "id": 1, "valori": {"diritto": "10"}}
    voce[SOGGETTO] = {"id": 2, "valori": {"codice_fiscale": "RSSMRA80A01H501U"}}
    facts = {"titolari": Contenuto(Stato.PRESENTE, [voce])}
    out = redact(facts, Visto(Ruolo.TERZO, "convenzione 3/2025", "prefettura"))
    person = out.sezioni["titolari"].voci[0][SOGGETTO]
    assert person["valori"] == {"codice_fiscale": "RSS…01U"}


@given(st.text(min_size=2, alphabet=st.characters(categories=["Lu"])))
def test_a_mask_keeps_one_letter(text: str) -> None:
    assert mask(text) == f"{text[0]}."


@pytest.mark.parametrize(
    ("text", "ruolo"),
    [
        ("pubblico", Ruolo.PUBBLICO),
        ("Ufficio tecnico", Ruolo.UFFICIO_TECNICO),
        ("ufficio", Ruolo.UFFICIO_TECNICO),
        ("cittadino", Ruolo.PROPRIETARIO),
    ],
)
def test_roles_as_people_write_them(text: str, ruolo: Ruolo) -> None:
    assert Ruolo.parse(text) is ruolo


def test_a_role_that_does_not_exist_is_refused() -> None:
    with pytest.raises(InvalidInput, match="non è un ruolo"):
        Ruolo.parse("sindaco")


@pytest.mark.parametrize("sezione", PERSONALI)
def test_what_bears_no_mark_of_a_person_is_named_as_read_too(sezione: str) -> None:
    campo = next(
        c for c, letters in TABELLA[sezione].items() if letters[COLONNE.index("tributi")] == "M"
    )
    voce = {"tipo": "prova", "id": 1, "valori": {campo: "detto"}}
    letto = redact({sezione: Contenuto(Stato.PRESENTE, [voce])}, Visto(Ruolo.TRIBUTI, "prova"))
    assert letto.sezioni[sezione].voci == [voce]
    assert letto.letti == (f"{sezione}.{campo}",)


def test_an_entry_of_which_nothing_is_known_is_no_secret() -> None:
    voce = {"tipo": "prova", "id": 1, "valori": {}, "legame": {"tipo": "prova"}}
    letto = redact({"rischio_vincoli": Contenuto(Stato.PRESENTE, [voce])}, Visto())
    assert letto.sezioni["rischio_vincoli"].voci == [voce]


@pytest.mark.parametrize("ruolo", Ruolo)
def test_persons_are_looked_for_by_offices_with_a_purpose(ruolo: Ruolo) -> None:
    office = ruolo in (Ruolo.UFFICIO_TECNICO, Ruolo.TRIBUTI, Ruolo.ANAGRAFE)
    assert may_search_persons(Visto(ruolo, "controllo")) is office
    assert not may_search_persons(Visto(ruolo, ""))


def test_every_field_the_dossier_reads_has_a_line_in_the_table(conn: sa.Connection) -> None:
    casa = new_casa(conn)
    f.new_documento(conn, edificio=casa.edificio)
    f.new_segnalazione(conn, oggetto=casa.edificio)
    everything = frozenset(s.nome for s in SEZIONI)
    nomi = tuple(s.query for s in SEZIONI if s.query)
    asked = Chiesto(casa.edificio, ADESSO, nomi, last=False, paired=False)
    righe = prepared.compute(conn, fascicolo_righe.read("X999", asked))
    seen = 0
    contents = {s.nome: modulo._content(s, righe.get(s.nome), everything) for s in SEZIONI}
    for nome, content in (contents | modulo._head(righe)).items():
        for voce in content.voci:
            names = {*voce["valori"]} | {f"soggetto.{c}" for c in _person(voce)}
            assert names - set(TABELLA[nome]) == set(), nome
            seen += 1
    assert seen >= 12


def _person(voce: Voce) -> dict[str, Any]:
    values: dict[str, Any] = (voce.get(SOGGETTO) or {}).get("valori", {})
    return values


def test_a_section_nobody_may_see_is_not_worth_reading() -> None:
    public = readable(Ruolo.PUBBLICO, scopo=True)
    assert public.isdisjoint({*PERSONALI, "segnalazioni"})
    assert "particelle" in public
    assert readable(Ruolo.TRIBUTI, scopo=False).isdisjoint(PERSONALI)


def test_the_answer_is_json(conn: sa.Connection) -> None:
    casa = new_casa(conn)
    visto = Visto(Ruolo.ANAGRAFE, "accertamento", "ufficiale")
    body = modulo.fascicolo(conn, casa.edificio, ADESSO, visto).to_json()
    assert json.loads(to_json(body))["edificio"]["id"] == casa.edificio
