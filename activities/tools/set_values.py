r"""Values as `helm template --set` takes them, told apart so that they need not be arguments.

Other users of a machine can read a process's arguments. So strings go to helm as files
(`--set-file`), and the rest as a file of values.

The notation is helm's: `a.b[0]=text`, `true`, `null`, `8080`, `{one,two}`; a comma begins another
assignment, and `\` makes the next character an ordinary one.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from ferryman.domain.errors import InvalidError

_WORDS: dict[str, Any] = {"true": True, "false": False, "null": None}
_INTEGER = re.compile(r"-?(?:0|[1-9]\d{0,17})", re.ASCII)
_PLAIN_KEY = re.compile(r"(?:[^\\.,=\[\]{}]|\\.)+(?:\.(?:[^\\.,=\[\]{}]|\\.)+)*")
_PART = re.compile(r"(?:[^\\.]|\\.)+")


@dataclass(frozen=True)
class Assignment:
    """One value and where it goes."""

    key: str
    value: Any

    @property
    def path(self) -> list[str] | None:
        """The names that lead to it; None for a key that leads into a list."""
        plain = _PLAIN_KEY.fullmatch(self.key)
        return [_unescaped(part) for part in _PART.findall(self.key)] if plain else None


def assignments(key: str, value: str, *, literal: bool) -> Iterator[Assignment]:
    """What `--set key=value` assigns, or `--set-literal`; raises InvalidError where helm would."""
    if literal:
        yield Assignment(key, value)
        return
    first, *further = _split(value)
    yield Assignment(key, _read(first))
    for assignment in further:
        other, equals, text = assignment.partition("=")
        if not equals:
            raise InvalidError(
                rf"the value of {key!r} has a comma, which begins another assignment; write `\,`, "
                "or literal: true",
                field="setValues.value",
            )
        yield Assignment(other, _read(text))


def tree(path: Sequence[str], value: Any, base: dict[str, Any]) -> dict[str, Any]:
    """`base` with a value put where `path` leads; what is no mapping on the way is replaced."""
    name, *rest = path
    below = base.get(name)
    inner = tree(rest, value, below if isinstance(below, dict) else {}) if rest else value
    return {**base, name: inner}


def _split(text: str) -> list[str]:
    """The parts between the commas that are neither escaped nor in braces."""
    parts, braces, escaped = [""], 0, False
    for char in text:
        if char == "," and not escaped and not braces:
            parts.append("")
            continue
        if not escaped:
            braces += {"{": 1, "}": -1}.get(char, 0)
        escaped = char == "\\" and not escaped
        parts[-1] += char
    return parts


def _read(text: str) -> Any:
    if text.startswith("{") and text.endswith("}"):
        return [_read(item) for item in _split(text[1:-1])]
    if text in _WORDS:
        return _WORDS[text]
    return int(text) if _INTEGER.fullmatch(text) else _unescaped(text)


def _unescaped(text: str) -> str:
    return re.sub(r"\\(.)", r"\1", text, flags=re.DOTALL)
