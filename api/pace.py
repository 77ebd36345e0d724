"""Pace: how much of something is taken in a time, so that one sender cannot hold up the rest."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final

BURST: Final = 300
PER_SECOND: Final = 30


class Pace:
    """A bucket of `BURST` tokens for each key, filled with `PER_SECOND`; in this process only."""

    def __init__(self) -> None:
        self._left: dict[str, tuple[float, datetime]] = {}

    def wait(self, key: str, now: datetime) -> timedelta:
        """Take a token; without one, how long until there is."""
        left, since = self._left.get(key, (float(BURST), now))
        left = min(BURST, left + max(0.0, (now - since).total_seconds()) * PER_SECOND)
        enough = left >= 1
        self._left[key] = (left - enough, now)
        return timedelta() if enough else timedelta(seconds=(1 - left) / PER_SECOND)
