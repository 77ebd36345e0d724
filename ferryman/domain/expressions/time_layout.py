"""Times written and read by example, as Go's `time.Format` and `time.Parse` do.

A layout shows how 2 January 2006, 15:04:05.999999999 -0700 would be written.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta, timezone, tzinfo
from typing import Final

import re2

from ferryman.domain.expressions import limits
from ferryman.domain.expressions.faults import Fault

MONTHS: Final = (
    *("January", "February", "March", "April", "May", "June", "July"),
    *("August", "September", "October", "November", "December"),
)
WEEKDAYS: Final = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")

_PIECE: Final = re.compile(
    r"""
      January | Jan(?![a-z]) | Monday | Mon(?![a-z]) | MST | 2006
    | Z07:00:00 | Z070000 | Z07:00 | Z0700 | Z07 | -07:00:00 | -070000 | -07:00 | -0700 | -07
    | 002 | 01 | 02 | 03 | 04 | 05 | 06 | 15 | __2 | _2(?!006) | 1 | 2 | 3 | 4 | 5 | PM | pm
    | [.,](?:0+|9+)(?![0-9])
    """,
    re.VERBOSE,
)
_NOON: Final = 12
_CENTURY_TURNS: Final = 69


def zone_name(moment: datetime) -> str:
    """Return the abbreviation of the zone, or its offset if it has none."""
    offset = moment.utcoffset() or timedelta()
    name = moment.tzname() or ""
    nameless = name.startswith("UTC") and offset
    return _offset(offset, "-0700") if nameless or not name else name


def day_of_year(moment: datetime) -> int:
    """Return 1 for the first of January."""
    return moment.timetuple().tm_yday


_WRITE: Final[Mapping[str, Callable[[datetime], str]]] = {
    "2006": lambda t: f"{t.year:04}",
    "06": lambda t: f"{t.year % 100:02}",
    "January": lambda t: MONTHS[t.month - 1],
    "Jan": lambda t: MONTHS[t.month - 1][:3],
    "01": lambda t: f"{t.month:02}",
    "1": lambda t: str(t.month),
    "Monday": lambda t: WEEKDAYS[t.weekday()],
    "Mon": lambda t: WEEKDAYS[t.weekday()][:3],
    "02": lambda t: f"{t.day:02}",
    "_2": lambda t: f"{t.day:2}",
    "2": lambda t: str(t.day),
    "002": lambda t: f"{day_of_year(t):03}",
    "__2": lambda t: f"{day_of_year(t):3}",
    "15": lambda t: f"{t.hour:02}",
    "03": lambda t: f"{_hour12(t):02}",
    "3": lambda t: str(_hour12(t)),
    "04": lambda t: f"{t.minute:02}",
    "4": lambda t: str(t.minute),
    "05": lambda t: f"{t.second:02}",
    "5": lambda t: str(t.second),
    "PM": lambda t: "PM" if t.hour >= _NOON else "AM",
    "pm": lambda t: "pm" if t.hour >= _NOON else "am",
    "MST": zone_name,
}

_NUMBER2: Final = r"(\d{2})"
_NUMBER: Final = r"(\d{1,2})"
_READ: Final[Mapping[str, tuple[str, str]]] = {
    "2006": ("year", r"(\d{4})"),
    "06": ("short_year", _NUMBER2),
    "January": ("month_name", "([A-Za-z]+)"),
    "Jan": ("month_short", "([A-Za-z]{3})"),
    "01": ("month", _NUMBER2),
    "1": ("month", _NUMBER),
    "Monday": ("weekday", "([A-Za-z]+)"),
    "Mon": ("weekday", "([A-Za-z]{3})"),
    "02": ("day", _NUMBER2),
    "_2": ("day", r" ?(\d{1,2})"),
    "2": ("day", _NUMBER),
    "002": ("day_of_year", r"(\d{3})"),
    "__2": ("day_of_year", r" {0,2}(\d{1,3})"),
    "15": ("hour", _NUMBER),
    "03": ("hour12", _NUMBER2),
    "3": ("hour12", _NUMBER),
    "04": ("minute", _NUMBER2),
    "4": ("minute", _NUMBER),
    "05": ("second", r"(\d{2}(?:[.,]\d{1,9})?)"),
    "5": ("second", r"(\d{1,2}(?:[.,]\d{1,9})?)"),
    "PM": ("half", "(AM|PM)"),
    "pm": ("half", "(am|pm)"),
    "MST": ("zone_name", "([A-Z]{3,5})"),
}


def write_time(moment: datetime, layout: str) -> str:
    """Write an aware `moment` as `layout` shows; raises `Fault` if that is too long."""
    _check_length(layout)
    return _PIECE.sub(lambda piece: _written(moment, piece.group()), layout)


def read_time(text: str, layout: str, zone: tzinfo = UTC) -> datetime:
    """Read `text` as `layout` shows, in `zone` unless it names one; raises ValueError."""
    _check_length(layout)
    readings = [_reading(piece) for piece in _PIECE.findall(layout)]
    first, *literals = map(re2.escape, _PIECE.split(layout))
    expression = first + "".join(
        pattern + literal for (_, pattern), literal in zip(readings, literals, strict=True)
    )
    match = re2.fullmatch(expression, text)
    if match is None:
        raise ValueError(layout)
    names = (name for name, _ in readings)
    found = {name: part for name, part in zip(names, match.groups(), strict=True) if part}
    return _assembled(found, zone)


def _check_length(layout: str) -> None:
    if len(layout) > limits.LAYOUT_CHARACTERS:
        raise Fault(f"a layout has at most {limits.LAYOUT_CHARACTERS} characters")


def _hour12(moment: datetime) -> int:
    return moment.hour % _NOON or _NOON


def _written(moment: datetime, piece: str) -> str:
    if write := _WRITE.get(piece):
        return write(moment)
    if piece[0] in ".,":
        digits = f"{moment.microsecond:06}000"[: len(piece) - 1]
        kept = digits if piece[1] == "0" else digits.rstrip("0")
        return piece[0] + kept if kept else ""
    offset = moment.utcoffset() or timedelta()
    if piece[0] == "Z" and not offset:
        return "Z"
    return _offset(offset, "-" + piece.lstrip("Z-"))


def _offset(offset: timedelta, layout: str) -> str:
    seconds = abs(int(offset.total_seconds()))
    parts = [f"{seconds // 3600:02}", f"{seconds // 60 % 60:02}", f"{seconds % 60:02}"]
    count = sum(character.isdigit() for character in layout) // 2
    joint = ":" if ":" in layout else ""
    return ("-" if offset < timedelta() else "+") + joint.join(parts[:count])


def _reading(piece: str) -> tuple[str, str]:
    if known := _READ.get(piece):
        return known
    if piece[0] in ".,":
        optional = "" if piece[1] == "0" else "?"
        return "fraction", rf"([.,]\d{{1,9}}){optional}"
    joint = ":" if ":" in piece else ""
    count = sum(character.isdigit() for character in piece) // 2
    digits = joint.join([r"\d{2}"] * count)
    return "offset", f"(Z|[+-]{digits})" if piece[0] == "Z" else f"([+-]{digits})"


def _assembled(found: Mapping[str, str], zone: tzinfo) -> datetime:
    second, _, fraction = found.get("second", "0").replace(",", ".").partition(".")
    fraction = fraction or found.get("fraction", "")[1:]
    moment = datetime(
        _year(found),
        _month(found),
        int(found.get("day", 1)),
        _hour(found),
        int(found.get("minute", 0)),
        int(second),
        int(fraction.ljust(6, "0")[:6]),
        tzinfo=_zone(found, zone),
    )
    if day := found.get("day_of_year"):
        moment += timedelta(days=int(day) - 1)
    return moment


def _year(found: Mapping[str, str]) -> int:
    if short := found.get("short_year"):
        return int(short) + (1900 if int(short) >= _CENTURY_TURNS else 2000)
    return int(found.get("year", 1))


def _month(found: Mapping[str, str]) -> int:
    if name := found.get("month_name"):
        return [month.lower() for month in MONTHS].index(name.lower()) + 1
    if name := found.get("month_short"):
        return [month[:3].lower() for month in MONTHS].index(name.lower()) + 1
    return int(found.get("month", 1))


def _hour(found: Mapping[str, str]) -> int:
    if half := found.get("half"):
        hour = int(found.get("hour12", found.get("hour", 0)))
        return hour % _NOON + (_NOON if half.lower() == "pm" else 0)
    return int(found.get("hour12", found.get("hour", 0)))


def _zone(found: Mapping[str, str], zone: tzinfo) -> tzinfo:
    if offset := found.get("offset"):
        digits = offset.replace(":", "").lstrip("Z+-").ljust(6, "0")
        hours, minutes, seconds = (int(digits[i : i + 2]) for i in (0, 2, 4))
        distance = timedelta(hours=hours, minutes=minutes, seconds=seconds)
        return timezone(-distance if offset[0] == "-" else distance) if distance else UTC
    if name := found.get("zone_name"):
        return UTC if name == "UTC" else timezone(timedelta(), name)
    return zone
