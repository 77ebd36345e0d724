"""How expressions are read: literals, precedence, what is refused and where the caret stands."""

from __future__ import annotations

from typing import Any

import pytest

from ferryman.domain.errors import ExpressionError
from ferryman.domain.expressions import Environment, evaluate

ENVIRONMENT = Environment({"a": {"b": 1, "not": 2}, "xs": [1, 2, 3], "yes": True})


@pytest.mark.parametrize(
    ("source", "value"),
    [
        ("42", 42),
        ("1_000", 1000),
        ("0x2A + 0b11 + 0o17", 60),
        (".5 + 1. + 1e2", 101.5),
        (r"'a\n\t\x41\u00e9\u{1F600}\101\\\''", "a\n\tAé😀A\\'"),
        (r"`raw \n and `` too`", "raw \\n and ` too"),
        ("nil", None),
        ("[1, 2, ]", [1, 2]),
        ("{a: 1, 'b c': 2, 3: 4, ('d' + 'e'): 5,}", {"a": 1, "b c": 2, "3": 4, "de": 5}),
        ("{a: 1, a: 2}", {"a": 1}),
        ("1 /* one */ + // and\n 2", 3),
    ],
)
def test_literals(source: str, value: Any) -> None:
    """Literals are expr-lang's."""
    assert evaluate(source, ENVIRONMENT) == value


@pytest.mark.parametrize(
    ("source", "value"),
    [
        ("1 + 2 * 3 ** 2", 19),
        ("2 ** 3 ** 2", 512),
        ("-2 ** 2", -4),
        ("10 - 2 - 3", 5),
        ("7 / 2", 3.5),
        ("not yes == false", True),
        ("1 < 2 and 2 < 3 or false", True),
        ("1 < 2 < 3", True),
        ("3 > 2 > 2", False),
        ("1 + 1 in [2]", True),
        ("1 not in xs", False),
        ("1 + 2 | max(5)", 5),
        ("yes ? 1 : yes ? 2 : 3", 1),
        ("yes ? 1 : 2 | string()", 1),
        ("nil ?? 1 ?? 2", 1),
        ("1 + nil ?? 2", 3),
        ("yes ?: 3", True),
        ("1..3", [1, 2, 3]),
        ("1..1 + 1", [1, 2]),
        ("1; 2; 3", 3),
        ("let x = 2; let y = x + 1; x * y", 6),
        ("if 1 > 2 { 'a' } else if yes { 'b' } else { 'c' }", "b"),
        ("xs | filter(# > 1) | map(# * 2)", [4, 6]),
        ("map(xs, {let y = #; y + #index})", [1, 3, 5]),
        ("map([[1, 2], [3]], map(#, # + 1))", [[2, 3], [4]]),
        ("a.not + a['b']", 3),
        ("::len(xs)", 3),
    ],
)
def test_operators_bind_as_in_expr_lang(source: str, value: Any) -> None:
    """Precedence and associativity are expr-lang's."""
    assert evaluate(source, ENVIRONMENT) == value


@pytest.mark.parametrize(
    ("source", "said", "column"),
    [
        ("1 +", "did not expect the end of the expression", 3),
        ("(1", "expected ')' here, not the end", 2),
        ("1 2", "did not expect the number '2'", 2),
        ("a.", "expected a field's name after the dot", 2),
        ("'open", "the string is not closed; add the quote '", 0),
        ("1 /* open", "the comment is not closed", 2),
        (r"'a\q'", "is no escape sequence", 2),
        ("1 @ 2", "the character '@' has no meaning", 2),
        ("5a", "'5a' is neither a number nor a name", 0),
        ("9223372036854775808", "does not fit in 64 bits", 0),
        ("nil ?? 1 + 2", "need parentheses to say which comes first", 9),
        ("#", "mean something only in a predicate", 0),
        ("{1 + 1: 2}", "expected ':'", 3),
        ("xs.0", "did not expect the number '.0'", 2),
        ("if yes { 1 }", "expected 'else'", 12),
        ("let x = 1", "expected ';'", 9),
        ("1 not 2", "did not expect the operator 'not'", 2),
        ("'it''s'", "did not expect the string 's'", 4),
        ("a b", "did not expect the name 'b'", 2),
    ],
)
def test_a_mistake_is_shown_with_a_caret(source: str, said: str, column: int) -> None:
    """The error is a sentence, the expression, and a caret under the spot."""
    with pytest.raises(ExpressionError) as error:
        evaluate(source, ENVIRONMENT)
    sentence, line, caret = str(error.value).split("\n")
    assert said in sentence
    assert line == f"  | {source}"
    assert caret == f"  | {' ' * column}^"


def test_the_line_of_the_mistake_is_shown() -> None:
    """Of an expression over several lines, the one with the mistake is shown."""
    with pytest.raises(ExpressionError, match=r"\n  \| xs \+ 1\n  \|    \^$"):
        evaluate("let y = 1;\nxs + 1\n+ y", ENVIRONMENT)


def test_a_long_line_is_cut_around_the_mistake() -> None:
    """Nobody has to scroll for the caret."""
    source = f"'{'x' * 300}' + 1 + '{'y' * 300}'"
    with pytest.raises(ExpressionError) as error:
        evaluate(source, ENVIRONMENT)
    _, line, caret = str(error.value).split("\n")
    assert len(line) <= 104
    assert line[caret.index("^")] == "+"


def test_the_field_is_named() -> None:
    """An error begins with the path of the field that holds the expression."""
    with pytest.raises(ExpressionError, match=r"^outputs\[0\]\.fromExpression: ") as error:
        evaluate("1 +", ENVIRONMENT, field="outputs[0].fromExpression")
    assert error.value.field == "outputs[0].fromExpression"
