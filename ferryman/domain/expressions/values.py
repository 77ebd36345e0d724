"""What an expression works on: plain data, and structs of ours. Nothing else of Python is there.

Plain data is None, bool, int, float, str, list and dict, exactly: `adopted` makes it so, once,
where data enters. Then a value's class tells everything, and no attribute is ever looked up.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any, ClassVar, Final, Protocol

from ferryman.domain.expressions import limits
from ferryman.domain.expressions.faults import Fault

NUMBERS: Final = frozenset({int, float})

_KINDS: Final = {
    type(None): "nil",
    bool: "bool",
    int: "int",
    float: "float",
    str: "string",
    list: "array",
    dict: "map",
}
_EXACT_IN_FLOAT: Final = 1 << 53


class Struct(ABC):
    """A value with named members: an expression can read these, and nothing else of it.

    Structs that can be added or compared say so by Python's operators.
    """

    kind: ClassVar[str]
    """Its name in signatures and errors."""

    go_type: ClassVar[str]
    """What `type()` answers: the name that the value's type has in Kargo."""

    @abstractmethod
    def member(self, name: str) -> Any:
        """Return a member, which may be a `Function`; raises `Fault` if there is none."""

    @abstractmethod
    def plain(self) -> Any:
        """Return the value as JSON data."""

    def has(self, name: str) -> bool:
        """Whether there is a member of this name."""
        try:
            self.member(name)
        except Fault:
            return False
        return True


class Invocable(ABC):
    """What an expression may call."""

    kind: ClassVar[str] = "func"

    @abstractmethod
    def invoke(self, context: Context, arguments: Sequence[Any]) -> Any:
        """Return the result; raises `Fault` if the arguments are not right."""


class Context(Protocol):
    """The evaluation that a function runs in."""

    def spend(self, steps: int) -> None:
        """Account for work; raises `Fault` when the evaluation has done too much."""

    @property
    def now(self) -> datetime | None:
        """The time that this evaluation takes for the present."""


class AnyMap(dict[Any, Any]):
    """A map whose keys may be anything, as `groupBy` and `fromPairs` make it."""


class StringMap(dict[str, str]):
    """A map of strings, as a Secret holds: a missing key is the empty string, not nil."""


def kind_of(value: Any) -> str:
    """Return the name of the value's type, as signatures and errors have it."""
    if kind := _KINDS.get(type(value)):
        return kind
    if isinstance(value, dict):
        return "map"
    return value.kind if isinstance(value, (Struct, Invocable)) else type(value).__name__


def adopted(value: Any, *, json_numbers: bool, depth: int = 0) -> Any:
    """Return `value` as data that expressions work on; raises `Fault` for what is no data.

    With `json_numbers` an int becomes a float, as every number has in Kargo that came from
    JSON or YAML, unless it is so large that a float would change it.
    """
    if depth > limits.DATA_DEPTH:
        raise Fault(f"the data is nested more than {limits.DATA_DEPTH} deep")
    if isinstance(value, Mapping):
        items = {
            _key(key): adopted(item, json_numbers=json_numbers, depth=depth + 1)
            for key, item in value.items()
        }
        return StringMap(items) if isinstance(value, StringMap) else items
    if isinstance(value, Sequence) and not isinstance(value, (str, bytes, bytearray)):
        return [adopted(item, json_numbers=json_numbers, depth=depth + 1) for item in value]
    return _scalar(value, json_numbers=json_numbers)


def _scalar(value: Any, *, json_numbers: bool) -> Any:
    match value:
        case None | bool() | Struct() | Invocable():
            return value
        case str():
            return str(value)
        case int() if json_numbers and -_EXACT_IN_FLOAT <= value <= _EXACT_IN_FLOAT:
            return float(value)
        case int():
            return int(value)
        case float():
            return float(value)
        case datetime() | date():
            return value.isoformat()
    raise Fault(f"a value of type {type(value).__name__} cannot be used in an expression")


def _key(key: Any) -> str:
    """Spell a key as JSON does, whose keys are strings."""
    if isinstance(key, bool):
        return str(key).lower()
    return "null" if key is None else str(key)
