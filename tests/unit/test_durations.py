"""Go's durations and kubectl's ages."""

from __future__ import annotations

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ferryman.domain.durations import age, format_duration, parse_duration
from ferryman.domain.errors import InvalidError


@pytest.mark.parametrize(
    ("text", "seconds", "formatted"),
    [
        ("5m0s", 300, "5m0s"),
        ("1h30m", 5400, "1h30m0s"),
        ("1.5h", 5400, "1h30m0s"),
        ("336h", 1209600, "336h0m0s"),
        ("90s", 90, "1m30s"),
        (".5s", 0.5, "500ms"),
        ("1.s", 1, "1s"),
        ("1h0.25s", 3600.25, "1h0m0.25s"),
        ("1ms500us", 0.0015, "1.5ms"),
        ("20µs", 0.00002, "20µs"),
        ("1500ns", 0.000001, "1µs"),
        ("-1m", -60, "-1m0s"),
        ("+1s", 1, "1s"),
        ("0", 0, "0s"),
        ("0s", 0, "0s"),
    ],
)
def test_go_durations(text: str, seconds: float, formatted: str) -> None:
    """A duration is read as Go reads it, and written as Go writes it."""
    assert parse_duration(text) == timedelta(seconds=seconds)
    assert format_duration(parse_duration(text)) == formatted


@given(st.timedeltas(timedelta(days=-90000), timedelta(days=90000)))
def test_what_is_written_is_read_back(duration: timedelta) -> None:
    """Writing loses nothing."""
    assert parse_duration(format_duration(duration)) == duration


@pytest.mark.parametrize(
    "text", ["", "5", "s", "1d", "1 h", "1h ", "h1", "--1s", "1e3s", "1,5s", "5M", "1s" * 40]
)
def test_bad_durations_are_refused(text: str) -> None:
    """What Go would not read is refused, with the field and an example."""
    with pytest.raises(InvalidError, match=r"^spec\.interval: .* such as '30s'"):
        parse_duration(text, field="spec.interval")


def test_durations_are_bounded() -> None:
    """Longer than Go can count is refused rather than overflowing."""
    with pytest.raises(InvalidError, match="292 years"):
        parse_duration("9999999999h")


@pytest.mark.parametrize(
    ("seconds", "shown"),
    [
        (-2, "<invalid>"),
        (-1, "0s"),
        (-0.5, "0s"),
        (0, "0s"),
        (119.9, "119s"),
        (120, "2m"),
        (150, "2m30s"),
        (600, "10m"),
        (10799, "179m"),
        (10800, "3h"),
        (3 * 3600 + 61, "3h1m"),
        (8 * 3600, "8h"),
        (47.9 * 3600, "47h"),
        (48 * 3600, "2d"),
        (76 * 3600, "3d4h"),
        (8 * 86400, "8d"),
        (729 * 86400, "729d"),
        (730 * 86400, "2y"),
        (731 * 86400, "2y1d"),
        (8 * 365 * 86400 + 86400, "8y"),
    ],
)
def test_ages(seconds: float, shown: str) -> None:
    """Ages are as short as kubectl's."""
    assert age(timedelta(seconds=seconds)) == shown
