"""ULIDs (github.com/ulid/spec): names that sort in the order in which they were given.

Pure: the time, the last one given and the random bytes are arguments. Lower case throughout,
because they end up in resource names.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from ferryman.domain.errors import InvalidError

_ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz"
_VALUES = {letter: value for value, letter in enumerate(_ALPHABET)}
_LENGTH = 26
_ENTROPY_BITS = 80
_END = 1 << 128
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def next_ulid(now: datetime, last: str | None, entropy: bytes) -> str:
    """Return a ULID of `now` that is greater than `last`, also within one millisecond.

    `now` has a time zone; where the clock stood still or went back, `last` is counted up.
    `entropy` is 10 random bytes. Raises `InvalidError` if `last` is no ULID or the greatest.
    """
    milliseconds = (now - _EPOCH) // timedelta(milliseconds=1)
    fresh = (milliseconds << _ENTROPY_BITS) | int.from_bytes(entropy[: _ENTROPY_BITS // 8])
    number = fresh if last is None else max(fresh, _decode(last) + 1)
    if not 0 <= number < _END:
        raise InvalidError(
            f"no ULID can follow {last!r} at {now.isoformat()}; check the system clock"
        )
    return _encode(number)


def is_ulid(text: str) -> bool:
    """Whether `text` is a ULID in lower case."""
    return len(text) == _LENGTH and all(letter in _VALUES for letter in text) and text[0] <= "7"


def _encode(number: int) -> str:
    return "".join(_ALPHABET[(number >> (5 * place)) & 31] for place in reversed(range(_LENGTH)))


def _decode(ulid: str) -> int:
    if not is_ulid(ulid):
        raise InvalidError(f"{ulid!r} is not a ULID; it has 26 of the letters {_ALPHABET}")
    number = 0
    for letter in ulid:
        number = (number << 5) | _VALUES[letter]
    return number
