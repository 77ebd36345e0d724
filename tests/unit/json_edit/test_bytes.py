"""What surrounds a value stays as it is, byte by byte."""

from __future__ import annotations

import pytest

from activities.tools.json_edit import update_json
from activities.tools.updates import Update


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ('{"a": 1,\r\n"b": "x"\r\n}\r\n', '{"a": 1,\r\n"b": "new"\r\n}\r\n'),
        ('\ufeff{"b": "x"}', '\ufeff{"b": "new"}'),
        ('{"b":"x"}', '{"b":"new"}'),
        ('\n\n{ "b"\t:\n"x" }\n\n', '\n\n{ "b"\t:\n"new" }\n\n'),
        ('{"c":"b","b":[1,{"b":"}"}],"d":"\\u00e9"}', '{"c":"b","b":"new","d":"\\u00e9"}'),
        ('{"a":{"b":1},"b":{"c":"]\\"}"},"e":1e3}', '{"a":{"b":1},"b":"new","e":1e3}'),
        ('{"\\u0062":1.50}', '{"\\u0062":"new"}'),
        ('{"ключ":"é🚀","b":null}', '{"ключ":"é🚀","b":"new"}'),
        ('{"z":1,"z":2,"b":true}', '{"z":1,"z":2,"b":"new"}'),
    ],
)
def test_surroundings(before: str, after: str) -> None:
    """Indentation, line ends, key order, escapes and doubled keys elsewhere are left alone."""
    assert update_json(before.encode(), [Update("b", "new")]) == after.encode()


@pytest.mark.parametrize(
    ("value", "written"),
    [
        ('say "hi"\n\\ é', '"say \\"hi\\"\\n\\\\ é"'),
        ("", '""'),
        ("<a>&", '"<a>&"'),
        ("é <a>\u2028", '"é \\u003ca\\u003e\\u2028"'),
        ("1.10", '"1.10"'),
        (7, "7"),
        (-(2**63), "-9223372036854775808"),
        (2.0, "2"),
        (1.5, "1.5"),
        (1e21, "1000000000000000000000"),
        (1e-7, "0.0000001"),
        (-0.0, "-0"),
        (True, "true"),
        (False, "false"),
    ],
)
def test_values(value: object, written: str) -> None:
    """A value is written in JSON's notation, numbers spelt out."""
    assert update_json(b'{"b": "x"}', [Update("b", value)]).decode() == f'{{"b": {written}}}'


@pytest.mark.parametrize(
    ("before", "value"),
    [('"caf\\u00e9"', "café"), ("1.0", 1), ("1", 1.0), ("1e2", 100), ("true", True), ('""', "")],
)
def test_nothing_to_do(before: str, value: object) -> None:
    """A value that stands there already keeps its notation."""
    file = f'{{"b":{before}}}'.encode()
    assert update_json(file, [Update("b", value)]) == file


@pytest.mark.parametrize(("before", "value"), [("1", True), ("true", 1), ('"1"', 1), ("0", False)])
def test_the_type_counts(before: str, value: object) -> None:
    """A value of another type is another value."""
    file = f'{{"b":{before}}}'.encode()
    assert update_json(file, [Update("b", value)]) != file


def test_one_after_the_other() -> None:
    """Each update sees what those before it have done."""
    updates = [Update("a.x", 1), Update("a.y", 2), Update("a.x", 3), Update("l.-1", 4)]
    assert update_json(b'{"l": [0]}', updates) == b'{"l": [0, 4], "a": {"x": 3, "y": 2}}'
