"""Structured log events: English names, fields, never personal data."""

import logging
import sys

import structlog


def configure(level: str = "INFO", *, as_json: bool = True, for_good: bool = False) -> None:
    """Send log events to standard error, one JSON object a line (or plain text).

    ``for_good`` says that it is said once in this process: each module's logger is then put
    together once, not at each of its events.
    """
    renderer: structlog.types.Processor = (
        structlog.processors.JSONRenderer(ensure_ascii=False)
        if as_json
        else structlog.dev.ConsoleRenderer(colors=False)
    )
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.format_exc_info,
            renderer,
        ],
        wrapper_class=structlog.make_filtering_bound_logger(logging.getLevelName(level)),
        logger_factory=structlog.PrintLoggerFactory(file=sys.stderr),
        cache_logger_on_first_use=for_good,
    )


def get(name: str) -> structlog.stdlib.BoundLogger:
    """Return a logger that stamps its events with the module it speaks for."""
    logger: structlog.stdlib.BoundLogger = structlog.get_logger(modulo=name)
    return logger
