"""Functions that make times and durations (expr-lang's "Date Functions")."""

from __future__ import annotations

from datetime import UTC, tzinfo
from typing import Any, Final

from ferryman.domain.expressions.duration import Duration
from ferryman.domain.expressions.faults import Fault
from ferryman.domain.expressions.function import define
from ferryman.domain.expressions.moment import Location, Time
from ferryman.domain.expressions.time_layout import read_time
from ferryman.domain.expressions.values import Context

_LAYOUTS: Final = (
    "2006-01-02",
    "15:04:05",
    "2006-01-02 15:04:05",
    "2006-01-02T15:04:05Z07:00",
    "02 Jan 06 15:04 MST",
    "Monday, 02-Jan-06 15:04:05 MST",
    "Mon, 02 Jan 2006 15:04:05 MST",
)


def _now(context: Context, zone: Location | None = None) -> Time:
    if context.now is None:
        raise Fault("the time is not known here")
    return Time(context.now.astimezone(zone.zone if zone else UTC))


def _date(*arguments: Any) -> Time:
    """Read a string; before it may stand a timezone, after it a layout and a timezone's name."""
    zone: tzinfo = UTC
    if isinstance(arguments[0], Location):
        zone, arguments = arguments[0].zone, arguments[1:]
    if not arguments:
        raise Fault("date wants a string to read")
    text, *more = arguments
    if len(more) > 1:
        zone = Location.named(more[1]).zone
    for layout in more[:1] or _LAYOUTS:
        try:
            return Time(read_time(text, layout, zone))
        except (ValueError, OverflowError):
            continue
    raise Fault("date cannot read the string; show the layout, as in date(x, '02/01/2006')")


FUNCTIONS: Final = (
    define("now(timezone?) time", _now, contextual=True),
    define("duration(string) duration", Duration.parse),
    define("date(string|timezone, string?, string?, string?) time", _date),
    define("timezone(string) timezone", Location.named),
)
