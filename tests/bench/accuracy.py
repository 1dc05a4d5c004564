"""``make accuracy``: precision and recall of links and of answers with a date.

Draws a town, loads its deliveries day by day, and compares with its truth file; or measures
a town that is loaded already (``--url`` and ``--cartella``). It prints, it does not judge:
the scale of the links is not calibrated yet.
"""

import argparse
import json
import sys
from collections.abc import Mapping
from pathlib import Path

import sqlalchemy as sa
from rich.console import Console
from rich.table import Table

from territorio import db, log
from tests.bench import accuracy_date, accuracy_legami
from tests.bench.accuracy_legami import Esito
from tests.bench.banco import Banco
from tests.bench.verita import Verita, names
from tests.stories import citta

EDIFICI = 1_000


def main() -> int:
    """Measure, print a table and, if asked, the same as JSON."""
    parser = argparse.ArgumentParser(prog="make accuracy", description=__doc__)
    parser.add_argument("--url", help="a database that holds a generated town")
    parser.add_argument("--cartella", type=Path, help="the folder the town was written to")
    parser.add_argument("--edifici", type=int, default=EDIFICI)
    parser.add_argument("--json", type=Path, help="also write the figures here")
    asked = parser.parse_args()
    log.configure("ERROR")
    if asked.url and asked.cartella:
        found = measure(asked.url, asked.cartella)
    else:
        banco = Banco()
        try:
            found = measure(*prepare(banco, asked.edifici))
        finally:
            banco.close()
    show(found)
    if asked.json:
        asked.json.write_text(json.dumps(as_dict(found), ensure_ascii=False, indent=1) + "\n")
    return 0


def prepare(banco: Banco, edifici: int) -> tuple[str, Path]:
    """Draw a town at the first use, load it afresh, and return where it is."""
    folder = banco.settings.data / f"accuracy_{edifici}"
    if not (folder / "verita.json").exists():
        citta.draw(folder, citta.COMUNE, edifici, citta.SEME)
    url = banco.create("accuracy")
    engine = citta.open_for(url, citta.COMUNE)
    try:
        citta.load(engine, folder, citta.COMUNE)
    finally:
        engine.dispose()
    return url, folder


def measure(url: str, cartella: Path) -> dict[str, Esito]:
    """Compare a loaded town with its truth."""
    comune = json.loads((cartella / "verita.json").read_text())["comune"]
    verita = Verita(comune, cartella)
    engine = db.engine(url, db.Role.MIGRAZIONE)
    try:
        with db.transaction(engine) as conn:
            return _measure(conn, verita)
    finally:
        engine.dispose()


def _measure(conn: sa.Connection, verita: Verita) -> dict[str, Esito]:
    nomi = names(conn, verita)
    days = list(accuracy_date.knowledge(conn, verita.comune))
    error = accuracy_legami.area_error(conn, verita, nomi, days[-1])
    sys.stdout.write(f"errore sui m² condivisi da edifici e particelle: {error:.2%}\n")
    return {
        **accuracy_legami.measure(conn, verita, nomi, days),
        "edificio riconosciuto alla consegna dopo": accuracy_date.recognition(conn, verita),
        **accuracy_date.measure(conn, verita, nomi),
    }


def as_dict(found: Mapping[str, Esito]) -> dict[str, dict[str, float]]:
    """Return the figures by name."""
    return {
        name: {
            "veri": e.veri,
            "precisione": round(e.precisione, 4),
            "richiamo": round(e.richiamo, 4),
            "richiamo_con_proposti": round(e.con_proposti, 4),
        }
        for name, e in found.items()
    }


def show(found: Mapping[str, Esito]) -> None:
    """Print the figures as a table."""
    table = Table(title="Legami e risposte a confronto con la verità", title_justify="left")
    table.add_column("che cosa")
    for title in ("veri", "precisione", "richiamo", "con i proposti"):
        table.add_column(title, justify="right")
    for name, e in found.items():
        shares = (f"{100 * share:.1f} %" for share in (e.precisione, e.richiamo, e.con_proposti))
        table.add_row(name, f"{e.veri:,}".replace(",", "."), *shares)
    Console().print(table)


if __name__ == "__main__":
    raise SystemExit(main())
