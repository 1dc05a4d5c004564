"""The table of what came of a load, as wide as the terminal and no wider."""

from collections.abc import Iterator, Sequence

from ingest.esito import Esito
from territorio.documenti.scrittura import numero

FIGURE = ("letti", "inseriti", "cambiati", "invariati", "chiusi", "rifiutati")
SEPARATORE = "  "


def table(outcome: Sequence[Esito], width: int) -> Iterator[str]:
    """Yield the lines: one a file where its name fits beside its figures, else two.

    Names are never cut nor folded among the figures: a name tells which file was refused.
    """
    rows = [(_name(item), item.fonte or "non riconosciuto", _figures(item)) for item in outcome]
    if len(outcome) > 1:
        rows.append((f"in tutto {len(outcome)} file", "", _total(outcome)))
    figures = [[*FIGURE, "secondi"], *(row[2] for row in rows)]
    widths = [max(map(len, column)) for column in zip(*figures, strict=True)]
    name = max(4, *(len(row[0]) for row in rows)) if rows else 4
    fonte = max(5, *(len(row[1]) for row in rows)) if rows else 5
    beside = sum(widths) + len(SEPARATORE) * (len(widths) + 1)
    if name + fonte + beside <= width:
        for one, two, three in [("file", "fonte", figures[0]), *rows]:
            yield SEPARATORE.join((one.ljust(name), two.ljust(fonte), _right(three, widths)))
        return
    # The seconds go to the name: seven columns of large numbers fill 80 characters.
    room = max(fonte, width - sum(widths[:-1]) - len(widths) + 1)
    head, *others = (_right(figures, widths[:-1], " ") for *figures, _ in figures)
    yield f"{'file, fonte'.ljust(room)} {head}"
    for (one, two, three), text in zip(rows, others, strict=True):
        if two:
            yield f"{one} ({three[-1]} s)"
        yield f"{(two or one).ljust(room)} {text}"


def _right(figures: Sequence[str], widths: Sequence[int], between: str = SEPARATORE) -> str:
    return between.join(text.rjust(width) for text, width in zip(figures, widths, strict=True))


def _name(item: Esito) -> str:
    return f"{item.file} (già caricata)" if item.gia_caricata else item.file


def _figures(item: Esito) -> list[str]:
    counts = (item.letti, item.inseriti, item.cambiati, item.invariati, item.chiusi)
    return [*map(numero, (*counts, len(item.rifiutati))), numero(item.secondi, 1)]


def _total(outcome: Sequence[Esito]) -> list[str]:
    """Return the sums of all files."""
    whole = Esito("")
    for item in outcome:
        for name in (*FIGURE, "secondi"):
            setattr(whole, name, getattr(whole, name) + getattr(item, name))
    return _figures(whole)
