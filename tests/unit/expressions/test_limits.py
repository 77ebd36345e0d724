"""Nobody can hold up the process with an expression: work, depth and size have limits."""

from __future__ import annotations

from collections.abc import Iterator
from time import thread_time

import pytest

from ferryman.domain.errors import ExpressionError
from ferryman.domain.expressions import Environment, evaluate, limits, render
from ferryman.domain.expressions.program import program

SECONDS = 5
ENVIRONMENT = Environment({"s": "a" * 100_000, "xs": list(range(1000)), "n": None})
TOWER = "let a = [1, 2, 3, 4, 5, 6, 7, 8]; let b = [a, a, a, a, a, a, a, a];" + "".join(
    f"let {name} = [{', '.join([below] * 8)}];"
    for below, name in zip("bcdefg", "cdefgh", strict=True)
)


@pytest.fixture(autouse=True)
def in_time() -> Iterator[None]:
    """Every refusal comes soon, on however slow a machine."""
    start = thread_time()
    yield
    assert thread_time() - start < SECONDS


@pytest.mark.parametrize(
    "source",
    [
        "map(1..1000, map(1..1000, map(1..1000, 1)))",
        "filter(1..100000, # in 1..100000)",
        "uniq(1..100000)",
        "map(1..100000, repeat('a', 1000000))",
        "reduce(1..100000, #acc + 'aaaa', '')",
        "map(1..100000, s contains 'b')",
        "map(1..100000, replace(s, 'a', 'b'))",
        "map(1..100000, s[1:])",
        "map(1..100000, s < s + 'a')",
        f"{TOWER} h == h",
        f"{TOWER} flatten(h)",
        f"{TOWER} max(h)",
        f"{TOWER} h",
        f"{TOWER} string(h)",
    ],
)
def test_work_is_limited(source: str) -> None:
    """An evaluation that does too much is stopped, whatever it does."""
    with pytest.raises(ExpressionError, match="takes more than 500,000 steps"):
        evaluate(source, ENVIRONMENT)


@pytest.mark.parametrize(
    ("source", "said"),
    [
        ("repeat(s, 100)", "a string of more than 1,048,576 characters"),
        ("replace(s, '', s)", "a string of more than"),
        ("join(map(1..1000, s))", "a string of more than"),
        ("let t = s + s + s + s + s + s; t + t", "a string of more than"),
        ("toJSON(map(1..100, s))", "a string of more than"),
        ("1..9223372036854775807", "a list of more than 100,000 items"),
        ("concat(1..60000, 1..60000)", "a list of more than"),
        ("split(s + s, '')", "a list of more than"),
        ("reduce(1..5000, [#acc])", "nested too deep"),
        ("toJSON(reduce(1..5000, [#acc]))", "nested too deep"),
        ("fromJSON(repeat('[', 100000))", "nested too deep"),
        ("fromJSON(repeat('[', 200) + repeat(']', 200))", "nested more than 100 deep"),
        ("'a' matches '((a{0,100}){0,100}){0,100}b'", "no regular expression in RE2's syntax"),
        ("'a' matches repeat('a', 2000)", "more than 1,000 characters"),
    ],
)
def test_size_and_depth_are_limited(source: str, said: str) -> None:
    """What grows too large, or nests too deep, is an error that names the limit."""
    with pytest.raises(ExpressionError) as error:
        evaluate(source, ENVIRONMENT)
    assert said in str(error.value)


@pytest.mark.parametrize(
    ("source", "said"),
    [
        ("(" * 60 + "1" + ")" * 60, "nested more than 50 deep"),
        ("[" * 60 + "]" * 60, "nested more than 50 deep"),
        ("-" * 60 + "1", "nested more than 50 deep"),
        ("1?" * 60 + "1" + ":1" * 60, "nested more than 50 deep"),
        ("map(xs, " * 60 + "1" + ")" * 60, "nested more than 50 deep"),
        ("+".join("1" * 200), "joins more than 120 operations"),
        ("n" + "?.a" * 2000, "joins more than 120 operations"),
        ("1" + " " * limits.SOURCE_CHARACTERS, "at most 10000 are allowed"),
    ],
)
def test_the_text_is_limited(source: str, said: str) -> None:
    """An expression that is too long or too involved is refused, and says how to split it."""
    with pytest.raises(ExpressionError) as error:
        evaluate(source, ENVIRONMENT)
    assert said in str(error.value)


def test_what_is_allowed_to_nest_runs() -> None:
    """The limits on text leave room for Python's own stack."""
    assert evaluate("(" * 49 + "1" + ")" * 49, ENVIRONMENT) == 1
    assert evaluate("+".join("1" * 119), ENVIRONMENT) == 119
    assert evaluate("1 | abs()" + " | abs()" * 100, ENVIRONMENT) == 1


def test_the_text_of_a_template_is_limited() -> None:
    """Also what several expressions make together."""
    with pytest.raises(ExpressionError, match="a string of more than"):
        render("${{ s }}" * 11, ENVIRONMENT)


def test_an_expression_is_read_once() -> None:
    """Compiled expressions are kept, but only as many as there is room for, and short ones."""
    assert program("1 + 1") is program("1 + 1")
    long = f"'{'x' * limits.CACHED_CHARACTERS}'"
    assert program(long) is not program(long)
