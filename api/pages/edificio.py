"""The dossier of a building: its page, its history, its outline."""

from fastapi import APIRouter, Request
from starlette.responses import JSONResponse, Response

from api.deps import Momento, VistoRichiesto, parse_id
from api.pages import confronto, dossier
from api.pages.confronto import Lato
from api.pages.dossier import IntornoRichiesto, LettoreRichiesto, TitoliRichiesti
from api.pages.occhi import OcchiRichiesti
from api.pages.render import Passo, page, site_of
from api.pages.tempo import TempoRichiesto
from territorio.accessi.policy import Visto
from territorio.documenti import parole, prospetto, testa

router = APIRouter(include_in_schema=False)

EDIFICI = Passo("Edifici", "/cerca?tipo=edificio")


@router.get("/edifici/{codice}.geojson", name="edificio_geojson")
def edificio_geojson(
    codice: str, tempo: TempoRichiesto, visto: VistoRichiesto, leggi: LettoreRichiesto
) -> Response:
    """Give the outline of a building with its public attributes."""
    building = leggi(parse_id("edificio", codice), tempo.momento, visto)["edificio"]
    properties = {k: v for k, v in building.items() if k not in {"voci", "strati"}}
    feature = {
        "type": "Feature",
        "id": building["codice"],
        "geometry": testa.outline(building["voci"]),
        "properties": properties,
    }
    return JSONResponse(feature, media_type="application/geo+json")


@router.get("/edifici/{codice}/cronologia", name="cronologia")
def cronologia(
    request: Request,
    codice: str,
    tempo: TempoRichiesto,
    occhi: OcchiRichiesti,
    leggi: LettoreRichiesto,
    fonti: TitoliRichiesti,
) -> Response:
    """Show the events in the life of a building, newest first."""
    if (elsewhere := dossier.canonical(request, "edificio", codice)) is not None:
        return elsewhere
    visto = occhi.visto
    fascicolo = leggi(parse_id("edificio", codice), tempo.momento, visto)
    contenuto = fascicolo["sezioni"]["cronologia"]
    words = next(s for s in parole.SEZIONI if s.nome == "cronologia")
    events = [dossier.event(voce, fonti) for voce in contenuto.get("voci", [])]
    back = f"/edifici/{codice}{dossier.tail(dossier.parameters(tempo, visto))}"
    return page(
        request,
        "cronologia.html",
        [EDIFICI, Passo(f"Edificio {codice}", back), Passo("Cronologia")],
        edificio=fascicolo["edificio"],
        indietro=back,
        occhi=occhi,
        tempo=tempo,
        parametri=dossier.parameters(tempo, visto),
        coda=dossier.tail(dossier.parameters(tempo, visto)),
        sezione=prospetto.lay_out(words, contenuto, fonti),
        eventi=sorted(events, key=lambda e: str(e.giorno or ""), reverse=True),
    )


@router.get("/edifici/{codice}", name="edificio")
def edificio(
    request: Request,
    codice: str,
    tempo: TempoRichiesto,
    occhi: OcchiRichiesti,
    leggi: LettoreRichiesto,
    fonti: TitoliRichiesti,
    around: IntornoRichiesto,
) -> Response:
    """Show the dossier of a building."""
    if (elsewhere := dossier.canonical(request, "edificio", codice)) is not None:
        return elsewhere
    identity, visto = parse_id("edificio", codice), occhi.visto
    fascicolo = leggi(identity, tempo.momento, visto)
    building = fascicolo["edificio"]
    shown = Lato(fascicolo, tempo.momento)
    changed = learnt = None
    if tempo.confronta is not None:
        other = tempo.at(tempo.confronta)
        sides = [Lato(leggi(identity, other, visto), other), shown]
        before, after = sorted(sides, key=lambda side: side.giorno)
        changed = confronto.compare(before, after, leggi)
    if tempo.momento.noto_al is not None:
        today = Momento(tempo.alla_data, None)
        learnt = confronto.compare(shown, Lato(leggi(identity, today, visto), today), leggi)
    sections = prospetto.compose(fascicolo, fonti)
    parameters = dossier.parameters(tempo, visto)
    outline = dossier.geometry_of(building)
    facts = testa.head(building["voci"], fonti)
    title = f"Posizione dell’edificio {codice}"
    return page(
        request,
        "edificio.html",
        [EDIFICI, Passo(f"Edificio {codice}")],
        # A comparison may name who was there on another day.
        personal=dossier.shows_persons(sections) or visto != Visto(),
        edificio=building,
        comune=site_of(request).denominazione(str(building.get("comune", ""))),
        sezioni=sections,
        confronto=changed,
        noto=learnt,
        dati=facts,
        una_fonte=testa.one_source(facts),
        indirizzi=testa.addresses(building["indirizzi"], fonti),
        mappa=dossier.small_map(outline, identity, title, tempo.momento, around),
        tempo=tempo,
        visto=visto,
        occhi=occhi,
        ruoli=parole.RUOLI,
        parametri=parameters,
        coda=dossier.tail(parameters),
    )
