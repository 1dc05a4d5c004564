"""Many clients at once: wrk asks, and tells how many answers came and how long they took."""

import json
import subprocess
from dataclasses import dataclass
from pathlib import Path
from statistics import median

LUA = Path(__file__).with_name("wrk.lua")
FILI = 2
TEMPO_SECONDI = 20
"""After which an answer counts as missing."""


@dataclass(frozen=True, slots=True)
class Esito:
    """What one run of wrk told; times in milliseconds."""

    richieste: int
    secondi: float
    byte: int
    p50: float
    p99: float
    errori: int

    @property
    def al_secondo(self) -> float:
        """Answers a second."""
        return self.richieste / self.secondi


@dataclass(frozen=True, slots=True)
class Somma:
    """Several runs of the same taken together."""

    al_secondo: float
    p50: float
    p99: float
    errori: int


def run(
    porta: int, indirizzi: Path, *, secondi: float, clienti: int = 8, gzip: bool = False
) -> Esito:
    """Ask a server for the addresses of a file for some seconds."""
    command = ["wrk", f"-t{FILI}", f"-c{clienti}", f"-d{secondi:g}s", f"--timeout={TEMPO_SECONDI}s",
               "-s", str(LUA), f"http://127.0.0.1:{porta}", "--", str(indirizzi)]  # fmt: skip
    if gzip:
        command.append("gzip")
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    return Esito(**json.loads(done.stdout.splitlines()[-1]))


def together(esiti: list[Esito]) -> Somma:
    """Take runs together: all answers over all seconds, and the times of the middle run."""
    return Somma(
        sum(one.richieste for one in esiti) / sum(one.secondi for one in esiti),
        median(one.p50 for one in esiti),
        median(one.p99 for one in esiti),
        sum(one.errori for one in esiti),
    )
