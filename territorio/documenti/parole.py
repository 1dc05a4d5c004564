"""The words of the dossier: titles, labels, sentences, one table each.

Pages and PDFs take them from here, so a state or a role has one wording everywhere.
"""

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class ParoleSezione:
    """How a section of the dossier speaks."""

    nome: str
    titolo: str
    colonne: tuple[str, ...]
    """Fields in the order of reading; what else an entry has comes after."""

    vuota: str
    perche: str
    riservata: str = ""
    """Who may see it, for the sentence of a locked section."""


SEZIONI: tuple[ParoleSezione, ...] = (
    ParoleSezione(
        "particelle",
        "Particelle",
        ("riferimento", "area_mq", "superficie_mq", "qualita", "classe", "legame"),
        "Nessuna particella collegata a questo edificio.",
        "Può mancare la mappa catastale di questa zona, oppure l’edificio non tocca nessuna "
        "particella in questa data.",
    ),
    ParoleSezione(
        "unita_immobiliari",
        "Unità immobiliari",
        (
            "riferimento",
            "categoria",
            "classe",
            "consistenza",
            "superficie_mq",
            "rendita",
            "ubicazione",
            "indirizzi",
        ),
        "Nessuna unità immobiliare collegata a questo edificio.",
        "L’edificio può non essere dichiarato in catasto, oppure le sue unità portano un’altra "
        "particella.",
    ),
    ParoleSezione(
        "titolari",
        "Titolari",
        ("soggetto", "diritto", "quota", "regime", "unita", "terreno", "attuale"),
        "Nessun titolare registrato per le unità di questo edificio.",
        "Le unità possono essere nella partita degli enti urbani o senza intestatari in catasto.",
        "ufficio che ne ha competenza, o come titolare per ciò che ti riguarda",
    ),
    ParoleSezione(
        "residenti",
        "Residenti",
        ("soggetto", "parentela", "indirizzo", "numero", "interno", "unita"),
        "Nessuna persona residente in questo edificio in questa data.",
        "L’edificio può essere vuoto, usato per lavoro, o abitato da chi risiede altrove.",
        "ufficio anagrafe o altro ufficio che ne ha competenza",
    ),
    ParoleSezione(
        "posizioni_tributarie",
        "Posizioni tributarie",
        ("imposta", "anno", "soggetto", "unita", "quota", "categoria", "rendita", "uso"),
        "Nessuna posizione tributaria collegata a questo edificio.",
        "Può dipendere da una dichiarazione mai presentata, o da un indirizzo scritto in un "
        "altro modo.",
        "ufficio tributi, o come contribuente per ciò che ti riguarda",
    ),
    ParoleSezione(
        "attestati_energetici",
        "Attestati energetici",
        ("classe", "scadenza", "unita"),
        "Nessun attestato registrato per questo edificio.",
        "L’attestato serve solo per vendere, affittare o ristrutturare.",
    ),
    ParoleSezione(
        "pratiche_titoli",
        "Pratiche e titoli",
        ("numero", "tipo", "stato", "data"),
        "Nessuna pratica registrata per questo edificio.",
        "Le pratiche più vecchie possono essere solo nell’archivio di carta.",
    ),
    ParoleSezione(
        "rischio_vincoli",
        "Rischio e vincoli",
        (
            "sigla",
            "descrizione",
            "denominazione",
            "tipo",
            "zto",
            "destinazione",
            "strumento",
            "norma",
            "atto",
            "data_atto",
            "legame",
        ),
        "Nessuna zona, nessun vincolo e nessuna area di pericolosità toccano questo edificio.",
        "Il piano caricato non copre questo punto, oppure non ci sono vincoli. Dove il pericolo"
        " non è stato studiato, nessuno sa se c’è.",
    ),
    ParoleSezione(
        "documenti",
        "Documenti",
        ("titolo", "tipo", "data_documento", "formato", "byte"),
        "Nessun documento allegato a questo edificio.",
        "Foto e documenti li aggiunge l’ufficio.",
        "ufficio comunale",
    ),
    ParoleSezione(
        "segnalazioni",
        "Segnalazioni",
        ("tipo", "motivo", "campo", "stato", "aperta"),
        "Nessuna segnalazione su questo edificio.",
        "Le fonti caricate vanno d’accordo.",
        "ufficio comunale",
    ),
    ParoleSezione(
        "cronologia",
        "Cronologia",
        ("evento", "prima", "dopo", "cambiati", "motivo", "autore", "atto"),
        "Nessun evento registrato per questo edificio.",
        "L’edificio c’era già alla prima fornitura e da allora non è cambiato.",
    ),
)
"""Every section of the dossier, in the order in which it is always shown."""

