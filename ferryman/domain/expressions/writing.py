"""Values as text: as Go's `%v` prints them, and as Go's JSON, whose maps are sorted by key.

And as plain data, for whoever goes on with the result of an expression.
"""

from __future__ import annotations

import json
import math
import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any, Final

from ferryman.domain.expressions import limits
from ferryman.domain.expressions.arithmetic import too_long
from ferryman.domain.expressions.faults import Fault
from ferryman.domain.expressions.numerals import write_float, write_json_float
from ferryman.domain.expressions.values import Context, Struct, kind_of

_INDENT: Final = "  "
_SPECIAL: Final = re.compile("[<>&\u2028\u2029\ud800-\udfff]")
_SURROGATES: Final = range(0xD800, 0xE000)
_WRITTEN_OUT: Final = 1e21
"""Go's JSON writes whole numbers below this without an exponent."""


def display(value: Any, context: Context) -> str:
    """Write a value as `string()` does: `3`, `[1 2]`, `map[a:1]`, `<nil>`."""
    writer = _Writer(context)
    writer.display(value)
    return writer.text()


def to_json(value: Any, context: Context, *, indented: bool = False) -> str:
    """Write a value as JSON, with keys sorted and `<`, `>`, `&` escaped, as Go does.

    Raises `Fault` for a number that is not finite, and for a function.
    """
    if type(value) is str:
        return _quoted(value)
    writer = _Writer(context)
    writer.json(value, "\n" if indented else "")
    return writer.text()


def plain(value: Any, context: Context) -> Any:
    """Return a value as data for others: structs as JSON has them, whole floats as ints.

    Raises `Fault` for a number that is not finite, and for a function.
    """
    context.spend(1)
    if isinstance(value, Struct):
        return value.plain()
    if isinstance(value, dict):
        return {_key(key): plain(item, context) for key, item in value.items()}
    if isinstance(value, list):
        return [plain(item, context) for item in value]
    return tidy(_finite(value)) if type(value) is float else _data(value)


def tidy(number: float) -> float:
    """Return a float that is a whole number as an int: JSON knows no difference."""
    return int(number) if number.is_integer() and abs(number) < _WRITTEN_OUT else number


@dataclass(slots=True)
class _Writer:
    context: Context
    parts: list[str] = field(default_factory=list)
    size: int = 0

    def text(self) -> str:
        return "".join(self.parts)

    def put(self, part: str) -> None:
        self.size += len(part)
        if self.size > limits.TEXT_CHARACTERS:
            raise too_long()
        self.parts.append(part)

    def display(self, value: Any) -> None:
        self.context.spend(1)
        if isinstance(value, list):
            self._displayed("[", (("", item) for item in value))
        elif isinstance(value, dict):
            keys = sorted(value, key=_display_order)
            self._displayed("map[", ((f"{_scalar(key)}:", value[key]) for key in keys))
        else:
            self.put(_scalar(value))

    def _displayed(self, opening: str, items: Iterable[tuple[str, Any]]) -> None:
        self.put(opening)
        separator = ""
        for label, item in items:
            self.put(f"{separator}{label}")
            self.display(item)
            separator = " "
        self.put("]")

    def json(self, value: Any, newline: str) -> None:
        """Write JSON; `newline` is a line break and the indentation, or empty for one line."""
        self.context.spend(1)
        if isinstance(value, Struct):
            value = value.plain()
        if isinstance(value, list):
            self._collection("[", (("", item) for item in value), "]", newline)
        elif isinstance(value, dict):
            items = {_key(key): item for key, item in value.items()}
            space = " " if newline else ""
            pairs = ((f"{_quoted(key)}:{space}", items[key]) for key in sorted(items))
            self._collection("{", pairs, "}", newline)
        elif isinstance(value, str):
            self.put(_quoted(value))
        elif type(value) is float:
            self.put(write_json_float(_finite(value)))
        else:
            self.put(json.dumps(_data(value)))

    def _collection(
        self, opening: str, items: Iterable[tuple[str, Any]], closing: str, newline: str
    ) -> None:
        inner = newline + _INDENT if newline else ""
        separator = ""
        self.put(opening)
        for label, item in items:
            self.put(f"{separator}{inner}{label}")
            self.json(item, inner)
            separator = ","
        self.put(newline + closing if separator else closing)


def _scalar(value: Any) -> str:
    if isinstance(value, float):
        return write_float(value)
    if isinstance(value, bool):
        return str(value).lower()
    return "<nil>" if value is None else str(value)


def _display_order(key: Any) -> tuple[str, Any]:
    """Order the keys of a map as `%v` does, kind by kind."""
    if isinstance(key, bool):
        return "bool", key
    return ("number", key) if isinstance(key, (int, float)) else ("string", str(key))


def _key(key: Any) -> str:
    if isinstance(key, str):
        return key
    return write_float(key) if isinstance(key, float) else json.dumps(_data(key))


def _quoted(text: str) -> str:
    return _SPECIAL.sub(_escaped, json.dumps(text, ensure_ascii=False))


def _escaped(match: re.Match[str]) -> str:
    code = ord(match.group())
    return "\ufffd" if code in _SURROGATES else f"\\u{code:04x}"


def _finite(number: float) -> float:
    if not math.isfinite(number):
        raise Fault("the result is not a finite number")
    return number


def _data(value: Any) -> Any:
    if value is None or isinstance(value, (bool, int, str)):
        return value
    raise Fault(f"{kind_of(value)} cannot be written as data")
