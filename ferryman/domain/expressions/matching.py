"""`matches`, `contains`, `startsWith` and `endsWith`. Where either side is nil, nothing matches."""

from __future__ import annotations

import operator
from collections.abc import Callable
from functools import lru_cache
from typing import Any, Final

from ferryman.domain.errors import InvalidError
from ferryman.domain.expressions import limits
from ferryman.domain.expressions.environment import weight
from ferryman.domain.expressions.faults import Fault
from ferryman.domain.expressions.values import Context, kind_of
from ferryman.domain.patterns import Pattern, compile_regex

Test = Callable[[Any, Any, Context], bool]


@lru_cache(maxsize=limits.CACHED_PATTERNS)
def pattern(text: str) -> Pattern:
    """Compile an RE2 expression; raises `Fault`."""
    if len(text) > limits.PATTERN_CHARACTERS:
        raise Fault(
            f"the regular expression has more than {limits.PATTERN_CHARACTERS:,} characters"
        )
    try:
        return compile_regex(text)
    except InvalidError:
        raise Fault(
            "this is no regular expression in RE2's syntax, which has no look-around and no "
            "back-references; in quotes, a backslash is written twice"
        ) from None


def check_pattern(text: str, at: int) -> None:
    """Raise `Fault`, placed at `at`, unless `text` is an RE2 expression."""
    try:
        pattern(text)
    except Fault as fault:
        raise fault.at(at) from None


def _on_strings(symbol: str, test: Callable[[str, str], bool]) -> Test:
    def tested(left: Any, right: Any, context: Context) -> bool:
        if left is None or right is None:
            return False
        if type(left) is not str or type(right) is not str:
            raise Fault(f"'{symbol}' wants strings, not {kind_of(left)} and {kind_of(right)}")
        context.spend(weight(left))
        return test(left, right)

    return tested


TEXT_TESTS: Final[dict[str, Test]] = {
    "contains": _on_strings("contains", operator.contains),
    "startsWith": _on_strings("startsWith", str.startswith),
    "endsWith": _on_strings("endsWith", str.endswith),
    "matches": _on_strings("matches", lambda text, regex: pattern(regex).search(text) is not None),
}
"""By operator."""
