"""The bridge: from the objects that are no more to those that took their place."""

from pathlib import Path

from psycopg import sql

from opendata.estrazione import Lettore
from opendata.formati import testo
from territorio.schema_pubblico import TIPI

_WHAT = sql.SQL(
    "SELECT da AS id, da_codice AS codice, tipo AS evento, giorno, a AS successore,"
    " a_codice AS successore_codice"
)


def csv(lettore: Lettore, file: Path) -> int:
    """Write the bridge as CSV: a line for each pair of an object and one of its successors."""
    query = _WHAT + _ours(lettore) + sql.SQL(" ORDER BY da, giorno, a")
    how = sql.SQL("FORMAT csv, HEADER true, FORCE_QUOTE (codice, evento, successore_codice)")
    return testo.write_lines(file, lettore.copy(query, how)) - 1


def empty(lettore: Lettore) -> bool:
    """Tell whether nothing ever took the place of anything."""
    query = sql.SQL("SELECT NOT EXISTS (SELECT 1{})").format(_ours(lettore))
    return bool(lettore.value(query))


def _ours(lettore: Lettore) -> sql.Composed:
    cosa = lettore.cosa
    where = sql.SQL(" FROM pubblico.genealogia WHERE da IS NOT NULL AND oggetto = {}").format(
        sql.Literal(TIPI[cosa.dataset.nome])
    )
    if cosa.comune is None:
        return where
    return where + sql.SQL(" AND comune = {}").format(sql.Literal(cosa.comune))