FONTE_NON_CARICATA = "Non sappiamo: nessuna fonte di questa sezione è stata caricata."
FONTE_PERCHE = (
    "Non vuol dire che non ci sia nulla: vuol dire che nessun archivio è ancora arrivato."
)
RISERVATA = "Dato riservato. Accedi come {}; ogni consultazione viene registrata."

ETICHETTE: dict[str, str] = {
    "agevolazioni": "Agevolazioni",
    "allegato": "Allegato",
    "altezza_m": "Altezza",
    "anno": "Anno",
    "aperta": "Aperta il",
    "area_mq": "Area",
    "atto": "Atto",
    "atto_conclusivo": "Atto conclusivo",
    "atto_generante": "Atto generante",
    "attuale": "Attuale",
    "autore": "Chi",
    "autorita": "Autorità",
    "base_calcolo": "Come si calcola",
    "base_imponibile": "Base imponibile",
    "byte": "Dimensione in byte",
    "codice_fonte": "Codice nella fonte",
    "cambiati": "Che cosa è cambiato",
    "campo": "Campo",
    "categoria": "Categoria",
    "categoria_descrizione": "Descrizione",
    "civico": "Civico",
    "classe": "Classe",
    "codice_nazionale": "Codice nazionale",
    "codice_regionale": "Codice regionale",
    "comune_catastale": "Comune catastale",
    "consistenza": "Consistenza",
    "convivenza": "Convivenza",
    "data": "Data",
    "data_atto": "Data dell’atto",
    "data_documento": "Data del documento",
    "deduzioni": "Deduzioni",
    "denominatore": "Denominatore",
    "denominazione": "Denominazione",
    "descrizione": "Descrizione",
    "destinazione": "Destinazione",
    "detrazione": "Detrazione",
    "dichiarazione": "Dichiarazione",
    "diritto": "Diritto",
    "diritto_descrizione": "Diritto",
    "dopo": "Dopo",
    "edificio": "Edificio",
    "esponente": "Esponente",
    "evento": "Che cosa è successo",
    "famiglia": "Famiglia",
    "fenomeno": "Fenomeno",
    "flag_classamento": "Classamento",
    "foglio": "Foglio",
    "formato": "Formato",
    "geometria": "Sagoma",
    "identificativi": "Identificativi",
    "indice_fondiario": "Indice fondiario",
    "indirizzi": "Indirizzo in catasto",
    "indirizzo": "Indirizzo",
    "imposta": "Imposta",
    "interno": "Interno",
    "iscritto": "Iscritto dal",
    "legame": "Come è collegato",
    "motivo": "Motivo",
    "nome_file": "Nome del file",
    "norma": "Norma",
    "numero": "Numero",
    "oggetto": "Oggetto",
    "parentela": "Relazione",
    "particella": "Particella",
    "partita": "Partita",
    "piani": "Piani",
    "porzioni": "Porzioni",
    "prima": "Prima",
    "progressivo_accesso": "Numero nazionale dell’accesso (ANNCSU)",
    "protocollo_notifica": "Protocollo di notifica",
    "provvisorio": "Sagoma",
    "qualita": "Qualità",
    "quota": "Quota",
    "reddito_agrario": "Reddito agrario",
    "reddito_dominicale": "Reddito dominicale",
    "regime": "Regime",
    "rendita": "Rendita",
    "riferimento": "Riferimento catastale",
    "riserve": "Riserve",
    "rubrica": "Rubrica",
    "scadenza": "Scadenza",
    "sezione": "Sezione",
    "sigla": "Zona",
    "soggetto": "Persona",
    "stato": "Stato",
    "strumento": "Piano",
    "su": "Su che cosa",
    "subalterno": "Subalterno",
    "superficie_mq": "Superficie",
    "sviluppo": "Sviluppo",
    "terreno": "Terreno",
    "tipo": "Tipo",
    "titolare": "È anche titolare",
    "titolo": "Titolo",
    "toponimo": "Via",
    "ubicazione": "Scala, piano, interno",
    "unita": "Unità",
    "uso": "Uso",
    "utilita_comuni": "Utilità comuni",
    "valore": "Valore",
    "zona": "Zona censuaria",
    "zto": "Zona omogenea",
}
"""The name of each field, as a column or a line."""

