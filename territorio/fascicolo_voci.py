"""The 26 items a building dossier is judged by, and the section that holds each.

The list is the one of the national service for building dossiers
(``specs/checklists/fascicolo_checklist.json``, group and place in the group). An item whose
facts no delivery has brought is named in its section, never passed over in silence.
"""

from dataclasses import dataclass
from functools import lru_cache


@dataclass(frozen=True, slots=True)
class VoceAttesa:
    """One item of the list: where it stands in the dossier, and the facts it is made of.

    ``fatti`` empty means that the dossier makes it itself; None that no source of it exists.
    """

    gruppo: str
    nome: str
    sezione: str
    fatti: tuple[str, ...] | None = None


_UNITA = ("unita_immobiliare",)
_IMU = ("posizione_imu",)

VOCI: tuple[VoceAttesa, ...] = (
    VoceAttesa("catasto", "unità immobiliari", "unita_immobiliari", _UNITA),
    VoceAttesa("catasto", "titolari attuali e passati", "titolari", ("titolarita",)),
    VoceAttesa("catasto", "atti di compravendita (MUI)", "titolari"),
    VoceAttesa("catasto", "dichiarazioni DOCFA con planimetrie", "documenti"),
    VoceAttesa("catasto", "atti di aggiornamento PREGEO", "documenti"),
    VoceAttesa("catasto", "particelle di terreno", "particelle", ("particella_censuaria",)),
    VoceAttesa("dati_tecnici", "titoli edilizi per particella", "pratiche_titoli"),
    VoceAttesa("dati_tecnici", "titoli edilizi per civico", "pratiche_titoli"),
    VoceAttesa("dati_tecnici", "visure d’archivio", "documenti"),
    VoceAttesa("dati_tecnici", "pratiche di condono", "pratiche_titoli"),
    VoceAttesa("dati_tecnici", "attestati di prestazione energetica", "attestati_energetici"),
    VoceAttesa("dati_tecnici", "collaudi statici", "pratiche_titoli"),
    VoceAttesa("dati_tecnici", "agibilità", "pratiche_titoli"),
    VoceAttesa(
        "stato_occupazione", "residenti con famiglia e relazione", "residenti", ("residenza",)
    ),
    VoceAttesa("stato_occupazione", "residente anche titolare", "residenti", ("residenza",)),
    VoceAttesa("stato_occupazione", "contratti di locazione", "residenti"),
    VoceAttesa("stato_occupazione", "licenze commerciali al civico", "pratiche_titoli"),
    VoceAttesa("tributi", "IMU dichiarata e catasto a confronto", "posizioni_tributarie", _IMU),
    VoceAttesa("tributi", "base imponibile calcolata", "posizioni_tributarie", _UNITA),
    VoceAttesa("tributi", "TARI, superficie dichiarata e catastale", "posizioni_tributarie"),
    VoceAttesa("tributi", "occupazione di suolo pubblico", "posizioni_tributarie"),
    VoceAttesa("tributi", "posizioni note solo per civico", "posizioni_tributarie", _IMU),
    VoceAttesa("cartografia", "strati intorno all’edificio", "rischio_vincoli", ()),
    VoceAttesa("output", "PDF", "documenti", ()),
    VoceAttesa("output", "ricevuta con il numero della richiesta", "cronologia", ()),
    VoceAttesa("output", "sezioni senza fonte dichiarate tali", "segnalazioni", ()),
)


ALTRE: tuple[VoceAttesa, ...] = (
    VoceAttesa("rischio", "pericolosità da frana", "rischio_vincoli", ("area_pericolosita.frana",)),
    VoceAttesa(
        "rischio", "pericolosità da alluvione", "rischio_vincoli", ("area_pericolosita.alluvione",)
    ),
    VoceAttesa("rischio", "pericolosità sismica", "rischio_vincoli"),
)
"""What a section promises by its name beyond the list."""


@lru_cache(maxsize=1_000)
def missing(sezione: str, caricati: frozenset[str]) -> tuple[str, ...]:
    """Return the items of a section of which nothing was ever delivered."""
    return tuple(
        voce.nome
        for voce in (*VOCI, *ALTRE)
        if voce.sezione == sezione
        and (voce.fatti is None or any(fatto not in caricati for fatto in voce.fatti))
    )
