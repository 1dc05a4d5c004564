"""The defects planted in a generated town beside what the registry found of them.

A defect is found where the registry reports it, or where its links are right in spite of it;
each kind below says which. Whoever is reported for nothing is counted too: an alarm that is
often false is soon read by nobody.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

import sqlalchemy as sa

from territorio.schema import fornitura, segnalazione
from territorio.vigenza import Quando
from tests.bench.accuracy_legami import compare, named_links
from tests.bench.verita import Nomi, Riga, Verita, deliveries, true_on

type Chi = set[str]

REGOLE = {
    "ampliamento_non_dichiarato": "ampliamento non dichiarato",
    "edificio_non_dichiarato": "edificio non presente nella mappa catastale",
    "quote_non_unitarie": "quote di proprietà",
    "rendita_diversa": "rendita dichiarata diversa dal catasto",
}
"""Defects that a rule reports on the very object that was spoiled."""

PROPRIETA = frozenset({"10", "1s", "1t", "20", "2s"})
"""Codes of the rights that together make one whole."""

DUBBI = ("casa propria nella stessa via", "già di un'altra famiglia")
"""Methods of a dwelling that doubt the house number of the register."""

QUOTA_IGNOTA = "quota 0/0"

FONTI = {"LAC": "anagrafe_lac", "IMU_posizioni": "imu_posizioni"}


@dataclass(frozen=True, slots=True)
class Trovati:
    """How many defects of a kind were planted and found; of the reports, how many are true."""

    piantati: int
    trovati: int | None
    """None where no rule looks for them."""
    segnalati: int | None = None
    fondati: int | None = None

    @property
    def quota(self) -> float:
        """Return the share of the planted ones that was found."""
        return (self.trovati or 0) / self.piantati if self.piantati else 1.0

    @property
    def precisione(self) -> float:
        """Return the share of the reports that are true."""
        return (self.fondati or 0) / self.segnalati if self.segnalati else 1.0


@dataclass(frozen=True, slots=True)
class Comune:
    """A loaded town with its truth, on its last day."""

    conn: sa.Connection
    verita: Verita
    nomi: Nomi
    giorno: date

    def planted(self, difetto: str, file: str = "") -> list[Riga]:
        """Return the defects of a kind, of one file if asked."""
        rows = self.verita.table("difetti")
        return [r for r in rows if r["difetto"] == difetto and file in ("", r["file"])]

    def reported(self, tipo: str) -> Chi:
        """Return what an open report of a kind is about."""
        c = segnalazione.c
        query = sa.select(c.oggetto).where(
            c.comune == self.verita.comune, c.tipo == tipo, c.stato != "chiusa"
        )
        return {self.nomi.get(n, "?") for n in self.conn.execute(query).scalars()}

    def linked(self, tipo: str) -> tuple[Chi, Chi]:
        """Return whose links of a kind are all right, proposed ones included, and who has none."""
        truth, sure, maybe = compare(self.conn, self.verita, self.nomi, tipo, Quando(self.giorno))
        asked = {da for da, _ in truth}
        wrong = {da for da, a in sure if (da, a) not in truth}
        right = {da for da, a in truth & (sure | maybe)}
        return right - wrong, asked - {da for da, _ in sure | maybe}


def measure(conn: sa.Connection, verita: Verita, nomi: Nomi) -> dict[str, Trovati]:
    """Count the defects of each kind."""
    giorno = deliveries(conn, verita.comune, "catasto_fabbricati")[-1]
    comune = Comune(conn, verita, nomi, giorno)
    found = {nome: _by_rule(comune, nome) for nome in REGOLE}
    found["quote_non_unitarie"] = _shares(comune)
    found["residente_civico_errato"] = _wrong_numbers(comune)
    found["omonimi tenuti distinti"] = _namesakes(comune)
    lost = comune.reported("residente senza civico")
    for file, tipo, nome in (
        ("LAC", "residente_civico", "refuso nell’indirizzo di residenza"),
        ("FAB", "unita_civico", "refuso nell’indirizzo in catasto"),
        ("IMU_posizioni", "", "refuso nell’indirizzo ai tributi"),
    ):
        found[nome] = _mistyped(comune, file, tipo, lost)
    for file in FONTI:
        found[f"riga doppia ({file})"] = _doubled(comune, file)
    found["chiave mancante: codice fiscale"] = _without_code(comune)
    found["chiave mancante: identificativi"] = _without_key(comune)
    found["punto del civico spostato"] = _displaced(comune)
    found["riga malformata"] = _malformed(comune)
    # Unknown shares are common in the old cadastre: the rule on shares leaves them out.
    unknown = [r for r in comune.planted("quote_non_unitarie") if r["nota"] == QUOTA_IGNOTA]
    found["quota ignota (0/0)"] = Trovati(len(unknown), None)
    for nome in ("posizione_assente", "titolare_deceduto"):
        found[nome] = Trovati(len(comune.planted(nome)), None)
    return found


def _by_rule(comune: Comune, nome: str) -> Trovati:
    """Count what a rule reports on the object itself."""
    planted = {r["oggetto"] for r in comune.planted(nome) if r["nota"] != QUOTA_IGNOTA}
    reported = comune.reported(REGOLE[nome])
    return Trovati(len(planted), len(planted & reported), len(reported), len(reported & planted))


def _shares(comune: Comune) -> Trovati:
    """Count the units whose shares do not make one on the day, and are reported.

    Not those where it was planted and a sale has since put it right.
    """
    rows = comune.planted("quote_non_unitarie")
    planted = {r["oggetto"] for r in rows if r["nota"] != QUOTA_IGNOTA}
    held: dict[str, list[Fraction]] = defaultdict(list)
    for r in comune.verita.table("titolari"):
        owns = r["oggetto"] in planted and r["diritto"] in PROPRIETA
        if owns and true_on(r, comune.giorno):
            held[r["oggetto"]].append(Fraction(r["quota"]))
    wrong = {oggetto for oggetto, quote in held.items() if sum(quote) != 1}
    reported = comune.reported(REGOLE["quote_non_unitarie"])
    return Trovati(len(wrong), len(wrong & reported), len(reported), len(reported & planted))


def _wrong_numbers(comune: Comune) -> Trovati:
    """Count the persons at a wrong number who are found out.

    That is: whose dwelling at that number is doubted, because another family has a right to
    it, or because their own lies empty at another number of the street.
    """
    register = deliveries(comune.conn, comune.verita.comune, "anagrafe_lac")[-1]
    planted = {
        r["persona"]
        for r in comune.verita.table("residenze")
        if r["civico"] != r["civico_dichiarato"] and true_on(r, register)
    }
    links = named_links(
        comune.conn, comune.verita, comune.nomi, "residente_unita", Quando(comune.giorno)
    )
    doubted = {da for (da, *_), x in links if x.metodo in DUBBI}
    return Trovati(len(planted), len(planted & doubted), len(doubted), len(doubted & planted))


def _namesakes(comune: Comune) -> Trovati:
    """Count the namesakes that no link, not even a proposed one, makes one person."""
    joined = {
        frozenset(comune.nomi.get(int(n), n) for n in pair)
        for pair, _ in named_links(
            comune.conn, comune.verita, comune.nomi, "stesso_soggetto", Quando(comune.giorno)
        )
    }
    pairs = {frozenset(r["oggetto"].split()) for r in comune.planted("omonimi")}
    return Trovati(len(pairs), len(pairs - joined))


def _mistyped(comune: Comune, file: str, tipo: str, lost: Chi) -> Trovati:
    """Count the mistyped addresses that led to the right place or were reported."""
    planted = {r["oggetto"] for r in comune.planted("refuso_indirizzo", file)}
    if file == "IMU_posizioni":
        planted = _positions(comune, planted, "unita")
        right, _ = comune.linked("posizione_unita")
    else:
        right, _ = comune.linked(tipo)
    present = planted & set(comune.nomi.values())
    if file == "LAC":
        register = deliveries(comune.conn, comune.verita.comune, "anagrafe_lac")[-1]
        rows = comune.verita.table("residenze")
        present &= {r["persona"] for r in rows if true_on(r, register)}
        right = right | lost
    if file == "FAB":
        rows = comune.verita.table("unita_stati")
        present &= {r["unita"] for r in rows if true_on(r, comune.giorno)}
    return Trovati(len(present), len(present & right))


def _positions(comune: Comune, keys: Iterable[str], column: str) -> Chi:
    """Return the tax positions in force of units, or with a number."""
    wanted = set(keys)
    return {
        f"K{r['codice_utenza']}"
        for r in comune.verita.table("posizioni")
        if r[column] in wanted and true_on(r, comune.giorno, "nota_da", "nota_fino")
    }


def _doubled(comune: Comune, file: str) -> Trovati:
    """Count the rows written twice that were reported, delivery by delivery."""
    column = 8 if file == "LAC" else 0
    keys = {r["chiave"] for r in comune.planted("riga_doppia", file)}
    return _by_line(
        comune,
        FONTI[file],
        "record ripetuto",
        lambda rows: {
            n for n, row in enumerate(rows[1:], 2) if row == rows[n - 2] and row[column] in keys
        },
    )


def _malformed(comune: Comune) -> Trovati:
    """Count the lines no reader can take that were refused, by source and delivery."""
    c, f = segnalazione.c, fornitura.c
    query = (
        sa.select(f.data_riferimento, f.fonte, sa.func.count())
        .join(segnalazione, c.fornitura == f.id)
        .where(c.comune == comune.verita.comune, c.tipo == "record rifiutato")
        .group_by(f.data_riferimento, f.fonte)
    )
    refused = sum(row[2] for row in comune.conn.execute(query))
    planted = comune.planted("riga_malformata")
    return Trovati(len(planted), min(refused, len(planted)), refused, min(refused, len(planted)))


def _by_line(
    comune: Comune, fonte: str, tipo: str, planted_in: Callable[[list[list[str]]], set[int]]
) -> Trovati:
    """Compare reports of lines with the lines of the delivered files."""
    planted: set[tuple[str, int]] = set()
    c, f = segnalazione.c, fornitura.c
    here = sa.and_(f.comune == comune.verita.comune, f.fonte == fonte)
    for nome in comune.conn.execute(sa.select(f.nome).where(here)).scalars():
        path = comune.verita.cartella.joinpath(*nome.split("/")[-2:])
        rows = [line.split(";") for line in path.read_text().splitlines()]
        planted |= {(nome, n) for n in planted_in(rows)}
    query = (
        sa.select(f.nome, c.riga)
        .join(segnalazione, c.fornitura == f.id)
        .where(here, c.tipo == tipo, c.riga.is_not(None))
    )
    reported = {(nome, riga) for nome, riga in comune.conn.execute(query)}
    return Trovati(len(planted), len(planted & reported), len(reported), len(reported & planted))


def _without_code(comune: Comune) -> Trovati:
    """Count the persons one source has without fiscal code, found again in the others."""
    truth, sure, maybe = compare(
        comune.conn, comune.verita, comune.nomi, "stesso_soggetto", Quando(comune.giorno)
    )
    planted = {r["oggetto"] for r in comune.planted("chiave_mancante") if r["oggetto"][0] == "S"}

    def name(pair: tuple[str, ...]) -> str:
        return comune.nomi[int(pair[0])]

    whole = {name(pair) for pair in truth}
    missed = {name(pair) for pair in truth - sure - maybe}
    present = planted & whole
    return Trovati(len(present), len(present - missed))


def _without_key(comune: Comune) -> Trovati:
    """Count the tax positions without identifiers that were put on the right unit."""
    keys = (r["chiave"] for r in comune.planted("chiave_mancante", "IMU_posizioni"))
    planted = _positions(comune, keys, "codice_utenza")
    right, _ = comune.linked("posizione_unita")
    return Trovati(len(planted), len(planted & right))


def _displaced(comune: Comune) -> Trovati:
    """Count the house numbers with a wrong point that are linked to the right building."""
    planted = {r["oggetto"] for r in comune.planted("punto_spostato")}
    right, _ = comune.linked("civico_edificio")
    return Trovati(len(planted), len(planted & right))
