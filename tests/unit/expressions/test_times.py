"""Times and durations: they are computed with, compared, read and written as in Go."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from ferryman.domain.errors import ExpressionError
from ferryman.domain.expressions import Environment, evaluate

ENVIRONMENT = Environment({}, now=datetime(2024, 3, 1, 10, 20, 30, tzinfo=UTC))


@pytest.mark.parametrize(
    ("source", "value"),
    [
        ("now()", "2024-03-01T10:20:30Z"),
        ("string(now())", "2024-03-01 10:20:30 +0000 UTC"),
        ("now() - duration('1h')", "2024-03-01T09:20:30Z"),
        ("duration('24h') + now() == date('2024-03-02 10:20:30')", True),
        ("string(now() - date('2024-03-01'))", "10h20m30s"),
        ("now() > date('2024-02-29T23:59:59Z')", True),
        ("type(now()) + ' ' + type(now() - now())", "time.Time time.Duration"),
        ("now().Year() + now().YearDay()", 2085),
        (
            "[string(now().Month()), int(now().Month()), string(now().Weekday())]",
            ["March", 3, "Friday"],
        ),
        (
            "now().Format('2006/01/02 15-04-05 Mon Jan _2 3:04PM -0700')",
            "2024/03/01 10-20-30 Fri Mar  1 10:20AM +0000",
        ),
        ("now().Unix() - now().UnixMilli() / 1000", 0),
        ("date('2024-01-31').AddDate(0, 1, 0)", "2024-03-02T00:00:00Z"),
        ("date('01/02/2024', '02/01/2006')", "2024-02-01T00:00:00Z"),
        (
            "string(date('2024-07-01 10:00:00', '2006-01-02 15:04:05', 'Europe/Zurich'))",
            "2024-07-01 10:00:00 +0200 CEST",
        ),
        ("string(date('2024-03-01T10:00:00+02:00'))", "2024-03-01 10:00:00 +0200 +0200"),
        ("date(timezone('Europe/Zurich'), '2024-03-01').UTC()", "2024-02-29T23:00:00Z"),
        ("now().In(timezone('Europe/Zurich')).Location().String()", "Europe/Zurich"),
        ("date('Fri, 01 Mar 2024 10:00:00 GMT').Equal(date('2024-03-01T10:00:00Z'))", True),
        ("date('2024-03-01T10:00:00.5Z')", "2024-03-01T10:00:00.5Z"),
        ("now().Truncate(duration('1h')).Before(now())", True),
        ("string(duration('1h2m3.5s')) + ' ' + string(duration('-1.5ms'))", "1h2m3.5s -1.5ms"),
        ("duration('90m').Hours() + duration('1500ms').Milliseconds()", 1501.5),
        (
            "string(2 * duration('45s')) + ' ' + string(duration('1500ms').Round(duration('1s')))",
            "1m30s 2s",
        ),
        ("duration('-1h29m12s').Hours()", -1.4866666666666668),
        ("date('2024-01-31', '2006-01-02', 'Local')", "2024-01-31T00:00:00Z"),
        ("duration('1h') > duration('59m')", True),
        ("int(duration('1us'))", 1000),
        ("duration('1h')", 3_600_000_000_000),
    ],
)
def test_values(source: str, value: Any) -> None:
    """Times are RFC 3339 as data, durations nanoseconds, and both have Go's methods."""
    assert evaluate(source, ENVIRONMENT) == value


@pytest.mark.parametrize(
    ("source", "said"),
    [
        ("date('not-a-date')", "date cannot read the string"),
        ("date('2024-02-30')", "date cannot read the string"),
        ("date('2024-03-01', '2006')", "date cannot read the string"),
        ("date('2024-03-01', 'x' + repeat('2', 200))", "a layout has at most 100 characters"),
        ("duration('1d')", "duration wants numbers with units"),
        ("duration('9999999999h')", "does not fit in 64 bits"),
        ("timezone('Nope/Zone')", "there is no such time zone"),
        ("timezone('../../etc/passwd')", "there is no such time zone"),
        ("date('9999-12-31') + duration('48h')", "a number or a date is out of range"),
        ("now().Yera()", "there is no member of time 'Yera'; did you mean 'Year'"),
        ("now().Year(1)", "too many arguments"),
        ("now() + 1", "'+' cannot be used on time and int"),
        ("duration('1h') == 1", "'==' cannot be used on duration and int"),
    ],
)
def test_refusals(source: str, said: str) -> None:
    """What is no time, duration or method of them is an error."""
    with pytest.raises(ExpressionError) as error:
        evaluate(source, ENVIRONMENT)
    assert said in str(error.value)


def test_the_present_is_given() -> None:
    """Nothing asks the clock: without a time that stands for the present, there is none."""
    with pytest.raises(ExpressionError, match="the time is not known here"):
        evaluate("now()", Environment({}))
