"""What is told of a dataset, once, for every catalogue: DCAT-AP_IT, ISO 19139, CKAN, schema.org.

Each dataset appears as a whole, for all municipalities, with the interfaces that answer for
all of them; and once for each municipality it was published for, with the files. The whole is
the series of those editions. So a harvester finds «Edifici - Comune di Roma» under the
municipality whose data they are, and an association of 377 has no dataset with 2,600 files.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime

import sqlalchemy as sa

from opendata import pubblicazione
from opendata.dataset import BY_NAME, DATASETS, Dataset
from opendata.ente import Ente, of_comune
from opendata.licenze import provenance
from opendata.pubblicazione import FilePubblicato, Pubblicazione
from opendata.vocabolari import ACCOMPAGNANO
from territorio.errors import NotFound
from territorio.geometry import Riquadro
from territorio.schema_pubblicazione import pubblicazione as versioni
from territorio.schema_pubblicazione import pubblicazione_file
from territorio.schema_pubblico import COLLEZIONI

CONTINUA, IRREGOLARE = "UPDATE_CONT", "IRREG"
"""The interfaces follow the registry; files are written when somebody publishes."""

PAGINE = "/dati"
"""Where the pages of the datasets begin."""

ITALIA = Riquadro(6.62, 35.49, 18.53, 47.1)
"""The box of what has no geometry yet: metadata must have one."""

CON_CONFINI = ("comuni", "fogli", "sezioni_censimento", "edifici")
"""Collections that show how far a municipality reaches, the smallest first."""

VUOTO = datetime(1970, 1, 1, tzinfo=UTC)
"""The day of a registry in which nothing was ever written."""


@dataclass(frozen=True, slots=True)
class Fonte:
    """A source of a dataset."""

    titolo: str
    editore: str
    licenza: str


@dataclass(frozen=True, slots=True)
class Metadati:
    """What is told of a dataset, or of its edition for one municipality."""

    dataset: Dataset
    comune: str | None
    ente: Ente
    """Who publishes."""

    titolare: Ente
    """Whose data they are."""

    titolo: str
    descrizione: str
    modificato: datetime
    emesso: datetime | None
    versione: int | None
    giorno: date | None
    riquadro: Riquadro
    frequenza: str
    file: tuple[FilePubblicato, ...] = ()
    righe: int | None = None
    fonti: tuple[Fonte, ...] = ()

    @property
    def percorso(self) -> str:
        """Return the path of its address, the same whatever is published."""
        place = "" if self.comune is None else f"/{self.comune}"
        return f"/opendata/{self.dataset.nome}{place}"

    @property
    def pagina(self) -> str:
        """Return the path of the page where people read of it."""
        return f"{PAGINE}/{self.dataset.nome}"

    @property
    def identificativo(self) -> str:
        """Return the identifier that is the same in every catalogue."""
        parts = (self.ente.ipa, self.dataset.nome, self.comune)
        return ":".join(part for part in parts if part)

    @property
    def identificativo_serie(self) -> str:
        """Return the identifier of the series it belongs to; a series is its own."""
        return f"{self.ente.ipa}:{self.dataset.nome}"

    @property
    def distribuiti(self) -> tuple[FilePubblicato, ...]:
        """Return the files with the data."""
        return tuple(file for file in self.file if file.formato not in ACCOMPAGNANO)

    @property
    def documenti(self) -> tuple[FilePubblicato, ...]:
        """Return the files that tell of the others."""
        return tuple(file for file in self.file if file.formato in ACCOMPAGNANO)

    def percorso_file(self, file: FilePubblicato) -> str:
        """Return the path of the address of one of its files."""
        return f"{self.percorso}/{self.versione}/{file.nome}"


@dataclass(frozen=True, slots=True)
class _Luogo:
    """A municipality as metadata name it."""

    denominazione: str
    riquadro: Riquadro


def state(conn: sa.Connection) -> tuple[object, ...]:
    """Return what changes whenever the metadata of the datasets do."""
    v = sa.table("versione", *map(sa.column, ("numero", "elaborato")), schema="pubblico")
    query = sa.select(
        v.c.numero,
        v.c.elaborato,
        sa.select(sa.func.count()).select_from(versioni).scalar_subquery(),
        sa.select(sa.func.count()).select_from(pubblicazione_file).scalar_subquery(),
    )
    return tuple(conn.execute(query).one())


def search(conn: sa.Connection, ente: Ente) -> list[Metadati]:
    """Return the metadata of all datasets, and of all their editions, in a steady order."""
    luoghi, prime, version = _luoghi(conn), _prime(conn), _versione(conn)
    ultime = pubblicazione.search(conn, solo_ultime=True)
    found = [_whole(dataset, ente, luoghi, version) for dataset in DATASETS]
    known = {dataset.nome: n for n, dataset in enumerate(DATASETS)}
    editions = sorted(
        (each for each in ultime if each.dataset in known),
        key=lambda each: (known[each.dataset], each.comune),
    )
    return found + [_edition(each, ente, luoghi, prime) for each in editions]


def find(conn: sa.Connection, ente: Ente, nome: str, comune: str | None = None) -> Metadati:
    """Return the metadata of a dataset or of an edition, with its sources; raise NotFound."""
    dataset = BY_NAME.get(nome)
    if dataset is None:
        raise NotFound("dataset", nome)
    if comune is None:
        found = _whole(dataset, ente, _luoghi(conn), _versione(conn))
    else:
        ultima = pubblicazione.last_or_none(conn, nome, comune)
        if ultima is None:
            raise NotFound("dataset", f"{nome}/{comune}")
        found = _edition(ultima, ente, _luoghi(conn, (comune,)), _prime(conn))
    return _with_fonti(conn, found)


def _whole(
    dataset: Dataset, ente: Ente, luoghi: Mapping[str, _Luogo], modificato: datetime
) -> Metadati:
    """Return the metadata of a dataset for all municipalities."""
    boxes = [luogo.riquadro for luogo in luoghi.values()]
    return Metadati(
        dataset,
        None,
        ente,
        ente,
        f"{dataset.titolo} - {ente.nome}",
        dataset.descrizione,
        modificato,
        None,
        None,
        None,
        _around(boxes),
        CONTINUA,
    )


def _edition(
    ultima: Pubblicazione,
    ente: Ente,
    luoghi: Mapping[str, _Luogo],
    prime: Mapping[tuple[str, str], datetime],
) -> Metadati:
    """Return the metadata of what is published of a dataset for one municipality."""
    dataset, comune = BY_NAME[ultima.dataset], ultima.comune
    luogo = luoghi.get(comune, _Luogo(comune, ITALIA))
    titolare = of_comune(comune, luogo.denominazione)
    if titolare.ipa == ente.ipa:
        titolare = ente  # a municipality that publishes for itself calls itself what it likes
    return Metadati(
        dataset,
        comune,
        ente,
        titolare,
        f"{dataset.titolo} - Comune di {luogo.denominazione}",
        f"{dataset.descrizione} Comune di {luogo.denominazione}.",
        ultima.quando,
        prime[ultima.dataset, comune],
        ultima.numero,
        ultima.giorno,
        luogo.riquadro,
        IRREGOLARE,
        ultima.file,
        ultima.righe,
    )


def _prime(conn: sa.Connection) -> dict[tuple[str, str], datetime]:
    """Return when each dataset was first published for each municipality."""
    p = versioni.c
    query = sa.select(p.dataset, p.comune, sa.func.min(p.quando)).group_by(p.dataset, p.comune)
    return {(row[0], row[1]): row[2] for row in conn.execute(query)}


def _versione(conn: sa.Connection) -> datetime:
    """Return when the registry last changed."""
    view = sa.table("versione", sa.column("quando"), schema="pubblico")
    quando: datetime | None = conn.execute(sa.select(view.c.quando)).scalar()
    return quando or VUOTO


def _luoghi(conn: sa.Connection, solo: Collection[str] | None = None) -> dict[str, _Luogo]:
    """Return the municipalities of the registry, or some of them."""
    view = sa.table("comune", sa.column("comune"), sa.column("denominazione"), schema="pubblico")
    query = sa.select(view.c.comune, view.c.denominazione)
    if solo is not None:
        query = query.where(view.c.comune.in_(solo))
    names: dict[str, str] = {row[0]: row[1] for row in conn.execute(query)}
    boxes: dict[str, Riquadro] = {}
    for nome in CON_CONFINI:
        missing = names.keys() - boxes.keys()
        if missing:
            boxes |= _boxes(conn, COLLEZIONI[nome], missing)
    return {codice: _Luogo(name, boxes.get(codice, ITALIA)) for codice, name in names.items()}


def _boxes(conn: sa.Connection, table: sa.Table, comuni: Collection[str]) -> dict[str, Riquadro]:
    """Return how far the objects of a collection reach, by municipality."""
    extent = sa.func.ST_Extent(table.c.geometria)
    sides = (sa.func.ST_XMin, sa.func.ST_YMin, sa.func.ST_XMax, sa.func.ST_YMax)
    query = (
        sa.select(table.c.comune, *(side(extent) for side in sides))
        .where(table.c.comune.in_(comuni))
        .group_by(table.c.comune)
        .having(extent.is_not(None))
    )
    return {row[0]: Riquadro(*row[1:]) for row in conn.execute(query)}


def _around(boxes: Iterable[Riquadro]) -> Riquadro:
    """Return the box around boxes."""
    found = [box for box in boxes if box != ITALIA]
    if not found:
        return ITALIA
    return Riquadro(
        min(box.ovest for box in found),
        min(box.sud for box in found),
        max(box.est for box in found),
        max(box.nord for box in found),
    )


def _with_fonti(conn: sa.Connection, metadati: Metadati) -> Metadati:
    """Return metadata with the sources whose word is in the dataset."""
    m = metadati
    if m.comune is not None and m.giorno is not None:
        leaving, _ = provenance(conn, m.dataset, m.comune, m.giorno)
        fonti = tuple(Fonte(each.titolo, each.editore, each.licenza) for each in leaving)
        return replace(m, fonti=fonti)
    f = sa.table(
        "fonte", *map(sa.column, ("codice", "titolo", "editore", "licenza")), schema="pubblico"
    )
    used = sa.select(m.dataset.tavola.c.fonte).distinct()
    query = (
        sa.select(f.c.titolo, f.c.editore, f.c.licenza)
        .where(f.c.codice.in_(used))
        .order_by(f.c.codice)
    )
    return replace(m, fonti=tuple(Fonte(*row) for row in conn.execute(query)))
