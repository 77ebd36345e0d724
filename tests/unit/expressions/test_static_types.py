"""What is refused before it runs, because the text alone shows it to be wrong."""

from __future__ import annotations

import pytest

from ferryman.domain.errors import ExpressionError
from ferryman.domain.expressions import Environment, evaluate

ENVIRONMENT = Environment({"i": 3, "s": "abc", "xs": [1, 2], "values": [7]})


@pytest.mark.parametrize(
    ("source", "said"),
    [
        ("false and 1 + 'a'", "'+' cannot be used on int and string"),
        ("true ? 1 : upper(5)", "upper(string) wants string, not int"),
        ("1 == '1'", "'==' cannot be used on int and string"),
        ("1 in ['a']", "'in' cannot be used on int and [string]"),
        ("s + true", "'+' cannot be used on any and bool"),
        ("nil + 1", "'+' cannot be used on nil and int"),
        ("[1] + [2]", "'+' cannot be used on [int] and [int]"),
        ("7.5 % 2", "'%' cannot be used on float and int"),
        ("1 ? 2 : 3", "a condition is true or false, not int"),
        ("!5", "'not' cannot be used on int"),
        ("'abc'[0]", "string has no fields or items"),
        ("[1].x", "an array is read by number"),
        ("{'a': 1}[1]", "a map is read by string"),
        ("{'a': 1}[0:1]", "map cannot be sliced"),
        ("[1]['a':]", "the bounds of a slice are integers"),
        ("split('a', ',')[0] + 1", "'+' cannot be used on string and int"),
        ("map(xs, string(#))[0] - 1", "'-' cannot be used on string and int"),
        ("let x = 'a'; x * 2", "'*' cannot be used on string and int"),
        ("let s = 1; let s = 2; s", "'s' has a value already"),
        ("let len = 1; len", "'len' is a function"),
        ("len(5)", "len(string|array|map) wants string|array|map, not int"),
        ("upper()", "upper(string) has too few arguments"),
        ("trim('a', 'b', 'c')", "trim(string, string?) has too many arguments"),
        ("upper(nil)", "wants string, not nil"),
        ("'a' matches '['", "no regular expression in RE2's syntax"),
        ("repeat('a', 1.5)", "wants count, not float"),
    ],
)
def test_refused_before_it_runs(source: str, said: str) -> None:
    """As in expr-lang, also where the mistake would never be reached."""
    with pytest.raises(ExpressionError) as error:
        evaluate(source, ENVIRONMENT)
    assert said in str(error.value)


def test_variables_may_be_anything() -> None:
    """Nothing is known about a variable, so what it turns out to be decides."""
    assert evaluate("i == '3'", ENVIRONMENT) is False
    assert evaluate("true or i + 'a'", ENVIRONMENT) is True
    assert evaluate("repeat('a', i + 0.5)", ENVIRONMENT) == "aaa"


def test_a_variable_may_be_named_like_a_function() -> None:
    """The root keys of a document are variables, and `values` is a common one."""
    assert evaluate("values[0] + len(values)", ENVIRONMENT) == 8
