"""The dossier by HTTP: all sections always, three states apart, time, comparison, addresses."""

import re
from datetime import date
from typing import Any

import httpx
import lxml.html
import pytest

from api.deps import Momento
from api.pages import confronto as pagine
from territorio.documenti import confronto
from territorio.documenti.parole import SEZIONI
from territorio.identita import Codice, permute
from tests.pages.town import CRESCITA, UNITA_GRANDE, Town

Element = Any  # the stubs of lxml know less than lxml.html


def get(http: httpx.Client, address: str) -> Element:
    response = http.get(address)
    assert response.status_code == 200, (address, response.status_code)
    return parse(response)


def parse(response: httpx.Response) -> Element:
    return lxml.html.fromstring(response.text)


def section(page: Element, nome: str) -> Element:
    return page.get_element_by_id(nome)


def test_every_section_is_there_in_order_for_a_full_and_for_an_empty_dossier(
    http: httpx.Client, town: Town
) -> None:
    for code in (town.pieno, town.vuoto, town.diviso):
        page = get(http, f"/edifici/{code}")
        found = page.xpath("//main//section[contains(@class, 'sezione')]/@id")
        assert found == [s.nome for s in SEZIONI]


def test_nothing_unknown_and_forbidden_never_look_alike(http: httpx.Client, town: Town) -> None:
    page = get(http, f"/edifici/{town.vuoto}")
    empty = section(page, "unita_immobiliari")
    unknown = section(page, "attestati_energetici")
    locked = section(page, "titolari")
    assert "Nessuna unità immobiliare" in empty.text_content()
    assert "Non sappiamo" in unknown.text_content()
    assert "Dato riservato" in locked.text_content()
    looks = [e.get("class") for e in (empty, unknown, locked)]
    assert looks == [
        "sezione stato-vuota",
        "sezione stato-fonte_non_caricata",
        "sezione stato-riservata",
    ]


def test_every_value_says_who_and_when(http: httpx.Client, town: Town) -> None:
    page = get(http, f"/edifici/{town.pieno}?visto_da=tributi")
    rows = page.xpath("//main//section[contains(@class, 'stato-presente')]//tbody/tr")
    assert len(rows) >= 12
    for row in rows:
        holder = row.xpath("ancestor::section[1]")[0]
        said = row.xpath("./td[contains(@class, 'fonte')]")[0].text_content()
        above = holder.xpath("string(./p[@class='provenienza'])")
        # What a reader reported came with no delivery: it has its day alone.
        by_reader = row.xpath("string(./th)").strip() == "errore segnalato"
        assert by_reader or "fornitura" in said or "riga" in said, lxml.html.tostring(row)
        assert re.search(r"20\d\d", said + above), lxml.html.tostring(row)


def test_the_office_sees_persons_that_the_public_does_not(http: httpx.Client, town: Town) -> None:
    office = get(http, f"/edifici/{town.pieno}?visto_da=anagrafe")
    assert "CAVALIERI" in section(office, "titolari").text_content()
    assert "1 famiglia, 1 persona" in section(office, "residenti").text_content()
    public = get(http, f"/edifici/{town.pieno}")
    for nome in ("titolari", "residenti", "posizioni_tributarie", "segnalazioni"):
        assert "Dato riservato" in section(public, nome).text_content()


def test_a_comparison_says_what_changed_by_identity(http: httpx.Client, town: Town) -> None:
    page = get(http, f"/edifici/{town.pieno}?confronta=2020-01-01")
    changed = section(page, "confronto")
    assert page.xpath("//main//section[contains(@class, 'sezione')]/@id")[0] == "confronto"
    assert changed.xpath(".//del[contains(., 'tolto')]")
    assert changed.xpath(".//ins[contains(., 'aggiunto')]")
    assert changed.xpath(".//svg/title[contains(., 'prima e di dopo')]")
    assert "Unità immobiliari: nessun cambiamento" in changed.text_content()
    for secret in ("Titolari", "Residenti", "Posizioni tributarie"):
        assert f"{secret}: dato riservato" in changed.text_content()
    for unknown in ("Attestati energetici", "Pratiche e titoli", "Documenti"):
        assert f"{unknown}: non sappiamo" in changed.text_content()
    office = section(get(http, f"/edifici/{town.pieno}?confronta=2020-01-01&visto_da=anagrafe"),
                     "confronto")  # fmt: skip
    assert "Residenti: nessun cambiamento" in office.text_content()
    same = get(http, f"/edifici/{town.vuoto}?confronta=2020-01-01")
    assert "Nessun cambiamento." in section(same, "confronto").text_content()


