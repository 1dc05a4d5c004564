"""Constants of ours that stand in a statement as they are.

A parameter would have to be told its type, and the planner would not see its value.
"""

from typing import Any

import sqlalchemy as sa


def fixed(value: int | str) -> sa.ColumnElement[Any]:
    """Return a constant; never for what came from outside.

    >>> str(fixed(3857)), str(fixed('{"a":'))
    ('3857', '\\'{"a":\\'')
    """
    if isinstance(value, int):
        return sa.literal_column(str(value), sa.Integer)
    quoted = value.replace("'", "''")
    return sa.literal_column(f"'{quoted}'", sa.Text)
