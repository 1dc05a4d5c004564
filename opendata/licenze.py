"""Licences: what may leave under ours, and what has to stay out of it.

Everything leaves under CC BY 4.0. What a source gives under a licence that wants the same of
whatever it is merged into (ODbL, CC BY-SA) would bind the whole file: its rows stay out, and
the file says so and how many they are (fonti.md §15.5). So do those of a source that says of
itself that it may not be published, or is given to the municipality alone.
"""

import re
from dataclasses import dataclass
from datetime import date

import sqlalchemy as sa

from opendata.dataset import Dataset

_VINCOLANTE = re.compile(
    r"odbl|open database licen|share.?alike|condividi allo stesso|by[- _]?sa\b|by-nc|by-nd"
    r"|non pubblicabile|riservat[ao]",
    re.IGNORECASE,
)

_APERTA = re.compile(r"cc0|cc by|iodl|pubblico dominio|public domain|del comune", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Provenienza:
    """One source of what is published: how many rows are its word, and of which day."""

    codice: str
    titolo: str
    editore: str
    licenza: str
    righe: int
    data_riferimento: date | None


def binding(licenza: str) -> bool:
    """Tell whether a licence keeps rows out of a file that leaves under CC BY.

    >>> [binding(x) for x in ("ODbL 1.0", "CC BY-SA 4.0", "CC BY 4.0", "CC0", "IODL 2.0")]
    [True, True, False, False, False]
    >>> binding("riservata al comune")
    True
    """
    return _VINCOLANTE.search(licenza) is not None


def known_open(licenza: str) -> bool:
    """Tell whether a licence is one under which anybody may publish again.

    >>> [known_open(x) for x in ("CC BY 4.0", "IODL 2.0", "riservata al comune", "ODbL 1.0")]
    [True, True, False, False]
    """
    return _APERTA.search(licenza) is not None and not binding(licenza)


def provenance(
    conn: sa.Connection, dataset: Dataset, comune: str, giorno: date
) -> tuple[list[Provenienza], list[Provenienza]]:
    """Return the sources of a dataset on a day: those that leave, and those that stay out."""
    t = dataset.tavola.c
    named = ("codice", "titolo", "editore", "licenza")
    fonte = sa.table("fonte", *map(sa.column, named), schema="pubblico")
    counted = (
        sa.select(
            t.fonte, sa.func.count().label("righe"), sa.func.max(t.data_riferimento).label("di")
        )
        .where(t.comune == comune, t.dal <= giorno, t.al > giorno)
        .group_by(t.fonte)
        .subquery()
    )
    joined = counted.outerjoin(fonte, fonte.c.codice == counted.c.fonte)
    rows = conn.execute(
        sa.select(counted, *(fonte.c[name] for name in named[1:]))
        .select_from(joined)
        .order_by(counted.c.fonte)
    )
    found = [
        Provenienza(
            row.fonte,
            # The office's own word is no delivery of anybody.
            row.titolo or "Atti dell’ufficio",
            row.editore or "Il comune",
            row.licenza or "CC BY 4.0",
            row.righe,
            row.di,
        )
        for row in rows
    ]
    leaving = [one for one in found if not binding(one.licenza)]
    return leaving, [one for one in found if binding(one.licenza)]
