"""Durations, as Go has them."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, ClassVar, Final, Self

from ferryman.domain.expressions.arithmetic import fit
from ferryman.domain.expressions.faults import Fault
from ferryman.domain.expressions.function import by_name, define
from ferryman.domain.expressions.methods import WithMethods
from ferryman.domain.expressions.numerals import write_float

_NANOSECONDS: Final = {
    "ns": 1,
    "us": 1_000,
    "µs": 1_000,
    "μs": 1_000,
    "ms": 1_000_000,
    "s": 1_000_000_000,
    "m": 60_000_000_000,
    "h": 3_600_000_000_000,
}
_TEXT: Final = re.compile(r"[+-]?(?:(?:\d+\.?\d*|\.\d+)(?:ns|us|µs|μs|ms|s|m|h))+", re.ASCII)
_PART: Final = re.compile(r"(\d*)\.?(\d*)([a-zµμ]+)", re.ASCII)


@dataclass(frozen=True, order=True)
class Duration(WithMethods):
    """An elapsed time in nanoseconds."""

    kind: ClassVar[str] = "duration"
    go_type: ClassVar[str] = "time.Duration"

    nanoseconds: int

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read `1h30m`, `1.5s`, `0`; raises `Fault`."""
        if text in ("0", "+0", "-0"):
            return cls(0)
        if not _TEXT.fullmatch(text):
            raise Fault("duration wants numbers with units ns, us, ms, s, m or h, such as '1h30m'")
        total = sum(
            int(whole or 0) * _NANOSECONDS[unit]
            + int(fraction or 0) * _NANOSECONDS[unit] // 10 ** len(fraction)
            for whole, fraction, unit in _PART.findall(text)
        )
        return cls(fit(-total if text.startswith("-") else total))

    @classmethod
    def of(cls, delta: timedelta) -> Self:
        """Return Python's duration as one of these."""
        return cls(fit(delta // timedelta(microseconds=1) * 1_000))

    def delta(self) -> timedelta:
        """Return the duration as Python's, cut to microseconds."""
        return timedelta(microseconds=self.nanoseconds // 1_000)

    def plain(self) -> int:
        """Return the nanoseconds."""
        return self.nanoseconds

    def __add__(self, other: object) -> Any:
        if isinstance(other, Duration):
            return Duration(fit(self.nanoseconds + other.nanoseconds))
        return NotImplemented

    def __sub__(self, other: object) -> Any:
        if isinstance(other, Duration):
            return Duration(fit(self.nanoseconds - other.nanoseconds))
        return NotImplemented

    def __mul__(self, other: object) -> Any:
        if type(other) is int:
            return Duration(fit(self.nanoseconds * other))
        return self.nanoseconds * other if type(other) is float else NotImplemented

    __rmul__ = __mul__

    def __str__(self) -> str:
        """Write `1h30m0s`, `1.5ms`, `0s`."""
        if self.nanoseconds == 0:
            return "0s"
        sign, rest = ("-" if self.nanoseconds < 0 else ""), abs(self.nanoseconds)
        if rest < _NANOSECONDS["s"]:
            unit = next(unit for unit in ("ms", "µs", "ns") if rest >= _NANOSECONDS[unit])
            return f"{sign}{write_float(rest / _NANOSECONDS[unit])}{unit}"
        minutes, rest = divmod(rest, _NANOSECONDS["m"])
        whole, fraction = divmod(rest, _NANOSECONDS["s"])
        seconds = f"{whole}.{fraction:09}".rstrip("0").rstrip(".") if fraction else str(whole)
        hours, minutes = divmod(minutes, 60)
        if hours:
            return f"{sign}{hours}h{minutes}m{seconds}s"
        return f"{sign}{minutes}m{seconds}s" if minutes else f"{sign}{seconds}s"

    def whole(self, unit: str) -> int:
        """Return how many whole units of that name it has."""
        whole = abs(self.nanoseconds) // _NANOSECONDS[unit]
        return -whole if self.nanoseconds < 0 else whole

    def within(self, unit: str) -> float:
        """Return it in that unit, rounded as Go does: whole units first, then the rest."""
        whole = self.whole(unit)
        return whole + (self.nanoseconds - whole * _NANOSECONDS[unit]) / _NANOSECONDS[unit]

    def _to_multiple(self, step: Duration, *, up_from: int) -> Duration:
        """Return the multiple of `step` towards zero, or the next if the rest is `up_from`."""
        if step.nanoseconds <= 0:
            return self
        steps, rest = divmod(abs(self.nanoseconds), step.nanoseconds)
        size = (steps + (rest >= up_from)) * step.nanoseconds
        return Duration(-size if self.nanoseconds < 0 else size)

    def _rounded(self, step: Duration) -> Duration:
        return self._to_multiple(step, up_from=(step.nanoseconds + 1) // 2)

    def _truncated(self, step: Duration) -> Duration:
        return self._to_multiple(step, up_from=step.nanoseconds)

    methods = by_name(
        (
            define("Hours() float", lambda span: span.within("h")),
            define("Minutes() float", lambda span: span.within("m")),
            define("Seconds() float", lambda span: span.within("s")),
            define("Milliseconds() int", lambda span: span.whole("ms")),
            define("Microseconds() int", lambda span: span.whole("us")),
            define("Nanoseconds() int", lambda span: span.nanoseconds),
            define("Abs() duration", lambda span: Duration(abs(span.nanoseconds))),
            define("Round(duration) duration", _rounded),
            define("Truncate(duration) duration", _truncated),
            define("String() string", str),
        )
    )
