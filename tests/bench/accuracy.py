"""``make accuracy``: precision and recall of links, defects found, answers with a date.

Draws a town, loads its deliveries day by day, and compares with its truth file; or measures
a town that is loaded already (``--url`` and ``--cartella``). It prints, it does not judge:
the floors below which a figure may not fall are in ``tests/stories/test_accuratezza.py``.
"""

import argparse
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path

import sqlalchemy as sa
from rich.console import Console
from rich.table import Table

from territorio import db, log
from tests.bench import accuracy_date, accuracy_difetti, accuracy_legami
from tests.bench.accuracy_date import Risposte
from tests.bench.accuracy_difetti import Trovati
from tests.bench.accuracy_legami import Esito
from tests.bench.banco import Banco
from tests.bench.misura import machine
from tests.bench.verita import Verita, names
from tests.stories import citta

EDIFICI = 1_200


@dataclass(frozen=True, slots=True)
class Accuratezza:
    """All figures of one town."""

    taglia: str
    legami: Mapping[str, Esito]
    risposte: Mapping[str, Risposte]
    difetti: Mapping[str, Trovati]
    errore_mq: float
    gradini: Mapping[tuple[str, str, str], tuple[int, int]]
    """For each kind of link, method and state: how many are right, and how many there are."""


def main() -> int:
    """Measure, print the tables and, if asked, the same as JSON."""
    parser = argparse.ArgumentParser(prog="make accuracy", description=__doc__)
    parser.add_argument("--url", help="a database that holds a generated town")
    parser.add_argument("--cartella", type=Path, help="the folder the town was written to")
    parser.add_argument("--edifici", type=int, default=EDIFICI)
    parser.add_argument("--seme", type=int, default=citta.SEME)
    parser.add_argument("--gradini", action="store_true", help="also method by method")
    parser.add_argument("--json", type=Path, help="also write the figures here")
    asked = parser.parse_args()
    log.configure("ERROR")
    if asked.url and asked.cartella:
        found = measure(asked.url, asked.cartella)
    else:
        banco = Banco()
        try:
            found = measure(*prepare(banco, asked.edifici, asked.seme))
        finally:
            banco.close()
    console = Console(width=100)
    show(console, found)
    if asked.gradini:
        show_methods(console, found)
    if asked.json:
        asked.json.write_text(json.dumps(as_dict(found), ensure_ascii=False, indent=1) + "\n")
    return 0


def prepare(banco: Banco, edifici: int, seme: int) -> tuple[str, Path]:
    """Draw a town afresh, load it, and return where it is."""
    folder = banco.settings.data / f"accuracy_{edifici}_{seme}"
    citta.draw(folder, citta.COMUNE, edifici, seme)
    url = banco.create("accuracy")
    engine = citta.open_for(url, citta.COMUNE)
    try:
        citta.load(engine, folder, citta.COMUNE)
    finally:
        engine.dispose()
    return url, folder


def measure(url: str, cartella: Path) -> Accuratezza:
    """Compare a loaded town with its truth."""
    truth = json.loads((cartella / "verita.json").read_text())
    engine = db.engine(url, db.Role.MIGRAZIONE)
    try:
        with db.transaction(engine) as conn:
            found = compare(conn, Verita(truth["comune"], cartella))
    finally:
        engine.dispose()
    return found


def compare(conn: sa.Connection, verita: Verita) -> Accuratezza:
    """Compare what a connection sees of a town with its truth."""
    nomi = names(conn, verita)
    days = list(accuracy_date.knowledge(conn, verita.comune))
    truth = json.loads((verita.cartella / "verita.json").read_text())
    rows = truth["tabelle"]
    return Accuratezza(
        f"{truth['denominazione']} inventata, seme {truth['seme']}: {truth['edifici']} edifici,"
        f" {rows['unita']} unità, {rows['civici']} civici, {rows['residenze']} residenze,"
        f" {len(days)} giorni di consegna",
        {
            **accuracy_legami.measure(conn, verita, nomi, days),
            "edificio alla consegna dopo": accuracy_date.recognition(conn, verita),
        },
        accuracy_date.measure(conn, verita, nomi),
        accuracy_difetti.measure(conn, verita, nomi),
        accuracy_legami.area_error(conn, verita, nomi, days[-1]),
        accuracy_legami.by_method(conn, verita, nomi, days),
    )


def as_dict(found: Accuratezza) -> dict[str, object]:
    """Return the figures by name."""
    return {
        "macchina": machine(),
        "taglia": found.taglia,
        "errore_mq": round(found.errore_mq, 4),
        "legami": {
            name: {
                "veri": e.veri,
                "precisione": round(e.precisione, 4),
                "richiamo": round(e.richiamo, 4),
                "richiamo_con_proposti": round(e.con_proposti, 4),
            }
            for name, e in found.legami.items()
        },
        "risposte": {
            name: {**asdict(r), "quota": round(r.quota, 4)} for name, r in found.risposte.items()
        },
        "difetti": {name: asdict(d) for name, d in found.difetti.items()},
        "gradini": [
            {"tipo": tipo, "metodo": metodo, "stato": stato, "giusti": right, "tutti": total}
            for (tipo, metodo, stato), (right, total) in found.gradini.items()
        ],
    }


def show(console: Console, found: Accuratezza) -> None:
    """Print the figures as three tables and a line on size and machine."""
    links = _table("Legami, giorno per giorno", "veri", "precisione", "richiamo", "con i proposti")
    for name, e in found.legami.items():
        shares = (_share(x) for x in (e.precisione, e.richiamo, e.con_proposti))
        links.add_row(name, _number(e.veri), *shares)
    answers = _table(
        "Risposte con una data (che cosa valeva un giorno, noto a un altro)",
        "domande",
        "risposte",
        "giuste",
    )
    for name, r in found.risposte.items():
        answers.add_row(name, _number(r.domande), _number(r.chieste), _share(r.quota))
    asked = sum(r.chieste for r in found.risposte.values())
    right = sum(r.giuste for r in found.risposte.values())
    answers.add_row("insieme", "", _number(asked), _share(right / asked), style="bold")
    planted = _table("Difetti piantati", "piantati", "trovati", "", "segnalati", "fondati")
    for name, d in found.difetti.items():
        row = ("—", "nessuna regola") if d.trovati is None else (str(d.trovati), _share(d.quota))
        alarms = ("", "") if d.segnalati is None else (str(d.segnalati), _share(d.precisione))
        planted.add_row(name.replace("_", " "), str(d.piantati), *row, *alarms)
    for table in (links, answers, planted):
        console.print(table)
    host = machine()
    console.print(
        f"{found.taglia}; errore sui m² condivisi da edifici e particelle"
        f" {_share(found.errore_mq)}.\n{host['cpu']}, {host['core']} core,"
        f" {host['memoria_gb']} GB, Python {host['python']}, {host['commit']}."
    )


def show_methods(console: Console, found: Accuratezza) -> None:
    """Print how often each method was right: what its score should say."""
    table = _table("Legami, metodo per metodo", "metodo", "stato", "quanti", "giusti")
    for (tipo, metodo, stato), (right, total) in sorted(found.gradini.items()):
        table.add_row(tipo, metodo, stato, _number(total), _share(right / total))
    console.print(table)


def _table(title: str, *columns: str) -> Table:
    table = Table(title=title, title_justify="left")
    table.add_column("che cosa")
    for column in columns:
        table.add_column(column, justify="right")
    return table


def _share(value: float) -> str:
    return f"{100 * value:.1f} %"


def _number(value: int) -> str:
    return f"{value:,}".replace(",", ".")


if __name__ == "__main__":
    raise SystemExit(main())
