"""A value as TOML text: in the notation that stands there if it fits."""

from __future__ import annotations

import json
import math
import re
import tomllib
from datetime import date, datetime, time
from typing import Any, Final

from activities.tools.toml_edit.grammar import WORD
from activities.tools.updates import Value
from ferryman.domain.errors import InvalidError

INTEGERS: Final = range(-(2**63), 2**63)
"""TOML's own."""

_EXACT: Final = 2**53
"""Up to this, an integer and a float can be the same number to every reader."""
_LAST_OF_FOUR: Final = "\uffff"
"""The last character that `\\u` and four digits can write."""
_NO_UNICODE: Final = re.compile("[\ud800-\udfff]")
_LOUD_QUOTE: Final = re.compile(r'"(?=""|\Z)')
"""A quotation mark that could end a string between three of them."""


def render(value: Value, raw: str, was: Any, line_break: str) -> str:
    """What to write in place of `raw`, which is read as `was`, so that `value` is read.

    A number stays a float where one stood. A string that is a date stays a date where one of its
    kind stood. Raises `InvalidError` for a value that TOML has not.
    """
    if value is None:
        raise InvalidError("TOML has no null; give a string, number or boolean")
    if isinstance(value, bool):
        return json.dumps(value)
    if isinstance(value, (int, float)):
        return _number(value, is_float=isinstance(was, float))
    if _NO_UNICODE.search(value):
        raise InvalidError("a string with half a surrogate pair is not Unicode; repair it")
    if isinstance(was, (date, time)) and is_moment(value, was):
        return value
    return _string(value, raw, line_break)


def is_moment(value: str, was: date | time) -> bool:
    """Whether TOML takes the unquoted `value` for a date, a time or both, as `was` is."""
    if not WORD.fullmatch(value):
        return False
    try:
        moment = tomllib.loads(f"a = {value}")["a"]
    except ValueError:
        return False
    zoned = [isinstance(m, datetime) and m.tzinfo is not None for m in (moment, was)]
    return type(moment) is type(was) and zoned[0] == zoned[1]


def _number(value: float, *, is_float: bool) -> str:
    if isinstance(value, int) and value not in INTEGERS:
        raise InvalidError("TOML's integers have 64 bits; give a smaller one, or a string")
    if not math.isfinite(value):
        raise InvalidError(f"{value} is not read alike by all; give a finite number, or a string")
    number = float(value)
    if is_float and number == value:
        return repr(number)
    whole = number.is_integer() and abs(number) <= _EXACT
    return str(int(value)) if whole or isinstance(value, int) else repr(number)


def _string(value: str, raw: str, line_break: str) -> str:
    """`value` with the quotation marks of `raw` if they fit."""
    quotes, visible = raw[:3], all(map(_is_visible, value.split("\n")))
    if quotes == "'''" and visible and quotes not in value and not value.endswith("'"):
        return _lines(value, raw, line_break)
    if quotes in ("'''", '"""'):
        body = _LOUD_QUOTE.sub(r"\"", "\n".join(map(_bare, value.split("\n"))))
        return _lines(body, f'"""{raw[3:]}', line_break)
    if raw.startswith("'") and "'" not in value and _is_visible(value):
        return f"'{value}'"
    return f'"{_escaped(value)}"'


def _lines(body: str, raw: str, line_break: str) -> str:
    """`body` between the three quotation marks of `raw`, beginning on a line of its own as there.

    A line break right behind the marks is not part of a string.
    """
    begin = "\n" if raw[3:].startswith(("\n", "\r\n")) or body.startswith("\n") else ""
    return f"{raw[:3]}{begin}{body}{raw[:3]}".replace("\n", line_break)


def _is_visible(line: str) -> bool:
    return line.replace("\t", "").isprintable()


def _bare(line: str) -> str:
    """A line of a string between three quotation marks, in which one or two need no backslash."""
    return _escaped(line).replace('\\"', '"')


def _escaped(value: str) -> str:
    """JSON's notation, which TOML shares, with everything invisible written out."""
    return "".join(
        char if char.isprintable() or char > _LAST_OF_FOUR else f"\\u{ord(char):04x}"
        for char in json.dumps(value, ensure_ascii=False)[1:-1]
    )
