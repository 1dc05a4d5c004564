"""Who sees what: one municipality is not another, and no public door names a person."""

import io
import math
import re
from collections import Counter
from collections.abc import Iterator
from urllib.parse import quote, urlencode

import httpx
import pytest
import sqlalchemy as sa
from fastapi import FastAPI
from pypdf import PdfReader

from territorio import db, search
from territorio.accessi.policy import Ruolo, Visto
from territorio.errors import NotFound
from territorio.fascicolo import fascicolo
from territorio.identita import Codice
from territorio.schema import identita
from territorio.schema_fatti import civico, edificio, odonimo, particella, unita_immobiliare
from territorio.schema_persone import soggetto
from territorio.search import Domanda
from territorio.tables import metadata
from territorio.vigenza import Quando
from tests.pages.addresses import routes as page_routes
from tests.stories.citta import Citta
from tests.stories.riservatezza import Persone

MOLTI = 25
"""How many of each kind of object the crawl looks at by the cheap doors; two by the dear ones."""


@pytest.fixture(scope="module")
def office(citta: Citta) -> Iterator[sa.Engine]:
    engine = db.engine(citta.url, db.Role.UFFICIO, pool_size=2)
    yield engine
    engine.dispose()


def test_an_office_sees_no_row_of_another_municipality(
    citta: Citta, vicino: str, office: sa.Engine
) -> None:
    # What is published is everybody's, whoever asks.
    open_to_all = ("staging", "pubblico")
    tables = [
        t for t in metadata.tables.values() if "comune" in t.c and t.schema not in open_to_all
    ]
    seen: Counter[str] = Counter()
    with db.transaction(office, (vicino,)) as conn:
        for table in tables:
            if not conn.execute(
                sa.select(sa.func.has_table_privilege(table.fullname, "SELECT"))
            ).scalar_one():
                continue
            found = conn.execute(
                sa.select(table.c.comune, sa.func.count()).group_by(table.c.comune)
            )
            for whose, rows in found:
                seen[whose or ""] += rows
    assert seen[vicino] > 1000
    assert set(seen) <= {vicino, ""}


def test_a_dossier_of_another_municipality_is_not_there(
    citta: Citta, vicino: str, office: sa.Engine
) -> None:
    mine = sa.select(identita.c.id).where(
        identita.c.tipo == "edificio", identita.c.comune == citta.comune
    )
    with db.transaction(office) as conn:
        number = conn.execute(mine.limit(1)).scalar_one()
        quando = Quando(citta.ultimo)
        assert fascicolo(conn, number, quando, Visto()).edificio["comune"] == citta.comune
    with db.transaction(office, (vicino,)) as conn, pytest.raises(NotFound):
        fascicolo(conn, number, quando, Visto(Ruolo.UFFICIO_TECNICO, "prova", "prova"))


def test_search_finds_nothing_of_another_municipality(
    citta: Citta, vicino: str, office: sa.Engine
) -> None:
    quando = Quando(citta.ultimo)
    with db.transaction(office) as conn:
        rows = conn.execute(
            sa.select(odonimo.c.denominazione).where(odonimo.c.comune == citta.comune).distinct()
        )
        streets = list(rows.scalars())
        found = [search.search(conn, Domanda(name, quando, (citta.comune,))) for name in streets]
        assert sum(map(len, found)) >= len(streets)
    with db.transaction(office, (vicino,)) as conn:
        for name in streets:
            assert {r.comune for r in search.search(conn, Domanda(name, quando))} <= {vicino}


