"""TOML as people write it, made at random: every kind of table, string and number."""

from __future__ import annotations

from dataclasses import dataclass, field

from hypothesis import strategies as st

Path = list[str | int]

WORDS_TEXT = """
    "v1" 'v1' "" '' "a\\tb\\u00e9\\"" 'C:\\x' "#[x]" 1 -7 0xff 1_000 0o7 0b1 1.5 -0.0 6e-2
    1_0.5 inf -nan true false 2024-01-15 10:30:00 2024-01-15T10:30:00.5 2024-01-15t10:30:00Z
    1979-05-27T00:32:00.999-07:00 "é🚀"
    """
WORDS = st.sampled_from(WORDS_TEXT.split())
LONG = st.sampled_from(
    [
        '"""\none\n  two"""',
        '"""one \\\n  two"""',
        '""""quoted""""',
        '""""""',
        "'''\none\n'two'\n'''",
        "''''x'''''",
        '"""a\\"""b # c\n[d]\ne = 1"""',
        "2024-01-15 10:30:00",
    ]
)
KEYS = st.sampled_from(
    ["image", "tag", "1", "with-dash", "a_b", '"a.b/c"', "'it\"s'", '"x y"', '"\\u00e9"']
)
GAPS = st.sampled_from(["", "", "\n", "# note\n", "   # a = 1\n\n", "\t\n"])
COMMENTS = st.sampled_from(["", "", " # note", "\t#[x] = 'y"])
EQUALS = st.sampled_from([" = ", "=", "  =\t"])
DEEPEST = 2


@dataclass
class Document:
    """A text, and the path of each single value in it."""

    text: str = ""
    paths: list[Path] = field(default_factory=list)


def name_of(key: str) -> str:
    """What a key of `KEYS` is called once it is read."""
    return key[1:-1].replace("\\u00e9", "é") if key[0] in "\"'" else key


def key_to(path: Path) -> str:
    """The path as toml-update wants it, with a backslash before everything."""
    return ".".join("".join(f"\\{char}" for char in str(step)) for step in path)


@st.composite
def documents(draw: st.DrawFn) -> Document:
    """A document with a few keys at its root, and tables behind them."""
    writer = _Writer(draw)
    text = writer.entries([])
    tables = draw(st.lists(st.sampled_from(["t", "'t u'.v", "w.x"]), max_size=3, unique=True))
    for table in tables:
        names: Path = [part.strip("'") for part in table.split(".")]
        if draw(st.booleans()):
            text += f"{draw(GAPS)}[ {table} ]{draw(COMMENTS)}\n{writer.entries(names)}"
            continue
        for number in range(draw(st.integers(1, 2))):
            text += f"{draw(GAPS)}[[{table}]]{draw(COMMENTS)}\n{writer.entries([*names, number])}"
            if draw(st.booleans()):
                text += f"  [{table}.in . ner]\n{writer.entries([*names, number, 'in', 'ner'])}"
    text = text.removesuffix("\n") if draw(st.booleans()) else text
    if draw(st.sampled_from([False] * 4 + [True])):
        text = text.replace("\n", "\r\n")
    return Document(draw(st.sampled_from(["", "", "", "\ufeff"])) + text, writer.paths)


class _Writer:
    """Writes keys and values as text."""

    def __init__(self, draw: st.DrawFn) -> None:
        self.draw = draw
        self.paths: list[Path] = []

    def entries(self, table: Path) -> str:
        keys = self.draw(st.lists(KEYS, max_size=3, unique_by=name_of))
        return "".join(
            f"{self.draw(GAPS)}{self.entry(table, key)}{self.draw(COMMENTS)}\n" for key in keys
        )

    def entry(self, table: Path, key: str, depth: int = 0) -> str:
        path = [*table, name_of(key)]
        if self.draw(st.integers(0, 4)) == 0:
            path.append("sub")
            key = f"{key} . 'sub'"
        return f"{key}{self.draw(EQUALS)}{self.value(path, depth)}"

    def value(self, path: Path, depth: int) -> str:
        kind = self.draw(st.integers(0, 9 if depth < DEEPEST else 7))
        if kind == 8:
            gap = self.draw(st.sampled_from([" ", "", "\n  ", " # ] \n"]))
            items = range(self.draw(st.integers(0, 3)))
            inside = [self.value([*path, number], depth + 1) for number in items]
            comma = self.draw(st.sampled_from(["", ","])) if inside else ""
            return f"[{gap}{f',{gap}'.join(inside)}{gap}{comma}{gap}]"
        if kind == 9:
            keys = self.draw(st.lists(KEYS, max_size=2, unique_by=name_of))
            return f"{{ {', '.join(self.entry(path, key, depth + 1) for key in keys)} }}"
        self.paths.append(path)
        return self.draw(LONG if kind == 7 else WORDS)
