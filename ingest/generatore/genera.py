"""Make the town, sheet by sheet, and write it into every source as it goes."""

from __future__ import annotations

import time
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from ingest.generatore.altrove import drawing
from ingest.generatore.comune import find
from ingest.generatore.raccolta import rarely_collected

type Progress = Callable[[int, int], None]


@dataclass(frozen=True, slots=True)
class Riepilogo:
    """What was made."""

    comune: str
    denominazione: str
    edifici: int
    fogli: int
    forniture: tuple[Path, ...]
    verita: Path
    secondi: float


def genera(
    comune: str, edifici: int, seme: int, cartella: Path, progress: Progress | None = None
) -> Riepilogo:
    """Write an invented town under a real municipality code; ``progress`` gets (done, of).

    ``verita.json`` is written last: without it the folder is not complete.
    """
    inizio = time.monotonic()
    dove = find(comune)
    cartella.mkdir(parents=True, exist_ok=True)
    with (
        rarely_collected(),
        drawing(dove, edifici, seme, cartella) as disegno,
    ):
        # Imported here: whoever draws gets ready meanwhile.
        from ingest.generatore.cantiere import Cantiere
        from ingest.generatore.registri import Registri
        from ingest.generatore.rilievo import Numeratore
        from ingest.generatore.zone import Zonizzazione

        numeri = Numeratore()
        cantiere = Cantiere(edifici, seme, numeri)
        with closing(Registri(dove, cartella, edifici, numeri)) as registri:
            for quadro in cantiere.squares():
                zone = Zonizzazione(quadro)
                registri.enter(quadro, zone)
                disegno.enter(quadro, zone)
                for mondo, caso in cantiere.sheets(quadro):
                    registri.write(mondo, caso)
                    disegno.write(mondo)
                    if progress is not None:
                        progress(min(cantiere.fatti, edifici), edifici)
                registri.leave(quadro)
            registri.finish()
            registri.conclude(seme, cantiere.fatti, disegno.finish())
    return Riepilogo(
        dove.belfiore,
        dove.nome,
        cantiere.fatti,
        cantiere.fogli,
        tuple(f.cartella for f in registri.forniture),
        cartella / "verita.json",
        time.monotonic() - inizio,
    )
