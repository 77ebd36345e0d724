"""Files and values that are refused, with a sentence that says what to do."""

from __future__ import annotations

import pytest

from activities.tools.text_files import LARGEST
from activities.tools.yaml_edit import Update, read_scalar, update_yaml
from activities.tools.yaml_edit.event import DEEPEST
from ferryman.domain.errors import InvalidError


@pytest.mark.parametrize(
    ("file", "sentence"),
    [
        (b"a: [\n", "cannot be read as YAML at line 2, column 1"),
        (b"a: 'x\n", "cannot be read as YAML at line 2, column 1: found unexpected end"),
        (b"a: 1\n b: 2\n", "cannot be read as YAML at line 2"),
        (b"a: 1\nb\n", "cannot be read as YAML at line"),
        (b"\ta: 1\n", "cannot be read as YAML at line 1, column 1"),
        (b"a: 1\n}\n", "cannot be read as YAML at line 2"),
        (b'a: "\\UFFFFFFFF"\n', "cannot be read as YAML"),
        (b"a: \x01\n", "characters that YAML forbids"),
        (b"a: {{ .Values.tag }}: x\n", "cannot be read as YAML"),
        (b"a: \xff\n", "not UTF-8 (byte 4)"),
        ("a: 1\n".encode("utf-16"), "not UTF-8"),
        (b"[" * (DEEPEST + 1), f"nested more than {DEEPEST} levels"),
        (b"- " * (DEEPEST + 1), f"nested more than {DEEPEST} levels"),
        (b"#" * (LARGEST + 1), f"only files up to {LARGEST} are read"),
    ],
)
def test_files(file: bytes, sentence: str) -> None:
    """What is not YAML in UTF-8, of bounded size and depth, is refused and not touched."""
    with pytest.raises(InvalidError) as refusal:
        update_yaml(file, [Update("a", 2)])
    assert sentence in str(refusal.value)
    assert read_scalar(file, "a") is None


@pytest.mark.parametrize(
    ("value", "sentence"),
    [
        ({"x": 1}, "takes a string, number, boolean or null"),
        ([1], "takes a string, number, boolean or null"),
        (b"x", "takes a string, number, boolean or null"),
        (float("nan"), "nan is no number in JSON"),
        (float("inf"), "inf is no number in JSON"),
        (2**64, "an integer of over 64 bits"),
        ("\ud800", "not Unicode"),
    ],
)
def test_values(value: object, sentence: str) -> None:
    """What is not one value that all readers share is refused, and the key is named."""
    with pytest.raises(InvalidError, match="the key `a`") as refusal:
        update_yaml(b"a: 1\n", [Update("a", value)])
    assert sentence in str(refusal.value)


@pytest.mark.parametrize(
    ("tagged", "value"),
    [
        ("!!int 1", "2"),
        ("!!str x", 2),
        ("! x", 2),
        ("!!int 1", True),
        ("!!bool true", 1),
        ("!!binary eA==", "eA=="),
        ("!!null ~", "x"),
    ],
)
def test_tags(tagged: str, value: object) -> None:
    """A value that would read as another under the tag that stands there is refused."""
    with pytest.raises(InvalidError, match="the key `a` has the tag"):
        update_yaml(f"a: {tagged}\n".encode(), [Update("a", value)])


@pytest.mark.parametrize("file", [b"? a\n", b"{a, b: 1}\n", b"? a\n# -\n: # -\nb: 1\n"])
def test_no_value_to_replace(file: bytes) -> None:
    """A key without even a colon has no place for a value."""
    with pytest.raises(InvalidError, match="the key `a` has no value in the file"):
        update_yaml(file, [Update("a", 1)])


def test_secret_values_are_not_repeated() -> None:
    """A refusal never repeats the value, which may be a secret."""
    with pytest.raises(InvalidError) as refusal:
        update_yaml(b"a: !!int 1\n", [Update("a", "s3cret")])
    assert "s3cret" not in str(refusal.value)
