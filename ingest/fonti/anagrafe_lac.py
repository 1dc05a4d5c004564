"""The population register as the ISTAT list (LAC, lista anagrafica comunale): 28 fields.

Delivered by the registry office, personal data. We take who is registered, in which
household, where and since when. Places of birth come as ISTAT codes of the time; the
fiscal code says them better. Citizenship, marital status, size of the household, census
section and postal code are not needed and not read (fonti.md §3.4).

``dataiscr`` says since when somebody is on the list, not always since when at this
address: a change that leaves it as it was begins on the day of the delivery. A street that
is renamed keeps ``idtoponimo``: the address reads differently and nobody has moved.
"""

from collections.abc import Iterator
from functools import partial
from pathlib import Path

from catasto import istat
from ingest.contract import Ambito, Asserzione, Detto, Fonte, Record
from ingest.formats import csv
from ingest.formats.campi import Campi, said
from ingest.formats.nome_file import belfiore
from ingest.formats.persona import SESSI, civico, persona, via
from territorio.errors import Refused

FONTE = Fonte(
    title="Lista anagrafica comunale",
    publisher="Comune, ufficio anagrafe",
    licence="non pubblicabile: dati personali",
    cadence="mensile",
    facts=("soggetto", "residenza"),
    persone=True,
    conserva_giorni=365,
    dal_debole=True,
)

COLONNE = (
    "codpro",
    "codcom",
    "codicefam",
    "codiceconv",
    "idindividuo",
    "cognome",
    "nome",
    "codfiscale",
    "sesso",
    "datanas",
    "relpar",
    "dataiscr",
    "idtoponimo",
    "specie",
    "denominazione",
    "civico",
    "esponente",
    "interno",
)
IGNORE = (
    "tipores",
    "pronas",
    "comnas",
    "estnas",
    "cittad",
    "ncomp",
    "staciv",
    "cap",
    "nsez",
    "filler",
)
_CODICI = (*range(1, 14), *range(14, 29), 80, 81, 99)
PARENTELE = {testo: str(n) for n in _CODICI for testo in (str(n), f"{n:02}")}
"""Relations to the holder, ANPR table (fonti.md §3.1); the list writes them in two digits."""


def recognise(path: Path) -> bool:
    """Tell whether the header is that of the list."""
    return {"idindividuo", "codicefam"} <= set(csv.header(path))


def ambito(path: Path) -> Ambito:
    """Return the municipality in the file's name, else the first ISTAT code in a row.

    Rows may have ``A00`` or ``#N/D`` for the province (fonti.md §3.4): they name none.
    """
    if codice := belfiore(path):
        return Ambito(codice, None)
    someone = False
    for item in csv.records(path, COLONNE, ignore=IGNORE):
        if isinstance(item, Record):
            someone = True
            code = f"{item.text('codpro') or '':0>3}{item.text('codcom') or '':0>3}"
            if istat.is_istat(code) and code != "000000":
                return Ambito(code, None)
    if not someone:
        raise Refused(path.name, "il file non contiene nessuna persona")
    return Ambito("", None)


def read(path: Path, ambito: Ambito) -> Iterator[Detto]:
    """Say each person and where they live."""
    rows = csv.records(path, COLONNE, ignore=IGNORE)
    return said(rows, partial(_load, comune=ambito.comune))


def _load(campi: Campi, comune: str) -> Iterator[Detto]:
    """Say one person and their residence."""
    chiave = f"LAC|{comune}|{campi.must('idindividuo')}"
    campi.chiavi = (("soggetto", chiave), ("residenza", chiave))
    famiglia, convivenza = campi.text("codicefam"), campi.text("codiceconv")
    in_convivenza = convivenza is not None and convivenza.strip("0") != ""
    nucleo = f"C{convivenza}" if in_convivenza else famiglia
    registrato = persona(
        campi,
        "codfiscale",
        cognome=campi.text("cognome"),
        nome=campi.text("nome"),
        sesso=campi.category("sesso", SESSI),
        nascita=campi.day("datanas"),
    )
    iscritto = campi.day("dataiscr")
    numero, interno = civico(campi, "civico", "esponente"), campi.text("interno")
    valori: dict[str, object] = {
        "convivenza": in_convivenza,
        "parentela": campi.category("relpar", PARENTELE),
        "codice_via": campi.text("idtoponimo"),
        **via(campi.text("specie"), campi.text("denominazione")),
        "numero": numero.numero,
        "esponente": numero.esponente,
        "interno": interno or numero.interno or None,
        "iscritto": iscritto,
        "soggetto": chiave,
        "famiglia": f"LAC|{comune}|{nucleo}" if nucleo else None,
    }
    yield from campi.avvisi(("soggetto", chiave))
    yield Asserzione("soggetto", chiave, registrato, campi.riga, dal_ignoto=True)
    yield Asserzione("residenza", chiave, valori, campi.riga, dal=iscritto)
