"""Files, keys and values that are refused, with a sentence that says what to do."""

from __future__ import annotations

import pytest

from activities.tools.json_edit import update_json
from activities.tools.json_edit.check import DEEPEST
from activities.tools.json_edit.place import MOST_PADDED
from activities.tools.text_files import LARGEST
from activities.tools.updates import Update
from ferryman.domain.errors import InvalidError


@pytest.mark.parametrize(
    ("file", "sentence"),
    [
        (b'{"a": 1', "cannot be read as JSON at line 1, column 8"),
        (b'{"a": 1 // why\n}', "at line 1, column 9: JSON has no comments"),
        (b"/* why */ {}", "at line 1, column 1: JSON has no comments"),
        (b'{"a": 1,}', "cannot be read as JSON at line 1"),
        (b"{'a': 1}", "cannot be read as JSON at line 1, column 2"),
        (b'{"a": 1} x', "cannot be read as JSON at line 1, column 10"),
        (b'{"a": NaN}', "`NaN`, which is no number"),
        (b'{"a": -Infinity}', "`-Infinity`, which is no number"),
        (b'{"a": "\n"}', "cannot be read as JSON at line 1, column 8"),
        (b'{"a": \xff}', "not UTF-8 (byte 7)"),
        ('{"a": 1}'.encode("utf-16"), "not UTF-8"),
        (b'{"a": ' + b"9" * 5000 + b"}", "a number of thousands of digits"),
        (b"[" * (DEEPEST + 1) + b"]" * (DEEPEST + 1), f"nested more than {DEEPEST} levels"),
        (b"[" * 100_000 + b"]" * 100_000, f"nested more than {DEEPEST} levels"),
        (b" " * (LARGEST + 1), f"only files up to {LARGEST} are read"),
    ],
    ids=lambda value: value if isinstance(value, str) else str(value[:9]),
)
def test_files(file: bytes, sentence: str) -> None:
    """What is not JSON in UTF-8, of bounded size and depth, is refused and not touched."""
    with pytest.raises(InvalidError) as refusal:
        update_json(file, [Update("a", 2)])
    assert sentence in str(refusal.value)


@pytest.mark.parametrize(
    ("key", "sentence"),
    [
        ("twice", "is ambiguous: `twice` stands there 2 times"),
        ("twice.x", "is ambiguous: `twice` stands there 2 times"),
        ("list.x", "`x` is to be in a list of 2 items"),
        ("list.:0", "`0` is to be in a list of 2 items"),
        ("list.#.x", "`#` is to be in a list of 2 items"),
        (f"list.{MOST_PADDED + 3}", f"by more than {MOST_PADDED}"),
        ("new.8080", "write `:8080` if it is a name"),
        ("l*.x", "nothing is searched by patterns"),
        ("new.a|b", "nothing is searched by patterns"),
        ("a..b", "has an empty name"),
    ],
)
def test_keys(key: str, sentence: str) -> None:
    """A key that cannot lead anywhere is refused, and named."""
    file = b'{"twice": 1, "twice": {"x": 1}, "list": [1, 2], "a": {"b": 1}}'
    with pytest.raises(InvalidError) as refusal:
        update_json(file, [Update("a.b", 2), Update(key, "s3cret")])
    assert sentence in str(refusal.value)
    assert "s3cret" not in str(refusal.value)


@pytest.mark.parametrize(
    ("value", "sentence"),
    [
        (None, "takes a string, number or boolean"),
        ({"x": 1}, "takes a string, number or boolean"),
        ([1], "takes a string, number or boolean"),
        (b"x", "takes a string, number or boolean"),
        (float("nan"), "nan is no number in JSON"),
        (2**64, "an integer of over 64 bits"),
        ("\ud800", "not Unicode"),
    ],
)
def test_values(value: object, sentence: str) -> None:
    """What is not one value that all readers share is refused, and the key is named."""
    with pytest.raises(InvalidError, match="the key `a`") as refusal:
        update_json(b'{"a": 1}', [Update("a", value)])
    assert sentence in str(refusal.value)
