"""Values as YAML, laid out as go-yaml v3 does, which is what Kargo's `asYAML` uses.

Indentation by four, keys in natural order, strings plain where they read back as strings, in
double quotes where they would read as something else, in `|` blocks where they have lines.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any, Final

from ferryman.domain.expressions import limits
from ferryman.domain.expressions.arithmetic import too_long
from ferryman.domain.expressions.numerals import write_float
from ferryman.domain.expressions.values import Context, Struct

_INDENT: Final = 4
_DASH: Final = 2
_LAST_BYTE: Final = 0xFF
_LAST_SHORT: Final = 0xFFFF

_NOT_FINITE: Final = {"+Inf": ".inf", "-Inf": "-.inf", "NaN": ".nan"}
_NOT_A_STRING: Final = re.compile(
    r"""
      ~ | null | Null | NULL | true | True | TRUE | false | False | FALSE | << | =
    | y | Y | yes | Yes | YES | on | On | ON | n | N | no | No | NO | off | Off | OFF
    | [-+]?\.(?:inf|Inf|INF) | \.(?:nan|NaN|NAN)
    | [-+]?(?:0[xX][0-9a-fA-F_]+ | 0[oO]?[0-7_]+ | 0[bB][01_]+)
    | [-+]?(?:\.[0-9_]+ | [0-9][0-9_]*(?:\.[0-9_]*)?)(?:[eE][-+]?[0-9]+)?
    | [-+]?[0-9][0-9_]*(?::[0-5]?[0-9])+(?:\.[0-9_]*)?
    | [0-9]{4}-[0-9]{1,2}-[0-9]{1,2}(?:[Tt\ ].*)?
    """,
    re.VERBOSE | re.DOTALL,
)
"""What would read back as null, a boolean, a number or a date, in YAML 1.1 or 1.2.

`=` has a type of its own there, which most readers do not know.
"""

_NOT_PLAIN: Final = re.compile(
    r"""[#,\[\]{}&*!|>'"%@`] | [-?:](?:\s|\Z) | ---|\.\.\. | .*(?::(?:\s|\Z)|\s\#) | \s | .*\s\Z""",
    re.VERBOSE | re.DOTALL,
)
_UNPRINTABLE: Final = re.compile(
    "[^\n\x20-\x7e\xa0-\ud7ff\ue000-\ufefe\uff00-\ufffd\U00010000-\U0010ffff]|\x85|\u2028|\u2029"
)
_ESCAPES: Final = {
    "\0": "0",
    "\a": "a",
    "\b": "b",
    "\t": "t",
    "\n": "n",
    "\v": "v",
    "\f": "f",
    "\r": "r",
    "\x1b": "e",
    '"': '"',
    "\\": "\\",
    "\x85": "N",
    "\xa0": "_",
    "\u2028": "L",
    "\u2029": "P",
}
_ESCAPED: Final = re.compile(f'["\\\\\n\xa0]|{_UNPRINTABLE.pattern}')


def to_yaml(value: Any, context: Context) -> str:
    """Write a value as a YAML document; raises `Fault` if it grows too large."""
    lines: list[str] = []
    size = 0
    for line in _lines(value, 0, context):
        size += len(line) + 1
        if size > limits.TEXT_CHARACTERS:
            raise too_long()
        lines.append(line)
    return "\n".join(lines) + "\n"


def _lines(value: Any, indent: int, context: Context) -> Iterator[str]:
    """Yield the lines of a value: the first without its indentation, the others with it."""
    context.spend(1)
    if isinstance(value, Struct):
        value = value.plain()
    if isinstance(value, dict) and value:
        entries = sorted(value.items(), key=lambda entry: _natural(str(entry[0])))
        for index, (key, item) in enumerate(entries):
            below = _INDENT * (indent // _INDENT + 1)
            label = f"{_margin(index, indent)}{_scalar(key)}:"
            yield from _entry(label, item, below, context)
    elif isinstance(value, list) and value:
        for index, item in enumerate(value):
            first, *rest = _lines(item, indent + _DASH, context)
            yield f"{_margin(index, indent)}- {first}"
            yield from rest
    elif isinstance(value, str) and "\n" in value and _fits_block(value):
        yield from _block(value, indent or _INDENT)
    else:
        yield _scalar(value)


def _entry(label: str, item: Any, indent: int, context: Context) -> Iterator[str]:
    first, *rest = _lines(item, indent, context)
    if isinstance(item, (dict, list)) and item:
        yield label
        yield " " * indent + first
    else:
        yield f"{label} {first}"
    yield from rest


def _margin(index: int, indent: int) -> str:
    return " " * indent if index else ""


def _scalar(value: Any) -> str:
    match value:
        case bool() | None:
            return "null" if value is None else str(value).lower()
        case float():
            written = write_float(value)
            return _NOT_FINITE.get(written, written)
        case dict() | list():
            return "{}" if isinstance(value, dict) else "[]"
    return _string(value) if isinstance(value, str) else str(value)


def _string(text: str) -> str:
    if not text or "\n" in text or "\t" in text or _UNPRINTABLE.search(text):
        return _double_quoted(text)
    if _NOT_A_STRING.fullmatch(text):
        return _double_quoted(text)
    if _NOT_PLAIN.match(text):
        return "'" + text.replace("'", "''") + "'"
    return text


def _double_quoted(text: str) -> str:
    return '"' + _ESCAPED.sub(_escaped, text) + '"'


def _escaped(match: re.Match[str]) -> str:
    character = match.group()
    if short := _ESCAPES.get(character):
        return f"\\{short}"
    code = ord(character)
    if code <= _LAST_BYTE:
        return f"\\x{code:02X}"
    return f"\\u{code:04X}" if code <= _LAST_SHORT else f"\\U{code:08X}"


def _fits_block(text: str) -> bool:
    at_odds = text[0] in " \n" or " \n" in text or text.endswith(" ")
    return not at_odds and not _UNPRINTABLE.search(text.replace("\t", ""))


def _block(text: str, indent: int) -> Iterator[str]:
    if text.endswith("\n"):
        yield "|+" if text.endswith("\n\n") else "|"
    else:
        yield "|-"
    for line in text.removesuffix("\n").split("\n"):
        yield " " * indent + line if line else ""


def _natural(text: str) -> list[tuple[bool, int, str]]:
    """Sort `a2` before `a10`, and signs before letters."""
    return [
        (character.isalpha(), int(run or 0), character)
        for run, character in re.findall(r"([0-9]{1,18})|(.)", text, re.DOTALL)
    ]
