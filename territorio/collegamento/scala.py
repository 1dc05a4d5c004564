"""The scale of the links: every method, how sure it is, and whether it decides by itself.

For each kind of link the rungs stand from the surest down: on each day the best rung that
has a candidate wins. ``punteggio`` says how sure the method is when it leads to one object
only; they are judgements of ours, not yet calibrated on known cases. Where a rung leads to
several objects and only one can be right, each is *proposto* with its share of the score,
whatever the rung says. A method that is *proposto* by itself waits for a person: nothing
else is built upon it.
"""

from dataclasses import dataclass
from decimal import Decimal

CONFERMATO = "confermato"
PROPOSTO = "proposto"


@dataclass(frozen=True, slots=True)
class Gradino:
    """One method of a kind of link."""

    metodo: str
    punteggio: Decimal
    stato: str
    descrizione: str


def _sure(metodo: str, punteggio: str, descrizione: str) -> Gradino:
    return Gradino(metodo, Decimal(punteggio), CONFERMATO, descrizione)


def _maybe(metodo: str, punteggio: str, descrizione: str) -> Gradino:
    return Gradino(metodo, Decimal(punteggio), PROPOSTO, descrizione)


_AREA = (
    _sure("area", "1", "si sovrappongono per una parte che conta"),
    _maybe("margine", "0.300", "si sovrappongono appena: forse solo i disegni non combaciano"),
)
_STRATO = (
    *_AREA,
    _sure("interseca", "1", "una linea o un punto lo tocca: non c’è area da misurare"),
)
_CHIAVE = (
    _sure("chiave", "1", "stessa chiave catastale"),
    _sure("chiave, allegato", "0.950", "stessa chiave, disegnata in un allegato o sviluppo"),
)
_SENZA_SEZIONE = _maybe(
    "chiave senza sezione", "0.600", "stesso foglio e numero, ma la sezione manca da una parte"
)
_POSIZIONE = (
    _sure("dentro", "1", "il punto del civico cade dentro"),
    _sure("vicino", "0.850", "è il più vicino al punto del civico, entro 10 metri"),
)
_PER_NOME = (
    _sure("nome precedente della via", "0.850", "la via ha cambiato nome, il numero è quello"),
    _sure("refuso nel nome della via", "0.850", "un solo errore in un nome lungo"),
    _maybe(
        "indirizzo senza esponente", "0.600", "via e numero uguali, esponente solo da una parte"
    ),
    _maybe("nome simile della via", "0.600", "nessuna via ha quel nome; questa è la più simile"),
)

GIUDIZIO = _sure("giudizio", "1", "lo ha detto una persona")
"""Above every rung: what a person confirmed is chosen before anything computed."""

