"""One town a worker, in a database of its own: the stories need what is committed."""

from collections.abc import Iterator

import pytest

from territorio.config import Settings
from tests.conftest import _database, shared_folder
from tests.stories import citta as town
from tests.stories.citta import Citta
from tests.stories.riservatezza import app, client, persone, vicino

__all__ = ["app", "client", "persone", "vicino"]


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Keep the stories on one worker: the town is loaded once."""
    for item in items:
        if "tests/stories/" in item.path.as_posix():
            item.add_marker(pytest.mark.xdist_group("stories"))


@pytest.fixture(scope="session")
def citta(
    request: pytest.FixtureRequest, cluster_settings: Settings, worker_id: str
) -> Iterator[Citta]:
    """Generate the town and load its five days of deliveries."""
    with (
        shared_folder(request.config) as root,
        _database(cluster_settings, f"citta_{worker_id}") as url,
    ):
        folder = town.draw(root / "citta")
        engine = town.open_for(url, town.COMUNE)
        try:
            known = town.load(engine, folder, town.COMUNE)
            yield Citta(town.COMUNE, folder, engine, url, known)
        finally:
            engine.dispose()