CONTEGGI: dict[str, tuple[str, str]] = {
    "famiglie": ("famiglia", "famiglie"),
    "persone": ("persona", "persone"),
    "residenti": ("residente", "residenti"),
    "titolari": ("titolare", "titolari"),
    "unita": ("unità", "unità"),
    "posizioni": ("posizione", "posizioni"),
    "particelle": ("particella", "particelle"),
    "zone": ("zona", "zone"),
    "vincoli": ("vincolo", "vincoli"),
    "aree_pericolosita": ("area di pericolosità", "aree di pericolosità"),
    "aperte": ("aperta", "aperte"),
    "discordanti": ("in disaccordo con il catasto", "in disaccordo con il catasto"),
}
"""What is counted, one and many."""

TIPI_VOCE: dict[str, str] = {
    "particella": "Sulla mappa catastale",
    "particella_censuaria": "Nel catasto terreni",
    "zona_urbanistica": "Zone del piano",
    "vincolo": "Vincoli",
    "area_pericolosita": "Pericolosità",
}
"""Kinds of entries that have a table of their own inside a section."""

EVENTI: dict[str, str] = {
    "nascita": "Prima comparsa",
    "prima notizia": "Prima notizia da questa fonte",
    "variazione": "Cambiato",
    "divisione": "Diviso in più edifici",
    "fusione": "Unito con altri edifici",
    "sostituzione": "Sostituito",
    "cessazione": "Non c’è più",
    "ripristino": "Ripristinato",
    "correzione": "Corretto: il dato era sbagliato",
}
"""Kinds of events in the life of a building."""

PASSAGGI: dict[str, str] = {
    "divisione": "diviso in",
    "fusione": "unito in",
    "sostituzione": "sostituito da",
    "cessazione": "non c’è più",
    "nascita": "nato",
    "ripristino": "ripristinato",
    "correzione": "corretto in",
}
"""What happened from some buildings to others, between their codes."""

CONFRONTI: dict[str, str] = {
    "presente": "nessun cambiamento",
    "riservata": "dato riservato, non confrontato",
    "fonte_non_caricata": "non sappiamo, nessuna fonte caricata",
    "caricata_in_parte": "in uno dei due momenti nessuna fonte era caricata",
}
"""What a comparison says of a section in which it lists nothing."""

RUOLI: dict[str, str] = {
    "pubblico": "chiunque",
    "proprietario": "un proprietario",
    "professionista": "un professionista",
    "ufficio_tecnico": "l’ufficio tecnico",
    "tributi": "l’ufficio tributi",
    "anagrafe": "l’ufficio anagrafe",
    "terzo": "un altro ente",
}
"""Who is looking, after "come"."""

STATI: dict[str, str] = {
    "01": "in costruzione",
    "02": "diruto o crollato",
    "03": "costruito",
}
"""States of buildings as the topographic database codes them; words stay as they are."""


def label(campo: str) -> str:
    """Return the name of a field for people; an unknown field keeps its own.

    >>> label("area_mq"), label("indice_nuovo")
    ('Area', 'Indice nuovo')
    """
    if campo in ETICHETTE:
        return ETICHETTE[campo]
    words = campo.replace("_", " ")
    return words[:1].upper() + words[1:]


def invented(comuni: Sequence[str]) -> str:
    """Return the sentence that says whose data are invented; empty for none.

    The municipality itself may well exist: a demonstration bears a real code and name.

    >>> invented(["Borgo", "Villa"])
    'I dati di Borgo e Villa sono inventati.'
    """
    if not comuni:
        return ""
    if len(comuni) == 1:
        return f"I dati di {comuni[0]} sono inventati."
    return f"I dati di {', '.join(comuni[:-1])} e {comuni[-1]} sono inventati."


def count(chiave: str, numero: int) -> str:
    """Return a number of things in words.

    >>> count("famiglie", 1), count("famiglie", 2)
    ('1 famiglia', '2 famiglie')
    """
    one, many = CONTEGGI.get(chiave, (chiave, chiave))
    return f"{numero} {one if numero == 1 else many}"
