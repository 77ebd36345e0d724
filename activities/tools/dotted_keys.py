r"""Keys such as `image.tag` or `list.0.name`, as json-update and toml-update have them.

The syntax is sjson's, which Kargo uses: dots part the names, a backslash takes the next character
as it is, a number counts the items of a list from 0, `-1` is the place behind a list's last item,
and a colon before a name (`ports.:80`) says that it is no number.

Source: https://github.com/tidwall/sjson#path-syntax
"""

from __future__ import annotations

import re
from typing import Final, NamedTuple

from ferryman.domain.errors import InvalidError

MOST_PARTS: Final = 100
"""Names in one key."""

_CHARACTER: Final = re.compile(r"(?P<escape>\\)?(?P<char>.)", re.DOTALL)
_INDEX: Final = re.compile(r"[0-9]{1,9}", re.ASCII)
_QUERIES: Final = frozenset("|#@*?")
_NO_UNICODE: Final = re.compile("[\ud800-\udfff]")


class Part(NamedTuple):
    """One name of a key."""

    name: str
    named: bool = False
    """A colon says that it is a name, even if it looks like a number."""
    query: bool = False
    """It has a character by which sjson searches, such as `*`."""

    @property
    def position(self) -> int | None:
        """The position in a list that it stands for, if it does."""
        return int(self.name) if not self.named and _INDEX.fullmatch(self.name) else None

    @property
    def appends(self) -> bool:
        """Whether it is the place behind a list's last item."""
        return self.name == "-1" and not self.named


def dotted_parts(key: str) -> list[Part]:
    """The names of `key`, one at least; raises `InvalidError` where it is malformed."""
    parts, name, named, query = [], "", False, False
    for match in _CHARACTER.finditer(f"{key}."):
        escaped, char = match["escape"] is not None, match["char"]
        if char == "." and not escaped:
            parts.append(Part(name, named, query))
            name, named, query = "", False, False
        elif char == ":" and not escaped and not name and not named:
            named = True
        else:
            name += char
            query = query or (char in _QUERIES and not escaped)
    if name or named or not all(part.name for part in parts):
        raise _refusal(
            key, "has an empty name, or ends in a backslash; write a name on both sides of each dot"
        )
    if len(parts) > MOST_PARTS:
        raise _refusal(key, f"has {len(parts)} names, and {MOST_PARTS} are the most; shorten it")
    if _NO_UNICODE.search(key):
        raise _refusal(key.encode(errors="replace").decode(), "is not Unicode; write it anew")
    return parts


def _refusal(key: str, reason: str) -> InvalidError:
    return InvalidError(f"the key `{key}` {reason}")
