"""Functions on strings (expr-lang's "String Functions").

Positions and lengths count characters; expr-lang counts bytes in a few places, which differs
only outside ASCII.
"""

from __future__ import annotations

from typing import Any, Final

from ferryman.domain.expressions import limits
from ferryman.domain.expressions.arithmetic import too_long, too_many, whole
from ferryman.domain.expressions.faults import Fault
from ferryman.domain.expressions.function import define
from ferryman.domain.expressions.values import kind_of

_SPACE: Final = (
    "\t\n\v\f\r \x85\xa0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a"
    "\u2028\u2029\u202f\u205f\u3000"
)
"""What Go trims; Python would also trim the separators below the space."""


def _trim(text: str, characters: str = _SPACE) -> str:
    return text.strip(characters)


def _trim_prefix(text: str, prefix: str = " ") -> str:
    return text.removeprefix(prefix)


def _trim_suffix(text: str, suffix: str = " ") -> str:
    return text.removesuffix(suffix)


def _upper(text: str) -> str:
    return text.upper() if text.isascii() else "".join(_one(c, c.upper()) for c in text)


def _lower(text: str) -> str:
    return text.lower() if text.isascii() else "".join(c.lower()[0] for c in text)


def _one(character: str, changed: str) -> str:
    """Go changes a character into one character or not at all: the upper case of ß is ß."""
    return changed if len(changed) == 1 else character


def _split(text: str, separator: str, count: float = -1) -> list[str]:
    return _pieces(text, separator, whole(count))


def _split_after(text: str, separator: str, count: float = -1) -> list[str]:
    pieces = _pieces(text, separator, whole(count))
    return [piece + separator for piece in pieces[:-1]] + pieces[-1:]


def _pieces(text: str, separator: str, count: int) -> list[str]:
    """Cut `text` into at most `count` pieces, of which the last is the rest; -1 means all."""
    found = text.count(separator) + 1 if separator else len(text)
    wanted = found if count < 0 else min(count, found)
    if wanted > limits.ITEMS:
        raise too_many()
    if wanted == 0:
        return []
    if separator:
        return text.split(separator, wanted - 1)
    return [*text[: wanted - 1], text[wanted - 1 :]]


def _replace(text: str, old: str, new: str, count: float = -1) -> str:
    times = whole(count)
    found = text.count(old)
    replaced = found if times < 0 else min(times, found)
    if len(text) + replaced * (len(new) - len(old)) > limits.TEXT_CHARACTERS:
        raise too_long()
    return text.replace(old, new, replaced)


def _repeat(text: str, count: float) -> str:
    times = whole(count)
    if times < 0:
        raise Fault("repeat wants a count that is not negative")
    if len(text) * times > limits.TEXT_CHARACTERS:
        raise too_long()
    return text * times


def _join(items: list[Any], glue: str = "") -> str:
    for item in items:
        if type(item) is not str:
            raise Fault(f"join wants strings, not {kind_of(item)}; map(…, string(#)) makes them")
    if sum(map(len, items)) + len(glue) * len(items) > limits.TEXT_CHARACTERS:
        raise too_long()
    return glue.join(items)


FUNCTIONS: Final = (
    define("trim(string, string?) string", _trim),
    define("trimPrefix(string, string?) string", _trim_prefix),
    define("trimSuffix(string, string?) string", _trim_suffix),
    define("upper(string) string", _upper),
    define("lower(string) string", _lower),
    define("split(string, string, count?) [string]", _split),
    define("splitAfter(string, string, count?) [string]", _split_after),
    define("replace(string, string, string, count?) string", _replace),
    define("repeat(string, count) string", _repeat),
    define("join(array, string?) string", _join),
    define("indexOf(string, string) int", str.find),
    define("lastIndexOf(string, string) int", str.rfind),
    define("hasPrefix(string, string) bool", str.startswith),
    define("hasSuffix(string, string) bool", str.endswith),
)
