"""Examples of how programs read a dataset, written so that they run as they stand.

A test takes them from the page and runs them against the server that showed them.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from opendata.dataset import Dataset, Geometria
from opendata.pubblicazione import FilePubblicato, Pubblicazione
from territorio.geometry import Riquadro

PARQUET = "parquet"


@dataclass(frozen=True, slots=True)
class Esempio:
    """One example; ``chiave`` is its place on the page."""

    chiave: str
    linguaggio: str
    titolo: str
    testo: str


@dataclass(frozen=True, slots=True)
class Argomento:
    """What the examples are about: a dataset at an address, and a version of it, if any."""

    dataset: Dataset
    base: str
    riquadro: Riquadro
    ultima: Pubblicazione | None = None

    @property
    def elementi(self) -> str:
        """Return the address at which the objects are asked for."""
        return f"{self.base}/ogc/collections/{self.dataset.nome}/items"

    @property
    def geografico(self) -> bool:
        """Tell whether its objects lie anywhere."""
        return self.dataset.geometria is not Geometria.NESSUNA

    @property
    def area(self) -> str:
        """Return a box in the middle of what there is, a fifth of its sides."""
        r = self.riquadro
        wide, high = (r.est - r.ovest) / 10, (r.nord - r.sud) / 10
        x, y = (r.ovest + r.est) / 2, (r.sud + r.nord) / 2
        return f"{x - wide:.5f},{y - high:.5f},{x + wide:.5f},{y + high:.5f}"

    @property
    def tabella(self) -> tuple[str, str]:
        """Return name and address of the GeoParquet: published, or of the first objects."""
        nome, made = self.dataset.nome, self.ultima
        file = None if made is None else _file(made, PARQUET)
        if made is None or file is None:
            return f"{nome}.parquet", f"{self.elementi}?f=parquet&limit=10000"
        return file.nome, f"{self.base}/opendata/{nome}/{made.comune}/ultima/{file.nome}"


def examples(argomento: Argomento) -> list[Esempio]:
    """Return the examples of a dataset."""
    return [*_curl(argomento), *_python(argomento), _r(argomento), *_duckdb(argomento)]


def _file(versione: Pubblicazione, formato: str) -> FilePubblicato | None:
    return next((one for one in versione.file if one.formato == formato), None)


def _curl(a: Argomento) -> Iterator[Esempio]:
    nome = a.dataset.nome
    yield Esempio(
        "curl-elementi",
        "curl",
        "I primi cento oggetti in GeoJSON",
        f"curl --fail --output {nome}.geojson '{a.elementi}?limit=100'",
    )
    if a.geografico:
        yield Esempio(
            "curl-area",
            "curl",
            "Gli oggetti di un’area in CSV (ovest, sud, est, nord)",
            f"curl --fail --output {nome}_area.csv \\\n"
            f"  '{a.elementi}?bbox={a.area}&f=csv&limit=1000'",
        )
    if a.ultima is not None and a.ultima.file:
        here = f"{a.base}/opendata/{nome}"
        file = _file(a.ultima, "gpkg") or a.ultima.file[0]
        yield Esempio(
            "curl-file",
            "curl",
            "Un file pubblicato, e la prova che è arrivato intero",
            "curl --fail --remote-name \\\n"
            f"  '{here}/{a.ultima.comune}/{a.ultima.numero}/{file.nome}'\n"
            f"echo '{file.sha256}  {file.nome}' | sha256sum --check",
        )
        yield Esempio(
            "curl-variazioni",
            "curl",
            "Che cosa è cambiato da un giorno",
            f"curl --fail '{here}/variazioni?dal={a.ultima.giorno}&limite=10'",
        )


def _python(a: Argomento) -> Iterator[Esempio]:
    nome = a.dataset.nome
    if a.geografico:
        yield Esempio(
            "python-geopandas",
            "python",
            "In una riga, con geopandas",
            "import geopandas\n\n"
            f'{nome} = geopandas.read_file("{a.elementi}?limit=1000")\n'
            f"print({nome}.head())",
        )
    library, made = (
        ("geopandas", 'geopandas.GeoDataFrame.from_features(oggetti, crs="OGC:CRS84")')
        if a.geografico
        else ("pandas", 'pandas.DataFrame([oggetto["properties"] for oggetto in oggetti])')
    )
    yield Esempio(
        "python-tutti",
        "python",
        "Tutti gli oggetti, pagina per pagina",
        f"import {library}\nimport requests\n\n"
        f'indirizzo = "{a.elementi}?limit=1000"\n'
        "oggetti = []\n"
        "while indirizzo:\n"
        "    risposta = requests.get(indirizzo, timeout=60)\n"
        "    risposta.raise_for_status()\n"
        "    pagina = risposta.json()\n"
        '    oggetti += pagina["features"]\n'
        '    successive = [c["href"] for c in pagina["links"] if c["rel"] == "next"]\n'
        "    indirizzo = successive[0] if successive else None\n\n"
        f"{nome} = {made}\n"
        f'print(len({nome}), "oggetti")',
    )


def _r(a: Argomento) -> Esempio:
    nome = a.dataset.nome
    return Esempio(
        "r",
        "r",
        "Con il pacchetto sf",
        f'library(sf)\n\n{nome} <- read_sf("{a.elementi}?limit=1000")\nprint(head({nome}))',
    )


def _duckdb(a: Argomento) -> Iterator[Esempio]:
    name, address = a.tabella
    first = next((c.nome for c in a.dataset.campi if c.codici), "comune")
    yield Esempio(
        "duckdb-scarica",
        "curl",
        "Prima scarica il GeoParquet",
        f"curl --fail --output {name} \\\n  '{address}'",
    )
    yield Esempio(
        "duckdb",
        "sql",
        "Poi interrogalo",
        f"SELECT {first}, count(*) AS oggetti\nFROM '{name}'\n"
        f"GROUP BY {first}\nORDER BY oggetti DESC;",
    )
