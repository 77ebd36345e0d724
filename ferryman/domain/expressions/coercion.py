"""What the text of a rendered template becomes."""

from __future__ import annotations

import json
import math
from typing import Any, Final, NoReturn

from ferryman.domain.expressions.numerals import read_float, read_integer
from ferryman.domain.expressions.writing import tidy

_BOOLEANS: Final = {
    **dict.fromkeys(("1", "t", "T", "TRUE", "true", "True"), True),
    **dict.fromkeys(("0", "f", "F", "FALSE", "false", "False"), False),
}
_JSON_BEGINS: Final = '{["tfn-0123456789 \t\r\n'
_QUOTED: Final = 2


def coerced(text: str) -> Any:
    """Return what `text` reads as (Kargo's rules), in this order.

    In double quotes: the string between them, as it is. A number in Go's spelling; an integer
    keeps all its digits, where Kargo rounds beyond 2**53. A boolean in Go's spelling. Other
    JSON. Else the string. One newline at the end is overlooked, and stays only on a string.
    """
    body = text.removesuffix("\n")
    if len(body) >= _QUOTED and body[0] == body[-1] == '"':
        return body[1:-1] + text[len(body) :]
    number = read_number(body)
    if number is not None:
        return number
    if body in _BOOLEANS:
        return _BOOLEANS[body]
    try:
        return read_json(body)
    except ValueError:
        return text


def read_number(text: str) -> int | float | None:
    """Read a number; None if it is none, or not finite, which no file could hold."""
    integer = read_integer(text)
    if integer is not None:
        return integer
    number = read_float(text)
    return tidy(number) if number is not None and math.isfinite(number) else None


def read_json(text: str) -> Any:
    """Read JSON as Go does: no NaN, nothing too large for a float. Raises ValueError."""
    if not text or text[0] not in _JSON_BEGINS:
        raise ValueError(text)
    return json.loads(text, parse_constant=_refused, parse_float=_number)


def _number(text: str) -> float:
    number = read_number(text)
    return _refused(text) if number is None else number


def _refused(text: str) -> NoReturn:
    raise ValueError(text)
