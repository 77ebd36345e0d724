"""ULIDs sort in the order in which they were given."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from ulid import ULID

from ferryman.domain.errors import InvalidError
from ferryman.domain.ulids import is_ulid, next_ulid

TIMES = st.datetimes(datetime(1970, 1, 2), datetime(9000, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001 - hypothesis wants naive bounds
ENTROPY = st.binary(min_size=10, max_size=10)


@given(st.lists(st.tuples(TIMES, ENTROPY), min_size=2, max_size=20))
def test_each_is_greater_than_the_last(moments: list[tuple[datetime, bytes]]) -> None:
    """However the clock jumps and whatever the random bytes, names only go up."""
    given_out: list[str] = []
    for now, entropy in moments:
        given_out.append(next_ulid(now, given_out[-1] if given_out else None, entropy))
    assert given_out == sorted(set(given_out))
    assert all(map(is_ulid, given_out))


@given(TIMES, ENTROPY)
def test_the_library_reads_the_same(now: datetime, entropy: bytes) -> None:
    """A first ULID carries the time to the millisecond and all random bytes."""
    read = ULID.from_str(next_ulid(now, None, entropy).upper())
    assert read.milliseconds == (now - datetime(1970, 1, 1, tzinfo=UTC)) // timedelta(
        milliseconds=1
    )
    assert read.bytes[6:] == entropy


def test_within_one_millisecond_the_last_is_counted_up() -> None:
    """Where neither time nor chance leads above the last one, the next number is taken."""
    now = datetime(2026, 1, 1, tzinfo=UTC)
    first = next_ulid(now, None, b"\xff" * 9 + b"\xfe")
    assert first.endswith("zy")
    assert next_ulid(now, first, bytes(10)) == f"{first[:-1]}z"


@pytest.mark.parametrize("last", ["7" + "z" * 25, "8" + "0" * 25, "0" * 25, "0" * 25 + "u", ""])
def test_what_cannot_be_followed_is_refused(last: str) -> None:
    """The greatest ULID has no successor, and what is no ULID has none either."""
    with pytest.raises(InvalidError):
        next_ulid(datetime(2026, 1, 1, tzinfo=UTC), last, bytes(10))


def test_a_time_without_zone_is_refused() -> None:
    """A naive time would mean the machine's own time zone."""
    with pytest.raises(TypeError):
        next_ulid(datetime(2026, 1, 1), None, bytes(10))  # noqa: DTZ001 - that is the test
