"""The words of YAML, as patterns: the part of the language that our scanner is sure of.

Written after https://yaml.org/spec/1.2.2/ and narrowed to what ruamel.yaml, libyaml and go-yaml
read alike. No repetition gives back what it took, so that no text makes a pattern slow.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Final

from activities.tools.yaml_edit.event import UnsureError


def repeated(*patterns: str) -> str:
    """A pattern: any of `patterns`, as often as they match, and for good.

    It stands for `(?:…)*+`, which takes too much before Python 3.11.5 where the pattern inside
    has alternatives (https://github.com/python/cpython/issues/106052).
    """
    return f"(?>(?:{'|'.join(patterns)})*)"


_BREAK: Final = r"(?:\r?\n|\Z)"
_REMARK: Final = r"\#[^\r\n]*+"
_BLANKS: Final = repeated(r"[ ]*+\r?\n")
_REMARKS: Final = repeated(rf"[ ]*+{_REMARK}{_BREAK}{_BLANKS}")

_FIRST: Final = r"""[^ \t\r\n\-?:,\[\]{}#&*!|>'"%@`]"""
_INNER_HASH: Final = r"(?<![ \n])\#"
_REST: Final = repeated(
    r"[^ \t\r\n:#]++", r":(?=[^ \t\r\n])", _INNER_HASH, r"[ ]++(?=[^ \t\r\n:#])"
)
_PLAIN: Final = rf"(?:{_FIRST}|-(?=[^ \t\r\n])){_REST}"
_FLOW_REST: Final = repeated(
    r"[^ \t\r\n:#,\[\]{}?]++",
    r":(?=[^ \t\r\n,\[\]{}])",
    _INNER_HASH,
    r"[ ]++(?=[^ \t\r\n:#,\[\]{}?])",
)
_FLOW_PLAIN: Final = rf"(?:{_FIRST}|-(?=[^ \t\r\n,\[\]{{}}?:#])){_FLOW_REST}"

_ESCAPE: Final = (
    r"\\(?:[0abtnvfre \"/\\N_LP]"
    r"|x[0-9a-fA-F]{2}|u[0-9a-fA-F]{4}|U00(?:0[0-9a-fA-F]|10)[0-9a-fA-F]{4})"
)
_DOUBLE: Final = repeated(r"[^\"\\]++", _ESCAPE, r"\\\r?\n")
_SINGLE: Final = repeated(r"[^']++", "''")
_KEY_DOUBLE: Final = repeated(r"[^\"\\\r\n]++", _ESCAPE)
_KEY_SINGLE: Final = repeated(r"[^'\r\n]++", "''")
_QUOTED_KEY: Final = f"\"{_KEY_DOUBLE}\"|'{_KEY_SINGLE}'"

_ANCHOR: Final = r"&[A-Za-z0-9_-]++(?=[ \r\n]|\Z)"
_TAG: Final = r"!(?:!?[A-Za-z][A-Za-z0-9_.:/-]*+)?(?=[ \r\n]|\Z)"

ODD: Final = re.compile(
    "[^\t\n\r -~\xa0-\u2027\u202a-\ud7ff\ue000-\ufefe\uff00-\ufffd\U00010000-\U0010ffff]|\r(?!\n)"
)
"""Characters that YAML forbids, or that some readers take for a line break and others do not."""

GAP: Final = re.compile(rf"{_BLANKS}(?P<comments>{_REMARKS})(?P<indent>[ ]*+)")
"""Blank and comment lines, and then the indentation of the next line that says something."""

_FLOW_GAP: Final = repeated("[ ]++", r"\r?\n(?!---|\.\.\.|%)", rf"(?<=[ \n]){_REMARK}")
FLOW_GAP: Final = re.compile(_FLOW_GAP)
"""What may stand between two words inside brackets."""
COMMA: Final = re.compile(rf"{_FLOW_GAP}(?P<comma>,)?{_FLOW_GAP}")

_LINE_END: Final = rf"[ \t]*+(?P<comment>(?<=[ \t]){_REMARK})?{_BREAK}"
END_OF_LINE: Final = re.compile(_LINE_END)
BOUNDARY: Final = re.compile(
    rf"---(?=[ \t\r\n]|\Z)|\.\.\.[ ]*+{_BREAK}{_BLANKS}{_REMARKS}(?=---|\Z)"
)
"""What ends the first document; content after `...` is left to ruamel.yaml."""

PLAIN: Final = re.compile(_PLAIN)
CONTINUATION: Final = re.compile(rf"(?=[^ \t\r\n]){_REST}")
"""A further line of a plain scalar."""
FLOW_PLAIN: Final = re.compile(_FLOW_PLAIN)
QUOTED: Final = re.compile(f"\"{_DOUBLE}\"|'{_SINGLE}'")
ALIAS: Final = re.compile(r"\*[A-Za-z0-9_-]++(?=[ \r\n,\]}]|\Z)")

FLOW_KEY: Final = re.compile(
    rf"(?P<key>(?P<quoted>{_QUOTED_KEY})|{_FLOW_PLAIN})[ ]*+"
    rf"(?P<colon>:)(?(quoted)|(?=[ \r\n])){_FLOW_GAP}"
)
_SPACED: Final = r"(?=[ \r\n]|\Z)[ ]*+"
ENTRY: Final = re.compile(
    rf"(?P<dash>-{_SPACED})?"
    rf"(?:(?P<key>{_QUOTED_KEY}|{_PLAIN})[ ]*+(?P<colon>:){_SPACED})?"
    rf"(?:(?P<value>{_QUOTED_KEY}|{_PLAIN})?(?P<end>{_LINE_END}))?"
)
"""What a line of a block collection says, as far as that is simple: a dash, a key, a value.

`end` is missing where the rest is not simple; the pattern matches anywhere.
"""

LONGEST_KEY: Final = 1000
"""Characters; readers give up at 1,024."""

PROPERTIES: Final = re.compile(
    rf"(?=[&!])(?P<words>(?P<anchor>{_ANCHOR})?(?:[ ]*+(?P<tag>{_TAG}))?"
    rf"(?(anchor)|(?:[ ]*+{_ANCHOR})?))[ ]*+"
)
"""An anchor and a tag, in either order."""

BLOCK_HEADER: Final = re.compile(rf"[|>][+-]?(?:[ ]++{_REMARK})?[ ]*+{_BREAK}")
"""The first line of a block scalar; an indentation indicator is left to ruamel.yaml."""

LEADING_LINES: Final = re.compile(rf"(?P<blank>{_BLANKS})(?P<indent>[ ]*+)")
"""The blank lines at the head of a block scalar, and the indentation of its content."""

BLANK_LINES: Final = re.compile(rf"{_BLANKS}(?:[ ]*+\Z)?")


@lru_cache(maxsize=64)
def content_lines(indent: int) -> re.Pattern[str]:
    """The lines of a block scalar whose content is indented by `indent` columns."""
    content = rf"[ ]{{{indent}}}[^\r\n]*+{_BREAK}"
    return re.compile(repeated(content, rf"[ ]{{0,{indent}}}\r?\n"))


def after(pattern: re.Pattern[str], text: str, pos: int) -> int:
    """The index after the `pattern` that stands at `pos`; raises `UnsureError` if none does."""
    match = pattern.match(text, pos)
    if not match:
        raise UnsureError(pos)
    return match.end()
