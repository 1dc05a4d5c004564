"""Looking for a person by name: for offices with a purpose, and written down."""

import sqlalchemy as sa

from territorio import search
from territorio.accessi import lettura
from territorio.accessi.lettura import Lettura
from territorio.accessi.policy import Visto, may_search_persons
from territorio.errors import Forbidden
from territorio.search import Domanda, Risultato

CAMPI = ("ricerca.nominativo",)


def find_persons(conn: sa.Connection, domanda: Domanda, visto: Visto) -> list[Risultato]:
    """Return the persons a text may mean; raise Forbidden for who may not look for them."""
    if not may_search_persons(visto):
        raise Forbidden("Solo gli uffici, indicando lo scopo, possono cercare una persona.")
    results = search.persons(conn, domanda)
    for comune in sorted({result.comune for result in results}):
        lettura.append(conn, visto, Lettura(comune, None, CAMPI))
    return results
