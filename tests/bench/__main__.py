"""``make bench``: the measured figures, as ratios taken in one run.

Small (a town of 3,000 buildings) takes minutes; full (100,000) makes its town once, which
takes much longer, and keeps it in the data folder.
"""

import argparse
import json
import sys
from datetime import datetime

from territorio import log
from territorio.vigenza import ROMA
from tests.bench import carico, porte
from tests.bench.banco import Banco
from tests.bench.misura import Misura, machine, processor_time, stolen_share, table
from tests.bench.ogc import giro


def say(text: str) -> None:
    """Tell what goes on."""
    sys.stdout.write(text + "\n")
    sys.stdout.flush()


def main() -> int:
    """Measure, print, write the results; 1 if a bar was missed."""
    parser = argparse.ArgumentParser(prog="make bench", description=__doc__)
    parser.add_argument("--size", choices=("small", "full"), default="small")
    parser.add_argument("--solo", choices=("ogc",), help="this section alone: the open doors")
    asked = parser.parse_args()
    size = asked.size
    log.configure("ERROR")
    host = machine()
    say("  ".join(f"{name}: {value}" for name, value in host.items()))
    banco, before = Banco(), processor_time()
    try:
        found = [] if asked.solo else _registry(banco, size)
        found += giro.measure(banco, size, say)
        host["tolto"] = stolen_share(before, processor_time())
        say(f"processor time that the host gave to others: {host['tolto']:.1%}")
        _keep(banco, size, host, found)
    finally:
        banco.close()
    say("\n" + table(found))
    return int(not all(misura.passa for misura in found))


def _registry(banco: Banco, size: str) -> list[Misura]:
    """Measure how files become a registry, and its dossiers, search and map."""
    name, found = carico.spine(banco, say)
    found += carico.parcels(banco, say)
    if size == "full":
        name = carico.large_town(banco, say)
    return [*found, *porte.measure(banco, name, say)]


def _keep(banco: Banco, size: str, host: dict[str, object], found: list[Misura]) -> None:
    now = datetime.now(ROMA)
    folder = banco.settings.data / "results"
    folder.mkdir(exist_ok=True)
    path = folder / f"{now:%Y%m%d-%H%M%S}-{size}.json"
    body = {
        "quando": now.isoformat(timespec="seconds"),
        "size": size,
        "macchina": host,
        "misure": [misura.as_dict() for misura in found],
    }
    path.write_text(json.dumps(body, ensure_ascii=False, indent=1) + "\n")
    say(f"results: {path}")


if __name__ == "__main__":
    sys.exit(main())
