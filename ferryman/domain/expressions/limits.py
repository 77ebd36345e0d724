"""How much one expression may ask for; passing a limit is an error that names it.

An expression is written by whoever may edit a Stage, and runs in a process that serves everybody:
these numbers keep one of them from holding up the rest. None is near what a real template needs.
"""

from __future__ import annotations

from typing import Final

SOURCE_CHARACTERS: Final = 10_000
"""Length of one expression's text."""

NESTING: Final = 50
"""Brackets, calls, predicates and conditions inside one another."""

TREE_DEPTH: Final = 120
"""Operations that hang on one another, as in a long `a + b + c`, each needing the last."""

STEPS: Final = 500_000
"""Work of one evaluation: about one per operation in a predicate and per item that is looked at."""

TEXT_CHARACTERS: Final = 1 << 20
"""Length of a string that an expression makes."""

ITEMS: Final = 100_000
"""Items of a list that an expression makes."""

DATA_DEPTH: Final = 100
"""Lists and maps inside one another, in what goes in and in what comes out."""

PATTERN_CHARACTERS: Final = 1_000
"""Length of a regular expression."""

LAYOUT_CHARACTERS: Final = 100
"""Length of the layout by which a date is read or written."""

CACHED_PATTERNS: Final = 200
"""Compiled regular expressions that are kept."""

CACHED_EXPRESSIONS: Final = 1_000
"""Compiled expressions that are kept, least recently used out first."""

CACHED_CHARACTERS: Final = 1_000
"""A longer expression is compiled afresh each time, so that the cache stays small in bytes too."""
