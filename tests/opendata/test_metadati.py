"""Metadata come from what is published: datasets always, editions once they have a version."""

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest
import sqlalchemy as sa

from opendata import metadati
from opendata.dataset import DATASETS
from opendata.ente import Ente
from territorio import pubblicato
from territorio.errors import NotFound
from territorio.schema_pubblicazione import pubblicazione, pubblicazione_file
from tests import factories as f
from tests.factory_defaults import COMUNE
from tests.opendata.esempi import ENTE
from tests.territorio.casa import new_casa

PRIMO, ULTIMO = datetime(2025, 1, 1, tzinfo=UTC), datetime(2026, 1, 1, tzinfo=UTC)


def publish(conn: sa.Connection, numero: int, quando: datetime, comune: str = COMUNE) -> None:
    """Write down a version of the buildings of a municipality, with one file."""
    key = {"comune": comune, "dataset": "edifici", "numero": numero}
    row = {"giorno": date(2026, 1, 1), "registrazione": 1, "righe": 7, "impronta": "0" * 64}
    conn.execute(sa.insert(pubblicazione).values(**key, **row, quando=quando))
    file = {"nome": "edifici.csv", "formato": "csv", "byte": 5, "media_type": "text/csv"}
    conn.execute(sa.insert(pubblicazione_file).values(**key, **file, sha256="1" * 64))


def test_datasets_are_told_of_before_anything_is_published(conn: sa.Connection) -> None:
    found = metadati.search(conn, ENTE)
    assert [(m.dataset, m.comune) for m in found] == [(d, None) for d in DATASETS]
    assert found[0].riquadro == metadati.ITALIA


def test_an_edition_is_the_latest_version_of_a_municipality(conn: sa.Connection) -> None:
    new_casa(conn)
    pubblicato.refresh(conn, COMUNE)
    publish(conn, 1, PRIMO)
    publish(conn, 2, ULTIMO)
    found = metadati.search(conn, ENTE)
    assert len(found) == len(DATASETS) + 1
    edition = found[-1]
    assert edition == replace(metadati.find(conn, ENTE, "edifici", COMUNE), fonti=())
    assert edition.titolo == "Edifici - Comune di Borgo Sereno"
    assert (edition.emesso, edition.modificato) == (PRIMO, ULTIMO)
    assert (edition.versione, edition.righe) == (2, 7)
    assert edition.identificativo == "u_prova:edifici:X999"
    assert edition.percorso_file(edition.file[0]) == "/opendata/edifici/X999/2/edifici.csv"
    assert edition.titolare == Ente("Comune di Borgo Sereno", "c_x999")


def test_the_box_is_that_of_the_objects(conn: sa.Connection) -> None:
    new_casa(conn)
    pubblicato.refresh(conn, COMUNE)
    publish(conn, 1, PRIMO)
    box = metadati.find(conn, ENTE, "edifici", COMUNE).riquadro
    query = sa.text(
        "SELECT ST_XMin(b), ST_YMin(b), ST_XMax(b), ST_YMax(b)"
        " FROM (SELECT ST_Extent(geometria) AS b FROM pubblico.edifici) t"
    )
    assert (box.ovest, box.sud, box.est, box.nord) == tuple(conn.execute(query).one())
    assert metadati.find(conn, ENTE, "edifici").riquadro == box


def test_sources_are_those_whose_word_is_in_the_dataset(conn: sa.Connection) -> None:
    new_casa(conn)
    f.new_fonte(conn, "altra")
    pubblicato.refresh(conn, COMUNE)
    found = metadati.find(conn, ENTE, "edifici").fonti
    assert [fonte.titolo for fonte in found] == ["Fonte prova"]


def test_a_municipality_that_publishes_for_itself_has_one_name(conn: sa.Connection) -> None:
    f.new_comune(conn)
    publish(conn, 1, PRIMO)
    alone = Ente("Città di Borgo Sereno", "c_x999", "dati@example.org", "https://example.org/")
    found = metadati.find(conn, alone, "edifici", COMUNE)
    assert found.titolare == alone


def test_what_is_not_published_has_no_metadata(conn: sa.Connection) -> None:
    f.new_comune(conn)
    with pytest.raises(NotFound):
        metadati.find(conn, ENTE, "case")
    with pytest.raises(NotFound):
        metadati.find(conn, ENTE, "edifici", COMUNE)
