"""What is printed: who speaks on every page, and nothing beyond its edge."""

import io
from datetime import date

from pypdf import PdfReader

from territorio.documenti.estratto import estratto_pdf
from territorio.documenti.fascicolo import fascicolo_pdf
from territorio.documenti.selezione import selezione_pdf
from territorio.documenti.stampa import Intestazione

HEAD = Intestazione(
    "Comune di Borgo Sereno",
    ("Borgo Sereno",),
    date(2025, 6, 1),
    date(2025, 6, 2),
    "https://registro.example/selezione",
    "richiesta-77",
)


def pages(content: bytes) -> list[str]:
    """Return the text of each page, its lines as they stand."""
    return [
        page.extract_text().replace("\u00a0", " ") for page in PdfReader(io.BytesIO(content)).pages
    ]


def test_every_page_says_whose_it_is_and_that_the_town_is_invented() -> None:
    rows = [(f"kedali-bupofe-{n}", "VIA ROMA 1") for n in range(120)]
    found = pages(selezione_pdf("Tutti.", ("Codice", "Indirizzi"), rows, HEAD, None))
    assert len(found) > 1
    for number, text in enumerate(found, 1):
        assert text.count("I dati di Borgo Sereno sono inventati") == 1
        assert text.count("Comune di Borgo Sereno, anagrafe territoriale") == 1
        assert "https://registro.example/selezione · consultato il 2 giugno 2025" in text
        assert f"pagina {number} di {len(found)}" in text


def test_a_code_stands_whole_on_its_line() -> None:
    columns = ("Codice", "Indirizzi", "Uso", "Tipo", "Stato", "Piani", "Area", "Comune", "Fonte")
    words = ("VIA DELLA COSTITUZIONE 1", "abitativo", "edificio generico", "costruito", "2",
             "1.234,5 m²", "Borgo Sereno", "Impronte degli edifici, al 1 gennaio 2025")  # fmt: skip
    (text,) = pages(selezione_pdf("Uno.", columns, [("kedali-bupofe-6", *words)], HEAD, None))
    assert "kedali-bupofe-6" in text


def test_an_extract_is_one_sheet() -> None:
    drawing = '<svg xmlns="http://www.w3.org/2000/svg" width="180mm" height="250mm"/>'
    (sheet,) = pages(estratto_pdf(drawing, "Estratto", "Edificio", HEAD, None))
    assert "I dati di Borgo Sereno sono inventati" in sheet


def test_what_another_source_says_is_not_wider_than_its_column() -> None:
    mark = {
        "campo": "rendita",
        "valore": 1019.49,
        "fonte": "Catasto fabbricati, archivio del comune",
        "data": "2021-01-01",
    }
    position = {
        "tipo": "posizione_imu",
        "id": 1,
        "fonte": "Posizioni IMU",
        "fornitura": 3,
        "soggetto": {"valori": {"cognome": "ROSSI", "nome": "MARIA BENEDETTA CATERINA"}},
        "valori": {
            "imposta": "IMU",
            "anno": 2024,
            "unita": 425570305,
            "quota": 50.0,
            "categoria": "A07",
            "rendita": 1121.44,
            "uso": "abitazione_principale_esente",
        },
        "discordanza": [mark],
    }
    body = {
        "edificio": {
            "codice": "kedali-bupofe-6",
            "stato": "esistente",
            "voci": [],
            "prima": [],
            "dopo": [],
            "indirizzi": [],
        },
        "sezioni": {"posizioni_tributarie": {"stato": "presente", "voci": [position]}},
    }
    text = "\n".join(pages(fascicolo_pdf(body, {}, HEAD, None)))
    said = "Un’altra fonte dice 1\u202f019,49 € (Catasto fabbricati, archivio del comune"
    assert said in " ".join(text.split("\n"))
    assert said not in text
