"""Files, keys and values that are refused, with a sentence that says what to do."""

from __future__ import annotations

import pytest

from activities.tools.text_files import LARGEST
from activities.tools.toml_edit import update_toml
from activities.tools.toml_edit.scanner import DEEPEST
from activities.tools.updates import Update
from ferryman.domain.errors import InvalidError

DEEP = f"nested more than {DEEPEST} levels"


@pytest.mark.parametrize(
    ("file", "sentence"),
    [
        (b"a = 1\nb", "cannot be read as TOML: Expected '='"),
        (b"a = [1\n", "cannot be read as TOML"),
        (b"a = 1\na = 2\n", "cannot be read as TOML: Cannot overwrite a value"),
        (b"a = 1 b = 2\n", "cannot be read as TOML"),
        (b'a = "x\n', "cannot be read as TOML"),
        (b'"\\x" = 1\n', "cannot be read as TOML"),
        (b"[a]\n[a]\n", "cannot be read as TOML"),
        (b"a = \xff\n", "not UTF-8 (byte 5)"),
        (b"a = " + b"9" * 5000, "cannot be read as TOML"),
        (b"a = " + b"[" * 200 + b"]" * 200, DEEP),
        (b"a = " + b"[" * 100_000 + b"]" * 100_000, DEEP),
        (b"a = " + b"{a=" * 200 + b"1" + b"}" * 200, DEEP),
        (b"a." * 100_000 + b"a = 1\n", DEEP),
        (b"[" + b"a." * 100_000 + b"a]\n", DEEP),
        (b"#" * (LARGEST + 1), f"only files up to {LARGEST} are read"),
    ],
    ids=lambda value: value if isinstance(value, str) else str(value[:9]),
)
def test_files(file: bytes, sentence: str) -> None:
    """What is not TOML in UTF-8, of bounded size and depth, is refused and not touched."""
    with pytest.raises(InvalidError) as refusal:
        update_toml(file, [Update("a", 2)])
    assert sentence in str(refusal.value)


FILE = b"""
image = { tag = "v1" }
list = [1, 2]
none = []
[table]
[[rows]]
x = 1
"""


@pytest.mark.parametrize(
    ("key", "sentence"),
    [
        ("nope", "the document has no `nope`, it has `image`, `list`, `none`, `table`, `rows`;"),
        ("image.nope", "`image` has no `nope`, it has `tag`; correct the key, or add it"),
        ("table.x", "`table` has no `x`, it is empty"),
        ("image.tag.x", "`image.tag` is a single value, with no `x` in it"),
        ("image", "is a table; name one value inside it"),
        ("list", "is a list; name one value inside it"),
        ("rows.0", "is a table; name one value inside it"),
        ("list.2", "`list` is a list, and `2` is none of its positions, 0 to 1"),
        ("list.-1", "`-1` is none of its positions"),
        ("none.0", "as it is empty"),
        ("rows.x", "`x` is none of its positions"),
        ("a..b", "has an empty name"),
    ],
)
def test_keys(key: str, sentence: str) -> None:
    """A key that does not lead to one value is refused, with what stands there instead."""
    with pytest.raises(InvalidError, match="the key `") as refusal:
        update_toml(FILE, [Update("image.tag", "v2"), Update(key, "s3cret")])
    assert sentence in str(refusal.value)
    assert "s3cret" not in str(refusal.value)


def test_many_keys_are_not_all_named() -> None:
    """A message about a missing key names some of the keys that exist, not hundreds."""
    file = "".join(f"key{number} = 1\n" for number in range(500)).encode()
    with pytest.raises(InvalidError, match="`key7`, …; correct the key"):
        update_toml(file, [Update("missing", 1)])


@pytest.mark.parametrize(
    ("value", "sentence"),
    [
        (None, "TOML has no null"),
        ({"x": 1}, "takes a string, number or boolean"),
        ([1], "takes a string, number or boolean"),
        (float("inf"), "inf is not read alike by all"),
        (2**63, "TOML's integers have 64 bits"),
        ("\ud800", "not Unicode"),
    ],
)
def test_values(value: object, sentence: str) -> None:
    """What TOML cannot hold is refused, and the key is named."""
    with pytest.raises(InvalidError, match="the key `a`") as refusal:
        update_toml(b"a = 1\n", [Update("a", value)])
    assert sentence in str(refusal.value)
