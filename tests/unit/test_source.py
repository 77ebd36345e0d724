"""When a source is asked, and when what it showed will do."""

from __future__ import annotations

from datetime import timedelta

import pytest

from ferryman.domain.errors import PermanentError, TemporaryError
from ferryman.domain.source import Need, Standing, interval_began, pause_after
from tests.pipelines import NOW

MINUTE = timedelta(minutes=1)
AGO = NOW - MINUTE


@pytest.mark.parametrize(
    ("standing", "need", "verdict"),
    [
        (Standing(), Need(NOW), "ask"),
        (Standing(seen_at=NOW, looked_at=NOW), Need(NOW), "serve"),
        (Standing(seen_at=AGO, looked_at=AGO), Need(NOW), "ask"),
        (Standing(seen_at=AGO, looked_at=AGO), Need(NOW - 2 * MINUTE), "serve"),
        (Standing(AGO, NOW, 1, "no", NOW + MINUTE), Need(AGO), "pause"),
        (Standing(AGO, NOW, 1, "no", NOW), Need(AGO), "ask"),
        (Standing(AGO, AGO, 1, "no", NOW + MINUTE), Need(NOW, asked=True), "ask"),
        (Standing(AGO, NOW, 1, "no", NOW + MINUTE), Need(NOW, asked=True), "pause"),
    ],
)
def test_verdict(standing: Standing, need: Need, verdict: str) -> None:
    """What was seen since then serves; a failure is waited out, unless somebody asked after it."""
    assert standing.verdict(need, NOW) == verdict


def test_intervals() -> None:
    """An interval's looks share what one of them sees, however they are spread within it."""
    five = 5 * MINUTE
    assert interval_began(NOW, five) == NOW
    assert interval_began(NOW + 4.9 * MINUTE, five) == NOW
    assert interval_began(NOW + five, five) == NOW + five
    assert interval_began(NOW, timedelta()) == NOW


def test_pauses() -> None:
    """A pause doubles with each failure, up to half an hour, and obeys a server's longer one."""
    no = PermanentError("no")
    pauses = [pause_after(failures, no, 1.0).total_seconds() for failures in (1, 2, 3, 7, 8, 9999)]
    assert pauses == [30, 60, 120, 1800, 1800, 1800]
    assert pause_after(1, no, 1.25).total_seconds() == 37.5
    busy = TemporaryError("busy", delay=timedelta(hours=1))
    assert pause_after(1, busy, 1.0) == timedelta(hours=1)