def test_an_earlier_day_shows_the_building_as_it_was(http: httpx.Client, town: Town) -> None:
    then = get(http, f"/edifici/{town.pieno}?alla_data=2021-06-01").text_content()
    assert "1 giugno 2021" in then.replace("\u00a0", " ")
    short = get(http, f"/edifici/{town.pieno}?al={CRESCITA.isoformat()}").text_content()
    assert "1 maggio 2022" in short.replace("\u00a0", " ")


def test_links_keep_the_day(http: httpx.Client, town: Town) -> None:
    page = get(http, f"/edifici/{town.pieno}?alla_data=2024-01-01")
    kept = [h for h in page.xpath("//main//a/@href") if "alla_data=2024-01-01" in h]
    assert any(h.startswith("/mappa") for h in kept)
    assert any(h.startswith(f"/edifici/{town.pieno}.pdf") for h in kept)
    assert any(h.startswith("/civici/") for h in kept)


@pytest.mark.parametrize(
    ("query", "sentence"),
    [
        ("alla_data=2999-01-01", "non successivo a oggi"),
        ("alla_data=ieri", "non è una data"),
        ("confronta=2999-01-01", "non successivo a oggi"),
        ("noto_al=boh", "noto_al"),
        ("visto_da=re", "visto_da"),
    ],
)
def test_a_day_that_makes_no_sense_is_refused_with_a_sentence(
    http: httpx.Client, town: Town, query: str, sentence: str
) -> None:
    response = http.get(f"/edifici/{town.pieno}?{query}")
    assert response.status_code == 422
    page = parse(response)
    assert sentence in page.text_content()
    assert (page.findtext(".//title") or "").startswith("Errore: ")


def test_a_building_that_is_no_more_keeps_its_address_and_names_its_children(
    http: httpx.Client, town: Town
) -> None:
    page = get(http, f"/edifici/{town.diviso}")
    assert "non c’è più" in page.text_content()
    links = page.xpath("//div[contains(@class, 'alert-warning')]//a/@href")
    assert sorted(links) == sorted(f"/edifici/{child}" for child in town.figli)
    for child in town.figli:
        assert f"/edifici/{town.diviso}" in get(http, f"/edifici/{child}").xpath("//a/@href")


def test_other_spellings_of_a_code_lead_to_its_one_address(http: httpx.Client, town: Town) -> None:
    loud = town.pieno.upper().replace("-", " ")
    response = http.get(f"/edifici/{loud}?alla_data=2024-01-01")
    assert response.status_code == 303
    assert response.headers["location"].endswith(f"/edifici/{town.pieno}?alla_data=2024-01-01")


@pytest.mark.parametrize("code", ["boh", "kedali-bupofe-7", str(Codice(permute(987_654)))])
def test_a_code_that_was_never_issued_is_404_with_a_search(http: httpx.Client, code: str) -> None:
    response = http.get(f"/edifici/{code}")
    assert response.status_code == 404
    page = parse(response)
    assert page.xpath("//main//form[@role='search']")


def test_six_hundred_units_are_all_there_folded_by_category(http: httpx.Client, town: Town) -> None:
    page = get(http, f"/edifici/{town.grande}")
    units = section(page, "unita_immobiliari")
    assert len(units.xpath(".//tbody/tr")) == UNITA_GRANDE
    blocks = units.xpath(".//details")
    assert len(blocks) == 3
    assert [b.get("open") is not None for b in blocks] == [True, False, False]
    assert "200 unità, rendita" in blocks[0].xpath("string(./summary)")


def test_the_history_tells_the_newest_first_and_each_event_has_an_address(
    http: httpx.Client, town: Town
) -> None:
    page = get(http, f"/edifici/{town.pieno}/cronologia")
    days = page.xpath("//ol[@class='cronologia']//time/@datetime")
    assert days == sorted(days, reverse=True)
    assert days[0] == CRESCITA.isoformat()
    anchors = page.xpath("//ol[@class='cronologia']/li/@id")
    assert len(anchors) == len(set(anchors)) == len(days)
    split = get(http, f"/edifici/{town.diviso}/cronologia")
    assert "Diviso in più edifici" in split.text_content()
    assert f"/edifici/{town.figli[0]}" in split.xpath("//a/@href")


