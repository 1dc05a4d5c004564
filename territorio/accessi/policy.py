"""Who may see which field: the one table of the house, and the roles of its columns.

A field that is not in the table is hidden from everybody: what is new does not leave
before somebody has decided who may see it.
"""

from dataclasses import dataclass
from enum import StrEnum
from functools import cache

from territorio.errors import InvalidInput


class Ruolo(StrEnum):
    """Those who look into the registry (DESIGN §1)."""

    PUBBLICO = "pubblico"
    PROPRIETARIO = "proprietario"
    PROFESSIONISTA = "professionista"
    UFFICIO_TECNICO = "ufficio_tecnico"
    TRIBUTI = "tributi"
    ANAGRAFE = "anagrafe"
    TERZO = "terzo"

    @classmethod
    def parse(cls, text: str) -> "Ruolo":
        """Read a role as people write it; raise InvalidInput if there is none of that name."""
        wanted = text.strip().lower().replace("-", "_").replace(" ", "_")
        try:
            return cls(ALTRI_NOMI.get(wanted, wanted))
        except ValueError:
            known = ", ".join(cls)
            raise InvalidInput("visto_da", f"«{text}» non è un ruolo ({known})") from None


ALTRI_NOMI = {
    "ufficio": "ufficio_tecnico",
    "tecnico": "ufficio_tecnico",
    "cittadino": "proprietario",
}


@dataclass(frozen=True, slots=True)
class Visto:
    """Who is looking, and why; ``soggetto`` is the person who looks at what is theirs."""

    ruolo: Ruolo = Ruolo.PUBBLICO
    scopo: str = ""
    chi: str = "anonimo"
    soggetto: int | None = None


class Livello(StrEnum):
    """How much of a field is seen; the letter is the one of the table."""

    MOSTRATO = "M"
    PROPRIO = "P"  # shown if it is one's own, else hidden
    MASCHERATO = "m"
    NASCOSTO = "-"


COLONNE = tuple(Ruolo)
"""The order of the letters in the table."""

CONTEGGIO = "(conteggio)"
"""Pseudo-field: how many there are, also where the entries themselves are hidden."""

# Letters in the order of COLONNE:
# pubblico, proprietario, professionista, ufficio tecnico, tributi, anagrafe, terzo.
_TUTTI = "MMMMMMM"
_UFFICI = "---MMM-"
_TITOLARI = "-PMMMMM"
_RESIDENTI = "-P-MMMM"
_IMPOSTE = "-P--M--"

_SOGGETTO_TITOLARE = {
    "tipo": "-PMMMMM",
    "cognome": "-PmMMMM",
    "nome": "-PmMMMM",
    "denominazione": "-PMMMMM",
    "sede": "-PMMMMM",
    "codice_fiscale": "-P-MMMm",
    "codice_valido": "-P-MMM-",
    "sesso": "-P--MM-",
    "data_nascita": "-P-MMM-",
    "luogo_nascita": "-P-MMM-",
    "indicazioni": "-P--MM-",
}
_SOGGETTO_RESIDENTE = {
    "tipo": "-P-MMMM",
    "cognome": "-P-MMMM",
    "nome": "-P-MMMM",
    "codice_fiscale": "-P--MM-",
    "codice_valido": "-P--MM-",
    "sesso": "-P---M-",
    "data_nascita": "-P---M-",
    "luogo_nascita": "-P---M-",
    "denominazione": "-P---M-",
    "sede": "-P---M-",
    "indicazioni": "-P---M-",
}
_SOGGETTO_CONTRIBUENTE = dict.fromkeys(
    (
        "tipo",
        "cognome",
        "nome",
        "denominazione",
        "sede",
        "codice_fiscale",
        "codice_valido",
        "sesso",
        "data_nascita",
        "luogo_nascita",
        "indicazioni",
    ),
    _IMPOSTE,
)

