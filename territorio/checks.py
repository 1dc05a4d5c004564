"""The health of the installation: one function a check, its docstring is its title.

A check returns None when all is well, else what is wrong and what to do about it. What
needs the pages or the log of readings is checked at the doors (``api/comandi/check.py``).
"""

import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import sqlalchemy as sa
from alembic.script import ScriptDirectory
from sqlalchemy.exc import OperationalError

from territorio import archivio, archivio_chiave, cancellazione, db, elaborazione, migrazioni
from territorio import cancellazione_giornale as giornale
from territorio.config import Settings
from territorio.errors import NotReady
from territorio.salvataggio import wanted_files
from territorio.tables import FATTI

POSTGRESQL = 15
POSTGIS = (3, 3)
FREE_BYTES = 2 * 2**30
WAITING_MINUTES = 10


@dataclass(frozen=True, slots=True)
class Problema:
    """What a check found wrong."""

    detto: str
    rimedio: str
    grave: bool = True
    """Something does not work, or only asks for attention."""


@dataclass(frozen=True, slots=True)
class Esito:
    """A check that was made: its title, and what it found."""

    titolo: str
    problema: Problema | None


Controllo = Callable[[sa.Connection, Settings], Problema | None]


def server(conn: sa.Connection, _settings: Settings) -> Problema | None:
    """PostgreSQL è abbastanza recente."""
    number: int = int(conn.execute(sa.text("SHOW server_version_num")).scalar_one())
    if number >= POSTGRESQL * 10_000:
        return None
    return Problema(
        f"è la versione {number // 10_000}",
        f"serve PostgreSQL {POSTGRESQL} o successivo: aggiorna il server",
    )


def extensions(conn: sa.Connection, _settings: Settings) -> Problema | None:
    """Le estensioni ci sono."""
    rows = conn.execute(sa.text("SELECT extname, extversion FROM pg_extension"))
    there: dict[str, str] = {row.extname: row.extversion for row in rows}
    lacking = [name for name in ("postgis", "pg_trgm", "unaccent") if name not in there]
    if lacking:
        return Problema(
            f"mancano: {', '.join(lacking)}",
            "un amministratore esegua «territorio migra --admin-url INDIRIZZO»",
        )
    found = tuple(int(part) for part in there["postgis"].split(".")[:2])
    if found < POSTGIS:
        wanted = ".".join(map(str, POSTGIS))
        return Problema(f"PostGIS è {there['postgis']}", f"serve PostGIS {wanted} o successivo")
    return None


def schema(conn: sa.Connection, _settings: Settings) -> Problema | None:
    """Lo schema è quello di questa versione del programma."""
    head = ScriptDirectory.from_config(migrazioni.config()).get_current_head()
    there = conn.execute(sa.text("SELECT to_regclass('registro.alembic_version')")).scalar()
    now = (
        there and conn.execute(sa.text("SELECT version_num FROM registro.alembic_version")).scalar()
    )
    if now == head:
        return None
    return Problema(f"è {now or 'assente'}, dovrebbe essere {head}", "esegui «territorio migra»")


def roles(conn: sa.Connection, _settings: Settings) -> Problema | None:
    """I tre ruoli ci sono, e il pubblico non legge le persone."""
    lacking = [
        role.value
        for role in db.Role
        if not conn.execute(
            sa.text("SELECT EXISTS (SELECT FROM pg_roles WHERE rolname = :r)"), {"r": role.value}
        ).scalar_one()
    ]
    if lacking:
        return Problema(
            f"mancano: {', '.join(lacking)}",
            "un amministratore esegua «territorio migra --admin-url INDIRIZZO»",
        )
    public = db.Role.PUBBLICO.value
    readable = conn.execute(
        sa.text(
            "SELECT n.nspname FROM pg_namespace n WHERE n.nspname = ANY (:schemi)"
            " AND has_schema_privilege(:ruolo, n.nspname, 'USAGE') ORDER BY 1"
        ),
        {"schemi": ["lavori", "persone", "registro", "staging"], "ruolo": public},
    ).scalars()
    if found := ", ".join(readable):
        return Problema(
            f"il ruolo {public} entra in: {found}",
            "togli il permesso aggiunto a mano ed esegui «territorio migra»",
        )
    return None


def row_level_security(conn: sa.Connection, _settings: Settings) -> Problema | None:
    """Ogni tabella di un comune mostra solo le righe di quel comune."""
    open_tables = conn.execute(db.sql("territorio/check_sicurezza")).scalars()
    if found := ", ".join(open_tables):
        return Problema(f"senza protezione: {found}", "esegui «territorio migra»")
    return None


def validity(conn: sa.Connection, _settings: Settings) -> Problema | None:
    """Nessuna fonte dice due cose dello stesso oggetto nello stesso giorno."""
    for name, table in FATTI.items():
        c = table.c
        before = sa.func.max(sa.func.coalesce(c.valida_al, sa.text("'infinity'::date"))).over(
            partition_by=[c.comune, c.id, c.fonte],
            order_by=[c.valida_dal.asc().nulls_first(), c.versione],
            rows=(None, -1),
        )
        known = (
            sa.select(c.id, c.fonte, c.valida_dal, before.label("prima"))
            .where(c.nota_fino.is_(None))
            .subquery()
        )
        start = sa.func.coalesce(known.c.valida_dal, sa.text("'-infinity'::date"))
        row = conn.execute(
            sa.select(known.c.id, known.c.fonte).where(known.c.prima > start).limit(1)
        ).one_or_none()
        if row is not None:
            return Problema(
                f"{name} {row.id} ha due righe della fonte {row.fonte} per lo stesso giorno",
                "è un difetto del programma: conserva un salvataggio e segnalalo",
            )
    return None


