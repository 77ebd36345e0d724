"""Functions that run a predicate once per item."""

from __future__ import annotations

from typing import Any

import pytest

from ferryman.domain.errors import ExpressionError
from ferryman.domain.expressions import Environment, evaluate

ENVIRONMENT = Environment(
    {
        "xs": [3, 1, 2],
        "users": [{"name": "ann", "age": 31}, {"name": "bob", "age": 25}],
        "m": {"a": 1},
    }
)


@pytest.mark.parametrize(
    ("source", "value"),
    [
        ("all(xs, # > 0)", True),
        ("all([], false)", True),
        ("any(xs, {# == 2})", True),
        ("none(xs, # > 3)", True),
        ("one(xs, # > 2)", True),
        ("filter(users, .age > 30)", [{"name": "ann", "age": 31}]),
        ("map(users, .name | upper())", ["ANN", "BOB"]),
        ("map(xs, # * #index)", [0, 1, 4]),
        ("count(xs, # > 1)", 2),
        ("count([true, false])", 1),
        ("find(users, .age < 30).name", "bob"),
        ("find(xs, # > 9)", None),
        ("findIndex(xs, # == 2)", 2),
        ("findIndex(xs, # == 9)", None),
        ("findLast(xs, # < 3)", 2),
        ("findLastIndex(xs, # < 3)", 2),
        ("[1, findLast([5, 1], # > 2), 3]", [1, 5, 3]),
        ("sum(xs)", 6),
        ("sum(users, .age)", 56),
        ("sum([])", 0),
        ("reduce(xs, #acc + #)", 6),
        ("reduce(xs, #acc + # * #index, 10)", 15),
        ("reduce([], #acc, 5)", 5),
        ("groupBy(users, .age > 30 ? 'old' : 'young').young", [{"name": "bob", "age": 25}]),
        ("groupBy(xs, # % 2)[1]", [3, 1]),
        ("groupBy(xs, # % 2)[5]", None),
        ("groupBy(xs, # % 2)", {"1": [3, 1], "0": [2]}),
        ("sortBy(users, .age)", [{"name": "bob", "age": 25}, {"name": "ann", "age": 31}]),
        ("sortBy(xs, #, 'desc')", [3, 2, 1]),
        ("map(xs, map(xs, # > 1 ? # : 0))[0]", [3, 0, 2]),
        ("map(xs, let y = #; map([1], # + y))", [[4], [2], [3]]),
    ],
)
def test_values(source: str, value: Any) -> None:
    """Each gives what it gives in expr-lang, or should give where that spoils its stack."""
    assert evaluate(source, ENVIRONMENT) == value


def test_loops_stop_where_the_answer_is_known() -> None:
    """An item after the deciding one is not looked at."""
    assert evaluate("any([1, 'a'], # + 0 == 1)", ENVIRONMENT) is True
    assert evaluate("all([1, 'a'], # + 0 == 2)", ENVIRONMENT) is False
    assert evaluate("find([1, 'a'], # + 0 == 1)", ENVIRONMENT) == 1


@pytest.mark.parametrize(
    ("source", "said"),
    [
        ("map(m, #)", "map wants an array, not map"),
        ("any(xs, #)", "the predicate of any gives int, not a bool"),
        ("reduce(m.b ?? [], #acc)", "wants a third argument to begin with"),
        ("groupBy(xs, [#])", "array cannot be the key of a map"),
        ("sortBy([1, 'a'], #)", "cannot say whether"),
        ("sortBy(xs, #, 'up')", "either 'asc' or 'desc'"),
        ("filter(xs, #index > 0)", "'#index' means nothing in this predicate"),
        ("map(xs, #acc)", "'#acc' means nothing in this predicate"),
        ("map(xs, #foo)", "'#foo' means nothing in this predicate"),
        ("filter([1], 1)", "the predicate of filter cannot be int"),
        ("map(1, #)", "map wants an array, not int"),
    ],
)
def test_refusals(source: str, said: str) -> None:
    """A predicate that does not answer, or items that are none, are errors."""
    with pytest.raises(ExpressionError) as error:
        evaluate(source, ENVIRONMENT)
    assert said in str(error.value)
