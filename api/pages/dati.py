"""Open data: the list of the datasets, and the page of each.

``/opendata/…`` names things and leads a browser here (:mod:`api.catalogo`); these are the pages.
"""

import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Annotated, Any

from fastapi import APIRouter, Path, Query, Request
from fastapi.responses import RedirectResponse
from starlette.responses import Response

from api import deps
from api.assets import Assets
from api.pages import esempi
from api.pages.quadro import Quadro
from api.pages.render import Passo, page, site_of
from opendata import contenuto, formats, pubblicazione, schema_org
from opendata.contenuto import Contenuto
from opendata.dataset import BY_NAME, DATASETS, Dataset, Geometria, Tema
from opendata.ente import Ente
from opendata.licenze import known_open
from opendata.metadati import PAGINE, Metadati
from opendata.metadati_file import DIVERSA, SENZA_AREE, SENZA_LUOGO
from opendata.pubblicazione import FilePubblicato, Pubblicazione
from opendata.vocabolari import ACCOMPAGNANO, LICENZA_NOME, LICENZA_TESTO, TITOLI_TEMI
from opendata.vocabolari import nome_formato as format_name
from territorio import vigenza
from territorio.documenti import scrittura
from territorio.errors import InvalidInput, NotFound

router = APIRouter(include_in_schema=False)

DATI = Passo("Dati aperti", PAGINE)
LUNGO = 100
PONTE = "ponte"
"""Leads from retired ids to what took their place: no form of the data."""

VERSIONI = 10
"""So many versions are told; the door of the versions has all of them."""

INTERROGAZIONI = ("GeoJSON", "JSON-FG", "CSV", "GeoParquet", "FlatGeobuf")
"""What the living interface answers in."""


@dataclass(frozen=True, slots=True)
class Scheda:
    """One dataset as the list shows it."""

    dataset: Dataset
    contenuto: Contenuto
    ultime: tuple[Pubblicazione, ...]
    """The latest version of each municipality."""

    @property
    def formati(self) -> list[str]:
        """Return the formats in which it was published, in the order of the lists."""
        found = {file.formato for one in self.ultime for file in one.file}
        return [name for name in formats.FORMATI if name in found - ACCOMPAGNANO - {PONTE}]

    @property
    def comuni(self) -> set[str]:
        """Return the municipalities of which there is anything."""
        return {*self.contenuto.per_comune, *(one.comune for one in self.ultime)}

    @property
    def pubblicato(self) -> datetime | None:
        """Return when the last files were written, or None."""
        return max((one.quando for one in self.ultime), default=None)

    @property
    def tema(self) -> str:
        """Return its theme in words."""
        return TITOLI_TEMI[self.dataset.tema]

    def holds(self, word: str) -> bool:
        """Tell whether a word stands in what is told of it."""
        d = self.dataset
        fields = (part for campo in d.campi for part in (campo.nome, campo.titolo))
        return plain(word) in plain(" ".join((d.nome, d.titolo, d.descrizione, *d.parole, *fields)))


@dataclass(frozen=True, slots=True)
class Scelta:
    """What a reader narrows the list to; empty means all."""

    q: str = ""
    tema: str = ""
    formato: str = ""
    comune: str = ""

    def keeps(self, scheda: Scheda) -> bool:
        """Tell whether a dataset is among those asked for."""
        return (
            all(scheda.holds(word) for word in self.q.split())
            and self.tema in ("", scheda.dataset.tema)
            and (not self.formato or self.formato in scheda.formati)
            and (not self.comune or self.comune in scheda.comuni)
        )


@dataclass(frozen=True, slots=True)
class Scaricabile:
    """One file of a version, with when to take it."""

    file: FilePubblicato
    titolo: str
    quando: str
    indirizzo: str


@dataclass(frozen=True, slots=True)
class Versione:
    """One version, with how many objects it brought, changed and took away."""

    versione: Pubblicazione
    cambi: Mapping[str, int]


def plain(text: str) -> str:
    """Return a text as it is compared: small letters without accents.

    >>> plain("Pericolosità d’ALTO grado")
    "pericolosita d'alto grado"
    """
    parts = unicodedata.normalize("NFKD", text.replace("’", "'"))
    return "".join(c for c in parts if not unicodedata.combining(c)).casefold()


def base_of(request: Request) -> str:
    """Return the address of this site, as the reader called it."""
    return str(request.base_url).rstrip("/")


def ente_of(request: Request) -> Ente:
    """Return the body that publishes here."""
    return Ente.of(request.app.state.settings)


def quadro_of(request: Request) -> Quadro:
    """Return what there is of all datasets."""
    found: Quadro = request.app.state.quadri.read(request)
    return found


@router.get("/opendata", name="opendata")
def opendata(request: Request) -> Response:
    """Lead to the list."""
    query = f"?{request.url.query}" if request.url.query else ""
    return RedirectResponse(PAGINE + query, 303)


@router.get(PAGINE, name="dati")
def dati(
    request: Request,
    q: Annotated[str, Query(max_length=LUNGO)] = "",
    tema: Annotated[str, Query(max_length=LUNGO)] = "",
    formato: Annotated[str, Query(max_length=LUNGO)] = "",
    comune: Annotated[str, Query(max_length=LUNGO)] = "",
) -> Response:
    """List the datasets, all or those a reader asks for."""
    quadro = quadro_of(request)
    cards = [Scheda(d, quadro.contenuti[d.nome], tuple(quadro.latest_of(d.nome))) for d in DATASETS]
    scelta = Scelta(q.strip(), tema, formato, comune)
    offered = {name for card in cards for name in card.formati}
    return page(
        request,
        "dati.html",
        [Passo("Dati aperti")],
        schede=[card for card in cards if scelta.keeps(card)],
        tutte=len(cards),
        scelta=scelta,
        temi={one.value: TITOLI_TEMI[one] for one in Tema},
        formati={name: format_name(name) for name in formats.FORMATI if name in offered},
        nome_formato=format_name,
        ente=ente_of(request),
        licenza=(LICENZA_NOME, LICENZA_TESTO),
        schema_org=schema_org.catalog(DATASETS, ente_of(request), base_of(request)),
    )


