"""The demonstration municipality: generated, loaded as any other, and its five stories."""

import shutil
from pathlib import Path

import sqlalchemy as sa
import typer

from api.comandi.passo import step
from territorio import archivio, cluster, db, lavoro
from territorio.archivio import Archivio
from territorio.config import Settings
from territorio.identita import Codice
from territorio.schema import comune

COMUNE = "F758"
"""Code and name are real, for codes are checked; territory, buildings and people are invented."""
EDIFICI = 1_000
SEME = 1


def ensure(settings: Settings) -> None:
    """Make and load the demonstration, unless the registry has a municipality already.

    It comes in whole or not at all: what was interrupted starts again at the next run.
    """
    engine = db.engine(cluster.admin_url(settings), db.Role.MIGRAZIONE)
    try:
        with db.transaction(engine) as conn:
            if conn.execute(sa.select(sa.func.count()).select_from(comune)).scalar_one():
                return
        # Imported here: generator and ingest are heavy, and are needed once.
        from ingest.generatore import genera

        folder = settings.data / "dimostrazione"
        with step(f"Dati inventati di un comune dimostrativo ({EDIFICI} edifici): file"):
            shutil.rmtree(folder, ignore_errors=True)
            genera(COMUNE, EDIFICI, SEME, folder)
        with db.transaction(engine) as conn:
            _load(conn, folder, archivio.originali(settings))
    finally:
        engine.dispose()


def _load(conn: sa.Connection, folder: Path, kept: Archivio) -> None:
    """Load the generated folders, day after day, as an office would have received them."""
    from ingest.run import load
    from opendata import statistiche
    from territorio import comune_aggiungi, elaborazione, vigenza

    comune_aggiungi.add(conn, COMUNE, inventato=True)
    for supply in sorted(path for path in folder.iterdir() if path.name[:2] == "20"):
        with step(f"Carico le forniture del {supply.name}"):
            load(conn, [supply], archivio=kept)
        # Each delivery is followed by what follows from it, as it would have been then:
        # so the demonstration can answer as of what was known.
        with step("Ricalcolo edifici, legami, anomalie e ricerca"):
            elaborazione.refresh(conn, COMUNE)
    with step("Statistiche per sezione di censimento"):
        statistiche.publish(conn, COMUNE, vigenza.today())
    # The worker writes the files of open data while a visitor looks at the first pages.
    lavoro.ask(conn, "pubblica", {}, chiesto_da="territorio up", comune=COMUNE, unico=True)


def storie(settings: Settings) -> list[tuple[str, str]]:
    """Return the five stories as (title, address): what a visitor should look at first."""
    engine = db.engine(cluster.admin_url(settings), db.Role.MIGRAZIONE)
    try:
        with db.transaction(engine) as conn:
            rows = conn.execute(db.sql("api/storie")).all()
    finally:
        engine.dispose()
    found: dict[str, str] = {}
    for row in rows:
        code = str(Codice(row.oggetto))
        found.setdefault(row.storia, row.indirizzo.replace("{codice}", code))
    if not found:
        typer.echo("La dimostrazione non è caricata: nessuna storia da mostrare.")
    return list(found.items())
