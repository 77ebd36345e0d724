"""Numbers as Go writes them and reads them back."""

from __future__ import annotations

import math
import re
from typing import Final

_DIGITS: Final = "[0-9]+(?:_[0-9]+)*"
_HEX: Final = "[0-9a-fA-F]+(?:_[0-9a-fA-F]+)*"
_DECIMAL: Final = re.compile(
    rf"[+-]?(?:{_DIGITS}(?:\.(?:{_DIGITS})?)?|\.{_DIGITS})(?:[eE][+-]?{_DIGITS})?"
)
_HEXADECIMAL: Final = re.compile(
    rf"[+-]?0[xX]_?(?:{_HEX}(?:\.(?:{_HEX})?)?|\.{_HEX})[pP][+-]?{_DIGITS}"
)
_WORD: Final = re.compile(r"[+-]?inf(?:inity)?|nan", re.IGNORECASE)
_INTEGER: Final = re.compile(r"[+-]?[0-9]+")

_LONGEST_INTEGER: Final = 400
"""No float has more digits; what is longer is out of range (and slow to read)."""

_SMALLEST_EXPONENT: Final = -4
_PLAIN_DIGITS: Final = 6
_JSON_SMALLEST: Final = 1e-6
_JSON_LARGEST: Final = 1e21


def read_float(text: str) -> float | None:
    """Read a number as Go's `strconv.ParseFloat` does; None if it is none or out of range.

    It knows hexadecimal floats, underscores between digits, `Inf` and `NaN`.
    """
    if _WORD.fullmatch(text):
        return float(text)
    try:
        if _HEXADECIMAL.fullmatch(text):
            return float.fromhex(text.replace("_", ""))
    except OverflowError:
        return None
    if not _DECIMAL.fullmatch(text):
        return None
    number = float(text.replace("_", ""))
    return number if math.isfinite(number) else None


def read_integer(text: str) -> int | None:
    """Read a decimal integer of any size that a float could have; None if it is none."""
    if len(text) > _LONGEST_INTEGER or not _INTEGER.fullmatch(text):
        return None
    return int(text)


def write_float(number: float) -> str:
    """Write a float as Go's `%v` does: `1`, `0.5`, `1e+06`."""
    if not math.isfinite(number):
        return {math.inf: "+Inf", -math.inf: "-Inf"}.get(number, "NaN")
    sign, digits, exponent = _parts(number)
    if _SMALLEST_EXPONENT <= exponent < _PLAIN_DIGITS:
        return sign + _plain(digits, exponent)
    return sign + _scientific(digits, exponent, width=2)


def write_json_float(number: float) -> str:
    """Write a finite float as Go's JSON does: `1`, `1000000`, `1e+21`."""
    sign, digits, exponent = _parts(number)
    if number == 0 or _JSON_SMALLEST <= abs(number) < _JSON_LARGEST:
        return sign + _plain(digits, exponent)
    return sign + _scientific(digits, exponent, width=1 if exponent < 0 else 2)


def _parts(number: float) -> tuple[str, str, int]:
    """Return sign, shortest digits, and the exponent of the first digit."""
    mantissa, _, exponent = f"{abs(number)!r}".partition("e")
    whole, _, fraction = mantissa.partition(".")
    digits = (whole + fraction).lstrip("0")
    leading = len(whole) - 1 - (len(whole + fraction) - len(digits))
    sign = "-" if math.copysign(1, number) < 0 else ""
    if not digits:
        return sign, "0", 0
    return sign, digits.rstrip("0"), leading + int(exponent or 0)


def _plain(digits: str, exponent: int) -> str:
    if exponent < 0:
        return "0." + "0" * (-exponent - 1) + digits
    whole = digits[: exponent + 1].ljust(exponent + 1, "0")
    fraction = digits[exponent + 1 :]
    return f"{whole}.{fraction}" if fraction else whole


def _scientific(digits: str, exponent: int, *, width: int) -> str:
    mantissa = f"{digits[0]}.{digits[1:]}" if len(digits) > 1 else digits
    return f"{mantissa}e{'-' if exponent < 0 else '+'}{abs(exponent):0{width}}"