def test_geojson_holds_the_outline_of_the_day(http: httpx.Client, town: Town) -> None:
    now = http.get(f"/edifici/{town.pieno}.geojson").json()
    then = http.get(f"/edifici/{town.pieno}.geojson?alla_data=2020-01-01").json()
    assert now["type"] == "Feature"
    assert now["id"] == town.pieno
    assert now["geometry"]["coordinates"] != then["geometry"]["coordinates"]


def test_parcels_answer_by_code_and_by_reference(http: httpx.Client, town: Town) -> None:
    page = get(http, f"/particelle/{town.particella}")
    assert f"/edifici/{town.pieno}" in page.xpath("//section[@id='edificio']//a/@href")
    assert len(section(page, "unita_immobiliare").xpath(".//tbody/tr")) == 4
    found = http.get("/particelle/1/100")
    assert found.status_code == 303
    assert found.headers["location"] == f"/particelle/{town.particella}"
    assert http.get("/particelle/99/99999").status_code == 404


def test_units_and_numbers_lead_to_their_building(http: httpx.Client, town: Town) -> None:
    for address in (f"/unita-immobiliari/{town.unita}", f"/civici/{town.civico}"):
        page = get(http, address)
        assert f"/edifici/{town.pieno}" in page.xpath("//section[@id='edificio']//a/@href")


def test_an_owner_sees_what_is_theirs_and_nobody_else_s(http: httpx.Client, town: Town) -> None:
    page = get(http, f"/edifici/{town.pieno}?visto_da=proprietario")
    holders = section(page, "titolari").text_content()
    assert "CAVALIERI" in holders
    assert "MARZAPANE" not in page.text_content()
    assert "CAVALIERI" in section(page, "residenti").text_content()
    eyes = page.get_element_by_id("occhi").text_content()
    found = re.fullmatch(r"Un proprietario: la persona (\S+), per ciò che la riguarda", eyes)
    assert found is not None, eyes
    assert Codice.parse(found[1])


def test_the_eyes_ride_along_through_links_forms_and_print(http: httpx.Client, town: Town) -> None:
    page = get(http, f"/edifici/{town.pieno}?visto_da=proprietario&alla_data=2024-01-01")
    who = page.xpath("//form[@class='modulo-tempo']/input[@name='soggetto']/@value")[0]
    kept = f"visto_da=proprietario&soggetto={who}"
    pdf = page.xpath("//a[contains(@href, '.pdf')]/@href")[0]
    unit = page.xpath("//section[@id='unita_immobiliari']//tbody//a/@href")[0]
    history = page.xpath("//section[@id='cronologia']//p/a/@href")[0]
    for link in (pdf, unit, history):
        assert kept in link
        assert "alla_data=2024-01-01" in link
    back = get(http, unit).xpath("//section[@id='edificio']//a/@href")[0]
    assert kept in back
    assert http.get(pdf).content.startswith(b"%PDF")
    # The switch lets go of the person: another role is another pair of eyes.
    assert page.xpath("//form[@class='modulo-visto']/input[@name='soggetto']") == []


def test_where_nobody_holds_anything_the_owner_s_view_says_so(
    http: httpx.Client, town: Town
) -> None:
    page = get(http, f"/edifici/{town.vuoto}?visto_da=proprietario")
    assert "non risulta nessun titolare" in page.get_element_by_id("occhi").text_content()


def test_a_split_is_drawn_and_told_with_links_to_its_parts(http: httpx.Client, town: Town) -> None:
    for code in (town.diviso, town.figli[0]):
        page = get(http, f"/edifici/{code}?alla_data=2023-09-15&confronta=2023-09-14")
        changed = section(page, "confronto")
        told = changed.xpath("./p[@class='passaggio']")
        assert len(told) == 1
        words = " ".join(told[0].text_content().replace("\u00a0", " ").split())
        first, second = (c for c in told[0].xpath("./a/text()") if c != town.diviso)
        assert words == (
            f"Il 15 settembre 2023: edificio {town.diviso} diviso in {first} e {second}."
        )
        assert {first, second} == set(town.figli)
        assert all(h.startswith("/edifici/") for h in told[0].xpath("./a/@href"))
        drawn = changed.xpath(".//svg/path/@d")
        assert drawn[0].count("M") == 2  # the two parts
        assert drawn[1].count("M") == 1  # what they were
        assert "tutto" not in changed.text_content()


