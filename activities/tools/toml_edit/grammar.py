"""The words of TOML, as patterns that match what stands at a position.

Source: https://toml.io/en/v1.0.0. They take more than TOML allows; `tomllib` has the last word.
"""

from __future__ import annotations

import re
from typing import Final

# `(?>(?:…)*)` stands for `(?:…)*+`, which takes too much before Python 3.11.5 where the pattern
# inside has alternatives (https://github.com/python/cpython/issues/106052).

GAP: Final = re.compile(r"[ \t]*+")
"""White space within a line."""

BLANK: Final = re.compile(r"(?>(?:[ \t\r\n]++|#[^\n]*+)*)")
"""White space, line breaks and comments."""

NAME: Final = re.compile(r"""[A-Za-z0-9_-]++|"(?>(?:[^"\\\n]++|\\.)*)"|'[^'\n]*+'""")
"""One part of a key."""

DOT: Final = re.compile(r"[ \t]*+\.[ \t]*+")

EQUALS: Final = re.compile(r"[ \t]*+=[ \t]*+")

STRING: Final = re.compile(
    r'''
      """(?>(?:[^"\\]++|\\.|"{1,2}(?!"))*)""""{0,2}+
    | \'\'\'(?>(?:[^']++|'{1,2}(?!'))*)\'\'\''{0,2}+
    | "(?>(?:[^"\\\n]++|\\.)*)"
    | '[^'\n]*+'
    ''',
    re.VERBOSE | re.DOTALL,
)

WORD: Final = re.compile(
    r"[0-9]{4}-[0-9]{2}-[0-9]{2}[ ][0-9]{2}:[^\s,\]}\#]*+ | [^\s,\[\]{}\#=\"']++", re.VERBOSE
)
"""A number, a boolean, or a date, which may have a space before its time."""
