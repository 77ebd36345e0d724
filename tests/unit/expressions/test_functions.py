"""The built-in functions, by theme, with what they give in expr-lang."""

from __future__ import annotations

from typing import Any

import pytest

from ferryman.domain.errors import ExpressionError
from ferryman.domain.expressions import Environment, evaluate

ENVIRONMENT = Environment({"i": 3, "f": 2.5, "s": "abc", "none": None, "xs": [3, 1, 2]})

STRINGS = [
    ("trim('  a ')", "a"),
    ("trim('__a_', '_')", "a"),
    ("trimPrefix('v1.2', 'v') + trimSuffix('a.git', '.git')", "1.2a"),
    ("upper('aß') + lower('ÀB')", "Aßàb"),
    ("split('a,b,c', ',', 2)", ["a", "b,c"]),
    ("split('abc', '')", ["a", "b", "c"]),
    ("split('', ',')", [""]),
    ("splitAfter('a,b', ',')", ["a,", "b"]),
    ("replace('aaa', 'a', 'b') + replace('ab', '', '-')", "bbb-a-b-"),
    ("repeat('ab', 2) + repeat('a', f)", "ababaa"),
    ("join(['a', 'b'], '-') + join(['a', 'b'])", "a-bab"),
    ("indexOf('abc', 'c') - lastIndexOf('abca', 'z')", 3),
    ("hasPrefix('ab', 'a') and hasSuffix('ab', 'b')", True),
]
NUMBERS = [
    ("max(1, 2.5, [4])", 4),
    ("min([3, 1.5])", 1.5),
    ("max([])", None),
    ("mean([1, 2, 4.5]) + median([4, 1, 3])", 5.5),
    ("mean([])", 0),
    ("abs(-5) + ceil(1.2) + floor(-1.5)", 5),
    ("[round(2.5), round(-2.5), round(0.4)]", [3, -3, 0]),
    ("bitand(6, 3) + bitor(6, 3) + bitxor(6, 3) + bitnand(6, 3)", 18),
    ("[bitshl(1, 3), bitshl(1, 64), bitshr(-8, 1), bitnot(5)]", [8, 0, -4, -6]),
    ("bitushr(-8, 1)", 9223372036854775804),
]
COLLECTIONS = [
    ("len('héé') + len(xs) + len({'a': 1})", 7),
    ("first(xs) + last(xs)", 5),
    ("first([])", None),
    ("take(xs, 2)", [3, 1]),
    ("reverse(xs)", [2, 1, 3]),
    ("uniq([1, 1.0, 'a', 'a'])", [1, "a"]),
    ("concat([1], xs)", [1, 3, 1, 2]),
    ("flatten([1, [2, [3]]])", [1, 2, 3]),
    ("sort(xs)", [1, 2, 3]),
    ("sort(xs, 'desc')", [3, 2, 1]),
    ("sort(keys({'b': 1, 'a': 2}))", ["a", "b"]),
    ("values({'a': 1})", [1]),
    ("toPairs({'a': 1})", [["a", 1]]),
    ("fromPairs([['a', 1], ['b', 2]])", {"a": 1, "b": 2}),
    ("[get(xs, 0), get(xs, 9), get({'a': 1}, 'b'), get(none, 'a')]", [3, None, None, None]),
]
CONVERSIONS = [
    (
        "type(nil) + type(1) + type(1.5) + type('') + type([]) + type({})",
        "nilintfloatstringarraymap",
    ),
    ("int('-12') + int(3.9)", -9),
    ("float('1.5e3') + float('0x1p-2') + float(1)", 1501.25),
    ("string(1e6) + string(0.1 + 0.2)", "1e+060.30000000000000004"),
    ("string([1, 'a', nil, {'b': true}])", "[1 a <nil> map[b:true]]"),
    (
        "toJSON({'b': [1, 2.0], 'a': '<é>'})",
        '{\n  "a": "\\u003cé\\u003e",\n  "b": [\n    1,\n    2\n  ]\n}',
    ),
    ("toJSON([1e20, 1e21, 1e-7])", "[\n  100000000000000000000,\n  1e+21,\n  1e-7\n]"),
    ("""fromJSON('{"a": [1, null]}').a""", [1, None]),
    ("type(fromJSON('1'))", "float"),
    ("fromBase64(toBase64('héé'))", "héé"),
]
WRONG = [
    ("repeat('a', -1)", "not negative"),
    ("join(['a', 1])", "join wants strings, not int"),
    ("int('0x10')", "cannot read the string as a decimal integer"),
    ("float('1__0')", "cannot read the string as a number"),
    ("fromJSON('{')", "cannot read the string as JSON"),
    ("fromJSON('NaN')", "cannot read the string as JSON"),
    ("fromBase64('a')", "cannot read the string as base64"),
    ("sort([1, 'a'])", "cannot say whether"),
    ("sort(xs, 'up')", "either 'asc' or 'desc'"),
    ("take(xs, -1)", "not negative"),
    ("fromPairs([[1]])", "wants pairs"),
    ("get(xs, 'a')", "has no fields, only numbered items"),
    ("bitshl(1, -1)", "negative count"),
    ("min([none])", "min wants numbers, not nil"),
    ("upper(none)", "upper(string) wants string, not nil"),
    ("keys(xs)", "keys(map) wants map, not array"),
]


@pytest.mark.parametrize(("source", "value"), [*STRINGS, *NUMBERS, *COLLECTIONS, *CONVERSIONS])
def test_values(source: str, value: Any) -> None:
    """Each function gives what it gives in expr-lang."""
    assert evaluate(source, ENVIRONMENT) == value


@pytest.mark.parametrize(("source", "said"), WRONG)
def test_refusals(source: str, said: str) -> None:
    """What a function cannot work on is an error that says what it wants."""
    with pytest.raises(ExpressionError) as error:
        evaluate(source, ENVIRONMENT)
    assert said in str(error.value)
