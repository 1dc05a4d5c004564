"""The command line with a small server and worker in place of ours, and an empty database.

Run by the tests of start and stop as a process of its own: signals, children, cluster and
messages are the real ones.
"""

import http.server
import os
import signal
import socket
import sys
import time
from collections.abc import Callable
from pathlib import Path
from types import ModuleType

from api import cli, server, supervisor
from api.comandi import servizio
from territorio.config import Settings


class Stato(http.server.BaseHTTPRequestHandler):
    """Answers as `/api/v1/stato` does, with the number of the process."""

    def do_GET(self) -> None:
        self.send_response(200 if self.path == "/api/v1/stato" else 404)
        self.end_headers()
        self.wfile.write(str(os.getpid()).encode())

    def log_message(self, *args: object) -> None:
        """Say nothing."""


def serve(fd: int) -> None:
    sock = socket.socket(fileno=fd)
    httpd = http.server.HTTPServer(("127.0.0.1", 0), Stato, bind_and_activate=False)
    httpd.socket.close()
    httpd.socket = sock
    httpd.serve_forever()


def children(settings: Settings, sock: socket.socket) -> list[supervisor.Child]:
    command = [sys.executable, "-m", __spec__.name, "child", str(os.getpid())]
    logs = settings.data / "log"
    logs.mkdir(mode=0o711, exist_ok=True)
    fd = sock.fileno()
    return [
        supervisor.Child("server", [*command, str(fd)], logs / "server.log", (fd,)),
        supervisor.Child("worker", command, logs / "worker.log"),
    ]


def child(parent: int, *fd: str) -> None:
    server.end_with_parent(parent)
    server.wait_for_go()
    name = "server" if fd else "worker"
    Path(os.environ["PIDS"], name).write_text(str(os.getpid()))
    if fd:
        serve(int(fd[0]))
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    time.sleep(600)


def stand_in(name: str, **functions: Callable[[object], object]) -> None:
    module = ModuleType(name)
    vars(module).update(functions)
    sys.modules[name] = module


def main() -> None:
    if sys.argv[1] == "child":
        child(int(sys.argv[2]), *sys.argv[3:])
        return
    supervisor.children = children
    servizio.COMMAND = (sys.executable, "-m", __spec__.name)
    stand_in(
        "api.comandi.dimostrazione",
        ensure=lambda _settings: None,
        storie=lambda _settings: [("Un edificio diviso in due", "/edifici/abc")],
    )
    stand_in("api.comandi.arretrati", ask=lambda _settings: None)
    stand_in("territorio.migrazioni", prepare=lambda _url: None, migrate=lambda _url: None)
    cli.main()


if __name__ == "__main__":
    main()
