"""One measurement against its bar, the machine it was taken on, and how both are shown."""

import os
import platform
import subprocess
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Literal


@dataclass(frozen=True, slots=True)
class Misura:
    """What was measured, beside a peer or a limit where there is one, and the bar."""

    nome: str
    valore: float
    unita: str
    limite: float
    verso: Literal["almeno", "al massimo"]
    pari: float | None = None
    """What the peer did in the same run; then the bar is on the ratio to it."""

    @property
    def rapporto(self) -> float | None:
        """Return our figure over the peer's."""
        return None if self.pari is None else self.valore / self.pari

    @property
    def passa(self) -> bool:
        """Tell whether the bar is kept."""
        judged = self.valore if self.rapporto is None else self.rapporto
        return judged >= self.limite if self.verso == "almeno" else judged <= self.limite

    def row(self) -> tuple[str, ...]:
        """Return the line of the table."""
        bar = f"{'≥' if self.verso == 'almeno' else '≤'} {self.limite:g}"
        return (
            self.nome,
            f"{self.valore:,.1f} {self.unita}",
            "" if self.pari is None else f"{self.pari:,.1f}",
            "" if self.rapporto is None else f"{self.rapporto:.2f}",
            bar + ("" if self.rapporto is None else " x"),
            "ok" if self.passa else "NO",
        )

    def as_dict(self) -> dict[str, object]:
        """Return the form written to the file of results."""
        return {**asdict(self), "rapporto": self.rapporto, "passa": self.passa}


TESTATA = ("what", "measured", "peer", "ratio", "bar", "")


def table(misure: Sequence[Misura]) -> str:
    """Return the measurements as lines of text in columns."""
    rows = [TESTATA, *(misura.row() for misura in misure)]
    wide = [max(len(row[n]) for row in rows) for n in range(len(TESTATA))]
    return "\n".join(
        "  ".join(cell.ljust(width) for cell, width in zip(row, wide, strict=True)).rstrip()
        for row in rows
    )


def percentile(values: Sequence[float], part: float) -> float:
    """Return the value below which a part of the values lies."""
    ordered = sorted(values)
    return ordered[min(int(len(ordered) * part), len(ordered) - 1)]


def machine() -> dict[str, object]:
    """Return what the figures depend on."""
    cpu = next(
        (
            line.partition(":")[2].strip()
            for line in Path("/proc/cpuinfo").read_text().splitlines()
            if line.startswith("model name")
        ),
        platform.machine(),
    )
    return {
        "cpu": cpu,
        "core": os.cpu_count(),
        "memoria_gb": round(os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 1e9, 1),
        "carico": round(os.getloadavg()[0], 2),
        "sistema": platform.platform(),
        "python": platform.python_version(),
        "commit": _commit(),
    }


def processor_time() -> tuple[int, int]:
    """Return how long the processors have worked, and been wanted and not given, in ticks.

    On a virtual machine the host gives them to others meanwhile: a hundredth of the answers of
    a run then takes as long as it was kept waiting, whatever it does (proc(5), ``steal``).
    """
    user, nice, system, _idle, _waiting, irq, softirq, stolen = map(
        int, Path("/proc/stat").read_text().split(maxsplit=9)[1:9]
    )
    return user + nice + system + irq + softirq, stolen


def stolen_share(before: tuple[int, int], after: tuple[int, int]) -> float:
    """Return the part of the processors' time that was wanted and not given.

    >>> stolen_share((100, 7), (180, 27))
    0.2
    """
    worked, stolen = (b - a for a, b in zip(before, after, strict=True))
    return round(stolen / max(worked + stolen, 1), 3)


def _commit() -> str:
    command = ["git", "describe", "--always", "--dirty"]
    here = Path(__file__).parent
    done = subprocess.run(command, cwd=here, capture_output=True, text=True, check=False)
    return done.stdout.strip()
