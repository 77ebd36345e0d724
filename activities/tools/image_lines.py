"""ImageLines: the `images` of a kustomization as lines, one chunk for each entry."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from ferryman.domain.errors import InvalidError

_IMAGES = re.compile(
    r"^(?:images|\"images\"|'images')[ \t]*:(?P<rest>[^\r\n]*)\r?\n?", re.MULTILINE
)
_EMPTY = re.compile(r"[ \t]*(?:\[[ \t]*\]|\{[ \t]*\}|null|~)?[ \t]*(?P<comment>#.*)?")
_UNCOMMENTED = re.compile(r"\s*\[[^#]*\][ \t]*(?P<comment>#[^\r\n]*)?\s*|[^#]*")
_ROOT = re.compile(r"^(?![ \t\r\n#\]}]|-(?:[ \t]|\r?$))", re.MULTILINE)
_ITEM = re.compile(r"^(?P<indent>[ ]*)-[ \t]", re.MULTILINE)
_FLOW = re.compile(r"^[ ]*-[ \t]+\{", re.MULTILINE)
_LISTS = re.compile(r"^[^\s#-][^\r\n]*:[ \t]*(?:#[^\r\n]*)?\r?\n(?P<indent>[ ]*)- ", re.MULTILINE)
_TRAILING = re.compile(r"(?:^[ \t]*(?:#[^\r\n]*)?(?:\r?\n|\Z))+\Z", re.MULTILINE)


@dataclass(frozen=True)
class ImageLines:
    """A kustomization around its entries."""

    head: str
    items: list[str]
    """Each entry's lines, with the comments above it."""
    tail: str
    indent: str

    @classmethod
    def find(cls, text: str, count: int) -> ImageLines | None:
        """The lines of `count` entries, a list in block style; None for other styles."""
        key = _IMAGES.search(text)
        if key is None or not re.fullmatch(r"[ \t]*(?:#.*)?", key["rest"]):
            return None
        body, tail = _parted(text, key.end())
        first = _ITEM.search(body)
        if first is None:
            return None
        indent = first["indent"]
        dashes = re.compile(rf"^{indent}-[ \t]", re.MULTILINE).finditer(body)
        starts = [_with_comments(body, dash.start(), indent) for dash in dashes]
        if len(starts) != count:
            return None
        starts[0] = 0
        ends = [*starts[1:], len(body)]
        items = [_ended(body[a:b]) for a, b in zip(starts, ends, strict=True)]
        return cls(text[: key.end()], items, tail, indent)

    def joined(self, items: Sequence[str]) -> str:
        """The text with other entries."""
        return self.head + _as_in(self.head, "".join(items)) + self.tail

    @staticmethod
    def in_brackets(item: str) -> bool:
        """Whether an entry stands in flow style, `- {name: …}`."""
        return _FLOW.search(item) is not None

    @staticmethod
    def without(item: str, field: str) -> str:
        """An entry without the line of a field; raises InvalidError where it has none."""
        line = re.compile(
            rf"^(?P<lead>[ ]*(?:-[ \t]+)?)(?:{field}|\"{field}\"|'{field}')[ \t]*:[^\r\n]*\r?\n",
            re.MULTILINE,
        )
        found = line.search(item)
        if found is None:
            raise InvalidError(
                f"{field} of an image stands on no line of its own; write one field a line",
                field="path",
            )
        rest = item[found.end() :]
        if "-" in found["lead"]:  # the dash stays, before the field that is first now
            rest = found["lead"] + rest[len(found["lead"]) :]
        return item[: found.start()] + rest

    @staticmethod
    def with_field(item: str, field: str, indent: str) -> str:
        """An entry with another field, of null, on a line at its end."""
        end = _TRAILING.search(item)
        place = end.start() if end else len(item)
        dash = re.compile(rf"^{indent}-([ \t]+)", re.MULTILINE).search(item)
        column = indent + " " * (1 + len(dash[1]) if dash else 2)
        return f"{item[:place]}{column}{field}: null\n{item[place:]}"


def appended(text: str, items: Sequence[str]) -> str:
    """`text` with a list of entries in place of the one there, else at its end.

    Raises InvalidError where comments stand in that one, for they would be lost.
    """
    lists = _LISTS.search(text)
    indent = lists["indent"] if lists else ""
    body = "".join(f"{indent}{line}" for item in items for line in item.splitlines(keepends=True))
    key = _IMAGES.search(text)
    if key is None:
        ended = _ended(text)
        return ended + _as_in(ended, f"images:\n{body}")
    after, tail = _parted(text, key.end())
    there, kept = _EMPTY.fullmatch(key["rest"]), after
    if there is None or after.strip():
        there, kept = _UNCOMMENTED.fullmatch(f"{key['rest']}\n{after}"), ""
    if there is None:
        says = "images is a list with comments in brackets; write one entry a line"
        raise InvalidError(says, field="path")
    comment = f" {there['comment']}" if there["comment"] else ""
    return text[: key.start()] + _as_in(text, f"images:{comment}\n{body}") + kept + tail


def _parted(text: str, start: int) -> tuple[str, str]:
    """What belongs to the field that ends its line at `start`, and what follows it."""
    following = _ROOT.search(text, start)
    end = following.start() if following else len(text)
    trailing = _TRAILING.search(text, start, end)
    if trailing and trailing.start() >= start and following:
        end = trailing.start()
    return text[start:end], text[end:]


def _with_comments(body: str, start: int, indent: str) -> int:
    """Where an entry begins, with the comments that stand right above it in its column."""
    above = re.compile(rf"(?:^{indent}#[^\r\n]*\r?\n)+\Z", re.MULTILINE).search(body, 0, start)
    return above.start() if above else start


def _ended(text: str) -> str:
    return text if not text or text.endswith("\n") else f"{text}\n"


def _as_in(text: str, lines: str) -> str:
    """`lines` with the line ends of `text`."""
    if "\r\n" not in text:
        return lines
    return re.sub(r"(?<!\r)\n", "\r\n", lines)
