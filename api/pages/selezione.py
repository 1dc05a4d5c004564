"""Selection of buildings: pasted list, drawn area or distance; one set, several forms."""

import csv
import io
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Annotated, Any
from urllib.parse import urlencode

import shapely
from fastapi import APIRouter, Depends, Query, Request
from shapely.geometry import Polygon, shape
from starlette.responses import JSONResponse, Response

from api import deps
from api.deps import VistoRichiesto, parse_id
from api.pages.dossier import Intorno, IntornoRichiesto, TitoliRichiesti
from api.pages.render import Passo, page, site_of
from api.pages.stampe import attachment, fonts, heading
from api.pages.tempo import Tempo, TempoRichiesto
from maps import estratto
from territorio import selezione
from territorio.accessi import rettifica
from territorio.documenti import campi, testa
from territorio.documenti import selezione as su_carta
from territorio.documenti.prospetto import Titoli, provenance
from territorio.elenco import Sguardo
from territorio.errors import InvalidInput, NotFound
from territorio.selezione import Scelta, Scelto

router = APIRouter(include_in_schema=False)

ELENCO_MASSIMO = 20_000
VERTICI = 200
COLONNE = ("Codice", "Indirizzi", "Uso", "Tipo", "Stato", "Piani", "Area", "Comune", "Fonte")
CSV = ("codice", "indirizzi", "uso", "tipo", "stato", "piani", "area_mq", "comune", "fonte", "data",
       "lon", "lat")  # fmt: skip


@dataclass(frozen=True, slots=True)
class Criteri:
    """How the buildings are chosen, as the address says."""

    elenco: str = ""
    area: str = ""
    intorno: str = ""
    raggio: int = 50

    @property
    def vuoti(self) -> bool:
        """Tell whether nothing was asked yet."""
        return not (self.elenco.strip() or self.area.strip() or self.intorno.strip())

    @property
    def parametri(self) -> dict[str, str]:
        """Return the criteria as they stand in an address."""
        if self.elenco.strip():
            return {"elenco": self.elenco.strip()}
        if self.area.strip():
            return {"area": self.area.strip()}
        if self.intorno.strip():
            return {"intorno": self.intorno.strip(), "raggio": str(self.raggio)}
        return {}

    @property
    def descrizione(self) -> str:
        """Return the criteria in words."""
        if self.elenco.strip():
            return "Edifici da un elenco."
        if self.area.strip():
            return "Edifici che toccano un’area disegnata."
        return f"Edifici entro {self.raggio} metri dall’edificio {self.intorno.strip()}."


@dataclass(frozen=True, slots=True)
class Selezione:
    """The set: buildings with what is said of them, and words that named none."""

    scelti: list[Scelto]
    non_trovati: list[str]


Sceglie = Callable[[Criteri, Tempo], Selezione]


def sceglie(request: Request, visto: VistoRichiesto) -> Sceglie:
    """Return what chooses the buildings."""

    def choose(criteri: Criteri, tempo: Tempo) -> Selezione:
        with deps.ufficio(request) as conn:
            quando = tempo.momento.quando(conn)
            # Which buildings an area or a name leads to tells what was known of them.
            rettifica.require_none(conn, (), quando, visto)
            if criteri.elenco.strip():
                scelta = selezione.resolve(conn, criteri.elenco, Sguardo(quando, visto))
            elif criteri.area.strip():
                scelta = Scelta(selezione.in_area(conn, parse_area(criteri.area), quando))
            else:
                centre = parse_id("intorno", criteri.intorno.strip())
                scelta = Scelta(selezione.near(conn, centre, criteri.raggio, quando))
            return Selezione(selezione.rows(conn, scelta.edifici, quando), scelta.non_trovati)

    return choose


def criteri(
    elenco: Annotated[str, Query(max_length=ELENCO_MASSIMO)] = "",
    area: Annotated[str, Query(max_length=ELENCO_MASSIMO)] = "",
    intorno: Annotated[str, Query(max_length=60)] = "",
    raggio: Annotated[int, Query(ge=1, le=selezione.RAGGIO_MASSIMO)] = 50,
) -> Criteri:
    """Read the criteria from the address."""
    return Criteri(elenco, area, intorno, raggio)


ScegliRichiesto = Annotated[Sceglie, Depends(sceglie)]
CriteriRichiesti = Annotated[Criteri, Depends(criteri)]


def parse_area(text: str) -> Polygon:
    """Read ``lon lat,lon lat,…``; raise InvalidInput if it bounds no area.

    >>> round(parse_area("12 42,12.1 42,12.1 42.1").area, 4)
    0.005
    """
    try:
        points = [tuple(float(n) for n in pair.split()) for pair in text.split(",") if pair.strip()]
    except ValueError:
        raise InvalidInput(
            "area", "scrivi coppie «longitudine latitudine» separate da virgole"
        ) from None
    if not 3 <= len(points) <= VERTICI or any(len(point) != 2 for point in points):
        raise InvalidInput("area", f"servono da 3 a {VERTICI} vertici, ciascuno di due numeri")
    if not all(abs(n) <= 180 for point in points for n in point):  # what is no number fails too
        raise InvalidInput("area", "le coordinate vanno in gradi: longitudine e latitudine")
    outline = Polygon(points)
    if not outline.is_valid or outline.area == 0:
        raise InvalidInput("area", "i lati si incrociano o l’area è vuota")
    return outline


def values(scelto: Scelto) -> dict[str, Any]:
    """Return the values of a building by field, of the source that counts first."""
    return dict(scelto.voci[0]["valori"]) if scelto.voci else {}