class Indirizzi:
    """The addresses of the town for each door."""

    def __init__(self, citta: Citta) -> None:
        with db.transaction(citta.engine) as conn:
            self.edifici = self._codes(conn, edificio, citta.comune)
            self.particelle = self._codes(conn, particella, citta.comune)
            self.unita = self._codes(conn, unita_immobiliare, citta.comune)
            self.civici = self._codes(conn, civico, citta.comune)
            names = conn.execute(
                sa.select(soggetto.c.cognome, soggetto.c.codice_fiscale)
                .where(soggetto.c.cognome.is_not(None), soggetto.c.codice_fiscale.is_not(None))
                .order_by(soggetto.c.versione)
                .limit(4)
            ).all()
            self.parole = [word for row in names for word in row]
            self.lon, self.lat = conn.execute(
                sa.select(
                    sa.func.avg(sa.func.st_x(sa.func.st_centroid(edificio.c.geometria))),
                    sa.func.avg(sa.func.st_y(sa.func.st_centroid(edificio.c.geometria))),
                ).where(edificio.c.comune == citta.comune)
            ).one()

    @staticmethod
    def _codes(conn: sa.Connection, table: sa.Table, whose: str) -> list[str]:
        query = sa.select(table.c.id).where(table.c.comune == whose).distinct().limit(MOLTI)
        return [str(Codice(n)) for n in conn.execute(query).scalars()]

    def of(self, path: str) -> list[str]:
        """Return what to ask of a door, by the shape of its address."""
        if path.startswith("/tiles/"):
            return self._tiles()
        path = path.replace("{tipo}", "edificio").replace("/dati/{nome}", "/dati/edifici")
        if "{codice}" in path or "{riferimento:path}" in path:
            some = self._some(path)
            few = some[:2] if path.endswith(".pdf") or not path.startswith("/api/") else some
            return [re.sub(r"\{[^}]+\}", code, path) for code in few]
        path = path.replace("{numero}", "1").replace("{path:path}", "site.css")
        return [path + query for query in self._queries(path)]

    def _some(self, path: str) -> list[str]:
        for part in ("particelle", "civici", "unita"):
            if part in path:
                found: list[str] = getattr(self, part)
                return found
        return self.edifici

    def _queries(self, path: str) -> list[str]:
        if "cerca" in path or "suggerimenti" in path:
            asked = (*self.parole, "via", "foglio 1", self.edifici[0])
            return [f"?q={quote(word)}" for word in asked]
        if "estratto" in path:
            return [f"?edificio={self.edifici[0]}"]
        if path.startswith("/selezione"):
            return [f"?elenco={quote(' '.join(self.edifici[:5]))}"]
        if path == "/frammenti/oggetti":
            return ["?" + urlencode({"edifici": str(Codice.parse(self.edifici[0]).id)})]
        if path == "/mappa":
            return ["", f"?edificio={self.edifici[0]}", f"?particella={self.particelle[0]}"]
        return ["", "?limite=1000"]

    def _tiles(self) -> list[str]:
        found = []
        for z in (12, 14, 16):
            x = int((self.lon + 180) / 360 * 2**z)
            y = int((1 - math.asinh(math.tan(math.radians(self.lat))) / math.pi) / 2 * 2**z)
            for layer in ("edifici", "particelle", "civici"):
                found.append(f"/tiles/{layer}/{z}/{x}/{y}.mvt")
        return found


def _text(response: httpx.Response) -> str:
    """Return the words of an answer, those of a PDF too."""
    content = response.content
    if content.startswith(b"%PDF"):
        return " ".join(page.extract_text() for page in PdfReader(io.BytesIO(content)).pages)
    return content.decode("utf-8", "replace")


CLOSED = {
    "/api/v1/segnalazioni",
    "/api/v1/segnalazioni/{numero}",
    "/segnala/ricevuta/{numero}",
    "/segnalazioni/{numero}",
    "/api/v1/atti",
    "/api/v1/atti/{numero}",
    "/api/v1/documenti/{codice}/contenuto",
    "/api/v1/lavori",
    "/api/v1/lavori/{numero}",
}
"""Doors that answer the public with a refusal, or with nothing for what it did not write."""


def test_no_public_door_names_a_person(
    citta: Citta, app: FastAPI, client: httpx.Client, persone: Persone
) -> None:
    pages = {r.path for r in page_routes() if "GET" in (r.methods or ())}
    machine = {path for path, ways in app.openapi()["paths"].items() if "get" in ways}
    paths = sorted(pages | machine | {"/healthz", "/metrics"})
    assert len(paths) > 30
    addresses = Indirizzi(citta)
    opened: Counter[str] = Counter()
    asked = 0
    for path in paths:
        for address in addresses.of(path):
            response = client.get(address)
            asked += 1
            assert response.status_code < 500, address
            opened[path] += response.status_code == 200
            # A search gives back the words it was asked.
            words = _text(response)
            mine = {w for w in addresses.parole if quote(w) in address}
            said = persone.found(words) - {w.upper() for w in mine}
            assert not said, f"{address} names {said}"
    assert asked > 200
    assert {path for path in paths if not opened[path]} <= CLOSED


def test_the_crawl_would_notice_a_person(
    citta: Citta, client: httpx.Client, persone: Persone
) -> None:
    named = 0
    for code in Indirizzi(citta).edifici:
        response = client.get(f"/api/v1/edifici/{code}/fascicolo?visto_da=tributi")
        named += bool(persone.found(_text(response)))
    assert named > MOLTI / 2
