"""The panel beside the map: at most ten facts and one way on."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from fastapi import APIRouter, Request
from shapely.geometry import shape
from starlette.responses import Response

from api.deps import parse_id
from api.pages.dossier import Fascicolo, Lettore, LettoreRichiesto, TitoliRichiesti
from api.pages.render import fragment
from api.pages.tempo import Tempo, TempoRichiesto
from territorio.accessi.policy import Visto
from territorio.documenti import prospetto, testa
from territorio.documenti.prospetto import SezioneLetta, Titoli
from territorio.identita import Codice

router = APIRouter(include_in_schema=False)

FATTI = 10
"""A panel is read standing: more belongs into the dossier."""

FEW = 3


@dataclass(frozen=True, slots=True)
class Fatto:
    """One line of the panel."""

    titolo: str
    testo: str
    fonte: str = ""
    href: str | None = None


def _first_column(section: SezioneLetta) -> str:
    rows = (group[0].celle[0].testo for block in section.blocchi for group in block.gruppi)
    texts = list(dict.fromkeys(rows))
    more = f" e altri {len(texts) - FEW}" if len(texts) > FEW else ""
    return ", ".join(texts[:FEW]) + more


def _of_section(section: SezioneLetta) -> Fatto | None:
    title, source = section.parole.titolo, "; ".join(section.fonti[:2])
    href = f"#{section.parole.nome}"
    if section.stato == "presente":
        if section.parole.nome == "unita_immobiliari":
            text = "; ".join(block.titolo for block in section.blocchi[:FEW])
            return Fatto(title, text, source, href)
        return Fatto(title, _first_column(section), source, href)
    if section.stato == "vuota":
        return Fatto(title, "nessuna", source)
    return None


def facts(fascicolo: Fascicolo, fonti: Titoli) -> Iterator[Fatto]:
    """Say the most useful things about a building that anyone may read."""
    edificio: Mapping[str, Any] = fascicolo["edificio"]
    yield Fatto("Stato", str(edificio["stato"]))
    for dato in testa.head(edificio["voci"], fonti):
        if dato.titolo in {"Uso", "Piani", "Area"}:
            text, source = dato.valori[0]
            yield Fatto(dato.titolo, text, source.breve)
    wanted = ("particelle", "unita_immobiliari", "rischio_vincoli", "attestati_energetici",
              "pratiche_titoli")  # fmt: skip
    for section in prospetto.compose(fascicolo, fonti):
        fact = _of_section(section) if section.parole.nome in wanted else None
        if fact is not None:
            yield fact


def inner_point(geojson: Mapping[str, Any] | None) -> str:
    """Return a point inside an outline, as the map takes it."""
    if geojson is None:
        return ""
    inside = shape(dict(geojson)).representative_point()
    return f"{inside.x:.7f},{inside.y:.7f}"


def panel(identity: int, tempo: Tempo, leggi: Lettore, fonti: Titoli) -> dict[str, Any]:
    """Return what the template of the panel needs; never anything personal."""
    fascicolo = leggi(identity, tempo.momento, Visto())
    return {
        "edificio": fascicolo["edificio"],
        "identita": identity,
        "indirizzi": testa.addresses(fascicolo["edificio"]["indirizzi"], fonti),
        "punto": inner_point(testa.outline(fascicolo["edificio"]["voci"])),
        "fatti": list(facts(fascicolo, fonti))[:FATTI],
        "coda": tempo.coda,
        "tempo": tempo,
    }


@router.get("/frammenti/edifici/{codice}", name="frammento_edificio")
def frammento_edificio(
    request: Request,
    codice: str,
    tempo: TempoRichiesto,
    leggi: LettoreRichiesto,
    fonti: TitoliRichiesti,
) -> Response:
    """Give the panel of a building; the map knows its number, people its code."""
    identity = parse_id("edificio", codice)
    Codice(identity)
    context = panel(identity, tempo, leggi, fonti)
    return fragment(request, "_pannello_edificio.html", **context)
