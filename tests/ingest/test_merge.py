"""The merge against a painter who does it by hand, one day at a time."""

from dataclasses import dataclass
from datetime import date, timedelta

import sqlalchemy as sa
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from ingest import merge
from ingest.chiavi import chiavi_of
from ingest.conteggio import Conteggio
from ingest.contract import Rifiuto
from ingest.preparazione import fingerprint
from ingest.stage import remember_unread
from territorio import registrazione
from territorio.schema import fornitura, fornitura_ambito
from territorio.tables import FATTI, STAGING

COMUNE = "M043"
START = date(2020, 1, 1)


@dataclass(frozen=True)
class Consegna:
    """A made-up delivery: its day, and for each object what it says since when."""

    giorno: int
    detti: tuple[tuple[str, int, int | None, int | None], ...]
    """Object, value, own start (None: the delivery's day), own end."""
    parte: str = "*"
    """What it covers: one of two sheets, or all."""
    dove: tuple[str, str, str] = ("*", "*", "*")
    """On which sheet A, B and C are, in a delivery that covers all."""
    illeggibili: frozenset[str] = frozenset()
    """Objects it names in records nobody could read."""

    def place(self, chiave: str) -> str:
        """Return the sheet an object is on, as this delivery says."""
        return self.dove["ABC".index(chiave)] if self.parte == "*" else self.parte


def day(n: int | None) -> date | None:
    """Return the n-th day of the story."""
    return None if n is None else START + timedelta(days=n)


detto = st.tuples(
    st.sampled_from("ABC"),
    st.integers(1, 3),
    st.none() | st.integers(0, 20),
    st.none() | st.integers(21, 30),
)
consegne = st.lists(
    st.builds(
        Consegna,
        st.integers(1, 20),
        st.lists(detto, max_size=3, unique_by=lambda d: d[0]).map(tuple),
        st.sampled_from(["*", "*", "1", "2"]),
        st.tuples(*[st.sampled_from("12")] * 3),
        st.frozensets(st.sampled_from("ABC"), max_size=1),
    ),
    min_size=1,
    max_size=5,
    unique_by=lambda c: c.giorno,
)


def load(conn: sa.Connection, consegna: Consegna) -> Conteggio:
    """Stage a delivery of odonimi and merge it."""
    number = conn.execute(
        sa.insert(fornitura)
        .values(
            comune=COMUNE,
            fonte="prova",
            sha256=f"{consegna.giorno:064d}",
            nome="prova",
            byte=0,
            data_riferimento=day(consegna.giorno),
        )
        .returning(fornitura.c.id)
    ).scalar_one()
    conn.execute(
        sa.insert(fornitura_ambito).values(
            comune=COMUNE, fornitura=number, fatto="odonimo", ambito=consegna.parte
        )
    )
    unread = [Rifiuto(None, "", chiavi=(("odonimo", chiave),)) for chiave in consegna.illeggibili]
    remember_unread(conn, COMUNE, number, unread)
    for riga, (chiave, valore, dal, al) in enumerate(consegna.detti, 1):
        own = (day(dal), day(al)) if dal is not None or al is not None else None
        conn.execute(
            sa.insert(STAGING["odonimo"]).values(
                comune=COMUNE,
                fonte="prova",
                fornitura=number,
                riga=riga,
                chiave=chiave,
                ambito=consegna.place(chiave),
                ordine=0,
                dal=day(dal),
                al=day(al),
                impronta=fingerprint(str(valore), own, None),
                denominazione=f"VIA {valore}",
                chiave_odonimo=str(valore),
            )
        )
    change = registrazione.begin(conn, "fornitura", autore="prova", comune=COMUNE)
    conn.execute(sa.update(fornitura).values(registrazione=change).where(fornitura.c.id == number))
    return merge.merge(conn, COMUNE, "prova", "odonimo", [number], change)[number]


