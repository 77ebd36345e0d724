"""Block scalars, the ones that begin with `|` or `>`: where they end, and how one is written."""

from __future__ import annotations

import re
from typing import Final

from activities.tools.yaml_edit.event import UnsureError
from activities.tools.yaml_edit.grammar import BLOCK_HEADER, LEADING_LINES, after, content_lines

_ANY_HEADER: Final = re.compile(
    r"[|>][-+1-9]*(?P<comment>(?:[ ]++#[^\r\n]*+)?)[ ]*+(?P<break>\r?\n|\Z)"
)


def block_end(text: str, pos: int, floor: int) -> int:
    """The index of the line after the block scalar whose header stands at `pos`.

    Its content must be indented by more than `floor` columns. Raises `UnsureError`.
    """
    first = after(BLOCK_HEADER, text, pos)
    leading = LEADING_LINES.match(text, first)
    if not leading or " " in leading["blank"]:
        raise UnsureError(pos)
    indent = len(leading["indent"])
    if indent and leading.end() == len(text):
        raise UnsureError(pos)
    return after(content_lines(indent), text, first) if indent > floor else first


def said_end(text: str, start: int, end: int) -> int:
    """Where the block scalar between two indexes ends if its blank last lines do not count."""
    # A tab is never blank: left behind on a line of its own, Go's readers stumble over it.
    said = start + len(text[start:end].rstrip(" \r\n"))
    return said + len(text[said:end].partition("\n")[0].rstrip("\r"))


def header_comment(raw: str) -> str:
    """The comment on the first line of the block scalar `raw`, with the space before it."""
    header = _ANY_HEADER.match(raw)
    return header["comment"] if header else ""


def literal(raw: str, value: str, *, at_end: bool) -> str | None:
    """`value` as a literal block with the indentation and line ends of the block scalar `raw`.

    `at_end`: the file ends with `raw`, so that no line break follows. `None` where `value` is not
    a text of lines that a literal block shows as they are.
    """
    header = _ANY_HEADER.match(raw)
    leading = LEADING_LINES.match(raw, header.end()) if header else None
    lines = value.removesuffix("\n").split("\n")
    closed = value.endswith("\n")
    if not header or not leading or not leading["indent"] or not _is_literal(lines):
        return None
    if "\n" not in value or (closed and at_end):
        return None
    chomp = "" if closed else "-"
    line_break = header["break"]
    content = line_break.join(leading["indent"] + line if line else "" for line in lines)
    return f"|{chomp}{header['comment']}{line_break}{content}"


def _is_literal(lines: list[str]) -> bool:
    """Whether a literal block, without an indentation indicator, gives these lines back."""
    visible = all(line.replace("\t", "").isprintable() for line in lines)
    return visible and lines[0][:1] not in ("", " ", "\t") and lines[-1].strip() != ""
