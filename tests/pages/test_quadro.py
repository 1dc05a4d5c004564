"""What is counted for the pages of open data is kept, and counted again when it should be."""

from collections.abc import Iterator
from types import SimpleNamespace
from typing import Any

import pytest
from fastapi import FastAPI

from api import deps
from api.app import create_app
from api.pages import quadro
from api.pages.quadro import Quadri
from opendata import metadati
from tests.pages.town import Town


@pytest.fixture
def request_(town_settings: tuple[Any, Town]) -> Iterator[Any]:
    app: FastAPI = create_app(town_settings[0])
    yield SimpleNamespace(app=app, headers={}, scope={"app": app})
    deps.close(app)


def test_what_was_counted_is_kept_while_the_registry_stands_still(
    request_: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(quadro, "QUIETE", 0)
    quadri = Quadri()
    assert quadri.read(request_) is quadri.read(request_)


def test_after_a_change_it_is_counted_again_but_not_at_once(
    request_: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    quadri = Quadri()
    first = quadri.read(request_)
    monkeypatch.setattr(metadati, "state", lambda _conn: ("another",))
    monkeypatch.setattr(quadro, "QUIETE", 1_000_000)
    assert quadri.read(request_) is first
    monkeypatch.setattr(quadro, "QUIETE", 0)
    again = quadri.read(request_)
    assert again is not first
    assert again.contenuti == first.contenuti


def test_one_counts_and_the_others_see_what_was_counted_before(
    request_: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(quadro, "QUIETE", 0)
    quadri = Quadri()
    first = quadri.read(request_)
    monkeypatch.setattr(metadati, "state", lambda _conn: ("another",))
    with quadri._lock:
        assert quadri.read(request_) is first
