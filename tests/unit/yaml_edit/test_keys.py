"""Where keys lead, and what is said where they lead nowhere."""

from __future__ import annotations

import pytest

from activities.tools.yaml_edit import Update, read_scalar, update_yaml
from ferryman.domain.errors import InvalidError

FILE = b"""\
image:
  repository: shop
  tag: v1
example.com/version: 1
"quoted \\u0041": 2
list: [a, {x: b}]
nested:
- - 1
  - deep: [2]
empty: {}
none: []
anchored: &v {x: 1}
alias: *v
merged:
  <<: *v
  y: 2
twice: 1
1: number
twice: 2
"""


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("image.tag", "v1"),
        (r"example\.com/version", "1"),
        ("quoted A", "2"),
        ("list.0", "a"),
        ("list.1.x", "b"),
        ("nested.0.0", "1"),
        ("nested.0.1.deep.0", "2"),
        ("anchored.x", "1"),
        ("merged.y", "2"),
        ("1", "number"),
    ],
)
def test_followed(key: str, value: str) -> None:
    """Dots part names, an escaped dot belongs to one, and numbers count items."""
    assert read_scalar(FILE, key) == value


@pytest.mark.parametrize(
    ("key", "reason"),
    [
        ("image.tga", "`image` has no `tga`, it has `repository`, `tag`"),
        ("tag", "the document has no `tag`"),
        ("example.com/version", "the document has no `example`"),
        ("image", "is a mapping"),
        ("list", "is a sequence"),
        ("image.tag.x", "`image.tag` is a single value"),
        ("list.2", "`list` is a list, and `2` is none of its positions, 0 to 1"),
        ("list.-1", "`-1` is none of its positions"),
        ("list.+1", "`+1` is none of its positions"),
        ("list.٠", "`٠` is none of its positions"),  # noqa: RUF001 - a digit, but not ours
        ("list." + "9" * 5000, "is none of its positions"),
        ("none.0", "as it is empty"),
        ("empty.x", "`empty` has no `x`, it is empty"),
        ("alias", "is the alias `*v`"),
        ("alias.x", "goes through `alias`, which is the alias `*v`"),
        ("merged.x", "what `<<` brings in is updated where it stands"),
        ("twice", "the document has `twice` 2 times"),
        ("a..b", "has an empty name"),
        (".a", "has an empty name"),
        ("", "has an empty name"),
    ],
)
def test_leads_nowhere(key: str, reason: str) -> None:
    """A key that does not lead to one value is refused, with what stands there instead."""
    with pytest.raises(InvalidError, match=r"the key `") as refusal:
        update_yaml(FILE, [Update("image.tag", "v2"), Update(key, "x")])
    assert reason in str(refusal.value)
    assert f"`{key}`" in str(refusal.value)
    assert read_scalar(FILE, key) is None


def test_many_keys_are_not_all_named() -> None:
    """A message about a missing key names some of the keys that exist, not hundreds."""
    file = "".join(f"key{number}: 1\n" for number in range(500)).encode()
    with pytest.raises(InvalidError, match="`key7`, …; correct the key"):
        update_yaml(file, [Update("missing", 1)])


@pytest.mark.parametrize(
    "file", [b"", b"\n# nothing\n", b"---\n", b"just text\n", b"---\n---\na: 1\n"]
)
def test_no_values_at_all(file: bytes) -> None:
    """A file without keys in its first document is refused."""
    with pytest.raises(InvalidError, match="the key `a` leads nowhere"):
        update_yaml(file, [Update("a", 1)])
