"""YAML files as plain data."""

from __future__ import annotations

import contextlib
import json
from typing import Any

import pytest
from hypothesis import given, settings

from activities.tools.yaml_data import DEEPEST, MOST_VALUES, read_yaml
from ferryman.domain.errors import InvalidError
from tests.unit.yaml_edit.mutations import mutated


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("yes", True),
        ("Off", False),
        ("y", "y"),
        ("~", None),
        ("", None),
        ("0644", 420),
        ("-0o17", -15),
        ("0x1F", 31),
        ("0b11", 3),
        ("08", 8.0),
        ("1_000", 1000),
        ("_1", "_1"),
        ("+7", 7),
        ("18446744073709551615", 2**64 - 1),
        ("18446744073709551616", float(2**64)),
        ("1.10", 1.1),
        (".5", 0.5),
        ("1.", 1.0),
        ("1e3", 1000.0),
        ("12e4567", "12e4567"),
        (".inf", ".inf"),
        ("9" * 5000, "9" * 5000),
        ("12:30", "12:30"),
        ("2024-01-15", "2024-01-15"),
        ("2024-01-15T10:00:00Z", "2024-01-15T10:00:00Z"),
        ('"1"', "1"),
        ("'yes'", "yes"),
        ("|\n  1\n", "1\n"),
        ("!!str 1", "1"),
        ("!!int '7'", "7"),
        ("!!bool yes", True),
        ("!Ref x", "x"),
        ("!Ref 1", "1"),
    ],
)
def test_scalars(text: str, value: object) -> None:
    """Scalars mean what they mean in Helm and Kubernetes; timestamps stay text."""
    found = read_yaml(f"a: {text}".encode())["a"]
    assert found == value
    assert type(found) is type(value)


@pytest.mark.parametrize(
    ("text", "data"),
    [
        ("", None),
        ("# nothing\n", None),
        ("- 1\n- [a, {b: c}]\n", [1, ["a", {"b": "c"}]]),
        ("\ufeffa: 1\n---\nb: 2\n", {"a": 1}),
        ("1: a\ntrue: b\n~: c\n1.5: d\n", {"1": "a", "true": "b", "null": "c", "1.5": "d"}),
        ("a: 1\na: 2\n", {"a": 2}),
        ("a: &x {b: 1}\nc: *x\nd: [*x, *x]\n", {"a": {"b": 1}, "c": {"b": 1}, "d": [{"b": 1}] * 2}),
        ("a: &x {b: 1, c: 2}\nd: {c: 3, <<: *x}\n", {"a": {"b": 1, "c": 2}, "d": {"b": 1, "c": 3}}),
        ("a: &x {b: 1}\nc: {<<: [*x, {b: 2, d: 3}]}\n", {"a": {"b": 1}, "c": {"b": 1, "d": 3}}),
        ("'<<': 1\n", {"<<": 1}),
    ],
)
def test_documents(text: str, data: object) -> None:
    """The first document is read, aliases and merges followed, keys made text."""
    assert read_yaml(text.encode()) == data


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("[a, b", "cannot be read as YAML at line 1, column 6"),
        ("a: 1\n}\n", "cannot be read as YAML at line 2, column 1"),
        ('a: "\\UFFFFFFFF"\n', "cannot be read as YAML"),
        ("a: *x\n", "line 1, column 4: `*x` is an alias that nothing before it defines"),
        ("a: &x [*x]\n", "line 1, column 8: `*x` is an alias that nothing before it defines"),
        ("? [a]\n: b\n", "line 1, column 3: a key is a list or a mapping"),
        ("a: {<<: 1}\n", "line 1, column 5: `<<` takes a mapping"),
        ("[" * (DEEPEST + 2), f"nested more than {DEEPEST} levels"),
        ("- " * (DEEPEST + 2), f"nested more than {DEEPEST} levels"),
        ("[" + "," * 100 + "]", "cannot be read as YAML"),
    ],
    ids=lambda value: value[:12],
)
def test_refused(text: str, sentence: str) -> None:
    """What is not YAML, or no data of JSON's, is refused with its line and column."""
    with pytest.raises(InvalidError) as refusal:
        read_yaml(text.encode())
    assert sentence in str(refusal.value)


def test_aliases_are_counted() -> None:
    """A short text that would expand to millions of values is refused."""
    lines = ["a0: &a0 [x, x, x, x, x, x, x, x, x, x]"]
    lines += [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 10)}]" for n in range(1, 9)]
    with pytest.raises(InvalidError, match=f"more than {MOST_VALUES} values"):
        read_yaml("\n".join(lines).encode())


def test_aliases_count_as_levels() -> None:
    """Aliases of aliases are nested as deep as what they stand for."""
    lines = ["a0: &a0 [x]", *(f"a{n}: &a{n} [*a{n - 1}]" for n in range(1, 200))]
    assert read_yaml("\n".join(lines[: DEEPEST - 2]).encode())["a1"] == [["x"]]
    with pytest.raises(InvalidError, match=f"nested more than {DEEPEST} levels"):
        read_yaml("\n".join(lines).encode())


@settings(max_examples=100, deadline=None)
@given(case=mutated())
def test_any_text(case: tuple[str, Any]) -> None:
    """A damaged document becomes data of JSON's, or an InvalidError."""
    with contextlib.suppress(InvalidError):
        json.dumps(read_yaml(case[0].encode()), allow_nan=False)