def cells(scelto: Scelto, comune: str, fonti: Titoli) -> list[str]:
    """Return the row of a building, written for people."""
    said = values(scelto)
    written = [
        campi.write(name, said.get(name)) for name in ("uso", "tipo", "stato", "piani", "area_mq")
    ]
    source = provenance(scelto.voci[0], fonti).breve if scelto.voci else ""
    return [scelto.codice, "; ".join(scelto.indirizzi) or campi.MANCA, *written, comune, source]


def drawing(chosen: Sequence[Scelto], tempo: Tempo, around: Intorno) -> str | None:
    """Return the map of the set, or None if nothing has a place."""
    outlines = {
        s.id: shape(dict(geojson)) for s in chosen if (geojson := testa.outline(s.voci)) is not None
    }
    if not outlines:
        return None
    whole = shapely.box(*shapely.union_all(list(outlines.values())).bounds)
    things = around(whole, tempo.momento, frozenset(outlines))
    return estratto.inline_map(things, "Mappa degli edifici scelti", width=150, height=100)


@router.get("/selezione", name="selezione")
def pagina(
    request: Request,
    tempo: TempoRichiesto,
    wanted: CriteriRichiesti,
    choose: ScegliRichiesto,
    fonti: TitoliRichiesti,
    around: IntornoRichiesto,
) -> Response:
    """Show the form and, once asked, the set as table and map."""
    errors: dict[str, str] = {}
    found = None
    if not wanted.vuoti:
        try:
            found = choose(wanted, tempo)
        except InvalidInput as error:
            errors[error.campo if error.campo in {"elenco", "area", "raggio"} else "intorno"] = (
                error.motivo
            )
        except NotFound as error:
            errors["intorno"] = str(error)
    chosen = found.scelti if found else []
    name = site_of(request).denominazione
    codes = ",".join(s.codice for s in chosen)
    return page(
        request,
        "selezione.html",
        [Passo("Selezione di edifici")],
        status=422 if errors else 200,
        criteri=wanted,
        errori=errors,
        trovati=found,
        colonne=COLONNE,
        righe=[cells(s, name(s.comune), fonti) for s in chosen],
        mappa=drawing(chosen, tempo, around) if chosen else None,
        codici=codes,
        base=urlencode({**wanted.parametri, **tempo.parametri}),
        tempo=tempo,
    )


@router.get("/selezione.csv", name="selezione_csv")
def selezione_csv(
    tempo: TempoRichiesto,
    wanted: CriteriRichiesti,
    choose: ScegliRichiesto,
    fonti: TitoliRichiesti,
) -> Response:
    """Give the set as a table for spreadsheets."""
    text = io.StringIO()
    writer = csv.writer(text, delimiter=";", lineterminator="\r\n")
    writer.writerow(CSV)
    for scelto in choose(wanted, tempo).scelti:
        writer.writerow([_safe(value) for value in _record(scelto, fonti)])
    headers = {"Content-Disposition": 'attachment; filename="selezione.csv"'}
    return Response(
        "\ufeff" + text.getvalue(), media_type="text/csv; charset=utf-8", headers=headers
    )


def _record(scelto: Scelto, fonti: Titoli) -> list[str]:
    said = values(scelto)
    source = provenance(scelto.voci[0], fonti) if scelto.voci else None
    geojson = testa.outline(scelto.voci)
    inside = shape(dict(geojson)).representative_point() if geojson else None
    words = [
        campi.write(k, said[k]) if said.get(k) is not None else "" for k in ("uso", "tipo", "stato")
    ]
    figures = [
        str(said[k]).replace(".", ",") if said.get(k) is not None else ""
        for k in ("piani", "area_mq")
    ]
    place = [f"{inside.x:.7f}", f"{inside.y:.7f}"] if inside else ["", ""]
    day = source.data.isoformat() if source and source.data else ""
    return [scelto.codice, ", ".join(scelto.indirizzi), *words, *figures, scelto.comune,
            source.fonte if source else "", day, *[n.replace(".", ",") for n in place]]  # fmt: skip


def _safe(value: str) -> str:
    """Return a cell that no spreadsheet takes for a formula."""
    return f"'{value}" if value[:1] in {"=", "+", "-", "@", "\t"} else value


@router.get("/selezione.geojson", name="selezione_geojson")
def selezione_geojson(
    tempo: TempoRichiesto, wanted: CriteriRichiesti, choose: ScegliRichiesto
) -> Response:
    """Give the set with its outlines."""
    features = []
    for scelto in choose(wanted, tempo).scelti:
        said = {k: v for k, v in values(scelto).items() if k != "geometria"}
        features.append(
            {
                "type": "Feature",
                "id": scelto.codice,
                "geometry": testa.outline(scelto.voci),
                "properties": {
                    "comune": scelto.comune,
                    "indirizzi": list(scelto.indirizzi),
                    **said,
                },
            }
        )
    body = {"type": "FeatureCollection", "features": features}
    return JSONResponse(body, media_type="application/geo+json")


@router.get("/selezione.pdf", name="selezione_pdf")
def selezione_pdf(
    request: Request,
    tempo: TempoRichiesto,
    wanted: CriteriRichiesti,
    choose: ScegliRichiesto,
    fonti: TitoliRichiesti,
    around: IntornoRichiesto,
) -> Response:
    """Give the set on paper."""
    chosen = choose(wanted, tempo).scelti
    name = site_of(request).denominazione
    made = su_carta.selezione_pdf(
        wanted.descrizione,
        COLONNE,
        [cells(s, name(s.comune), fonti) for s in chosen],
        heading(request, tempo, "/selezione"),
        drawing(chosen, tempo, around) if chosen else None,
        fonts(request),
    )
    return attachment(made, "selezione")
