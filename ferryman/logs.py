"""How a process logs: one event a line on stderr, and never a local variable."""

from __future__ import annotations

import logging
import sys

import structlog


def configure() -> None:
    """Set structlog up: for people on a terminal, as JSON elsewhere.

    Tracebacks are plain: what structlog prints by default holds local variables, and those may be
    secrets. httpx is quiet: at its own level it logs whole URLs, presigned ones included.
    """
    logging.getLogger("httpx").setLevel(logging.WARNING)
    plain = structlog.dev.ConsoleRenderer(exception_formatter=structlog.dev.plain_traceback)
    renderer = plain if sys.stderr.isatty() else structlog.processors.JSONRenderer()
    structlog.configure(
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.format_exc_info,
            renderer,
        ],
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
    )
