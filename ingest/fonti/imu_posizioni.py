"""IMU positions as a collector exports them: one row a property of a taxpayer.

First layout of fonti.md §4.5, columns by name. Delivered by the tax office or its
collector, personal data. We take taxpayer, property, share, use and days; rates applied,
extensions, notes and e-mail addresses are not read. ``Rendita`` is what the position says;
``RenditaCatasto`` is reported where it differs.
"""

from collections.abc import Iterator
from decimal import Decimal
from functools import lru_cache, partial
from pathlib import Path

from catasto.categoria import Categoria
from catasto.errors import CatastoError
from catasto.riferimento import strip_zeros
from ingest.contract import Ambito, Asserzione, Detto, Fonte
from ingest.formats import csv
from ingest.formats.campi import Campi, Illeggibile, said
from ingest.formats.nome_file import belfiore
from ingest.formats.persona import contribuente

FONTE = Fonte(
    title="Posizioni IMU",
    publisher="Comune, ufficio tributi",
    licence="non pubblicabile: dati personali",
    cadence="annuale",
    facts=("soggetto", "posizione_imu"),
    persone=True,
    conserva_giorni=2190,
)

COLONNE = (
    "CodiceUtenza",
    "CodUtenza",
    "Indirizzo",
    "Contribuente",
    "DataInizio",
    "DataFine",
    "Numero",
    "CodFiscale",
    "Sezione",
    "Foglio",
    "ParticellaEdificabile",
    "Subalterno",
    "PercentualeQuote",
    "Rendita",
    "ValoreUtenzaT",
    "Classe",
    "Consistenza",
    "IdAliquotaApplicata",
    "RenditaCatasto",
)
CATEGORIA = "Categoria"
"""Not every export has it."""
IGNORE = (
    "CodComune",
    "EreditaCatasto",
    "ParticellaEstensione",
    "CalcolaMinori",
    "RenditaUtenza",
    "NotaBreve",
    "PostaCertificata",
)


def recognise(path: Path) -> bool:
    """Tell whether the header is that of the export."""
    return {"CodiceUtenza", "ParticellaEdificabile", "PercentualeQuote"} <= set(csv.header(path))


def ambito(path: Path) -> Ambito:
    """Return the municipality in the file's name: the column of it is the taxpayer's."""
    return Ambito(belfiore(path), None)


def read(path: Path, ambito: Ambito) -> Iterator[Detto]:
    """Say each position and each taxpayer, the taxpayer once."""
    visti: set[str] = set()
    told = CATEGORIA in csv.header(path)
    rows = csv.records(path, (*COLONNE, CATEGORIA) if told else COLONNE, ignore=IGNORE)
    return said(rows, partial(_load, comune=ambito.comune, visti=visti))


def _load(campi: Campi, comune: str, visti: set[str]) -> Iterator[Detto]:
    """Say one position; a row without an end is in force."""
    chiave = f"IMU|{comune}|{campi.must('CodiceUtenza')}"
    campi.chiavi = (("posizione_imu", chiave),)
    nome = campi.text("Contribuente")
    persona = contribuente(campi, "CodFiscale", nome)
    chi = campi.text("CodUtenza") or persona["codice_fiscale"]
    if chi is None:
        raise Illeggibile("la posizione non dice di chi è: mancano codice utenza e codice fiscale")
    soggetto = f"IMU|{comune}|{chi}"
    campi.chiavi = (*campi.chiavi, ("soggetto", soggetto))
    dal, al = campi.day("DataInizio"), campi.day("DataFine")
    if dal and al and al <= dal:
        raise Illeggibile("la posizione finisce prima di cominciare", f"{dal} - {al}")
    valori = {**_property(campi), "dichiarazione": False, "soggetto": soggetto}
    yield from campi.avvisi(("posizione_imu", chiave))
    if soggetto not in visti:
        visti.add(soggetto)
        yield Asserzione("soggetto", soggetto, persona, campi.riga, dal_ignoto=True)
    yield Asserzione("posizione_imu", chiave, valori, campi.riga, dal=dal, al=al)


def _property(campi: Campi) -> dict[str, object]:
    """Return what the position says of the property."""
    rendita, catasto = campi.decimal("Rendita"), campi.decimal("RenditaCatasto")
    if rendita is not None and catasto is not None and rendita != catasto:
        motivo = "la rendita della posizione non è quella che la stessa riga dà del catasto"
        said = {"rendita": str(rendita), "catasto": str(catasto)}
        campi.report("imu.rendita_diversa", motivo, "Rendita", tributi=said)
    indirizzo = " ".join(filter(None, (campi.text("Indirizzo"), campi.text("Numero"))))
    return {
        "indirizzo": indirizzo or None,
        "sezione": campi.text("Sezione"),
        "foglio": numero(campi.text("Foglio")),
        "numero": numero(campi.text("ParticellaEdificabile")),
        "subalterno": numero(campi.text("Subalterno")),
        "quota": quota(campi, "PercentualeQuote"),
        "categoria": None if campi.peek(CATEGORIA) is None else categoria(campi, CATEGORIA),
        "classe": numero(campi.text("Classe")),
        "consistenza": campi.decimal("Consistenza"),
        "rendita": rendita,
        "valore": campi.decimal("ValoreUtenzaT"),
        "uso": campi.text("IdAliquotaApplicata"),
    }


def numero(testo: str | None) -> str | None:
    """Return a part of a cadastral reference in its canonical form.

    >>> numero("0012"), numero("00A3"), numero(None)
    ('12', 'A3', None)
    """
    return None if testo is None else strip_zeros(testo)


def quota(campi: Campi, nome: str) -> Decimal | None:
    """Return a share in per cent; report and drop one that is more than all."""
    letta = campi.decimal(nome)
    if letta is not None and not 0 < letta <= 100:
        campi.report("imu.quota_impossibile", "la quota non è fra 0 e 100", nome, str(letta))
        return None
    return letta


def categoria(campi: Campi, nome: str) -> str | None:
    """Return a category in the form of the supplies; one that does not exist refuses the row."""
    testo = campi.text(nome)
    if testo is None:
        return None
    try:
        return _listed(testo)
    except CatastoError:
        raise Illeggibile(f"«{nome}» ha una categoria sconosciuta", testo) from None


@lru_cache(maxsize=1024)
def _listed(testo: str) -> str:
    """Return the code of a category of the official table."""
    trovata = Categoria.parse(testo)
    trovata.descrizione  # noqa: B018 - asks the table
    return trovata.codice