def test_what_went_is_listed_once_whoever_said_it() -> None:
    def said(tipo: str, number: int, fonte: str) -> dict[str, Any]:
        return {"tipo": tipo, "id": number, "fonte": fonte, "valori": {"riferimento": "1/120"}}

    before = [
        said("particella", 7, "mappa"),
        said("particella", 7, "terreni"),
        said("particella_censuaria", 8, "terreni"),
    ]
    assert confronto.compare_section(before, []).tolti == ("1/120",)
    # The same parcel under another identity, or said by fewer sources, did not go.
    again = confronto.compare_section(before, [said("particella", 9, "mappa")])
    assert not again.cambiata


def test_what_went_into_a_part_is_told_to_be_there() -> None:
    one, two = (str(Codice(permute(n))) for n in (3, 4))

    def dossier(code: str, units: list[int], events: list[dict[str, Any]]) -> dict[str, Any]:
        voci = [
            {"tipo": "unita_immobiliare", "id": n, "valori": {"riferimento": f"1/9 sub {n}"}}
            for n in units
        ]
        return {
            "edificio": {"codice": code, "voci": []},
            "sezioni": {
                "unita_immobiliari": {"stato": "presente", "voci": voci},
                "cronologia": {"stato": "presente", "voci": events},
            },
        }

    split = {
        "tipo": "evento",
        "id": 1,
        "dal": "2023-09-15",
        "valori": {"evento": "divisione", "prima": [one], "dopo": [two]},
    }
    moment = Momento(date(2024, 1, 1), None)
    before = pagine.Lato(dossier(one, [1, 2], []), moment)
    after = pagine.Lato(dossier(one, [], [split]), moment)
    found = pagine.compare(before, after, lambda *_: dossier(two, [1], []))
    units = next(s for s in found.sezioni if s.nome == "unita_immobiliari")
    assert units.tolti == ("1/9 sub 1", "1/9 sub 2")
    assert units.altrove == {"1/9 sub 1": (two,)}


def test_known_then_can_be_asked_for_is_seen_and_cleared(http: httpx.Client, town: Town) -> None:
    plain = get(http, f"/edifici/{town.pieno}?visto_da=tributi")
    assert plain.xpath("//form[@class='modulo-tempo']//label[@for='noto_al']")
    assert "Non è ciò che sappiamo oggi" not in plain.text_content()
    for address in (
        f"/edifici/{town.pieno}?visto_da=tributi&noto_al=n0",
        f"/edifici/{town.pieno}/cronologia?noto_al=registrazione+0",
        f"/particelle/{town.particella}?noto_al=0",
    ):
        page = get(http, address)
        notice = page.xpath("//div[contains(@class, 'avviso-noto')]")[0]
        assert "Non è ciò che sappiamo oggi" in notice.text_content()
        assert "alla registrazione n. 0" in notice.text_content()
        assert "noto_al" not in notice.xpath(".//a/@href")[0]
    day = get(http, f"/edifici/{town.pieno}?noto_al=31/12/2999").text_content()
    assert "al 31 dicembre 2999" in day.replace("\u00a0", " ")


def test_what_we_learnt_since_is_shown_old_beside_new(http: httpx.Client, town: Town) -> None:
    page = get(http, f"/edifici/{town.corretto}?noto_al={town.ignaro}")
    learnt = section(page, "noto")
    assert "Che cosa sappiamo oggi di diverso" in learnt.text_content()
    rows = [" ".join(r.text_content().split()) for r in learnt.xpath(".//tbody/tr")]
    assert any("Piani" in row and "tolto: 2" in row and "aggiunto: 3" in row for row in rows), rows
    assert page.xpath("//nav[@id='indice']//a[@href='#noto']")
    assert not get(http, f"/edifici/{town.pieno}").xpath("//*[@id='noto']")
