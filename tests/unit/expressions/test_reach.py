"""An expression reaches the data it is given, our own structs, and nothing else."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ferryman.domain.errors import ExpressionError
from ferryman.domain.expressions import Environment, define, evaluate, kargo
from ferryman.domain.expressions.functions import BUILTINS
from tests.fuzz.expressions import survives
from tests.unit.expressions.generated import any_expression

NAMES = [
    *("__class__", "__dict__", "__init__", "__globals__", "__subclasses__", "__getattribute__"),
    *("data", "member", "plain", "names", "read", "kind", "go_type", "invoke", "signature"),
    *("moment", "nanoseconds", "methods", "items", "keys", "get", "format", "func", "body"),
]
VALUES = [
    *("m", "xs", "s", "1", "true", "nil", "f", "$env", "now", "upper", "date('2024-01-01')"),
    *("duration('1h')", "date('2024-01-01').Year", "semverParse('1.2.3')", "warehouse('a')"),
    *("imageFrom('a.io/b')", "secrets", "secret('x')", "groupBy(xs, #)", "timezone('UTC')"),
]
WORDS = """
    + - * / % ** == != < > <= && || ! and or not in matches contains .. . ?. ?? ? : ; , |
    ( ) [ ] { } # #acc #index let if else x = 1 2.5 'a' `b` nil true vars .a $env ::
    ${{ }} ${% %} \\ ' // /* */ é map filter reduce sortBy date(now())
"""
PIECES = st.sampled_from([*WORDS.split(), *BUILTINS])
WORLD = kargo.World(
    freight=[{"origin": {"name": "w"}, "images": [{"repoURL": "a.io/b", "tag": "v1"}]}],
    requested=["w"],
    subscriptions={"w": [kargo.Subscription("image", "a.io/b")]},
)


@pytest.mark.parametrize("value", VALUES)
@pytest.mark.parametrize("access", [".{}", "['{}']", ".{}()", "?.{}"])
def test_python_cannot_be_reached(value: str, access: str) -> None:
    """No attribute of Python, and no field of ours that is not a member, is ever read."""
    variables = {"m": {"a": 1}, "xs": [1], "s": "abc", "f": define("f() int", lambda: 1)}
    environment = kargo.environment(variables, WORLD)
    for name in NAMES:
        source = f"({value}){access.format(name)}"
        try:
            found = evaluate(source, environment)
        except ExpressionError:
            continue
        assert found in (None, "", {}), source


@pytest.mark.parametrize("value", [object(), SimpleNamespace(a=1), len, b"bytes", {1, 2}, 1j])
def test_what_is_no_data_is_refused(value: Any) -> None:
    """Only plain data may enter."""
    for variables in ({"x": value}, {"x": [{"y": value}]}):
        with pytest.raises(ExpressionError, match="cannot be used in an expression"):
            evaluate("x", Environment(variables))


def test_what_is_not_named_is_not_looked_at() -> None:
    """A variable is taken in when an expression first names it."""
    assert evaluate("y", Environment({"x": object(), "y": 1})) == 1


def test_the_data_given_is_not_changed() -> None:
    """An expression works on its own copy."""
    data = {"xs": [3, 1, 2], "m": {"b": 1, "a": 2}}
    evaluate("sort(xs) | concat(reverse(xs), [m, {c: xs}]) | flatten()", Environment(data))
    assert data == {"xs": [3, 1, 2], "m": {"b": 1, "a": 2}}


@settings(max_examples=200, deadline=None)
@given(st.text(max_size=40) | any_expression(2) | st.lists(PIECES, max_size=12).map(" ".join))
def test_any_text_is_evaluated_or_refused(source: str) -> None:
    """Whatever somebody types, the worst is an error that shows it."""
    survives(source)
