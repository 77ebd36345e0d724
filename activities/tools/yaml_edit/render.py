"""A value as YAML text: in the style that stands there if it fits, quoted where it must be."""

from __future__ import annotations

import json
import math
import re
from typing import Final

from activities.tools.updates import Value
from activities.tools.yaml_edit.block import header_comment, literal
from activities.tools.yaml_edit.event import Event
from activities.tools.yaml_edit.grammar import FLOW_PLAIN, PLAIN
from activities.tools.yaml_edit.scalar import INTEGERS, plain_meaning
from ferryman.domain.errors import InvalidError

_EXACT: Final = 2**53
"""Below this, a float without a fraction is written as the integer that it is."""

_LAST_OF_FOUR: Final = "\uffff"
"""The last character that JSON can write as `\\u` and four digits."""
_NO_UNICODE: Final = re.compile("[\ud800-\udfff]")


def render(text: str, scalar: Event, value: Value, *, flow: bool) -> str:
    """What to write in the place of `scalar` so that every reader takes it for `value`.

    `flow` says that it stands inside brackets. Raises `InvalidError` for a value that YAML's
    readers cannot agree on.
    """
    raw = text[scalar.start : scalar.end]
    if scalar.style not in ("|", ">"):
        return ("" if raw else " ") + _written(value, raw, flow=flow)
    if isinstance(value, str):
        lines = literal(raw, value, at_end=scalar.end == len(text))
        if lines is not None:
            return lines
    return _written(value, "", flow=flow) + header_comment(raw)


def _written(value: Value, raw: str, *, flow: bool) -> str:
    return _string(value, raw, flow=flow) if isinstance(value, str) else _constant(value)


def _constant(value: float | None) -> str:
    """The words and numbers of JSON, which YAML 1.1 and 1.2 read alike."""
    if value is None or isinstance(value, int):
        if value is not None and value not in INTEGERS:
            raise InvalidError("an integer of over 64 bits is not read alike; give it as a string")
        return json.dumps(value)
    if not math.isfinite(value):
        raise InvalidError(f"{value} is no number in JSON; give a finite one, or a string")
    if value.is_integer() and abs(value) < _EXACT:
        return str(int(value))
    # YAML 1.1 takes `1e+16` for a string: it wants a dot before the exponent.
    mantissa, e, exponent = repr(value).partition("e")
    return repr(value) if "." in mantissa else f"{mantissa}.0{e}{exponent}"


def _string(value: str, raw: str, *, flow: bool) -> str:
    """`value` in place of the plain or quoted scalar `raw`, keeping its quotes."""
    if _NO_UNICODE.search(value):
        raise InvalidError("a string with half a surrogate pair is not Unicode; repair the string")
    quote = raw[:1] if raw[:1] in ("'", '"') else ""
    one_line = value.isprintable()
    if quote == "'" and one_line:
        return _single_quoted(value)
    # In brackets a bare word may only follow a bare word: a JSON file stays JSON.
    bare = not flow or isinstance(plain_meaning(raw), str)
    if not quote and bare and _is_plain(value, flow=flow):
        return value
    if not quote and one_line and not flow and ('"' in value or "\\" in value):
        return _single_quoted(value)
    return _double_quoted(value)


def _is_plain(value: str, *, flow: bool) -> bool:
    """Whether a string can stand without quotes and is a string to every reader."""
    pattern = FLOW_PLAIN if flow else PLAIN
    return (
        plain_meaning(value) == value
        and value.isprintable()
        and pattern.fullmatch(value) is not None
        and not (flow and ":" in value)
    )


def _single_quoted(value: str) -> str:
    doubled = value.replace("'", "''")
    return f"'{doubled}'"


def _double_quoted(value: str) -> str:
    """JSON's notation, with everything invisible written out."""
    return "".join(
        char if char.isprintable() or char > _LAST_OF_FOUR else f"\\u{ord(char):04x}"
        for char in json.dumps(value, ensure_ascii=False)
    )
