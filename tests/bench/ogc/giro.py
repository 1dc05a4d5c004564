"""One round of the open doors: every work, each server in turn, and the table of it."""

import shutil
import tempfile
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import psycopg

from tests.bench.banco import Banco
from tests.bench.misura import Misura
from tests.bench.ogc import carico, confronto, esporta, milione, richieste, serventi
from tests.bench.ogc.carico import Esito, Somma
from tests.bench.ogc.lavori import SERVER, Lavoro, Server, works
from tests.bench.ogc.milione import Size
from tests.bench.ogc.serventi import Servente

type Say = Callable[[str], None]

MEMORIA_MB = 400
CODA = 4
"""How many times the median the slowest hundredth may take, with many clients."""

FOLLA = 32
IN_FOLLA = ("10 items in a box", "100 items in a box", "one item by id", "tile z14, made")


@dataclass(frozen=True, slots=True)
class Durata:
    """How long each server is asked, how often in turn."""

    secondi: float
    giri: int


DURATE: dict[Size, Durata] = {"small": Durata(1, 1), "full": Durata(5, 3)}


@dataclass(frozen=True, slots=True)
class Riga:
    """A work, and what each server did of it."""

    lavoro: Lavoro
    somme: dict[Server, Somma]


def measure(banco: Banco, size: Size, say: Say) -> list[Misura]:
    """Measure the open doors on the municipality of a million buildings; print the table."""
    if shutil.which("wrk") is None:
        say("wrk is not on this machine (make setup-bench): the open doors are not measured")
        return []
    url = banco.url(milione.municipality(banco, size, say))
    _warm(url)
    asked = richieste.draw(url)
    say(f"{len(asked.riquadri)} boxes, {len(asked.numeri)} ids")
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        with serventi.all_of_them(url, folder, banco.settings.data) as found:
            rows = [_work(lavoro, found, folder, DURATE[size], say) for lavoro in works(asked)]
            crowd = _crowds(rows, found["nostro"], folder, DURATE[size])
            memory = {server: one.memoria_mb for server, one in found.items()}
        measured = [*_bars(rows), *crowd]
        measured += esporta.measure(url, folder, say)
    say("\n" + table(rows) + "\n")
    for server, (rss, pss) in memory.items():
        say(f"memory after the load, {server}: RSS {rss:.0f} MB, PSS {pss:.0f} MB")
    ours = memory["nostro"][1]
    return [*measured, Misura("memory of the server (PSS)", ours, "MB", MEMORIA_MB, "al massimo")]


def _warm(url: str) -> None:
    """Read what is asked for into the memory of the server: no disk is measured."""
    with psycopg.connect(url, autocommit=True) as conn:
        conn.execute("CREATE EXTENSION IF NOT EXISTS pg_prewarm")
        conn.execute(
            "SELECT sum(pg_prewarm(r.oid)) FROM unnest(%s::regclass[]) AS t (tavola)"
            " CROSS JOIN LATERAL (SELECT t.tavola UNION ALL"
            "  SELECT i.indexrelid FROM pg_index AS i WHERE i.indrelid = t.tavola) AS r (oid)",
            (["pubblico.edifici", "pari.edifici"],),
        )


def _work(
    lavoro: Lavoro, found: Mapping[Server, Servente], folder: Path, durata: Durata, say: Say
) -> Riga:
    """Measure one work on every server that does it, one after the other, again and again."""
    able, differences = confronto.answering(lavoro, found)
    for one in differences:
        say(f"  {lavoro.nome}: {one}")
    told: dict[Server, list[Esito]] = {server: [] for server in able}
    files = {server: _file(folder, lavoro.indirizzi[server], server) for server in able}
    for _ in range(durata.giri):
        for server in able:
            porta = found[server].porta
            told[server].append(
                carico.run(porta, files[server], secondi=durata.secondi, gzip=lavoro.gzip)
            )
    somme = {server: carico.together(esiti) for server, esiti in told.items()}
    parts = [f"{server} {_rate(somma)}" for server, somma in somme.items()]
    say(f"{lavoro.nome}: {', '.join(parts)}")
    return Riga(lavoro, somme)


def _crowds(rows: Sequence[Riga], nostro: Servente, folder: Path, durata: Durata) -> list[Misura]:
    """Measure how much longer the slowest hundredth waits where many ask at once."""
    found = []
    for row in rows:
        if row.lavoro.nome in IN_FOLLA and "nostro" in row.somme:
            file = _file(folder, row.lavoro.indirizzi["nostro"], "nostro")
            esito = carico.run(nostro.porta, file, secondi=2 * durata.secondi, clienti=FOLLA)
            name = f"{row.lavoro.nome}, {FOLLA} clients: p99 beside p50"
            found.append(Misura(name, esito.p99, "ms", CODA, "al massimo", esito.p50))
    return found


def _file(folder: Path, addresses: Sequence[str], server: Server) -> Path:
    path = folder / f"indirizzi_{server}.txt"
    path.write_text("".join(f"{one}\n" for one in addresses))
    return path


def _bars(rows: Sequence[Riga]) -> list[Misura]:
    """Return our figures against their bars; of what nobody answers there is none."""
    found = []
    for row in rows:
        ours, peer = row.somme.get("nostro"), _peer(row, rows)
        if ours is not None and (peer is not None or row.lavoro.assoluto):
            beside = None if peer is None else peer.al_secondo or 1
            found.append(
                Misura(row.lavoro.nome, ours.al_secondo, "/s", row.lavoro.limite, "almeno", beside)
            )
    return found


def _peer(row: Riga, rows: Sequence[Riga]) -> Somma | None:
    """Return what our figure is compared with: the better floor's, or ours of another work."""
    if row.lavoro.assoluto:
        return None
    if row.lavoro.pari is None:
        forms = [row.somme[form] for form in ("semplice", "floor") if form in row.somme]
        return max(forms, key=lambda somma: somma.al_secondo, default=None)
    other = next(one for one in rows if one.lavoro.nome == row.lavoro.pari)
    return other.somme.get("nostro")


TESTATA = ("work, requests/s", "pygeoapi", "tipg", "floor simple", "floor tuned", "ours", "ratio",
           "bar", "")  # fmt: skip


def table(rows: Sequence[Riga]) -> str:
    """Return the table of all works as lines of text."""
    lines = [TESTATA, *(_line(row, rows) for row in rows)]
    wide = [max(len(line[n]) for line in lines) for n in range(len(TESTATA))]
    return "\n".join(
        "  ".join(
            cell.rjust(width) if n else cell.ljust(width)
            for n, (cell, width) in enumerate(zip(line, wide, strict=True))
        ).rstrip()
        for line in lines
    )


def _line(row: Riga, rows: Sequence[Riga]) -> tuple[str, ...]:
    cells = [
        _rate(row.somme[server])
        if server in row.somme
        else ("manca" if server in row.lavoro.indirizzi else "-")
        for server in SERVER
    ]
    ours, peer = row.somme.get("nostro"), _peer(row, rows)
    bar = f"≥ {row.lavoro.limite:,g}"
    if ours is None or (peer is None and not row.lavoro.assoluto):
        return (row.lavoro.nome, *cells, "", bar, "manca")
    judged = ours.al_secondo if peer is None else ours.al_secondo / (peer.al_secondo or 1)
    ratio = "" if peer is None else f"{judged:.2f}"
    return (row.lavoro.nome, *cells, ratio, bar, "ok" if judged >= row.lavoro.limite else "NO")


def _rate(somma: Somma) -> str:
    """Write answers a second; a star says that some failed."""
    return f"{somma.al_secondo:,.0f}" + ("*" if somma.errori else "")
