"""The population register as exported by ASCOT, in use in the north-east: individuals.

Delivered by the registry office, personal data, about 65 columns. Only those named here
are read: education, profession, marriage and electoral columns never enter. The file does
not say since when somebody is registered, nor its municipality (fonti.md §3.4).
"""

from collections.abc import Iterator
from datetime import date
from functools import partial
from pathlib import Path

from ingest.contract import Ambito, Asserzione, Detto, Fonte
from ingest.formats import csv
from ingest.formats.campi import Campi, said
from ingest.formats.nome_file import belfiore
from ingest.formats.persona import SESSI, civico, persona, via

FONTE = Fonte(
    title="Anagrafe comunale (ASCOT)",
    publisher="Comune, ufficio anagrafe",
    licence="non pubblicabile: dati personali",
    cadence="mensile",
    facts=("soggetto", "residenza"),
    persone=True,
    conserva_giorni=365,
)

COLONNE = (
    "Fam",
    "N.indiv.",
    "Nome",
    "Cognome",
    "Rel_par",
    "Sesso",
    "AAAA_na",
    "MM_na",
    "GG_na",
    "Civico",
    "Barr",
    "Int",
    "Fisc",
    "Cod_via",
    "Desc_via",
    "Residente Conviv.",
)
# fmt: off
IGNORE = (
    "Isolato", "Zona_Montana", "Circ.", "Parr.", "Vuoto2", "Cod_via/fraz", "Via/Fraz", "Com_na",
    "Cod_com_na", "Istat_com_na", "Stato_na", "Stato_civ", "Sez_cens", "Cap", "Citt", "Cod_fraz",
    "Desc_fraz", "Data Nasc.completa", "Area circ.", "In conv.fatto", "Cond_prof",
)
# fmt: on
_CONVIVE = frozenset({"S", "SI", "SÌ", "1", "C"})


def recognise(path: Path) -> bool:
    """Tell whether the header is that of the individuals."""
    return {"N.indiv.", "Fam", "Rel_par"} <= set(csv.header(path))


def ambito(path: Path) -> Ambito:
    """Return the municipality in the file's name: no column says it."""
    return Ambito(belfiore(path), None)


def read(path: Path, ambito: Ambito) -> Iterator[Detto]:
    """Say each person and where they live."""
    rows = csv.records(path, COLONNE, ignore=IGNORE)
    return said(rows, partial(_load, comune=ambito.comune))


def _load(campi: Campi, comune: str) -> Iterator[Detto]:
    """Say one person and their residence."""
    chiave = f"ASCOT|{comune}|{campi.must('N.indiv.')}"
    campi.chiavi = (("soggetto", chiave), ("residenza", chiave))
    famiglia = campi.text("Fam")
    numero = civico(campi, "Civico", "Barr")
    convivenza = (campi.text("Residente Conviv.") or "").upper() in _CONVIVE
    registrato = persona(
        campi,
        "Fisc",
        cognome=campi.text("Cognome"),
        nome=campi.text("Nome"),
        sesso=campi.category("Sesso", SESSI),
        nascita=_birth(campi),
    )
    valori: dict[str, object] = {
        "convivenza": convivenza,
        "parentela": campi.text("Rel_par"),
        "codice_via": campi.text("Cod_via"),
        **via(None, campi.text("Desc_via")),
        "numero": numero.numero,
        "esponente": numero.esponente,
        "interno": campi.text("Int") or numero.interno or None,
        "soggetto": chiave,
        "famiglia": f"ASCOT|{comune}|{famiglia}" if famiglia else None,
    }
    yield from campi.avvisi(("soggetto", chiave))
    yield Asserzione("soggetto", chiave, registrato, campi.riga, dal_ignoto=True)
    yield Asserzione("residenza", chiave, valori, campi.riga)


def _birth(campi: Campi) -> date | None:
    """Return the day of birth from its three fields; None where one is missing."""
    anno, mese, giorno = (campi.integer(nome) for nome in ("AAAA_na", "MM_na", "GG_na"))
    if not (anno and mese and giorno):
        return None
    try:
        return date(anno, mese, giorno)
    except ValueError:
        campi.report("data impossibile", "la data di nascita non esiste", "GG_na")
        return None
