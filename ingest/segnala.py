"""Keep on record what a delivery said and could not be placed, or looked odd."""

from collections.abc import Iterable, Sequence

import sqlalchemy as sa

from ingest.chiavi import chiavi_of
from ingest.contract import Avviso, Rifiuto
from territorio.schema import segnalazione, segnalazione_valore


def report(
    conn: sa.Connection,
    comune: str,
    fornitura: int,
    rifiuti: Sequence[Rifiuto],
    avvisi: Sequence[Avviso],
) -> None:
    """Write one segnalazione for each refusal and each notice.

    The words of the file go to schema ``persone``: they may name a person.
    """
    objects = _objects(conn, comune, avvisi)
    for riga, tipo, motivo, campo, valore, oggetto in [
        *((r.riga, "record rifiutato", r.motivo, None, r.valore, None) for r in rifiuti),
        *(
            (a.riga, a.tipo, a.motivo, a.campo, a.valore, objects.get(a.chiave or ("", "")))
            for a in avvisi
        ),
    ]:
        number: int = conn.execute(
            sa.insert(segnalazione)
            .values(
                comune=comune,
                tipo=tipo,
                oggetto=oggetto,
                fornitura=fornitura,
                riga=riga,
                campo=campo,
                motivo=motivo,
                autore="ingest",
            )
            .returning(segnalazione.c.id)
        ).scalar_one()
        if valore:
            conn.execute(
                sa.insert(segnalazione_valore).values(
                    comune=comune, segnalazione=number, valore=valore[:500]
                )
            )


def _objects(
    conn: sa.Connection, comune: str, avvisi: Iterable[Avviso]
) -> dict[tuple[str, str], int]:
    """Return the identities of the objects that the notices are about."""
    found: dict[tuple[str, str], int] = {}
    by_kind: dict[str, set[str]] = {}
    for avviso in avvisi:
        if avviso.chiave is not None:
            by_kind.setdefault(avviso.chiave[0], set()).add(avviso.chiave[1])
    for tipo, keys in by_kind.items():
        table = chiavi_of(tipo)
        rows = conn.execute(
            sa.select(table.c.chiave, table.c.id).where(
                table.c.comune == comune,
                table.c.tipo == tipo,
                table.c.chiave == sa.any_(sa.literal(sorted(keys), sa.ARRAY(sa.Text))),
            )
        )
        found.update({(tipo, row.chiave): row.id for row in rows})
    return found
