"""What is published: one row a dataset, with its fields in words.

A row leads to a view and a table of the same name (``territorio/schema_pubblico.py``); types
come from the table, words from here. OGC configuration, files, catalogue, pages and their field
dictionaries read these rows.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

import sqlalchemy as sa

from opendata.dataset_codici import (
    CLASSI_EDIFICIO,
    CLASSI_PARTICELLA,
    CLASSI_PERICOLOSITA,
    CLASSI_VINCOLO,
    FENOMENI,
    TIPI_LOCALITA,
    ZTO,
)
from territorio.schema_pubblico import COLLEZIONI
from territorio.schema_statistiche import GRUPPI, ZONE


class Geometria(StrEnum):
    """What the features of a dataset are on the ground."""

    PUNTO = "Point"
    AREA = "MultiPolygon"
    NESSUNA = ""


class Tema(StrEnum):
    """Themes of the European vocabulary that we publish under (fonti.md §15.1)."""

    REGIONI = "REGI"
    AMBIENTE = "ENVI"
    SOCIETA = "SOCI"


@dataclass(frozen=True, slots=True)
class Campo:
    """One field of a dataset, as the data dictionary tells it."""

    nome: str
    titolo: str
    unita: str = ""
    codici: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, eq=False)
class Dataset:
    """One published dataset; ``campi`` are the properties of its features, in their order."""

    nome: str
    titolo: str
    descrizione: str
    geometria: Geometria
    campi: tuple[Campo, ...]
    parole: tuple[str, ...]
    tema: Tema = Tema.REGIONI
    valore_elevato: str = ""
    """Its category among the high-value datasets of Reg. (EU) 2023/138, as EU vocabulary code."""
    inspire: str = ""
    """The theme of INSPIRE, as GEMET writes it."""
    limiti: str = ""

    @property
    def tavola(self) -> sa.Table:
        """Return the table that is read."""
        return COLLEZIONI[self.nome]


GEOSPAZIALE = "c_ac64a52d"
"""High-value category «geospatial» (EU vocabulary high-value-dataset-category)."""

_CODICE = Campo("codice", "Codice permanente dell’oggetto nel registro")
_COMUNE = Campo("comune", "Comune che lo amministra, con il codice catastale")
_FINE = (
    Campo("fonte", "Fonte che prevale in questi giorni"),
    Campo("data_riferimento", "Giorno a cui si riferisce la fornitura"),
    Campo("valida_dal", "Primo giorno in cui è così; manca se lo era già all’inizio"),
    Campo("valida_al", "Primo giorno in cui non è più così; manca se lo è tuttora"),
)
_FOGLIO = (
    Campo("comune_catastale", "Comune catastale del riferimento"),
    Campo("sezione", "Sezione censuaria; vuota se non c’è"),
    Campo("foglio", "Foglio di mappa"),
    Campo("allegato", "Allegato; 0 se non c’è"),
    Campo("sviluppo", "Sviluppo; 0 se non c’è"),
)


_ZONA = {"altro": "di altra classe"}


def _campi(*propri: Campo) -> tuple[Campo, ...]:
    return (_COMUNE, _CODICE, *propri, *_FINE)


DATASETS: tuple[Dataset, ...] = (
    Dataset(
        "comuni",
        "Confini comunali",
        "I confini dei comuni che il registro amministra, secondo la fonte che prevale.",
        Geometria.AREA,
        _campi(
            Campo("istat", "Codice ISTAT del comune"),
            Campo("denominazione", "Denominazione del comune"),
            Campo("provincia", "Sigla della provincia"),
        ),
        ("confini", "comuni", "unità amministrative"),
        valore_elevato=GEOSPAZIALE,
        inspire="Unità amministrative",
    ),
    Dataset(
        "fogli",
        "Fogli catastali",
        "I fogli della mappa catastale, con allegati e sviluppi.",
        Geometria.AREA,
        _campi(*_FOGLIO, Campo("scala", "Denominatore della scala del foglio")),
        ("catasto", "fogli di mappa"),
        valore_elevato=GEOSPAZIALE,
        inspire="Parcelle catastali",
    ),
    Dataset(
        "particelle",
        "Particelle catastali",
        "Le particelle della mappa catastale, con strade e acque, e la loro superficie misurata"
        " sull’ellissoide.",
        Geometria.AREA,
        _campi(
            Campo("riferimento", "Riferimento catastale scritto per intero"),
            *_FOGLIO,
            Campo("numero", "Numero della particella"),
            Campo("denominatore", "Denominatore del numero; vuoto se non c’è"),
            Campo("classe", "Che cos’è l’area della mappa", codici=CLASSI_PARTICELLA),
            Campo("area_mq", "Superficie della particella disegnata", "m²"),
        ),
        ("catasto", "particelle", "parcelle catastali"),
        valore_elevato=GEOSPAZIALE,
        inspire="Parcelle catastali",
        limiti="La superficie è quella del disegno, non quella censuaria.",
    ),
    Dataset(
        "edifici",
        "Edifici",
        "Gli edifici come stanno sul terreno, con la sagoma, l’uso e le misure che le fonti danno.",
        Geometria.AREA,
        _campi(
            Campo("classe", "Uso in breve", codici=CLASSI_EDIFICIO),
            Campo("provvisorio", "Sagoma di un aggregato, in attesa di quella dell’edificio"),
            Campo("uso", "Categoria d’uso, codice del DM 10/11/2011"),
            Campo("tipo", "Tipologia edilizia, codice del DM 10/11/2011"),
            Campo("stato", "Stato di conservazione o di uso, codice del DM 10/11/2011"),
            Campo("piani", "Numero di piani"),
            Campo("altezza_m", "Altezza alla gronda", "m"),
            Campo("anno", "Anno di costruzione"),
            Campo("area_mq", "Superficie della sagoma", "m²"),
        ),
        ("edifici", "edificato", "costruzioni"),
        valore_elevato=GEOSPAZIALE,
        inspire="Edifici",
    ),
    Dataset(
        "civici",
        "Numeri civici",
        "I numeri civici con la strada che portano in ogni giorno e il punto dell’accesso.",
        Geometria.PUNTO,
        _campi(
            Campo("indirizzo", "Indirizzo scritto per intero"),
            Campo("odonimo", "Nome della strada"),
            Campo("odonimo_codice", "Codice permanente della strada"),
            Campo("localita", "Località"),
            Campo("numero", "Numero civico; manca se l’accesso non ne ha"),
            Campo("esponente", "Esponente; vuoto se non c’è"),
            Campo("specificita", "Specificità (colore e simili); vuota se non c’è"),
            Campo("metrico", "Progressiva metrica dell’accesso", "m"),
            Campo("progressivo_accesso", "Progressivo nazionale dell’accesso (ANNCSU)"),
        ),
        ("indirizzi", "numeri civici", "accessi"),
        valore_elevato=GEOSPAZIALE,
        inspire="Indirizzi",
    ),
    Dataset(
        "odonimi",
        "Strade",
        "I nomi delle strade, con le loro forme nelle altre lingue.",
        Geometria.NESSUNA,
        _campi(
            Campo("denominazione", "Nome della strada"),
            Campo("localita", "Località"),
            Campo("lingua1", "Nome nella prima lingua minoritaria"),
            Campo("lingua2", "Nome nella seconda lingua minoritaria"),
            Campo("progressivo_nazionale", "Progressivo nazionale della strada (ANNCSU)"),
        ),
        ("strade", "odonimi", "toponomastica"),
        valore_elevato=GEOSPAZIALE,
        inspire="Indirizzi",
    ),
    Dataset(
        "zone_urbanistiche",
        "Zone urbanistiche",
        "Le zone del piano urbanistico comunale.",
        Geometria.AREA,
        _campi(
            Campo("sigla", "Sigla della zona nel piano"),
            Campo("zto", "Zona territoriale omogenea, come scritta nel piano"),
            Campo("classe", "Zona omogenea del DM 1444/1968", codici=ZTO),
            Campo("strumento", "Strumento urbanistico"),
            Campo("destinazione", "Destinazione"),
            Campo("indice_fondiario", "Indice fondiario", "m³/m²"),
            Campo("norma", "Articolo delle norme tecniche"),
        ),
        ("urbanistica", "piano regolatore", "zonizzazione"),
        inspire="Utilizzo del territorio",
        limiti="Non sostituisce il certificato di destinazione urbanistica.",
    ),
    Dataset(
        "vincoli",
        "Vincoli",
        "I vincoli sull’uso del suolo e sugli immobili: beni culturali e paesaggio, acque, fasce di"
        " rispetto.",
        Geometria.AREA,
        _campi(
            Campo("tipo", "Tipo di vincolo, codice della fonte"),
            Campo("classe", "Famiglia del vincolo", codici=CLASSI_VINCOLO),
            Campo("denominazione", "Nome del bene o della fascia"),
            Campo("atto", "Atto che lo ha posto"),
            Campo("data_atto", "Giorno dell’atto"),
            Campo("rubrica", "Rubrica"),
            Campo("codice_nazionale", "Codice nazionale"),
            Campo("codice_regionale", "Codice regionale"),
        ),
        ("vincoli", "paesaggio", "beni culturali"),
        inspire="Zone sottoposte a gestione/limitazioni/regolamentazione e unità con obbligo di"
        " comunicare dati",
    ),
    Dataset(
        "aree_pericolosita",
        "Aree di pericolosità",
        "Le aree in cui un piano dice quanto è probabile una frana, un’alluvione o una valanga.",
        Geometria.AREA,
        _campi(
            Campo("fenomeno", "Che cosa può accadere", codici=FENOMENI),
            Campo("classe", "Classe, nella scala del fenomeno", codici=CLASSI_PERICOLOSITA),
            Campo("denominazione", "Nome dell’area"),
            Campo("autorita", "Autorità di bacino o distretto"),
            Campo("strumento", "Piano che la delimita"),
            Campo("data_atto", "Giorno del piano o della mosaicatura"),
        ),
        ("pericolosità", "frane", "alluvioni", "assetto idrogeologico"),
        tema=Tema.AMBIENTE,
        inspire="Zone a rischio naturale",
        limiti="Le scale dei fenomeni sono diverse e non si confrontano. Dove non c’è un’area, il"
        " pericolo può non essere stato studiato.",
    ),
    Dataset(
        "sezioni_censimento",
        "Sezioni di censimento",
        "Le sezioni del censimento ISTAT, con le abitazioni e gli edifici che vi ha contato.",
        Geometria.AREA,
        _campi(
            Campo("sezione", "Codice della sezione: comune e numero a sette cifre"),
            Campo("numero", "Numero della sezione nel comune"),
            Campo("istat", "Codice ISTAT del comune"),
            Campo("tipo_localita", "Tipo di località", codici=TIPI_LOCALITA),
            Campo("localita", "Codice della località abitata"),
            Campo("abitazioni", "Abitazioni contate dal censimento"),
            Campo("edifici", "Edifici contati dal censimento"),
        ),
        ("censimento", "sezioni", "basi territoriali"),
        tema=Tema.SOCIETA,
        inspire="Unità statistiche",
        limiti="Residenti e famiglie non sono qui: in molte sezioni sta una casa sola.",
    ),
    Dataset(
        "statistiche_sezioni",
        "Statistiche per sezione di censimento",
        "Edifici, civici, unità immobiliari, zone e, dove sono abbastanza, residenti e famiglie di"
        " ogni sezione, contati una volta per pubblicazione.",
        Geometria.AREA,
        _campi(
            Campo("pubblicazione", "Giorno della pubblicazione, a cui i conteggi si riferiscono"),
            Campo("sezione", "Codice della sezione: comune e numero a sette cifre"),
            Campo("edifici", "Edifici"),
            Campo("civici", "Numeri civici"),
            *(
                Campo(f"unita_{gruppo}", f"Unità immobiliari del gruppo {gruppo.upper()}")
                for gruppo in GRUPPI
            ),
            *(
                Campo(
                    f"zona_{zona}_mq", f"Superficie in zona {_ZONA.get(zona, zona.upper())}", "m²"
                )
                for zona in ZONE
            ),
            Campo("residenti", "Residenti, a multipli di 5; mancano dove sarebbero riconoscibili"),
            Campo("famiglie", "Famiglie, a multipli di 5; mancano dove sarebbero riconoscibili"),
        ),
        ("statistiche", "sezioni di censimento", "residenti", "famiglie"),
        tema=Tema.SOCIETA,
        inspire="Distribuzione della popolazione — demografia",
        limiti="Residenti e famiglie mancano dove sono meno di 5 o in meno di 3 edifici, e in"
        " qualche altra sezione perché non si ricavino per differenza. La somma delle sezioni"
        " non è il totale del comune.",
    ),
)
"""The datasets, in the order of the lists."""

BY_NAME = {dataset.nome: dataset for dataset in DATASETS}
