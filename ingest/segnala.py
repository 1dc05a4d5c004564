"""Keep on record what a delivery said and could not be placed, or looked odd.

Reports are written in batches while the file is read, so that a file full of oddities does
not fill the memory; the objects they are about get their identity only in the merge, and
are told afterwards.
"""

from collections.abc import Iterable

import sqlalchemy as sa

from ingest.chiavi import chiavi_of
from ingest.contract import Avviso, Rifiuto
from territorio.schema import segnalazione, segnalazione_valore
from territorio.tables import STAGING

BATCH = 5_000
_VALORE = 500
"""Characters of a file's words that are kept."""

riferite = sa.Table(
    "riferite",
    sa.MetaData(),
    sa.Column("comune", sa.CHAR(4), nullable=False),
    sa.Column("fornitura", sa.BigInteger, nullable=False),
    sa.Column("segnalazione", sa.BigInteger, nullable=False),
    sa.Column("tipo", sa.Text, nullable=False),
    sa.Column("chiave", sa.Text, nullable=False),
    sa.Column("riga", sa.Integer),
    prefixes=["TEMPORARY"],
    postgresql_on_commit="DROP",
)
"""Reports that wait for the identity of the object they are about."""


class Segnalatore:
    """Writes the reports of one delivery.

    The words of the file go to schema ``persone``: they may name a person.
    """

    def __init__(self, conn: sa.Connection, comune: str, fornitura: int) -> None:
        self._conn = conn
        self._comune = comune
        self._fornitura = fornitura
        self._waiting: list[Avviso] = []
        self._tipi: set[str] = set()

    def add(self, said: Avviso | Rifiuto) -> None:
        """Take one report; writes when a batch is full."""
        if isinstance(said, Rifiuto):
            said = Avviso(said.riga, "record rifiutato", said.motivo, valore=said.valore)
        self._waiting.append(said)
        if len(self._waiting) >= BATCH:
            self.flush()

    def extend(self, said: Iterable[Avviso | Rifiuto]) -> None:
        """Take several reports."""
        for avviso in said:
            self.add(avviso)

    def flush(self) -> None:
        """Write what is waiting."""
        batch, self._waiting = self._waiting, []
        if not batch:
            return
        inserted = sa.insert(segnalazione).returning(
            segnalazione.c.id, sort_by_parameter_order=True
        )
        numbers = self._conn.execute(inserted, [self._row(avviso) for avviso in batch]).scalars()
        pairs = list(zip(numbers, batch, strict=True))
        values = [
            {"comune": self._comune, "segnalazione": n, "valore": avviso.valore[:_VALORE]}
            for n, avviso in pairs
            if avviso.valore
        ]
        if values:
            self._conn.execute(sa.insert(segnalazione_valore), values)
        self._remember(pairs)

    def _row(self, avviso: Avviso) -> dict[str, object]:
        """Return the row of one report."""
        return {
            "comune": self._comune,
            "tipo": avviso.tipo,
            "fornitura": self._fornitura,
            "riga": avviso.riga,
            "campo": avviso.campo,
            "motivo": avviso.motivo,
            "dati": dict(avviso.dati),
            "autore": "ingest",
        }

    def _remember(self, pairs: list[tuple[int, Avviso]]) -> None:
        """Note which object each report is about."""
        rows = [
            {
                "comune": self._comune,
                "fornitura": self._fornitura,
                "segnalazione": n,
                "tipo": avviso.chiave[0],
                "chiave": avviso.chiave[1],
                "riga": avviso.riga,
            }
            for n, avviso in pairs
            if avviso.chiave is not None
        ]
        if rows:
            self._tipi.update(str(row["tipo"]) for row in rows)
            self._conn.execute(sa.schema.CreateTable(riferite, if_not_exists=True))
            self._conn.execute(sa.insert(riferite), rows)

    def tell_objects(self) -> None:
        """Give each report the identity of its object, once the merge has issued it."""
        self.flush()
        r = riferite.c
        mine = sa.and_(r.comune == self._comune, r.fornitura == self._fornitura)
        for tipo in sorted(self._tipi):
            keys = chiavi_of(tipo)
            key: sa.ColumnElement[str] = r.chiave
            if tipo == "edificio":
                # Footprints are keyed only when they are recognised: by their line.
                s = STAGING[tipo].c
                key = (
                    sa.select(s.chiave)
                    .where(
                        s.comune == self._comune, s.fornitura == self._fornitura, s.riga == r.riga
                    )
                    .limit(1)
                    .scalar_subquery()
                )
            self._conn.execute(
                sa.update(segnalazione)
                .values(oggetto=keys.c.id)
                .where(
                    mine,
                    r.tipo == tipo,
                    segnalazione.c.comune == self._comune,
                    segnalazione.c.id == r.segnalazione,
                    keys.c.comune == self._comune,
                    keys.c.tipo == tipo,
                    keys.c.chiave == key,
                )
            )
