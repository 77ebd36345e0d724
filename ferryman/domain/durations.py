"""Durations as Go writes them (`1h30m0s`), and ages as kubectl shows them (`3d4h`)."""

from __future__ import annotations

import re
from datetime import timedelta
from decimal import Decimal

from ferryman.domain.errors import InvalidError

_LENGTH = 64
_MICROSECOND = timedelta(microseconds=1)
_LONGEST = (1 << 63) // 1000
"""Go counts nanoseconds in 63 bits; here in microseconds."""

_UNITS = {
    "ns": Decimal("0.001"),
    "us": Decimal(1),
    "µs": Decimal(1),
    "μs": Decimal(1),
    "ms": Decimal(1_000),
    "s": Decimal(1_000_000),
    "m": Decimal(60_000_000),
    "h": Decimal(3_600_000_000),
}
"""Microseconds in each of Go's units; Unicode has two letters for micro."""

_TERM = re.compile(r"(\d+\.?\d*|\.\d+)(ns|us|µs|μs|ms|s|m|h)", re.ASCII)
_DURATION = re.compile(rf"([+-]?)((?:{_TERM.pattern})+|0)", re.ASCII)

_SECOND, _MINUTE, _HOUR, _DAY, _YEAR = 1, 60, 3_600, 86_400, 365 * 86_400
_AGES = (
    # below so many seconds, this unit is shown, and of the rest that one
    (2 * _MINUTE, (_SECOND, "s"), None),
    (10 * _MINUTE, (_MINUTE, "m"), (_SECOND, "s")),
    (3 * _HOUR, (_MINUTE, "m"), None),
    (8 * _HOUR, (_HOUR, "h"), (_MINUTE, "m")),
    (2 * _DAY, (_HOUR, "h"), None),
    (8 * _DAY, (_DAY, "d"), (_HOUR, "h")),
    (2 * _YEAR, (_DAY, "d"), None),
    (8 * _YEAR, (_YEAR, "y"), (_DAY, "d")),
    (float("inf"), (_YEAR, "y"), None),
)


def parse_duration(text: str, *, field: str = "") -> timedelta:
    """Read a Go duration such as `5m0s`, `1h30m` or `1.5h`, to the microsecond.

    Raises `InvalidError` if it is none, or longer than Go's 292 years.
    """
    match = _DURATION.fullmatch(text) if len(text) <= _LENGTH else None
    if match is None:
        raise InvalidError(
            f"{text[:_LENGTH]!r} is not a duration; write one such as '30s', '5m0s' or '1h30m'",
            field=field,
        )
    micro = sum(Decimal(number) * _UNITS[unit] for number, unit in _TERM.findall(match[2]))
    if micro > _LONGEST:
        raise InvalidError(f"{text!r} is longer than 292 years; write less", field=field)
    duration = int(micro) * _MICROSECOND
    return -duration if match[1] == "-" else duration


def format_duration(duration: timedelta) -> str:
    """Write a duration as Go does: `1h30m0s`, `5m0s`, `1.5s`, `20ms`, `0s`."""
    micro = abs(duration) // _MICROSECOND
    sign = "-" if duration < timedelta() else ""
    if 0 < micro < _UNITS["s"]:
        unit = "ms" if micro >= _UNITS["ms"] else "µs"
        return f"{sign}{_short(micro / _UNITS[unit])}{unit}"
    minutes, rest = divmod(micro, int(_UNITS["m"]))
    hours, minutes_left = divmod(minutes, 60)
    shown_hours = f"{hours}h" if hours else ""
    shown_minutes = f"{minutes_left}m" if minutes else ""
    return f"{sign}{shown_hours}{shown_minutes}{_short(rest / _UNITS['s'])}s"


def age(delta: timedelta) -> str:
    """Write an age in at most two units, as kubectl does: `5m`, `3d4h`, `2y`.

    Clocks that differ by less than two seconds give `0s`, by more `<invalid>`.
    """
    seconds = int(delta.total_seconds())
    if seconds < 0:
        return "0s" if seconds == -1 else "<invalid>"
    (size, unit), part = next((whole, part) for below, whole, part in _AGES if seconds < below)
    count, rest = divmod(seconds, size)
    if part and rest >= part[0]:
        return f"{count}{unit}{rest // part[0]}{part[1]}"
    return f"{count}{unit}"


def _short(number: Decimal) -> str:
    return f"{number.normalize():f}"
