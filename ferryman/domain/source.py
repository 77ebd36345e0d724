"""Source: a repository as one credential sees it, asked once for all who subscribe to it."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Literal

from ferryman.domain.errors import FerrymanError, TemporaryError

FIRST_PAUSE = timedelta(seconds=30)
LONGEST_PAUSE = timedelta(minutes=30)
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_LEAST = timedelta(seconds=1)
"""Of an interval; a declared one may be 0."""
_MOST_DOUBLINGS = 16

Verdict = Literal["serve", "pause", "ask"]


@dataclass(frozen=True)
class Source:
    """What is asked, where, and as whom.

    `url` is fit to be shown; `identity` is all that makes it this source and no other, the
    credential included, and is kept as a keyed hash only.
    """

    kind: str
    url: str
    identity: tuple[str, ...] = field(repr=False)


@dataclass(frozen=True)
class Need:
    """How new an answer must be: from `since` on. `asked`: somebody waits for it."""

    since: datetime
    asked: bool = False


@dataclass(frozen=True)
class Standing:
    """How a source fares."""

    seen_at: datetime | None = None
    """When the look began that it answered last."""
    looked_at: datetime | None = None
    """When the last look began, however it went."""
    failures: int = 0
    """How many looks have failed since it answered."""
    message: str = ""
    """Why the last of them did."""
    next_attempt_at: datetime | None = None

    def verdict(self, need: Need, now: datetime) -> Verdict:
        """Serve what was seen, leave it alone until `next_attempt_at`, or ask.

        Who asked is told of a failure only if the look began after that.
        """
        if not self.failures:
            return "serve" if self.seen_at and self.seen_at >= need.since else "ask"
        if need.asked:
            told = self.looked_at is not None and self.looked_at >= need.since
        else:
            told = self.next_attempt_at is not None and now < self.next_attempt_at
        return "pause" if told else "ask"


def interval_began(now: datetime, interval: timedelta) -> datetime:
    """When the current one of the intervals began; they are counted from 1970, as Schedules do."""
    return now - (now - _EPOCH) % max(interval, _LEAST)


def pause_after(failures: int, error: FerrymanError, spread: float) -> timedelta:
    """How long to wait after so many failures: twice as long each time, times `spread`.

    A server that names a longer pause gets it.
    """
    doubled = FIRST_PAUSE * float(2 ** min(failures - 1, _MOST_DOUBLINGS))
    pause = min(doubled, LONGEST_PAUSE) * spread
    return max(pause, error.delay) if isinstance(error, TemporaryError) else pause
