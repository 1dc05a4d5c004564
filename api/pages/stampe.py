"""What is taken away on paper: the dossier as PDF, the map extract at true scale."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any
from urllib.parse import urlencode

from fastapi import APIRouter, Depends, Query, Request
from shapely.geometry import shape
from shapely.geometry.base import BaseGeometry
from starlette.responses import Response

from api import deps
from api.assets import STATIC, Assets
from api.deps import Momento, VistoRichiesto, parse_id
from api.pages import dossier
from api.pages.dossier import IntornoRichiesto, LettoreRichiesto, TitoliRichiesti
from api.pages.occhi import OcchiRichiesti
from api.pages.render import Passo, page, site_of
from api.pages.schedario import SchedaRichiesta
from api.pages.tempo import Tempo, TempoRichiesto
from maps import estratto
from maps import intorno as maps_intorno
from maps.estratto import Cartiglio
from maps.svg import Oggetto
from territorio import vigenza
from territorio.documenti import codici, testa
from territorio.documenti import estratto as foglio
from territorio.documenti import fascicolo as fascicolo_su_carta
from territorio.documenti.prospetto import Titoli
from territorio.documenti.stampa import Intestazione
from territorio.errors import InvalidInput, NotFound
from territorio.identita import Codice
from territorio.vigenza import Quando

router = APIRouter(include_in_schema=False)

PDF = "application/pdf"
SCALA = 1000

Campo = Callable[[BaseGeometry, Momento, float, frozenset[int]], list[Oggetto]]


def campo(request: Request) -> Campo:
    """Return what finds everything to draw on an extract: public facts only."""

    def around(
        outline: BaseGeometry, momento: Momento, metri: float, scelti: frozenset[int]
    ) -> list[Oggetto]:
        with deps.pubblico(request) as conn:
            return maps_intorno.around(
                conn,
                outline,
                Quando(momento.alla_data),
                metri=metri,
                strati=maps_intorno.TUTTI,
                scelti=scelti,
            )

    return around


CampoRichiesto = Annotated[Campo, Depends(campo)]


def heading(
    request: Request, tempo: Tempo, address: str, visto_da: str = "", comune: str = ""
) -> Intestazione:
    """Return what stands at the head and foot of a document, of one municipality if known."""
    sito = site_of(request).only(comune)
    return Intestazione(
        sito.nome,
        sito.inventati,
        tempo.alla_data,
        vigenza.today(),
        str(request.url.replace(path=address)),
        request.state.numero_richiesta,
        visto_da,
        tempo.noto,
    )


def fonts(request: Request) -> Path:
    """Return the folder of the fonts of the pages."""
    assets: Assets = request.app.state.assets
    face = assets.bare("titillium-web-v10-latin-ext_latin-regular.woff2")
    return (STATIC / face.removeprefix("/static/")).parent


def attachment(body: bytes, name: str) -> Response:
    """Return a document to be saved under a name; nobody keeps it on the way."""
    return Response(
        body,
        media_type=PDF,
        headers={
            "Content-Disposition": f'inline; filename="{name}.pdf"',
            "Cache-Control": "no-store",
        },
    )


@router.get("/edifici/{codice}.pdf", name="edificio_pdf")
def edificio_pdf(
    request: Request,
    codice: str,
    tempo: TempoRichiesto,
    occhi: OcchiRichiesti,
    leggi: LettoreRichiesto,
    fonti: TitoliRichiesti,
    around: IntornoRichiesto,
) -> Response:
    """Give the dossier of a building on paper."""
    identity = parse_id("edificio", codice)
    fascicolo = leggi(identity, tempo.momento, occhi.visto)
    outline = dossier.geometry_of(fascicolo["edificio"])
    comune = str(fascicolo["edificio"].get("comune", ""))
    title = f"Posizione dell’edificio {codice}"
    drawing = dossier.small_map(outline, identity, title, tempo.momento, around)
    made = fascicolo_su_carta.fascicolo_pdf(
        fascicolo,
        fonti,
        heading(request, tempo, f"/edifici/{codice}", occhi.parole, comune),
        drawing,
        fonts(request),
    )
    return attachment(made, f"fascicolo-{codice}")


@dataclass(frozen=True, slots=True)
class Tavola:
    """An extract asked for: of what, where, at which scale."""

    strato: str
    codice: str
    nome: str
    outline: BaseGeometry
    scala: int
    tempo: Tempo
    comune: str = ""

    @property
    def titolo(self) -> str:
        """Return the title of the sheet."""
        return f"{'Edificio' if self.strato == 'edificio' else 'Particella'} {self.nome}"

    @property
    def query(self) -> str:
        """Return the parameters that name the sheet."""
        named = {self.strato: self.codice, "scala": str(self.scala), **self.tempo.parametri}
        return urlencode(named)


def tavola(
    tempo: TempoRichiesto,
    leggi: LettoreRichiesto,
    scheda: SchedaRichiesta,
    visto: VistoRichiesto,
    edificio: Annotated[str | None, Query(max_length=40)] = None,
    particella: Annotated[str | None, Query(max_length=40)] = None,
    scala: Annotated[int, Query()] = SCALA,
) -> Tavola:
    """Read which extract is wanted; raise InvalidInput when it cannot be drawn."""
    estratto.check_scale(scala)
    if not edificio and not particella:
        raise InvalidInput("edificio", "indica di quale edificio o particella vuoi l’estratto")
    found: Mapping[str, Any]
    if edificio:
        kind, identity = "edificio", parse_id("edificio", edificio)
        found = leggi(identity, tempo.momento, visto)["edificio"]
        name = str(found["codice"])
    else:
        kind, identity = "particella", parse_id("particella", str(particella))
        found = scheda("particella", identity, tempo).oggetto
        said = (v["valori"].get("riferimento") for v in found["voci"])
        name = next((codici.reference(str(r)) for r in said), str(particella))
    geojson = testa.outline(found["voci"])
    if geojson is None:
        raise NotFound("sagoma in questa data", name)
    return Tavola(
        kind, str(Codice(identity)), name, shape(dict(geojson)), scala, tempo, str(found["comune"])
    )


TavolaRichiesta = Annotated[Tavola, Depends(tavola)]


def draw(request: Request, sheet: Tavola, around: Campo, fonti: Titoli) -> str:
    """Return the extract as SVG."""
    chosen = frozenset({parse_id(sheet.strato, sheet.codice)})
    centre = sheet.outline.centroid
    things = around(centre, sheet.tempo.momento, 0.13 * sheet.scala, chosen)
    sources = sorted({fonti.get(thing.fonte, thing.fonte) for thing in things if thing.fonte})
    sito = site_of(request).only(sheet.comune)
    # The drawing leaves the page, and its banner, behind.
    invented = " (dati inventati)" if sito.inventati else ""
    words = Cartiglio(
        sheet.titolo,
        f"{sito.nome}{invented}, situazione al {sheet.tempo.alla_data:%d/%m/%Y}",
        sheet.tempo.alla_data,
        vigenza.today(),
        tuple(sources),
    )
    return estratto.true_scale(things, (centre.x, centre.y), sheet.scala, words)


@router.get("/estratto", name="estratto")
def pagina_estratto(
    request: Request, sheet: TavolaRichiesta, around: CampoRichiesto, fonti: TitoliRichiesti
) -> Response:
    """Show the extract and offer other scales."""
    back = "edifici" if sheet.strato == "edificio" else "particelle"
    return page(
        request,
        "estratto.html",
        [
            Passo(sheet.titolo, f"/{back}/{sheet.codice}{sheet.tempo.coda}"),
            Passo("Estratto di mappa"),
        ],
        tavola=sheet,
        disegno=draw(request, sheet, around, fonti),
        scale=estratto.SCALE,
        tempo=sheet.tempo,
    )


@router.get("/estratto.svg", name="estratto_svg")
def estratto_svg(
    request: Request, sheet: TavolaRichiesta, around: CampoRichiesto, fonti: TitoliRichiesti
) -> Response:
    """Give the extract as a drawing."""
    return Response(draw(request, sheet, around, fonti), media_type="image/svg+xml")


@router.get("/estratto.pdf", name="estratto_pdf")
def estratto_pdf(
    request: Request, sheet: TavolaRichiesta, around: CampoRichiesto, fonti: TitoliRichiesti
) -> Response:
    """Give the extract on paper."""
    title = f"{sheet.titolo}: estratto di mappa 1:{sheet.scala}"
    words = f"{title}. Al centro l’oggetto contornato in rosso; intorno particelle ed edifici."
    made = foglio.estratto_pdf(
        draw(request, sheet, around, fonti),
        title,
        words,
        heading(request, sheet.tempo, "/estratto", comune=sheet.comune),
        fonts(request),
    )
    return attachment(made, f"estratto-{sheet.codice}-{sheet.scala}")
