"""The first look at an expression: its text cut into tokens.

Syntax follows expr-lang 1.17 (docs/language-definition.md, "Literals"): `//` and `/* */` comments,
strings in single or double quotes with escapes, in backticks without.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import Enum
from typing import Final

from ferryman.domain.expressions import limits
from ferryman.domain.expressions.faults import Fault


class Kind(Enum):
    """What a token is."""

    NAME = "name"
    NUMBER = "number"
    STRING = "string"
    OPERATOR = "operator"
    END = "end"


@dataclass(frozen=True, slots=True)
class Token:
    """A piece of the source; of a string, `text` is its value without quotes and escapes."""

    kind: Kind
    text: str
    at: int

    def __str__(self) -> str:
        """Name the token in an error."""
        if self.kind is Kind.END:
            return "the end of the expression"
        return f"the {self.kind.value} {self.text[:40]!r}"


WORD_OPERATORS: Final = frozenset(
    {
        *("not", "and", "or", "in", "matches", "contains", "startsWith", "endsWith"),
        *("let", "if", "else"),
    }
)

_TOKEN: Final = re.compile(
    r"""
      (?P<space>   \s+ | //[^\n]* | /\*.*?\*/ )
    | (?P<number>  0[xX][0-9a-fA-F_]* | 0[oO][0-7_]* | 0[bB][01_]*
                 | [0-9][0-9_]*(?:\.(?!\.)[0-9_]*)?(?:[eE][+-]?[0-9_]*)?
                 | \.[0-9][0-9_]*(?:[eE][+-]?[0-9_]*)? )
    | (?P<name>    [\w$]+ )
    | (?P<string>  '(?:[^'\\\n]|\\.)*' | "(?:[^"\\\n]|\\.)*" )
    | (?P<raw>     `(?:[^`]|``)*` )
    | (?P<operator> \|\| | && | \?\? | \?\. | \*\* | [=!<>]= | \.\. | ::
                 | /(?!\*) | [-+*%^|<>!=?:,;.\#()\[\]{}] )
    """,
    re.VERBOSE | re.DOTALL,
)

_WORD: Final = re.compile(r"[\w$]")
_ESCAPE: Final = re.compile(
    r"""\\(?: (?P<simple>[abfnrtv\\'"])
        | x(?P<hex>[0-9a-fA-F]{2}) | u(?P<short>[0-9a-fA-F]{4}) | U(?P<long>[0-9a-fA-F]{8})
        | u\{(?P<braces>[0-9a-fA-F]{1,8})\} | (?P<octal>[0-7]{3}) | (?P<bad>.) )""",
    re.VERBOSE | re.DOTALL,
)
_SIMPLE: Final = dict(zip("abfnrtv\\", "\a\b\f\n\r\t\v\\", strict=True))
_LAST_CHARACTER: Final = 0x10FFFF
_LAST_OCTAL: Final = 0xFF
_SURROGATES: Final = range(0xD800, 0xE000)

_UNCLOSED: Final = {
    "'": "the string is not closed; add the quote ' on the same line",
    '"': 'the string is not closed; add the quote " on the same line',
    "`": "the string is not closed; add the quote `",
    "/": "the comment is not closed; add */",
}


def tokens(source: str) -> list[Token]:
    """Cut `source` into tokens, the last of which has kind `END`; raises `Fault`."""
    if len(source) > limits.SOURCE_CHARACTERS:
        raise Fault(
            f"the expression has {len(source)} characters; "
            f"at most {limits.SOURCE_CHARACTERS} are allowed",
            0,
        )
    found: list[Token] = []
    position = 0
    while position < len(source):
        match = _TOKEN.match(source, position)
        if match is None:
            raise _unreadable(source, position)
        if match.lastgroup != "space":
            found.append(_token(source, match))
        position = match.end()
    found.append(Token(Kind.END, "", len(source)))
    return found


def _token(source: str, match: re.Match[str]) -> Token:
    text, at = match.group(), match.start()
    if match["name"]:
        return Token(Kind.OPERATOR if text in WORD_OPERATORS else Kind.NAME, text, at)
    if match["number"]:
        if _WORD.match(source, match.end()):
            raise Fault(f"{text + source[match.end()]!r} is neither a number nor a name", at)
        return Token(Kind.NUMBER, text, at)
    if match["string"]:
        return Token(Kind.STRING, _unescaped(text[1:-1], text[0], at + 1), at)
    if match["raw"]:
        return Token(Kind.STRING, text[1:-1].replace("``", "`"), at)
    return Token(Kind.OPERATOR, text, at)


def _unescaped(text: str, quote: str, at: int) -> str:
    def character(match: re.Match[str]) -> str:
        if simple := match["simple"]:
            if simple not in "'\"":
                return _SIMPLE[simple]
            if simple == quote:
                return quote
        elif not match["bad"]:
            digits = match["hex"] or match["short"] or match["long"] or match["braces"]
            code = int(digits, 16) if digits else int(match["octal"], 8)
            if code <= (_LAST_CHARACTER if digits else _LAST_OCTAL):
                return "\ufffd" if code in _SURROGATES else chr(code)
        raise Fault(
            f"{match.group()!r} is no escape sequence; write '\\\\' for a backslash",
            at + match.start(),
        )

    return _ESCAPE.sub(character, text) if "\\" in text else text


def _unreadable(source: str, position: int) -> Fault:
    character = source[position]
    if character in _UNCLOSED:
        return Fault(_UNCLOSED[character], position)
    return Fault(f"the character {character!r} has no meaning here", position)
