"""What is missing is added, written as its neighbours are."""

from __future__ import annotations

import pytest

from activities.tools.json_edit import update_json
from activities.tools.updates import Update


@pytest.mark.parametrize(
    ("before", "key", "after"),
    [
        ('{"a":1}', "b", '{"a":1,"b":"v"}'),
        ('{"a": 1}', "b", '{"a": 1, "b": "v"}'),
        ('{ "a" : 1 }', "b", '{ "a" : 1, "b" : "v" }'),
        ('{"a": 1, "c":  2}', "b", '{"a": 1, "c":  2, "b":  "v"}'),
        ('{\n  "a": 1\n}\n', "b", '{\n  "a": 1,\n  "b": "v"\n}\n'),
        ('{\r\n\t"a": 1\r\n}', "b", '{\r\n\t"a": 1,\r\n\t"b": "v"\r\n}'),
        ('{\n  "a": 1,\n\n  "c": 2\n}', "b", '{\n  "a": 1,\n\n  "c": 2,\n  "b": "v"\n}'),
        ('{"a": 1,\n "c": 2}', "b", '{"a": 1,\n "c": 2,\n "b": "v"}'),
        ('{"a":{}}', "a.b", '{"a":{"b":"v"}}'),
        ('{\n "a": {}\n}', "a.b", '{\n "a": {\n  "b": "v"\n }\n}'),
        ('{\n "a": 1\n}', "b.c.d", '{\n "a": 1,\n "b": {\n  "c": {\n   "d": "v"\n  }\n }\n}'),
        ('{"a":1}', "b.c", '{"a":1,"b":{"c":"v"}}'),
        ('{"a":[1, 2]}', "a.-1", '{"a":[1, 2, "v"]}'),
        ('{"a":[1,2]}', "a.2", '{"a":[1,2,"v"]}'),
        ('{"a":[]}', "a.2", '{"a":[null,null,"v"]}'),
        (
            '{\n  "a": [\n    1\n  ]\n}',
            "a.-1.b",
            '{\n  "a": [\n    1,\n    {\n      "b": "v"\n    }\n  ]\n}',
        ),
        ('{"a":1}', "b.1", '{"a":1,"b":[null,"v"]}'),
        ('{"a":1}', "b.-1", '{"a":1,"b":["v"]}'),
        ('{"a":1}', "b.:1", '{"a":1,"b":{"1":"v"}}'),
        ('{"a":1}', "-1", '{"a":1,"-1":"v"}'),
        ('{"a":1}', "1", '{"a":1,"1":"v"}'),
        ('{"a":1}', r"x\.y\*", '{"a":1,"x.y*":"v"}'),
        ('{"a":null}', "a.b", '{"a":{"b":"v"}}'),
        ('{"a":"x"}', "a.0", '{"a":["v"]}'),
        ("[1]", "-1", '[1, "v"]'),
        ("[ ]", "0", '[\n  "v"\n]'),
        ("{}\n", "a", '{\n  "a": "v"\n}\n'),
        ("", "a", '{\n  "a": "v"\n}'),
        ("", "0", '[\n  "v"\n]'),
        ('"x"', "a", '{\n  "a": "v"\n}'),
    ],
)
def test_added(before: str, key: str, after: str) -> None:
    """Keys, their parents, and items of lists are added; the layout is the file's own."""
    assert update_json(before.encode(), [Update(key, "v")]).decode() == after
