"""A process that is killed while it publishes leaves nothing that is served."""

import signal
import subprocess
import sys
from pathlib import Path

import pytest
import sqlalchemy as sa

from opendata import pubblicazione
from opendata.dataset import BY_NAME
from opendata.publish import Richiesta, publish
from territorio import db
from tests.factory_defaults import COMUNE
from tests.opendata.test_publish import ENTE, standing

SCRIPT = """
import sys, time
from pathlib import Path
from opendata import differenza, formats, publish
from opendata.dataset import BY_NAME
from opendata.ente import Ente
from territorio import db

url, folder, where = sys.argv[1:]

def stop(name, module):
    plain = getattr(module, name)
    def stopped(*a, **k):
        made = plain(*a, **k)
        print("there", flush=True)
        time.sleep(600)
        return made
    setattr(module, name, stopped)

stop(*{"file": ("write", formats), "tutti": ("record", differenza)}[where])
engine = db.engine(url, db.Role.MIGRAZIONE)
publish.publish(engine, Path(folder), Ente("x", "x"), publish.Richiesta(BY_NAME["edifici"], "X999"))
"""


@pytest.mark.parametrize("where", ["file", "tutti"])
def test_killed_after_a_file_or_before_the_commit(
    paese: sa.Engine, tmp_path: Path, where: str
) -> None:
    url = paese.url.render_as_string(hide_password=False)
    command = [sys.executable, "-c", SCRIPT, url, str(tmp_path), where]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == b"there\n"
        left = standing(tmp_path)
        process.send_signal(signal.SIGKILL)
    assert left
    assert all(name.startswith(f"edifici/{COMUNE}/.1.parziale/") for name in left)
    with db.transaction(paese) as conn:
        assert pubblicazione.search(conn) == []
    # It waits for the lock until the server has noticed that the other is gone.
    made = publish(paese, tmp_path, ENTE, Richiesta(BY_NAME["edifici"], COMUNE))
    assert (made.esito, made.numero, made.cambi) == ("pubblicata", 1, {"nuovo": 3})
    assert {Path(name).parent.name for name in standing(tmp_path)} == {"1"}