SCALA: dict[str, tuple[Gradino, ...]] = {
    "edificio_particella": _AREA,
    "aggregato_particella": _AREA,
    "edificio_aggregato": _AREA,
    "edificio_zona": _STRATO,
    "particella_zona": _STRATO,
    "edificio_vincolo": _STRATO,
    "particella_vincolo": _STRATO,
    "edificio_pericolosita": _STRATO,
    "particella_pericolosita": _STRATO,
    "unita_particella": (
        *_CHIAVE,
        _sure("chiave, sezione urbana", "0.900", "la sezione urbana fa da sezione censuaria"),
        _sure("chiave, sezione urbana e allegato", "0.850", "come sopra, in un allegato"),
        _SENZA_SEZIONE,
    ),
    "terreno_particella": (*_CHIAVE, _SENZA_SEZIONE),
    "civico_particella": (_sure("dentro", "1", "il punto del civico cade nella particella"),),
    "civico_aggregato": _POSIZIONE,
    "civico_edificio": (
        _sure("dentro", "1", "il punto del civico cade dentro"),
        _sure("vicino e unità", "0.980", "entro 10 metri, e vi stanno le unità di quel civico"),
        _sure("vicino e particella", "0.900", "entro 10 metri, sulla particella del punto"),
        _sure("unità", "0.850", "solo qui stanno le unità che hanno quel civico"),
        _sure("vicino", "0.850", "è il più vicino al punto del civico, entro 10 metri"),
        _sure("stessa particella", "0.700", "è l’unico edificio sulla particella del civico"),
        _maybe("unità, più edifici", "0.600", "le unità di quel civico stanno in più edifici"),
        _maybe("unità, punto lontano", "0.500", "vi stanno le unità, ma il punto è altrove"),
    ),
    "unita_civico": (
        _sure(
            "indirizzo e particella", "0.990", "stesso indirizzo, e il civico è sulla particella"
        ),
        _sure("indirizzo", "0.950", "stesso indirizzo"),
        _sure("nome simile e particella", "0.930", "via scritta male, ma la particella è quella"),
        *_PER_NOME,
        _maybe("indirizzo precedente", "0.400", "indirizzo che il catasto aveva prima"),
    ),
    "unita_edificio": (
        _sure("pertinenza a sé", "0.850", "fra quelli della particella, è grande come l’unità"),
        _maybe("pertinenza contesa", "0.600", "più unità sono grandi come l’edificio a sé"),
        _sure("particella e civico", "0.990", "sulla sua particella, e vi cade il suo civico"),
        _sure("particella", "0.950", "è l’unico edificio della particella che può contenerla"),
        _sure(
            "particella, parte minore", "0.800", "sulla particella sta solo una parte di edificio"
        ),
        _maybe("civico", "0.600", "vi cade il suo civico, ma manca la particella"),
    ),
    "stesso_soggetto": (
        _sure("codice fiscale e nome", "1", "stesso codice fiscale valido e stesso nome"),
        _sure("codice fiscale e nome simile", "0.950", "stesso codice, nome scritto altrimenti"),
        _sure("nome, nascita e luogo", "0.930", "un codice manca, ma il resto è uguale"),
        _maybe("nome e nascita", "0.700", "stesso nome e nascita, ma un codice manca"),
        _maybe("codice fiscale, nascita diversa", "0.500", "stesso codice, altra data di nascita"),
        _maybe("codice fiscale, nome diverso", "0.400", "stesso codice, nome chiaramente diverso"),
    ),
    "residente_civico": (
        _sure("codice della via", "0.990", "stesso codice della via e stesso numero"),
        _sure("indirizzo", "0.950", "stesso indirizzo"),
        *_PER_NOME,
    ),
    "residente_unita": (
        _sure("titolo e interno", "0.990", "la famiglia vi ha un diritto, e l’interno è quello"),
        _sure("titolo", "0.950", "la famiglia ha un diritto su una sola abitazione al civico"),
        _sure(
            "titolo nello stesso edificio", "0.880", "vi ha un diritto, nell’edificio del civico"
        ),
        _maybe("casa propria nella stessa via", "0.600", "ha casa a un altro numero della via"),
        _sure("interno", "0.850", "stesso civico e stesso interno"),
        _sure("unica abitazione", "0.800", "al civico c’è una sola abitazione, libera"),
        _sure("unica abitazione dell'edificio", "0.700", "nell’edificio c’è una sola abitazione"),
        _maybe("esclusione", "0.600", "le altre abitazioni al civico hanno già una famiglia"),
        _maybe("fra più abitazioni", "0.500", "una di quelle al civico, non si sa quale"),
        _maybe("già di un'altra famiglia", "0.300", "interno o casa dove vive chi ne ha titolo"),
    ),
    "posizione_unita": (
        _sure("identificativi e titolare", "1", "stessi identificativi, e chi paga ha un diritto"),
        _sure("identificativi", "0.900", "stessi identificativi"),
        _sure("particella e titolare", "0.850", "manca il subalterno; chi paga ha un diritto"),
        _sure("titolare, indirizzo e categoria", "0.850", "diritto, indirizzo e categoria"),
        _sure("titolare, categoria e rendita", "0.800", "diritto, categoria e rendita"),
        _sure("particella", "0.700", "manca il subalterno, ma è l’unica unità che corrisponde"),
        _maybe(
            "identificativi di un altro tempo", "0.600", "identificativi che ebbe in altri anni"
        ),
        _maybe("titolare e indirizzo", "0.600", "chi paga vi ha un diritto, l’indirizzo è quello"),
        _maybe("titolare e categoria", "0.500", "chi paga ha un diritto su un’unità di quel tipo"),
    ),
}
"""The rungs of every kind of link, the surest first."""

NUCLEO_UNITA = "nucleo_unita"
"""Households to dwellings: a step on the way to ``residente_unita``, by the same rungs."""

SOGLIA_MQ = 20
SOGLIA_QUOTA = 0.5
"""An overlap counts from 20 m² or half of the outline (fonti.md §16)."""

SOGLIA_MQ_STRATO = 20
SOGLIA_QUOTA_STRATO = 0.05
"""Zones and constraints touch what lies on both sides of a line: 20 m² or a twentieth."""

VICINO_M = 10
"""How far from an outline the point of a house number may stand (fonti.md §2.4)."""

MARGINE_M = 1
"""Two outlines that differ by less are equally near: neither drawings nor points are surer."""

LONTANO_M = 50
"""A gate may stand on the road, far from the house, but a point beyond this is another place."""

NOME_SIMILE = 0.45
"""Trigram similarity from which two names may be one written twice."""

MASSIMO_ABITAZIONI = 4
"""With more dwellings than this at one number, proposing them all would say nothing."""