def paint(consegne: list[Consegna]) -> dict[tuple[str, int], str]:
    """Return what holds on each day, delivery after delivery painted over the one before."""
    picture: dict[tuple[str, int], str] = {}
    last_seen: dict[str, str] = {}
    for consegna in sorted(consegne, key=lambda c: c.giorno):
        named = {d[0]: d for d in consegna.detti}
        for chiave in "ABC":
            if chiave in named:
                last_seen[chiave] = consegna.place(chiave)
                _, valore, dal, al = named[chiave]
                start = consegna.giorno if dal is None else dal
                for n in range(start, 41):
                    picture.pop((chiave, n), None)
                    if al is None or n < al:
                        picture[chiave, n] = f"VIA {valore}"
            elif chiave in consegna.illeggibili:
                continue
            elif consegna.parte in {"*", last_seen.get(chiave)}:
                for n in range(consegna.giorno, 41):
                    picture.pop((chiave, n), None)
    return picture


def stands(conn: sa.Connection) -> dict[tuple[str, int], str]:
    """Return what the registry answers for each day, at its latest knowledge."""
    fact = FATTI["odonimo"]
    keys = chiavi_of("odonimo")
    rows = conn.execute(
        sa.select(keys.c.chiave, fact.c.valida_dal, fact.c.valida_al, fact.c.denominazione)
        .join(fact, sa.and_(fact.c.comune == keys.c.comune, fact.c.id == keys.c.id))
        .where(fact.c.comune == COMUNE, fact.c.nota_fino.is_(None))
    )
    picture: dict[tuple[str, int], str] = {}
    for row in rows:
        for n in range(41):
            moment = START + timedelta(days=n)
            if row.valida_dal <= moment and (row.valida_al is None or moment < row.valida_al):
                assert (row.chiave, n) not in picture
                picture[row.chiave, n] = row.denominazione
    return picture


@given(consegne, st.randoms(use_true_random=False))
@settings(
    max_examples=60,
    deadline=None,
    # The examples are small as they are; shrinking them against a database takes minutes.
    phases=[Phase.explicit, Phase.reuse, Phase.generate],
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
def test_the_order_of_loading_does_not_matter(
    conn: sa.Connection, consegne: list[Consegna], random: object
) -> None:
    shuffled = list(consegne)
    random.shuffle(shuffled)  # type: ignore[attr-defined]
    with conn.begin_nested() as savepoint:
        for consegna in shuffled:
            load(conn, consegna)
        assert stands(conn) == paint(consegne)
        savepoint.rollback()


def test_a_change_is_closed_in_knowledge_and_written_anew(conn: sa.Connection) -> None:
    load(conn, Consegna(1, (("A", 1, None, None),)))
    counted = load(conn, Consegna(5, (("A", 2, None, None), ("B", 1, None, None))))

    assert counted == Conteggio(inseriti=1, cambiati=1, invariati=0, chiusi=0)
    fact = FATTI["odonimo"]
    rows = conn.execute(
        sa.select(fact.c.denominazione, fact.c.valida_al, fact.c.nota_da, fact.c.nota_fino)
        .where(fact.c.comune == COMUNE, fact.c.denominazione == "VIA 1")
        .order_by(fact.c.versione)
    ).all()
    first = rows[0]
    assert (first.valida_al, first.nota_fino) == (None, first.nota_da + 1)
    assert ("VIA 1", day(5), None) in [(r.denominazione, r.valida_al, r.nota_fino) for r in rows]


def test_what_a_delivery_no_longer_names_ends_on_its_day(conn: sa.Connection) -> None:
    load(conn, Consegna(1, (("A", 1, None, None), ("B", 1, None, None))))
    counted = load(conn, Consegna(9, (("A", 1, None, None),)))

    assert counted == Conteggio(invariati=1, chiusi=1)
    assert ("B", 8) in stands(conn)
    assert ("B", 9) not in stands(conn)
