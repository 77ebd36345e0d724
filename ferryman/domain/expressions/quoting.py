"""Functions of templates that keep a value a string (Kargo's).

They put the value's text in double quotes, which rendering then takes off again, but only if
the whole template is in them.
"""

from __future__ import annotations

from typing import Any, Final

from ferryman.domain.expressions.function import by_name, define
from ferryman.domain.expressions.values import Context
from ferryman.domain.expressions.writing import to_json
from ferryman.domain.expressions.yaml_writing import to_yaml

_ESCAPES: Final = {
    "\a": "\\a",
    "\b": "\\b",
    "\f": "\\f",
    "\n": "\\n",
    "\r": "\\r",
    "\t": "\\t",
    "\v": "\\v",
    "\\": "\\\\",
    '"': '\\"',
}
_LAST_BYTE: Final = 0x7F
_LAST_SHORT: Final = 0xFFFF


def _quote(context: Context, value: Any) -> str:
    """Escape a string as Go's `%q` does; nobody takes the backslashes off again."""
    if isinstance(value, str):
        return '"' + "".join(map(_escaped, value)) + '"'
    return _unsafe_quote(context, value)


def _unsafe_quote(context: Context, value: Any) -> str:
    return f'"{to_json(value, context)}"'


def _as_yaml(context: Context, value: Any) -> str:
    return f'"{to_yaml(value, context)}"'


def _as_json(context: Context, value: Any) -> str:
    return f'"{to_json(value, context, indented=True)}\n"'


def _escaped(character: str) -> str:
    if escape := _ESCAPES.get(character):
        return escape
    if character.isprintable():
        return character
    code = ord(character)
    if code <= _LAST_BYTE:
        return f"\\x{code:02x}"
    return f"\\u{code:04x}" if code <= _LAST_SHORT else f"\\U{code:08x}"


FUNCTIONS: Final = by_name(
    (
        define("quote(any) string", _quote, contextual=True),
        define("unsafeQuote(any) string", _unsafe_quote, contextual=True),
        define("asYAML(any) string", _as_yaml, contextual=True),
        define("asJSON(any) string", _as_json, contextual=True),
    )
)
