"""Ages, as kubectl tells them."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from cli.ages import age, duration

DAY = 86400


@pytest.mark.parametrize(
    ("seconds", "told"),
    [
        (-5, "0s"),
        (0, "0s"),
        (119, "119s"),
        (120, "2m"),
        (339, "5m39s"),
        (600, "10m"),
        (3 * 3600 - 1, "179m"),
        (3 * 3600, "3h"),
        (4 * 3600 + 120, "4h2m"),
        (8 * 3600 + 120, "8h"),
        (2 * DAY - 1, "47h"),
        (2 * DAY + 3600, "2d1h"),
        (8 * DAY + 3600, "8d"),
        (729 * DAY, "729d"),
        (731 * DAY, "2y1d"),
        (8 * 365 * DAY + DAY, "8y"),
    ],
)
def test_durations_are_told_as_kubectl_does(seconds: float, told: str) -> None:
    """Two units while the smaller one matters (Kubernetes' HumanDuration)."""
    assert duration(seconds) == told


def test_an_age_is_relative_to_the_given_time() -> None:
    """Whatever the time zone it was written in."""
    now = datetime(2026, 1, 31, 12, 0, 30, tzinfo=UTC)
    assert age("2026-01-31T13:00:00+01:00", now) == "30s"
    assert age("2026-01-31T12:00:00Z", now) == "30s"
    assert age(None, now) == "<unknown>"
