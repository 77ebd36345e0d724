"""Patterns that users write: RE2 regular expressions, globs, and names that are either.

RE2 matches in time linear in its input, so that no pattern can stall us.
"""

from __future__ import annotations

import re
from typing import Protocol, cast

import re2

from ferryman.domain.errors import InvalidError

_QUIET = re2.Options()
_QUIET.log_errors = False

_REGEX_PREFIXES = ("regex:", "regexp:")
_GLOB_PREFIX = "glob:"

_GLOB_TOKEN = re.compile(
    r"\\(?P<escaped>.)"
    r"|\[(?P<negated>[!^]?)(?P<characters>(?:\\.|[^]\\])+)\]"
    r"|(?<![^/{,])(?P<folders>\*\*(?:/|(?![^,}])))"
    r"|(?P<wildcard>[*?])"
    r"|(?P<brace>[{}])"
    r"|(?P<literal>[^\\[])",
    re.DOTALL,
)
_CLASS_LITERAL = re.compile(r"\\(.)|\[", re.DOTALL)
_WILDCARDS = {"*": "[^/]*", "?": "[^/]"}


class Pattern(Protocol):
    """A compiled pattern."""

    def search(self, text: str, /) -> object | None:
        """Return something if `text` matches, else None."""


def compile_regex(text: str, *, field: str = "") -> Pattern:
    """Compile an unanchored RE2 expression; raises `InvalidError`."""
    try:
        return cast(Pattern, re2.compile(text, _QUIET))
    except re2.error as error:
        raise InvalidError(
            f"{text!r} is not a regular expression in RE2's syntax "
            f"({_reason(error)}); look-around and back-references do not exist there",
            field=field,
        ) from None


def compile_glob(text: str, *, field: str = "") -> Pattern:
    """Compile a glob, which must match the whole text; raises `InvalidError`.

    `*` and `?` stop at `/`, and `**` between slashes stands for any folders; `[a-z]`, `[!a-z]`
    and `{this,that}` have their usual meaning, and a backslash takes the next sign as it is.
    """
    expression = _expression(text)
    try:
        if expression is not None:
            return cast(Pattern, re2.compile(rf"\A(?s:{expression})\z", _QUIET))
    except re2.error:
        pass  # a range such as [z-a]
    raise InvalidError(
        f"{text!r} is not a glob; close every [ and {{, write ranges upwards, "
        "and double a backslash",
        field=field,
    )


def compile_name(text: str, *, field: str = "") -> Pattern:
    """Compile a name, or `regex:`, `regexp:` or `glob:` and a pattern (Kargo's stageSelector).

    Raises `InvalidError` for a bad pattern, and for any other word before a colon.
    """
    if text.startswith(_GLOB_PREFIX):
        return compile_glob(text.removeprefix(_GLOB_PREFIX), field=field)
    for prefix in _REGEX_PREFIXES:
        if text.startswith(prefix):
            return compile_regex(text.removeprefix(prefix), field=field)
    if ":" in text:
        raise InvalidError(
            f"{text!r} is neither a name nor a pattern; "
            "write the exact name, or 'glob:' or 'regex:' before a pattern",
            field=field,
        )
    return compile_regex(rf"\A{re2.escape(text)}\z", field=field)


def _reason(error: Exception) -> str:
    reason = error.args[0] if error.args else ""
    return reason.decode() if isinstance(reason, bytes) else str(reason)


def _expression(glob: str) -> str | None:
    parts: list[str] = []
    position = depth = 0
    while position < len(glob):
        token = _GLOB_TOKEN.match(glob, position)
        if token is None:
            return None
        position = token.end()
        depth += {"{": 1, "}": -1}.get(token["brace"] or "", 0)
        if depth < 0:
            return None
        parts.append(_translated(token, in_braces=depth > 0))
    return "".join(parts) if depth == 0 else None


def _translated(token: re.Match[str], *, in_braces: bool) -> str:
    if token["characters"]:
        characters = _CLASS_LITERAL.sub(
            lambda match: re2.escape(match[1] or "["), token["characters"]
        )
        return f"[^{characters}]" if token["negated"] else f"[{characters}]"
    if token["folders"]:
        return "(?:.*/)?" if token["folders"].endswith("/") else ".*"
    if token["wildcard"]:
        return _WILDCARDS[token["wildcard"]]
    if token["brace"]:
        return "(?:" if token["brace"] == "{" else ")"
    if token["literal"] == "," and in_braces:
        return "|"
    return str(re2.escape(token["escaped"] or token["literal"]))