TABELLA: dict[str, dict[str, str]] = {
    "particelle": {
        **dict.fromkeys(
            (
                "riferimento",
                "comune_catastale",
                "sezione",
                "foglio",
                "allegato",
                "sviluppo",
                "numero",
                "denominatore",
                "classe",
                "area_mq",
                "subalterno",
                "qualita",
                "superficie_mq",
                "reddito_dominicale",
                "reddito_agrario",
                "porzioni",
                "particella",
                "legame",
                "geometria",
            ),
            _TUTTI,
        ),
        **dict.fromkeys(
            ("partita", "deduzioni", "riserve", "atto_generante", "atto_conclusivo"), _UFFICI
        ),
    },
    "unita_immobiliari": {
        **dict.fromkeys(
            (
                "riferimento",
                "comune_catastale",
                "sezione",
                "zona",
                "categoria",
                "categoria_descrizione",
                "classe",
                "consistenza",
                "superficie_mq",
                "rendita",
                "ubicazione",
                "identificativi",
                "indirizzi",
                "utilita_comuni",
                "legame",
            ),
            _TUTTI,
        ),
        **dict.fromkeys(
            (
                "partita",
                "riserve",
                "atto_generante",
                "atto_conclusivo",
                "protocollo_notifica",
                "flag_classamento",
            ),
            _UFFICI,
        ),
    },
    "titolari": {
        **dict.fromkeys(
            (
                "diritto",
                "diritto_descrizione",
                "quota",
                "attuale",
                "unita",
                "terreno",
                "riferimento",
                "legame",
            ),
            _TITOLARI,
        ),
        **dict.fromkeys(
            ("titolo", "regime", "partita", "atto_generante", "atto_conclusivo"), "-P-MMM-"
        ),
        **{f"soggetto.{campo}": lettere for campo, lettere in _SOGGETTO_TITOLARE.items()},
        CONTEGGIO: "--MMMMM",
    },
    "residenti": {
        **dict.fromkeys(("parentela", "famiglia", "convivenza"), "-P-MMM-"),
        **dict.fromkeys(("interno", "iscritto"), "-P-MMMM"),
        **dict.fromkeys(("toponimo", "indirizzo", "numero", "esponente"), _RESIDENTI),
        "titolare": "-P-MMM-",
        "unita": _RESIDENTI,
        "civico": _RESIDENTI,
        "legame": "-P-MMM-",
        **{f"soggetto.{campo}": lettere for campo, lettere in _SOGGETTO_RESIDENTE.items()},
        CONTEGGIO: "---MMMM",
    },
    "posizioni_tributarie": {
        **dict.fromkeys(
            (
                "imposta",
                "anno",
                "unita",
                "indirizzo",
                "sezione",
                "foglio",
                "numero",
                "subalterno",
                "quota",
                "categoria",
                "classe",
                "consistenza",
                "rendita",
                "valore",
                "uso",
                "detrazione",
                "agevolazioni",
                "dichiarazione",
                "base_imponibile",
                "base_calcolo",
                "legame",
            ),
            _IMPOSTE,
        ),
        **{f"soggetto.{campo}": lettere for campo, lettere in _SOGGETTO_CONTRIBUENTE.items()},
        CONTEGGIO: "---MM--",
    },
    "attestati_energetici": {},
    "pratiche_titoli": {},
    "rischio_vincoli": dict.fromkeys(
        (
            "strumento",
            "sigla",
            "zto",
            "destinazione",
            "indice_fondiario",
            "norma",
            "tipo",
            "denominazione",
            "atto",
            "data_atto",
            "rubrica",
            "codice_nazionale",
            "codice_regionale",
            "fenomeno",
            "classe",
            "autorita",
            "descrizione",
            "particella",
            "legame",
        ),
        _TUTTI,
    ),
    "documenti": dict.fromkeys(
        ("tipo", "titolo", "nome_file", "formato", "byte", "sha256", "data_documento"), _UFFICI
    ),
    "segnalazioni": {
        **dict.fromkeys(("tipo", "motivo", "dati", "campo", "stato", "aperta", "su"), _UFFICI),
        "tributi": "----M--",
    },
    "edificio": dict.fromkeys(
        (
            "codice_fonte",
            "provvisorio",
            "uso",
            "tipo",
            "stato",
            "piani",
            "altezza_m",
            "anno",
            "area_mq",
            "geometria",
        ),
        _TUTTI,
    ),
    "civici": dict.fromkeys(
        (
            "indirizzo",
            "odonimo",
            "denominazione",
            "localita",
            "numero",
            "esponente",
            "specificita",
            "metrico",
            "progressivo_accesso",
            "lon",
            "lat",
            "geometria",
            "legame",
        ),
        _TUTTI,
    ),
    "cronologia": {
        **dict.fromkeys(("evento", "oggetto", "prima", "dopo", "cambiati"), _TUTTI),
        **dict.fromkeys(("motivo", "autore", "atto"), _UFFICI),
    },
}
"""For each section, and each object that is shown by itself, its fields and who sees them."""

PERSONALI = ("titolari", "residenti", "posizioni_tributarie", "documenti")
"""Sections that name persons, or may: to read them one says why, and it is written down."""

MANCA_SCOPO = "Per consultare dati personali indica lo scopo."
RISERVATA = "Dato riservato: occorre accedere con un ruolo che può consultarlo."


@cache
def levels(ruolo: Ruolo, sezione: str) -> dict[str, Livello]:
    """Return the fields of a section that a role sees in some way."""
    column = COLONNE.index(ruolo)
    found = {campo: Livello(lettere[column]) for campo, lettere in TABELLA.get(sezione, {}).items()}
    return {campo: livello for campo, livello in found.items() if livello is not Livello.NASCOSTO}


@cache
def readable(ruolo: Ruolo, scopo: bool) -> frozenset[str]:
    """Return the sections worth reading for a role: those it sees anything of."""
    return frozenset(
        sezione
        for sezione in TABELLA
        if (levels(ruolo, sezione) or not TABELLA[sezione]) and (scopo or sezione not in PERSONALI)
    )


def may_search_persons(visto: Visto) -> bool:
    """Tell whether persons may be looked for by name: offices only, and with a purpose."""
    uffici = (Ruolo.UFFICIO_TECNICO, Ruolo.TRIBUTI, Ruolo.ANAGRAFE)
    return visto.ruolo in uffici and bool(visto.scopo)
