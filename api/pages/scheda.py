"""Parcel, unit and house number: what the sources say of each, and what it is linked to."""

from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import RedirectResponse
from shapely.geometry import shape
from starlette.responses import Response

from api.deps import VistoRichiesto, parse_id
from api.pages import dossier
from api.pages.dossier import IntornoRichiesto, TitoliRichiesti
from api.pages.pannello import inner_point
from api.pages.render import Passo, fragment, page, site_of
from api.pages.schedario import Scheda, SchedaRichiesta, Schedario, TrovaRichiesto
from api.pages.tempo import Tempo, TempoRichiesto
from territorio.accessi.policy import Visto
from territorio.documenti import campi, prospetto, testa
from territorio.documenti.parole import ParoleSezione
from territorio.documenti.prospetto import SezioneLetta, Titoli
from territorio.errors import InvalidInput, NotFound
from territorio.identita import Codice

router = APIRouter(include_in_schema=False)

TITOLI_PAGINA = {
    "particella": ("Particella", "Particelle"),
    "unita_immobiliare": ("Unità immobiliare", "Unità immobiliari"),
    "civico": ("Numero civico", "Numeri civici"),
}

COLLEGATI = (
    ParoleSezione(
        "edificio",
        "Edifici",
        ("edificio", "uso", "tipo", "stato", "piani", "area_mq"),
        "Nessun edificio collegato.",
        "Può non essercene, oppure la sua sagoma non è ancora arrivata.",
    ),
    ParoleSezione(
        "particella",
        "Particelle",
        ("riferimento", "area_mq"),
        "Nessuna particella collegata.",
        "La mappa catastale di questa zona può non essere stata caricata.",
    ),
    ParoleSezione(
        "unita_immobiliare",
        "Unità immobiliari",
        ("riferimento", "categoria", "classe", "consistenza", "superficie_mq", "rendita"),
        "Nessuna unità immobiliare collegata.",
        "Il catasto fabbricati può non essere stato caricato.",
    ),
    ParoleSezione(
        "civico",
        "Numeri civici",
        ("indirizzo",),
        "Nessun numero civico collegato.",
        "Il numero può mancare, o trovarsi troppo lontano.",
    ),
)
"""What may be linked to an object, in the order of reading."""


def _title(scheda: Scheda) -> str:
    """Return how people call the object."""
    for voce in scheda.oggetto["voci"]:
        for campo in ("riferimento", "indirizzo"):
            if voce["valori"].get(campo):
                return campi.write(campo, voce["valori"][campo])
    return str(scheda.oggetto["codice"])


def sections(scheda: Scheda, fonti: Titoli) -> tuple[SezioneLetta, ...]:
    """Return what the object is linked to, section by section."""
    return tuple(
        prospetto.lay_out(words, {"stato": "presente" if voci else "vuota", "voci": voci}, fonti)
        for words in COLLEGATI
        if words.nome in scheda.collegati
        for voci in [scheda.collegati[words.nome]]
    )


def show(
    request: Request,
    tipo: str,
    identity: int,
    tempo: Tempo,
    read: Schedario,
    fonti: Titoli,
    around: dossier.Intorno,
    visto: Visto,
) -> Response:
    """Return the page of an object."""
    scheda = read(tipo, identity, tempo)
    one, many = TITOLI_PAGINA[tipo]
    title = _title(scheda)
    # The page shows the same to everybody, but leads back to a dossier seen as before.
    kept = dossier.parameters(tempo, visto)
    geojson = testa.outline(scheda.oggetto["voci"])
    outline = shape(dict(geojson)) if geojson else None
    facts = testa.head(scheda.oggetto["voci"], fonti)
    return page(
        request,
        "scheda.html",
        [Passo(many, f"/cerca?tipo={tipo}"), Passo(f"{one} {title}")],
        oggetto=scheda.oggetto,
        genere=one,
        nome=title,
        tipo=tipo,
        comune=site_of(request).denominazione(str(scheda.oggetto["comune"])),
        dati=facts,
        una_fonte=testa.one_source(facts),
        sezioni=sections(scheda, fonti),
        mappa=dossier.small_map(
            outline, identity, f"Posizione: {one} {title}", tempo.momento, around
        ),
        tempo=tempo,
        coda=dossier.tail(kept),
        parametri=kept,
    )


@router.get("/particelle/{riferimento:path}", name="particella")
def pagina_particella(
    request: Request,
    riferimento: str,
    tempo: TempoRichiesto,
    read: SchedaRichiesta,
    find: TrovaRichiesto,
    fonti: TitoliRichiesti,
    around: IntornoRichiesto,
    visto: VistoRichiesto,
) -> Response:
    """Show a parcel, by its code or by its cadastral reference."""
    try:
        identity = parse_id("particella", riferimento)
    except InvalidInput:
        if "/" not in riferimento:
            raise NotFound("particella", riferimento) from None
        code = Codice(find(riferimento.replace("/_/", "//"), tempo))
        return RedirectResponse(
            f"/particelle/{code}{dossier.tail(dossier.parameters(tempo, visto))}", 303
        )
    if (elsewhere := dossier.canonical(request, "particella", riferimento)) is not None:
        return elsewhere
    return show(request, "particella", identity, tempo, read, fonti, around, visto)


@router.get("/unita-immobiliari/{codice}", name="unita_immobiliare")
def pagina_unita(
    request: Request,
    codice: str,
    tempo: TempoRichiesto,
    read: SchedaRichiesta,
    fonti: TitoliRichiesti,
    around: IntornoRichiesto,
    visto: VistoRichiesto,
) -> Response:
    """Show an urban unit."""
    if (elsewhere := dossier.canonical(request, "unita_immobiliare", codice)) is not None:
        return elsewhere
    identity = parse_id("unita_immobiliare", codice)
    return show(request, "unita_immobiliare", identity, tempo, read, fonti, around, visto)


@router.get("/civici/{codice}", name="civico")
def pagina_civico(
    request: Request,
    codice: str,
    tempo: TempoRichiesto,
    read: SchedaRichiesta,
    fonti: TitoliRichiesti,
    around: IntornoRichiesto,
    visto: VistoRichiesto,
) -> Response:
    """Show a house number."""
    if (elsewhere := dossier.canonical(request, "civico", codice)) is not None:
        return elsewhere
    identity = parse_id("civico", codice)
    return show(request, "civico", identity, tempo, read, fonti, around, visto)


def parcel_panel(codice: str, tempo: Tempo, read: Schedario, fonti: Titoli) -> dict[str, Any]:
    """Return what the panel of a parcel needs."""
    identity = parse_id("particella", codice)
    scheda = read("particella", identity, tempo)
    buildings = {campi.code(v["id"]) for v in scheda.collegati.get("edificio", [])}
    return {
        "oggetto": scheda.oggetto,
        "identita": identity,
        "nome": _title(scheda),
        "dati": testa.head(scheda.oggetto["voci"], fonti)[:8],
        "edifici": sorted(code for code in buildings if code),
        "unita": len({v["id"] for v in scheda.collegati.get("unita_immobiliare", [])}),
        "punto": inner_point(testa.outline(scheda.oggetto["voci"])),
        "coda": tempo.coda,
    }


@router.get("/frammenti/particelle/{codice}", name="frammento_particella")
def frammento_particella(
    request: Request,
    codice: str,
    tempo: TempoRichiesto,
    read: SchedaRichiesta,
    fonti: TitoliRichiesti,
) -> Response:
    """Give the panel of a parcel for the map."""
    context = parcel_panel(codice, tempo, read, fonti)
    return fragment(request, "_pannello_particella.html", **context)
