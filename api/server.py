"""The processes of a running installation, each a child of the supervisor.

``python -m api.server web FD`` serves on a socket the supervisor has bound;
``python -m api.server worker`` does the long jobs.
"""

import ctypes
import gc
import os
import resource
import signal
import socket
import sys
from typing import TYPE_CHECKING

import uvicorn

from api.protocol import Protocol
from territorio import log
from territorio.config import Settings

if TYPE_CHECKING:
    from fastapi import FastAPI

GRACE_SECONDS = 8
"""How long running requests may take once the server was asked to end."""

_PR_SET_PDEATHSIG = 1  # linux/prctl.h


def application() -> "FastAPI":
    """Return the application for the settings of the environment (uvicorn's factory)."""
    # Imported here: the worker's process needs no pages.
    from api.app import create_app

    log.configure(for_good=True)
    app = create_app(Settings())
    # What is there now stays: the collector of garbage need not look at it again and again,
    # in the middle of somebody's answer.
    gc.collect()
    gc.freeze()
    return app


def config() -> uvicorn.Config:
    """Return how the application is served."""
    return uvicorn.Config(
        application,
        factory=True,
        loop="uvloop",
        http=Protocol,
        # The gate writes one line a request, without what the address may tell of a person.
        access_log=False,
        server_header=False,
        proxy_headers=False,  # nobody stands before it
        timeout_graceful_shutdown=GRACE_SECONDS,
    )


def serve(fd: int) -> None:
    """Serve the application on an open socket until told to end."""
    # Read while the supervisor prepares the database: it takes seconds.
    import api.app  # noqa: F401

    _as_many_clients_as_allowed()
    wait_for_go()
    uvicorn.Server(config()).run(sockets=[socket.socket(fileno=fd)])


def _as_many_clients_as_allowed() -> None:
    """Hold as many connections as the system lets this process: a shell allows a thousand."""
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))


def work() -> None:
    """Do the long jobs until told to end."""
    # Imported here: the server's process needs no worker.
    from api import lavori

    wait_for_go()
    log.configure()
    lavori.run_worker(Settings())


def wait_for_go() -> None:
    """Wait until the supervisor closes our input: database and socket are ready then."""
    sys.stdin.read()


def end_with_parent(parent: int) -> None:
    """Have the system end this process when its supervisor is gone, however that happens."""
    ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGTERM)
    # It may have gone before we asked.
    if os.getppid() != parent:
        sys.exit(1)


def main(arguments: list[str]) -> None:
    """Be the child that the arguments name: PARENT_PID web FD, or PARENT_PID worker."""
    parent, kind, *rest = arguments
    end_with_parent(int(parent))
    if kind == "web":
        serve(int(rest[0]))
    else:
        work()


if __name__ == "__main__":
    main(sys.argv[1:])
