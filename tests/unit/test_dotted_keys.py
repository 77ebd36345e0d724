"""Keys such as `image.tag`, in sjson's syntax."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from activities.tools.dotted_keys import MOST_PARTS, Part, dotted_parts
from ferryman.domain.errors import InvalidError


@pytest.mark.parametrize(
    ("key", "parts"),
    [
        ("image.tag", [Part("image"), Part("tag")]),
        (r"example\.com/x.y", [Part("example.com/x"), Part("y")]),
        (r"a\\.b", [Part("a\\"), Part("b")]),
        (r"a\b", [Part("ab")]),
        ("ports.:80", [Part("ports"), Part("80", named=True)]),
        (r"\:80", [Part(":80")]),
        ("a:b.::c", [Part("a:b"), Part(":c", named=True)]),
        ("list.#.x*", [Part("list"), Part("#", query=True), Part("x*", query=True)]),
        (r"\@scope/x", [Part("@scope/x")]),
        ("é. ", [Part("é"), Part(" ")]),
    ],
)
def test_parts(key: str, parts: list[Part]) -> None:
    """Dots part names, a backslash takes the next character, a colon says that it is a name."""
    assert dotted_parts(key) == parts


@pytest.mark.parametrize(
    ("part", "position", "appends"),
    [
        (Part("0"), 0, False),
        (Part("007"), 7, False),
        (Part("80", named=True), None, False),
        (Part("-1"), None, True),
        (Part("-1", named=True), None, False),
        (Part("-2"), None, False),
        (Part("1" * 10), None, False),
        (Part("٣"), None, False),
    ],
)
def test_positions(part: Part, position: int | None, *, appends: bool) -> None:
    """A number is a position, unless a colon says otherwise or it is no ordinary number."""
    assert part.position == position
    assert part.appends == appends


@pytest.mark.parametrize(
    "key", ["", ".", "a.", ".a", "a..b", "a.:", "\\", "a\\", "a.\ud800", ".".join("a" * 101)]
)
def test_malformed(key: str) -> None:
    """A key with an empty name, an open backslash, half a character or no end is refused."""
    assert len("a" * 101) > MOST_PARTS
    with pytest.raises(InvalidError, match="the key `"):
        dotted_parts(key)


@given(names=st.lists(st.text(st.characters(exclude_categories=["Cs"]), min_size=1), min_size=1))
def test_any_names(names: list[str]) -> None:
    """Whatever the names are, there is a key for them."""
    key = ".".join("".join(f"\\{char}" for char in name) for name in names[:MOST_PARTS])
    assert [part.name for part in dotted_parts(key)] == names[:MOST_PARTS]