def knowledge(conn: sa.Connection, _settings: Settings) -> Problema | None:
    """Le registrazioni crescono di numero e di tempo."""
    row = conn.execute(
        sa.text(
            "SELECT r.numero FROM (SELECT numero, quando, lag(quando) OVER (ORDER BY numero)"
            " AS prima FROM registro.registrazione) r WHERE r.quando <= r.prima LIMIT 1"
        )
    ).scalar()
    if row is None:
        return None
    return Problema(
        f"la registrazione {row} non viene dopo la precedente",
        "le righe sono state cambiate a mano: ripristina un salvataggio",
    )


def archive_key(_conn: sa.Connection, settings: Settings) -> Problema | None:
    """La chiave dell'archivio c'è e apre gli originali."""
    try:
        archive = archivio.originali(settings)
        if (sha256 := next(archive.kept(), None)) is not None:
            with archive.open(sha256) as stream:
                stream.read(1)
    except NotReady as error:
        return Problema(str(error), "rimetti la chiave giusta: senza, gli originali sono persi")
    path = archivio_chiave.key_path(settings)
    if settings.chiave_archivio is None and path.stat().st_mode & 0o077:
        return Problema(f"altri utenti leggono {path}", f"esegui «chmod 600 {path}»")
    return None


def originals(conn: sa.Connection, settings: Settings) -> Problema | None:
    """Gli originali delle forniture e gli allegati ci sono tutti."""
    lacking = [
        sha256
        for _, archive, wanted in wanted_files(conn, settings, None)
        for sha256 in wanted
        if not archive.holds(sha256)
    ]
    if not lacking:
        return None
    return Problema(
        f"ne mancano {len(lacking)}, il primo è {lacking[0][:12]}…",
        "rimetti la cartella «originali» da una copia; il registro funziona anche senza",
        grave=False,
    )


def erasures(conn: sa.Connection, settings: Settings) -> Problema | None:
    """Ogni cancellazione per legge del giornale è stata fatta."""
    done = set(conn.execute(sa.select(cancellazione.cancellazione.c.ordine)).scalars())
    lacking = [nota for nota in giornale.read(settings) if nota.id not in done]
    if not lacking:
        return None
    return Problema(
        f"non risultano nel registro: {len(lacking)} (la prima: {lacking[0].atto})",
        "esegui «territorio cancella --riprendi»",
    )


def derived(conn: sa.Connection, _settings: Settings) -> Problema | None:
    """Legami, anomalie e ricerca tengono conto di tutto ciò che è registrato."""
    behind = elaborazione.arretrati(conn)
    if not behind:
        return None
    return Problema(
        f"sono indietro quelli di: {', '.join(behind)}",
        f"esegui «territorio collega {' '.join(behind)}»",
        grave=False,
    )


def queue(conn: sa.Connection, _settings: Settings) -> Problema | None:
    """I lavori in coda vengono fatti."""
    waiting: int = conn.execute(
        sa.text(
            "SELECT count(*) FROM registro.lavoro WHERE stato = 'in coda'"
            " AND chiesto < now() - make_interval(mins => :m)"
            " AND NOT EXISTS (SELECT FROM registro.lavoro WHERE stato = 'in corso')"
        ),
        {"m": WAITING_MINUTES},
    ).scalar_one()
    if not waiting:
        return None
    return Problema(
        f"{waiting} aspettano da più di {WAITING_MINUTES} minuti",
        "avvia l'esecutore con «territorio up»",
        grave=False,
    )


def disk(_conn: sa.Connection, settings: Settings) -> Problema | None:
    """C'è spazio sul disco."""
    place = next(path for path in (settings.data, *settings.data.parents) if path.exists())
    free = shutil.disk_usage(place).free
    if free >= FREE_BYTES:
        return None
    return Problema(
        f"in {place} restano {free / 2**30:.1f} GB".replace(".", ","),
        "libera spazio o sposta la cartella dei dati (TERRITORIO_DATA)",
    )


CONTROLLI: tuple[Controllo, ...] = (
    server,
    extensions,
    schema,
    roles,
    row_level_security,
    knowledge,
    validity,
    archive_key,
    originals,
    erasures,
    derived,
    queue,
    disk,
)
"""Every check, in the order they are made: those below need those above."""


def title(check: Callable[..., object]) -> str:
    """Return what a check is about, in Italian."""
    return (check.__doc__ or check.__name__).strip().rstrip(".")


def run(engine: sa.Engine, settings: Settings, more: tuple[Controllo, ...] = ()) -> Iterator[Esito]:
    """Make every check, telling each as it is made; stop where the next would make no sense."""
    try:
        with db.transaction(engine) as conn:
            for check in (*CONTROLLI, *more):
                found = check(conn, settings)
                yield Esito(title(check), found)
                if found is not None and found.grave and check in (server, extensions, schema):
                    return
    except OperationalError as error:
        reason = str(error.orig).strip().split("\n")[0]
        yield Esito(
            "La base di dati risponde",
            Problema(reason, "avvia l'installazione con «territorio up» o controlla l'indirizzo"),
        )
