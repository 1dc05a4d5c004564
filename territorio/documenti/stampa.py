"""From a template to a PDF: tagged for reading aloud, with its own fonts, fetching nothing.

Drawings come in as SVG and go in as pictures with a description, since a picture without
words is nothing to who cannot see it.
"""

import base64
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

import jinja2

from territorio.documenti import parole, scrittura

TEMPLATES = Path(__file__).parent / "templates"

CARATTERI = (
    ("Titillium Web", 400, "normal", "titillium-web-v10-latin-ext_latin-regular.woff2"),
    ("Titillium Web", 400, "italic", "titillium-web-v10-latin-ext_latin-italic.woff2"),
    ("Titillium Web", 700, "normal", "titillium-web-v10-latin-ext_latin-700.woff2"),
    ("Roboto Mono", 400, "normal", "roboto-mono-v13-latin-ext_latin-regular.woff2"),
)


@dataclass(frozen=True, slots=True)
class Intestazione:
    """What stands at the head and foot of every page of a document."""

    ente: str
    inventati: tuple[str, ...]
    alla_data: date
    stampato: date
    indirizzo: str
    """The address of the page that shows the same."""

    richiesta: str
    """The number under which the log knows who asked."""

    visto_da: str = ""
    """Whose eyes, if not the public's."""

    noto: str = ""
    """What was known when, if not today's knowledge."""

    @property
    def titolo(self) -> str:
        """Return whose registry this is; a site of several municipalities has but its name."""
        name = "anagrafe territoriale"
        return self.ente if self.ente.lower() == name else f"{self.ente}, {name}"

    @property
    def avviso(self) -> str:
        """Return that the data of the municipality are invented, if so."""
        return parole.invented(self.inventati).removesuffix(".")


@cache
def _environment() -> jinja2.Environment:
    env = jinja2.Environment(
        loader=jinja2.FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    env.filters["giorno"] = scrittura.giorno
    env.filters["numero"] = scrittura.numero
    env.filters["maiuscola"] = scrittura.maiuscola
    env.filters["immagine"] = picture
    return env


def picture(svg: str) -> str:
    """Return a drawing as the address of a picture."""
    return "data:image/svg+xml;base64," + base64.b64encode(svg.encode()).decode()


def font_rules(folder: Path | None) -> str:
    """Return the rules for the fonts in a folder; without it, what the machine has is used."""
    if folder is None:
        return ""
    return "".join(
        f'@font-face{{font-family:"{family}";font-weight:{weight};font-style:{style};'
        f'src:url("{(folder / name).as_uri()}")}}'
        for family, weight, style, name in CARATTERI
        if (folder / name).is_file()
    )


def pdf(template: str, context: Mapping[str, Any], caratteri: Path | None) -> bytes:
    """Return a template filled, as a PDF/UA."""
    # Imported here: it takes a second, which the start of the server need not wait.
    import weasyprint
    from weasyprint.text.fonts import FontConfiguration
    from weasyprint.urls import URLFetcher

    text = _environment().get_template(template).render(context)
    fonts = FontConfiguration()
    style = weasyprint.CSS(
        string=font_rules(caratteri) + (TEMPLATES / "documento.css").read_text(), font_config=fonts
    )
    document = weasyprint.HTML(
        string=text, url_fetcher=URLFetcher(allowed_protocols=("data", "file"))
    )
    made: bytes = document.write_pdf(stylesheets=[style], font_config=fonts, pdf_variant="pdf/ua-1")
    return made