@router.get(f"{PAGINE}/{{nome}}", name="pagina_dataset")
def dataset(
    request: Request,
    nome: Annotated[str, Path(max_length=LUNGO)],
    comune: Annotated[str, Query(max_length=LUNGO)] = "",
) -> Response:
    """Show a dataset: what it is, how to take it, what it holds, what changed."""
    found = BY_NAME.get(nome)
    if found is None:
        raise NotFound("dataset", nome)
    quadro = quadro_of(request)
    held, latest = quadro.contenuti[nome], quadro.latest_of(nome)
    chosen = _chosen(comune, held, latest)
    with deps.ufficio(request) as conn:
        reports = contenuto.open_reports(conn, found)
    with deps.pubblico(request) as conn:
        of_comune = pubblicazione.search(conn, nome, chosen) if chosen else []
        rows = contenuto.preview(conn, found, vigenza.today(), chosen)
        changed = contenuto.changes(
            conn, nome, chosen or "", (v.numero for v in of_comune[:VERSIONI] if v.numero > 1)
        )
    told = quadro.told_of(nome, chosen)
    ultima = next(iter(of_comune), None)
    subject = esempi.Argomento(found, base_of(request), told[-1].riquadro, ultima)
    context: dict[str, Any] = {
        "dataset": found,
        "contenuto": held,
        "segnalazioni": reports,
        "comune": chosen,
        "ultime": latest,
        "ultima": ultima,
        "file": list(_files(ultima)) if ultima else [],
        "versioni": [Versione(v, changed.get(v.numero, {})) for v in of_comune[:VERSIONI]],
        "altre_versioni": len(of_comune) > VERSIONI,
        "righe": rows,
        "tipi": {campo.nome: contenuto.kind_of(found, campo.nome) for campo in found.campi},
        "limiti": list(_limits(found, held)),
        "attribuzione": _attribution(request, found, held, ultima, chosen),
        "ente": ente_of(request),
        "tema": TITOLI_TEMI[found.tema],
        "licenza": (LICENZA_NOME, LICENZA_TESTO),
        "esempi": esempi.examples(subject),
        "base": base_of(request),
        "interrogazioni": INTERROGAZIONI,
        "schema_org": [schema_org.dataset(m, base_of(request)) for m in told],
        "mappa": _map(request, found, told[-1]),
    }
    return page(request, "dataset.html", [DATI, Passo(found.titolo)], **context)


def _chosen(comune: str, held: Contenuto, latest: list[Pubblicazione]) -> str | None:
    """Return the municipality to tell of: the one asked for, or the only one."""
    known = {*held.per_comune, *(one.comune for one in latest)}
    if comune and comune not in known:
        raise InvalidInput("comune", "di questo comune non c’è niente in questi dati")
    if comune:
        return comune
    return next(iter(known)) if len(known) == 1 else None


def _files(versione: Pubblicazione) -> Iterator[Scaricabile]:
    """Return the files of a version in the order of the formats; what tells of them last."""
    order = {name: n for n, name in enumerate(formats.FORMATI)}
    here = f"/opendata/{versione.dataset}/{versione.comune}/{versione.numero}"
    for file in sorted(versione.file, key=lambda one: order.get(one.formato, len(order))):
        known = formats.FORMATI.get(file.formato)
        title = known.titolo if known else "Metadati"
        when = known.quando if known else "Fonti, campi, licenza e impronte, per i programmi."
        yield Scaricabile(file, title, when, f"{here}/{file.nome}")


def _limits(found: Dataset, held: Contenuto) -> Iterator[str]:
    if found.limiti:
        yield found.limiti
    if found.geometria is Geometria.AREA:
        yield SENZA_AREE
    if found.geometria:
        yield SENZA_LUOGO
    if held.escluse:
        yield DIVERSA
    for one in held.uscenti:
        if not known_open(one.licenza):
            rows = scrittura.numero(one.righe)
            yield f"{rows} oggetti sono della fonte «{one.titolo}», con licenza «{one.licenza}»."


def _attribution(
    request: Request,
    found: Dataset,
    held: Contenuto,
    ultima: Pubblicazione | None,
    comune: str | None,
) -> str:
    """Return the words that who uses the data has to repeat."""
    whose = f"Comune di {site_of(request).denominazione(comune)}, " if comune else ""
    day: date = ultima.giorno if ultima else vigenza.today()
    named = dict.fromkeys(f"{one.titolo} ({one.editore})" for one in held.uscenti)
    tail = f"; dalle fonti: {'; '.join(named)}" if named else ""
    return f"{found.titolo}, {whose}{ente_of(request).nome}, {day.isoformat()}{tail}. CC BY 4.0."


def _map(request: Request, found: Dataset, told: Metadati) -> dict[str, Any] | None:
    """Return what the script of the map needs, or None for what lies nowhere."""
    if not found.geometria:
        return None
    assets: Assets = request.app.state.assets
    r = told.riquadro
    return {
        "maplibre": assets.url("maplibre-gl.mjs"),
        "stile": assets.url("maplibre-gl.css"),
        "raccolta": found.nome,
        "punti": found.geometria is Geometria.PUNTO,
        "tasselli": f"/ogc/collections/{found.nome}/tiles/WebMercatorQuad?f=tilejson",
        "riquadro": [r.ovest, r.sud, r.est, r.nord],
    }
