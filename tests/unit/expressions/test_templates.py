"""Templates: what they become, and what an error in one says (Kargo's type rules)."""

from __future__ import annotations

from typing import Any

import pytest

from ferryman.domain.errors import ExpressionError
from ferryman.domain.expressions import Environment, render, render_config

ENVIRONMENT = Environment(
    {"s": "abc", "i": 3, "nums": "42", "m": {"b": [1.0, "<é>"], "a": None}, "yes": True},
    json_numbers=True,
)


@pytest.mark.parametrize(
    ("template", "value"),
    [
        ("42", "42"),
        ("true", "true"),
        ("", ""),
        ("$ {{ s }}", "$ {{ s }}"),
        ("${{ s }}", "abc"),
        ("${% s %}", "abc"),
        ("a ${{ s }} b ${% i %}", "a abc b 3"),
        ("${{ i }}", 3),
        ("${{ nums }}", 42),
        ("${{ quote(nums) }}", "42"),
        ("${{ '1.20' }}", 1.2),
        ("${{ '1e3' }}", 1000),
        ("${{ '0x10' }}", "0x10"),
        ("${{ '0x1p-2' }}", 0.25),
        ("${{ '1_000' }}", 1000),
        ("${{ '12345678901234567890' }}", 12345678901234567890),
        ("${{ 'NaN' }}", "NaN"),
        ("${{ '-Inf' }}", "-Inf"),
        ("${{ 'T' }}", True),
        ("${{ 'FALSE' }}", False),
        ("${{ 'yes' }}", "yes"),
        ("${{ '0' }}", 0),
        ("${{ nil }}", None),
        ("${{ unheardOf }}", None),
        ("x${{ nil }}", "xnull"),
        ("${{ '[1, 2.0]' }}", [1, 2]),
        ('{"a": ${{ i }}}', {"a": 3}),
        ("${{ m }}", {"a": None, "b": [1, "<é>"]}),
        ("${{ m }}!", '{"a":null,"b":[1,"\\u003cé\\u003e"]}!'),
        ("${{ true }} ", True),
        ("${{ s }} ", "abc "),
        ("${{ i }}\n", 3),
        ("${{ s }}\n", "abc\n"),
        ("${{ quote(i) }}\n", "3\n"),
        ("${{ i }}\n\n", 3),
        ('"${{ i }}"', "3"),
        ('"', '"'),
        ("${{}}", ""),
        ("a${{}}b ${{ i }}", "ab ${{ i }}"),
        ("${% {a: {b: 1}}.a.b %}", 1),
        ("${{\n i\n + 1 }}", 4),
    ],
)
def test_values(template: str, value: Any) -> None:
    """Text without expressions stays; else it becomes what it reads as."""
    found = render(template, ENVIRONMENT)
    assert (found, type(found)) == (value, type(value))


@pytest.mark.parametrize(
    ("expression", "value"),
    [
        ("quote('a\"b')", 'a\\"b'),
        ("quote('a\\nb\\\\')", "a\\nb\\\\"),
        ("quote('é\\u00a0\\u0001\\U0001F600')", "é\\u00a0\\x01😀"),
        ("quote({'a': 'b'})", '{"a":"b"}'),
        ("quote(nil)", "null"),
        ("unsafeQuote('foo')", '"foo"'),
        ("unsafeQuote(42)", "42"),
        ("asJSON({'b': [], 'a': {} })", '{\n  "a": {},\n  "b": []\n}\n'),
        ("asYAML({'a': 1})", "a: 1\n"),
    ],
)
def test_quoting_keeps_a_string(expression: str, value: str) -> None:
    """The functions for it force a string, whatever it looks like."""
    assert render(f"${{{{ {expression} }}}}", ENVIRONMENT) == value


def test_a_structure_is_rendered_throughout() -> None:
    """Strings at any depth are templates; keys and other values stay."""
    config = {"a": ["${{ i }}", {"b": "x${{ s }}"}], "${{ s }}": "k", "n": 5, "t": ("${{ yes }}",)}
    assert render_config(config, ENVIRONMENT) == {
        "a": [3, {"b": "xabc"}],
        "${{ s }}": "k",
        "n": 5,
        "t": [True],
    }


@pytest.mark.parametrize(
    ("config", "field"),
    [
        ({"updates": [{"key": "a"}, {"value": "${{ 1 + }}"}]}, "config.updates[1].value"),
        ({"a.b": {"c-d": "${{ s + 1 }}"}}, "config['a.b'].c-d"),
        (["${{ s.x }}"], "config[0]"),
        ({"text": "open ${{ s"}, "config.text"),
    ],
)
def test_an_error_names_the_field(config: Any, field: str) -> None:
    """However deep the template is, its path is told."""
    with pytest.raises(ExpressionError) as error:
        render_config(config, ENVIRONMENT, field="config")
    assert error.value.field == field
    assert str(error.value).startswith(f"{field}: ")


def test_the_expression_is_shown_and_not_the_template() -> None:
    """Of a long text, only the expression with the mistake appears."""
    with pytest.raises(ExpressionError) as error:
        render("first ${{ s }}, then ${{ s + 1 }}", ENVIRONMENT)
    assert str(error.value) == "cannot compute string + int\n  |  s + 1 \n  |    ^".replace(
        " \n", "\n"
    )


def test_braces_that_end_an_expression_are_explained() -> None:
    """The first closing delimiter counts, also where it was meant to close two maps."""
    with pytest.raises(ExpressionError, match="the first '}}' ends an expression, so write '} }'"):
        render("${{ {'a': {'b': 1}} }}", ENVIRONMENT)


@pytest.mark.parametrize("name", ["quote", "asYAML", "asJSON"])
def test_names_of_template_functions_are_reserved(name: str) -> None:
    """A variable of that name would never be seen."""
    for attempt in ({"a": "plain"}, "${{ 1 }}"):
        with pytest.raises(ExpressionError, match=f"a variable cannot be named '{name}'"):
            render_config(attempt, Environment({name: 1}))


def test_nesting_is_limited() -> None:
    """A structure that never ends is refused."""
    endless: list[Any] = []
    endless.append(endless)
    with pytest.raises(ExpressionError, match="nested more than 100 deep"):
        render_config(endless, ENVIRONMENT)


def test_numbers_are_floats_as_in_kargo() -> None:
    """Unless a float would change them."""
    environment = Environment({"i": 3, "id": 12345678901234567890}, json_numbers=True)
    assert render("${{ type(i) }}", environment) == "float"
    assert render("${{ id }}", environment) == 12345678901234567890
    assert render("${{ i }}-${{ int(i) % 2 }}", environment) == "3-1"
