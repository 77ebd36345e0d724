"""Times and what belongs to them: months, weekdays, zones.

They keep microseconds, where Go keeps nanoseconds, and begin with the year 1.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, tzinfo
from typing import Any, ClassVar, Final, Self
from zoneinfo import ZoneInfo

from ferryman.domain.expressions.duration import Duration
from ferryman.domain.expressions.faults import Fault
from ferryman.domain.expressions.function import by_name, define
from ferryman.domain.expressions.methods import WithMethods
from ferryman.domain.expressions.time_layout import MONTHS, WEEKDAYS, day_of_year, write_time

_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_ZERO: Final = datetime(1, 1, 1, tzinfo=UTC)
_MICROSECOND: Final = timedelta(microseconds=1)
_RFC3339: Final = "2006-01-02T15:04:05.999999999Z07:00"
_SHOWN: Final = "2006-01-02 15:04:05.999999999 -0700 MST"
_SPELLED: Final = define("String() string", str)


@dataclass(frozen=True)
class Location(WithMethods):
    """A time zone."""

    kind: ClassVar[str] = "timezone"
    go_type: ClassVar[str] = "time.Location"
    methods = by_name((_SPELLED,))

    zone: tzinfo

    @classmethod
    def named(cls, name: str) -> Self:
        """Return the zone of that name in the IANA database; raises `Fault`.

        `Local` is UTC, as where Kargo's controller runs, and the same on each worker.
        """
        try:
            return cls(UTC if name in ("", "UTC", "Local") else ZoneInfo(name))
        except (KeyError, ValueError, OSError):
            raise Fault("there is no such time zone; names are like Europe/Paris") from None

    def plain(self) -> dict[str, Any]:
        """Return nothing, as Go's JSON does."""
        return {}

    def __str__(self) -> str:
        return str(self.zone)


@dataclass(frozen=True, order=True)
class Month(WithMethods):
    """A month; 1 is January."""

    kind: ClassVar[str] = "month"
    go_type: ClassVar[str] = "time.Month"
    methods = by_name((_SPELLED,))

    number: int

    def plain(self) -> int:
        """Return the month's number."""
        return self.number

    def __str__(self) -> str:
        return MONTHS[self.number - 1]


@dataclass(frozen=True, order=True)
class Weekday(WithMethods):
    """A day of the week; 0 is Sunday."""

    kind: ClassVar[str] = "weekday"
    go_type: ClassVar[str] = "time.Weekday"
    methods = by_name((_SPELLED,))

    number: int

    def plain(self) -> int:
        """Return the day's number."""
        return self.number

    def __str__(self) -> str:
        return WEEKDAYS[self.number - 1]


@dataclass(frozen=True, order=True)
class Time(WithMethods):
    """A moment, with the zone in which it is shown."""

    kind: ClassVar[str] = "time"
    go_type: ClassVar[str] = "time.Time"

    moment: datetime

    def plain(self) -> str:
        """Return the time as RFC 3339 writes it."""
        return write_time(self.moment, _RFC3339)

    def __add__(self, other: object) -> Any:
        return Time(self.moment + other.delta()) if isinstance(other, Duration) else NotImplemented

    __radd__ = __add__

    def __sub__(self, other: object) -> Any:
        if isinstance(other, Time):
            return Duration.of(self.moment - other.moment)
        return Time(self.moment - other.delta()) if isinstance(other, Duration) else NotImplemented

    def __str__(self) -> str:
        return write_time(self.moment, _SHOWN)

    def microseconds(self, since: datetime = _EPOCH) -> int:
        """Return the microseconds since then."""
        return (self.moment - since) // _MICROSECOND

    def _truncated(self, step: Duration) -> Time:
        size = step.delta() // _MICROSECOND
        rest = self.microseconds(_ZERO) % size if size > 0 else 0
        return Time(self.moment - rest * _MICROSECOND)

    def _plus_date(self, years: int, months: int, days: int) -> Time:
        """Add to the calendar date; the 31st of a shorter month runs over into the next."""
        year, month = divmod(
            self.moment.year * 12 + self.moment.month - 1 + years * 12 + months, 12
        )
        try:
            first = self.moment.replace(year=year, month=month + 1, day=1)
            return Time(first + timedelta(days=self.moment.day - 1 + days))
        except (ValueError, OverflowError):
            raise Fault("the date is out of range; years go from 1 to 9999") from None

    methods = by_name(
        (
            define("Year() int", lambda time: time.moment.year),
            define("Month() month", lambda time: Month(time.moment.month)),
            define("Day() int", lambda time: time.moment.day),
            define("Hour() int", lambda time: time.moment.hour),
            define("Minute() int", lambda time: time.moment.minute),
            define("Second() int", lambda time: time.moment.second),
            define("Nanosecond() int", lambda time: time.moment.microsecond * 1_000),
            define("YearDay() int", lambda time: day_of_year(time.moment)),
            define("Weekday() weekday", lambda time: Weekday(time.moment.isoweekday() % 7)),
            define("Unix() int", lambda time: time.microseconds() // 1_000_000),
            define("UnixMilli() int", lambda time: time.microseconds() // 1_000),
            define("UnixMicro() int", lambda time: time.microseconds()),
            define("UnixNano() int", lambda time: time.microseconds() * 1_000),
            define("Format(string) string", lambda time, layout: write_time(time.moment, layout)),
            define("Add(duration) time", lambda time, span: time + span),
            define("Sub(time) duration", lambda time, other: time - other),
            define("AddDate(int, int, int) time", _plus_date),
            define("Before(time) bool", lambda time, other: time < other),
            define("After(time) bool", lambda time, other: time > other),
            define("Equal(time) bool", lambda time, other: time == other),
            define("IsZero() bool", lambda time: time.moment == _ZERO),
            define("UTC() time", lambda time: Time(time.moment.astimezone(UTC))),
            define("In(timezone) time", lambda time, to: Time(time.moment.astimezone(to.zone))),
            define("Location() timezone", lambda time: Location(time.moment.tzinfo)),
            define("Truncate(duration) time", _truncated),
            _SPELLED,
        )
    )
