"""What an edit of a file is asked for: places, and the values to write there."""

from __future__ import annotations

from dataclasses import dataclass

from ferryman.domain.errors import InvalidError

Value = str | int | float | bool | None
"""What a place can hold: the single values of JSON."""


@dataclass(frozen=True, slots=True)
class Update:
    """One value to write."""

    key: str
    """Where: names parted by dots, `\\.` for a dot inside a name, numbers for items of a list."""
    value: object
    """What: a string, number, boolean or, in YAML, null; anything else is refused."""

    def refused(self, reason: str) -> InvalidError:
        """The error that names this update's key, and not the value: it may be a secret."""
        return InvalidError(f"the key `{self.key}` {reason}")


def is_same(found: object, value: Value) -> bool:
    """Whether both are one value; numbers count as in JSON, where 1 and 1.0 are the same."""
    if isinstance(found, bool) or isinstance(value, bool):
        return found is value
    return found == value
