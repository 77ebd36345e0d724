"""Documents as people write them, made at random: every style, comment and indentation."""

from __future__ import annotations

from dataclasses import dataclass, field

from hypothesis import strategies as st

Path = list[str | int]

DEEPEST = 3

FLOW_TEXT = """
    v1 shop ghcr.io/acme/shop:1.2 a-b 8080 1.10 true null ~ yes on 0x1f 12e4567 007 1_000
    http://x/y#z 2024-01-15 é 🚀 -x .5 a'b
"""
FLOW_WORDS = st.sampled_from(FLOW_TEXT.split())
WORDS = FLOW_WORDS | st.sampled_from(["x,y", "a?b", "say [hi]", "x{y}", ""])
QUOTED = st.sampled_from(
    ['"v1"', "'v1'", '""', "''", '"a\\tb \\u00e9 \\" c"', "'it''s'", '"# no: comment"', "'- x: y'"]
)
LONG = st.sampled_from(
    [""] * 20
    + [" one two\nthree\n\nfour", ' "one\n  two"', " 'one\n\ntwo'", " |\n# one\ntwo\n\n  three"]
    + [" >- # note\none\ntwo", " |+\none\n\n", " |", " >-\none: two\n- three"]
)
"""Scalars of several lines, which are still to be indented."""
KEYS = st.sampled_from(
    ["image", "tag", "a.b/c", "x y", "with-dash", "ключ", '"quoted: key"', "'it''s'", "on", "x:y"]
)
COMMENTS = st.sampled_from(["", "", "", " # note", "  # a: b", " #- 'x"])
BETWEEN = st.sampled_from(["", "", "", "", "\n", "# remark\n", "   # a: b\n\n"])


@dataclass
class Document:
    """A text, and the path of each scalar in it."""

    text: str = ""
    paths: list[Path] = field(default_factory=list)


def name_of(key: str) -> str:
    """What a key of `KEYS` is called once it is read."""
    if key[0] == '"':
        return key[1:-1]
    return key[1:-1].replace("''", "'") if key[0] == "'" else key


def key_to(path: Path) -> str:
    r"""The path as yaml-update wants it: dots between names, `\.` in them."""
    return ".".join(str(step).replace(".", "\\.") for step in path)


@st.composite
def documents(draw: st.DrawFn) -> Document:
    """A document whose root is a mapping or a list, with one scalar at least."""
    writer = _Writer(draw)
    text = draw(st.sampled_from(["", "", "---\n", "# head\n\n", "\n--- # begin\n"]))
    flow = draw(st.sampled_from([False] * 5 + [True]))
    text += (writer.flow([], 0) + "\n") if flow else writer.collection([], 0, 0)
    if draw(st.booleans()):
        text += draw(st.sampled_from(["# foot\n", "...\n", "---\nother: document\n", "\n\n"]))
    else:
        text = text.rstrip("\n") if draw(st.booleans()) else text
    if draw(st.sampled_from([False] * 4 + [True])):
        text = text.replace("\n", "\r\n")
    if draw(st.sampled_from([False] * 8 + [True])):
        text = "\ufeff" + text
    return Document(text, writer.paths)


class _Writer:
    """Writes nodes as text; `indent` is the column where a collection's entries begin."""

    def __init__(self, draw: st.DrawFn) -> None:
        self.draw = draw
        self.paths: list[Path] = []
        self.anchors = 0

    def collection(self, path: Path, indent: int, depth: int) -> str:
        entries = self.mapping if self.draw(st.booleans()) else self.sequence
        return entries(path, indent, depth)

    def mapping(self, path: Path, indent: int, depth: int) -> str:
        margin = " " * indent
        keys = self.draw(st.lists(KEYS, min_size=1, max_size=4, unique=True))
        lines = ""
        for key in keys:
            value = self.value([*path, name_of(key)], indent, depth, beside=True)
            lines += f"{self.draw(BETWEEN)}{margin}{key}:{value}"
        return lines

    def sequence(self, path: Path, indent: int, depth: int) -> str:
        items = range(self.draw(st.integers(1, 3)))
        return "".join(self.item([*path, number], indent, depth) for number in items)

    def item(self, path: Path, indent: int, depth: int) -> str:
        lead = f"{self.draw(BETWEEN)}{' ' * indent}-"
        if depth == DEEPEST or self.draw(st.booleans()):
            return lead + self.value(path, indent, depth, beside=False)
        inner = indent + self.draw(st.integers(2, 4))
        entries = self.collection(path, inner, depth + 1)
        if entries.startswith(" " * inner) and entries[inner] not in " #":
            return lead + entries[indent + 1 :]
        return f"{lead}\n{entries}"

    def value(self, path: Path, indent: int, depth: int, *, beside: bool) -> str:
        """What follows a colon or dash, up to the line break; `beside`: a list need not indent."""
        deeper = indent + self.draw(st.integers(1, 4))
        comment = f"{self.draw(COMMENTS)}\n"
        if depth < DEEPEST and self.draw(st.booleans()):
            if beside and self.draw(st.booleans()):
                return self.anchor() + comment + self.sequence(path, indent, depth + 1)
            return self.anchor() + comment + self.collection(path, deeper, depth + 1)
        if self.draw(st.integers(0, 5)) == 0:
            return f"{self.anchor()} {self.flow(path, depth)}{comment}"
        self.paths.append(path)
        margin = " " * deeper
        long = self.draw(LONG)
        if long:
            return (
                self.anchor()
                + long.replace("\n", f"\n{margin}").replace(f"\n{margin}\n", "\n\n")
                + "\n"
            )
        next_line = f"\n{margin}" if self.draw(st.integers(0, 8)) == 0 else " "
        return self.anchor() + next_line + self.draw(WORDS | QUOTED) + comment

    def flow(self, path: Path, depth: int) -> str:
        """A list or mapping in brackets, on one line or several."""
        gap = self.draw(st.sampled_from([" ", "", "\n      "]))
        if self.draw(st.booleans()):
            items = range(self.draw(st.integers(0, 3)))
            inside = [self.flow_value([*path, number], depth) for number in items]
            return f"[{gap}{f',{gap}'.join(inside)}{gap}]"
        keys = self.draw(st.lists(KEYS, max_size=3, unique=True))
        inside = [f"{key}: {self.flow_value([*path, name_of(key)], depth)}" for key in keys]
        return f"{{{gap}{f',{gap}'.join(inside)}{gap}}}"

    def flow_value(self, path: Path, depth: int) -> str:
        if depth < DEEPEST and self.draw(st.integers(0, 3)) == 0:
            return self.flow(path, depth + 1)
        self.paths.append(path)
        return self.draw(FLOW_WORDS | QUOTED)

    def anchor(self) -> str:
        if self.draw(st.integers(0, 6)):
            return ""
        self.anchors += 1
        return f" &a{self.anchors}"
