"""Structured log events: English names, fields, never personal data."""

import logging
import sys
from contextvars import ContextVar

import orjson
import structlog
from structlog.typing import EventDict

RICHIESTA: ContextVar[str | None] = ContextVar("richiesta", default=None)
"""The number of the request that is being answered; each event carries it."""


def configure(level: str = "INFO", *, as_json: bool = True, for_good: bool = False) -> None:
    """Send log events to standard error, one JSON object a line (or plain text).

    ``for_good`` says that it is said once in this process: each module's logger is then put
    together once, not at each of its events.
    """
    renderer: structlog.types.Processor = (
        structlog.processors.JSONRenderer(orjson.dumps)
        if as_json
        else structlog.dev.ConsoleRenderer(colors=False)
    )
    structlog.configure(
        processors=[
            _numbered,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.format_exc_info,
            renderer,
        ],
        wrapper_class=structlog.make_filtering_bound_logger(logging.getLevelName(level)),
        logger_factory=(
            structlog.BytesLoggerFactory(file=sys.stderr.buffer)
            if as_json
            else structlog.PrintLoggerFactory(file=sys.stderr)
        ),
        cache_logger_on_first_use=for_good,
    )


def get(name: str) -> structlog.stdlib.BoundLogger:
    """Return a logger that stamps its events with the module it speaks for."""
    logger: structlog.stdlib.BoundLogger = structlog.get_logger(modulo=name)
    return logger


def _numbered(_logger: object, _method: str, event: EventDict) -> EventDict:
    """Say which request an event belongs to."""
    number = RICHIESTA.get()
    if number is not None:
        event["richiesta"] = number
    return event
