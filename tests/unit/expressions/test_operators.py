"""What operators make of values, and paths of what may be missing."""

from __future__ import annotations

from typing import Any

import pytest

from ferryman.domain.errors import ExpressionError
from ferryman.domain.expressions import Environment, evaluate

ENVIRONMENT = Environment(
    {
        "i": 3,
        "f": 2.5,
        "s": "abc",
        "yes": True,
        "none": None,
        "xs": [1, 2, 3],
        "m": {"a": {"b": 1}, "none": None},
    }
)


@pytest.mark.parametrize(
    ("source", "value"),
    [
        ("1 + 2.5", 3.5),
        ("'a' + 'b'", "ab"),
        ("6 / 4", 1.5),
        ("-7 % 3", -1),
        ("7 % -3", 1),
        ("2 ** -1", 0.5),
        ("i - f", 0.5),
        ("1 == 1.0", True),
        ("[1, 2] == [1.0, 2]", True),
        ("{'a': 1} == {'a': 1.0}", False),
        ("i == '3'", False),
        ("i != nil", True),
        ("'b' > 'a'", True),
        ("2 in xs", True),
        ("'a' in m", True),
        ("'b' in m", False),
        ("1 in none", False),
        ("s contains 'b' and s startsWith 'a' and s endsWith 'c'", True),
        ("s matches '^[a-c]+$'", True),
        ("s not matches 'z'", True),
        ("none contains 'a'", False),
        ("yes and i", 3),
        ("yes or i", True),
        ("false and none", False),
        ("xs[0] + xs[-1]", 4),
        ("xs[1:]", [2, 3]),
        ("xs[:-1]", [1, 2]),
        ("xs[5:]", []),
        ("xs[f]", 3),
        ("s[1:]", "bc"),
        ("'héllo'[:2]", "hé"),
        ("s[0]", 97),
        ("m.zz", None),
        ("m.zz?.y", None),
        ("none?.a.b.c", None),
        ("none?.a()", None),
        ("m?.a?.b", 1),
        ("m?.['a'].b", 1),
        ("none ?? 5", 5),
        ("m.none ?? 'x'", "x"),
        ("unheardOf", None),
        ("unheardOf ?? 1", 1),
        ("$env.i + $env['f']", 5.5),
        ("'i' in $env", True),
    ],
)
def test_values(source: str, value: Any) -> None:
    """Operators give what they give in expr-lang."""
    assert evaluate(source, ENVIRONMENT) == value


@pytest.mark.parametrize(
    ("source", "said"),
    [
        ("s + i", "cannot compute string + int"),
        ("i + none", "cannot compute int + nil"),
        ("-s", "'-' wants a number, not string"),
        ("i % 0", "division by zero"),
        ("i / 0", "division by zero"),
        ("f % 2", "write int(…) around them"),
        ("0 ** -1", "not a finite number"),
        ("1e308 * 10", "not a finite number"),
        ("9223372036854775807 + i", "does not fit in 64 bits"),
        ("i < s", "cannot say whether int < string"),
        ("i and yes", "'and' wants true or false, not int"),
        ("not none", "'not' wants true or false, not nil"),
        ("i ? 1 : 2", "'?' wants true or false, not int"),
        ("s in s", "'in' looks into an array or a map, not into string"),
        ("1 in m", "the keys of a map are strings"),
        ("i contains 'a'", "'contains' wants strings"),
        ("s matches (s + '[')", "no regular expression in RE2's syntax"),
        ("xs[3]", "index 3 is out of range; there are 3 items"),
        ("xs[-4]", "index -4 is out of range"),
        ("xs.a", "has no fields, only numbered items"),
        ("m[i]", "the keys of a map are strings, not int"),
        ("m.zz.y", "nil has no fields or items; write '?.' before"),
        ("none?.a[0]", "nil has no fields or items"),
        ("i.x", "int has no fields or items"),
        ("i[1:]", "int cannot be sliced"),
        ("i()", "there is no function 'i'"),
        ("m.a()", "map is not a function"),
        ("uper(s)", "there is no function 'uper'; did you mean 'upper'"),
        ("{(i): 1}", "the keys of a map are strings, not int"),
        ("1..s", "wants an integer, not string"),
    ],
)
def test_refusals(source: str, said: str) -> None:
    """What makes no sense is an error that says why."""
    with pytest.raises(ExpressionError) as error:
        evaluate(source, ENVIRONMENT)
    assert said in str(error.value)


def test_a_value_is_never_shown() -> None:
    """Errors name types, since a value may be a secret."""
    environment = Environment({"token": "hunter2", "map": {"hunter2": 1}})
    sources = (
        *("token + 1", "int(token)", "float(token)", "fromJSON(token)", "fromBase64(token + '!')"),
        *(
            "date(token)",
            "duration(token)",
            "timezone(token)",
            "token.x",
            "map[token].x",
            "token()",
        ),
        *("1 matches token", "'a' matches (token + '(')", "sort([token, 1])", "semver(token)"),
        *("date('2024', token)", "repeat(token, -1)", "[token][token]", "upper(map)", "map[1]"),
    )
    for source in sources:
        with pytest.raises(ExpressionError) as error:
            evaluate(source, environment)
        assert "hunter2" not in str(error.value)
