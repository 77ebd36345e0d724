"""What steps say while they run."""

from __future__ import annotations

from datetime import datetime

from ferryman.domain.model import Model


class LogLine(Model):
    """One line, and whose it is."""

    at: datetime
    step: str
    """The step's path."""
    alias: str
    run: int = 1
    attempt: int = 1
    text: str
