"""Measures for who runs the installation: ``/healthz`` and ``/metrics``.

Requests are counted by route, never by address: an address may hold a name. What is asked
of the database is asked when somebody collects, and tells of deliveries, rows and jobs, of
the whole installation: nothing about one person, household or building.
"""

import os
from collections.abc import Iterable
from typing import Annotated, Any

import sqlalchemy as sa
from fastapi import APIRouter, Depends, Request
from prometheus_client import CollectorRegistry, Counter, Histogram, generate_latest
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric
from prometheus_client.exposition import CONTENT_TYPE_LATEST
from prometheus_client.multiprocess import MultiProcessCollector
from prometheus_client.registry import Collector
from sqlalchemy.pool import QueuePool
from starlette.responses import JSONResponse, Response

from api import deps
from api.deps import Motori
from territorio import db, standby

BUCKETS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 10.0)

router = APIRouter(include_in_schema=False)


class Misure:
    """The counters of one application."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        self.requests = Counter(
            "territorio_richieste",
            "Richieste per rotta, metodo e stato.",
            ("rotta", "metodo", "stato"),
            registry=self.registry,
        )
        self.seconds = Histogram(
            "territorio_richiesta_secondi",
            "Durata delle risposte per rotta.",
            ("rotta",),
            buckets=BUCKETS,
            registry=self.registry,
        )
        self._known: dict[tuple[str, str, int], tuple[Counter, Histogram]] = {}

    def note(self, route: str, method: str, status: int, seconds: float) -> None:
        """Count an answer and how long it took."""
        asked = route, method if method in METHODS else "-", status
        found = self._known.get(asked)
        if found is None:
            requests, taken = self.requests.labels(*asked), self.seconds.labels(route)
            found = self._known[asked] = requests, taken
        found[0].inc()
        found[1].observe(seconds)


METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})


class Registro(Collector):
    """What the database tells when it is asked; nothing when it does not answer."""

    def __init__(self, motori: Motori) -> None:
        self.motori = motori

    def collect(self) -> Iterable[Metric]:
        """Ask the database for its figures."""
        with db.transaction(self.motori.ufficio) as conn:
            yield from _deliveries(conn)
            yield _gauge(
                "territorio_righe",
                "Righe per tabella, come le stima PostgreSQL.",
                "tabella",
                conn.execute(sa.text(ROWS)),
            )
            yield _gauge(
                "territorio_lavori",
                "Lavori per stato.",
                "stato",
                conn.execute(sa.text("SELECT stato, count(*) FROM registro.lavoro GROUP BY 1")),
            )
            yield _gauge(
                "territorio_segnalazioni",
                "Segnalazioni per stato.",
                "stato",
                conn.execute(
                    sa.text("SELECT stato, count(*) FROM registro.segnalazione GROUP BY 1")
                ),
            )
        yield from _pools(self.motori)


ROWS = """
SELECT n.nspname || '.' || c.relname, greatest(c.reltuples, 0)
FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
WHERE n.nspname IN ('registro', 'staging') AND c.relkind IN ('r', 'p')
"""


def _gauge(name: str, help_: str, label: str, rows: Iterable[Any]) -> Metric:
    metric = GaugeMetricFamily(name, help_, labels=[label])
    for key, value in rows:
        metric.add_metric([str(key)], float(value))
    return metric


def _deliveries(conn: sa.Connection) -> Iterable[Metric]:
    loads = CounterMetricFamily("territorio_forniture", "Forniture caricate.", labels=["fonte"])
    records = CounterMetricFamily(
        "territorio_record", "Record delle forniture per esito.", labels=["fonte", "esito"]
    )
    last = GaugeMetricFamily(
        "territorio_ultima_fornitura_secondi",
        "Istante dell'ultima fornitura caricata, in secondi dal 1970.",
        labels=["fonte"],
    )
    outcomes = ("inseriti", "cambiati", "invariati", "chiusi", "rifiutati")
    rows = conn.execute(
        sa.text(
            "SELECT fonte, count(*) AS forniture, extract(epoch FROM max(ricevuta)) AS ultima,"
            " sum(inseriti) AS inseriti, sum(cambiati) AS cambiati, sum(invariati) AS invariati,"
            " sum(chiusi) AS chiusi, sum(rifiutati) AS rifiutati"
            " FROM registro.fornitura GROUP BY 1"
        )
    )
    for row in rows:
        loads.add_metric([row.fonte], row.forniture)
        last.add_metric([row.fonte], float(row.ultima))
        for outcome in outcomes:
            records.add_metric([row.fonte, outcome], row._mapping[outcome])
    return loads, records, last


def _pools(motori: Motori) -> Iterable[Metric]:
    used = GaugeMetricFamily(
        "territorio_connessioni", "Connessioni alla base di dati in uso.", labels=["ruolo"]
    )
    size = GaugeMetricFamily(
        "territorio_connessioni_massime", "Connessioni al massimo.", labels=["ruolo"]
    )
    for name, apart in (
        ("ufficio", None),
        ("pubblico", None),
        ("pronto", motori.in_attesa),
        ("pubblico_pronto", motori.pubblico_in_attesa),
    ):
        engine: sa.Engine = getattr(motori, name)
        if isinstance(engine.pool, QueuePool):
            lent, most = (0, 0) if apart is None else (apart.lent, standby.SIZE)
            used.add_metric([name], engine.pool.checkedout() + lent)
            size.add_metric([name], engine.pool.size() + most)
    return used, size


@router.get("/healthz")
def healthz(request: Request) -> JSONResponse:
    """Answer 200 if the database answers; else 503, by the table of errors."""
    with deps.pubblico(request) as conn:
        conn.execute(sa.text("SELECT 1"))
    return JSONResponse({"stato": "sano"})


@router.get("/metrics")
def metrics(request: Request, motori: Annotated[Motori, Depends(deps.motori_of)]) -> Response:
    """Give the measures in Prometheus' text form."""
    misure: Misure = request.app.state.misure
    asked = CollectorRegistry()
    asked.register(_Known(misure))
    asked.register(Registro(motori))
    return Response(generate_latest(asked), media_type=CONTENT_TYPE_LATEST)


class _Known(Collector):
    """The counters of the application, beside what the database tells."""

    def __init__(self, misure: Misure) -> None:
        self.misure = misure

    def collect(self) -> Iterable[Metric]:
        """Give what was counted: by all servers of the installation, where there are several."""
        if "PROMETHEUS_MULTIPROC_DIR" in os.environ:
            all_of_them = MultiProcessCollector(CollectorRegistry())  # type: ignore[no-untyped-call]
            found: Iterable[Metric] = all_of_them.collect()  # type: ignore[no-untyped-call]
            return found
        return self.misure.registry.collect()
