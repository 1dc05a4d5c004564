"""Urban cadastre: the census supply of a municipality (FAB, SOG, TIT, PRM in a ZIP).

Agenzia delle Entrate, for the municipality, on request; personal data. We take units with
category, class, size, rendita, identifiers and addresses, the subjects, and their rights.
Left out: rendita in lire, annotations (free text that names people), ids of the notes, and
the words of the notes of units. Each version (progressivo) of a unit holds from the
*efficacia* of its note; one on partita C says that the unit was suppressed (catasto.md §3).
"""

from collections.abc import Iterator
from functools import partial
from pathlib import Path

from catasto.codici import toponimi
from catasto.formati.censuario import CaratteristicheUrbane, SituazioneUrbana, read_fab
from ingest.contract import Ambito, Asserzione, Detto, Fonte, Rifiuto
from ingest.formats import censuario
from ingest.formats.censuario import canonical, deed

FONTE = Fonte(
    title="Catasto fabbricati",
    publisher="Agenzia delle Entrate",
    licence="riservata al comune: dati personali",
    cadence="su richiesta",
    facts=("unita_immobiliare", *censuario.FATTI_COMUNI),
    persone=True,
)

_SOPPRESSA = "C"


def recognise(path: Path) -> bool:
    """Tell whether the file is one supply of the urban cadastre."""
    return censuario.is_supply(path, "FAB")


def ambito(path: Path) -> Ambito:
    """Return what was asked of the cadastre."""
    return censuario.supply_ambito(path, "FAB", FONTE.facts)


def read(path: Path, ambito: Ambito) -> Iterator[Detto]:
    """Say each unit, each subject, each right."""
    yield from censuario.count_check(path, ("FAB", "SOG", "TIT"))
    files = censuario.supply_files(path, "FAB")
    yield from censuario.each(files, read_fab, partial(_unit, ambito=ambito))
    yield from censuario.subjects_and_rights(path)


def _unit(s: SituazioneUrbana, ambito: Ambito) -> Iterator[Detto]:
    """Say one version of a unit."""
    chiave = censuario.property_key("F", s.comune_catastale, s.sezione, s.immobile)
    c = s.caratteristiche
    if c is None:
        # Addresses alone say nothing of the unit: what was known of it goes on.
        motivo = "FAB: manca il record 1, con le caratteristiche dell'unità"
        yield Rifiuto(s.riga, motivo, chiavi=(("unita_immobiliare", chiave),))
        return
    yield from censuario.anomalies(s.riga, s.anomalie, ("unita_immobiliare", chiave))
    valori: dict[str, object] = {
        "comune_catastale": s.comune_catastale,
        "sezione": s.sezione,
        "identificativo": s.immobile,
        "progressivo": s.progressivo,
        **_characteristics(c),
        "identificativi": [
            {
                "sezione_urbana": i.sezione_urbana or "",
                "foglio": canonical(i.foglio),
                "numero": canonical(i.numero),
                "denominatore": canonical(i.denominatore),
                "subalterno": canonical(i.subalterno),
                "edificialita": i.edificialita or "",
            }
            for i in s.identificativi
        ],
        "indirizzi": [
            {
                "toponimo": toponimi().get(a.toponimo, "") if a.toponimo else "",
                "indirizzo": a.indirizzo or "",
                "civici": a.civici,
                "codice_strada": a.codice_strada or "",
            }
            for a in s.indirizzi
        ],
        "utilita_comuni": [
            {
                "sezione_urbana": u.sezione_urbana or "",
                "foglio": canonical(u.foglio),
                "numero": canonical(u.numero),
                "denominatore": canonical(u.denominatore),
                "subalterno": canonical(u.subalterno),
            }
            for u in s.utilita_comuni
        ],
        "riserve": [{"codice": r.codice, "partita": r.partita} for r in s.riserve],
    }
    said = Asserzione(
        "unita_immobiliare",
        chiave,
        valori,
        s.riga,
        ordine=s.progressivo,
        parte=censuario.part(s.comune_catastale, s.sezione),
    )
    if c.partita == _SOPPRESSA:
        yield censuario.ended(said, c.generante, ambito)
    else:
        yield from censuario.dated(said, c.generante, c.conclusivo)


def _characteristics(c: CaratteristicheUrbane) -> dict[str, object]:
    """Return the columns of record 1."""
    return {
        "zona": c.zona_censuaria,
        "categoria": c.categoria.codice if c.categoria else None,
        "classe": c.classe,
        "consistenza": c.consistenza,
        "superficie_mq": None if c.superficie is None else round(c.superficie),
        "rendita": c.rendita,
        "partita": c.partita,
        "ubicazione": {
            "lotto": c.lotto or "",
            "edificio": c.edificio or "",
            "scala": c.scala or "",
            "interno": " ".join(c.interni),
            "piano": c.piani,
        },
        "atto_generante": deed(c.generante),
        "atto_conclusivo": deed(c.conclusivo),
        "protocollo_notifica": c.protocollo_notifica,
        "flag_classamento": c.flag_classamento,
    }
