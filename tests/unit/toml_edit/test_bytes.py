"""What surrounds a value stays as it is, byte by byte."""

from __future__ import annotations

import pytest

from activities.tools.toml_edit import update_toml
from activities.tools.updates import Update

FILE = r'''# head
title = "x"   # why
"a.b" = 'lit'

[image]   # where
tag = """
v1"""
repo . name = 'r'
ports = [ 80, # one
  { x = 1, "y z" = [true,] },
]

[[service]]
name = "first"
[[service]]
name = "second"
[service.limits]
cpu = 0.5
[[service.rules]]
z = 1
[[service.rules]]
z = 2
# foot'''


@pytest.mark.parametrize(
    ("key", "value", "old", "new"),
    [
        ("title", "y", '"x"', '"y"'),
        (r"a\.b", "new", "'lit'", "'new'"),
        ("image.tag", "v2", '"""\nv1"""', '"""\nv2"""'),
        ("image.repo.name", "q", "'r'", "'q'"),
        ("image.ports.0", 8080, "80,", "8080,"),
        ("image.ports.1.x", 2, "x = 1", "x = 2"),
        ("image.ports.1.y z.0", False, "true", "false"),
        ("service.0.name", "1st", '"first"', '"1st"'),
        ("service.1.name", "2nd", '"second"', '"2nd"'),
        ("service.1.limits.cpu", 2, "0.5", "2.0"),
        ("service.1.rules.1.z", 3, "z = 2", "z = 3"),
    ],
)
@pytest.mark.parametrize(("line_break", "mark"), [("\n", ""), ("\r\n", "\ufeff")])
def test_places(key: str, value: object, old: str, new: str, *, line_break: str, mark: str) -> None:
    """Tables, arrays of tables, inline tables, dotted and quoted keys lead to their value."""
    before = mark + FILE.replace("\n", line_break)
    after = before.replace(old.replace("\n", line_break), new.replace("\n", line_break))
    assert update_toml(before.encode(), [Update(key, value)]).decode() == after


@pytest.mark.parametrize(
    ("before", "value", "after"),
    [
        ('"x"', 'say "hi"\n', r'"say \"hi\"\n"'),
        ('"x"', "a\u0000\u007f\u200b\\", r'"a\u0000\u007f\u200b\\"'),
        ("'x'", "it's", '"it\'s"'),
        ("'x'", "C:\\new", "'C:\\new'"),
        ("'x'", "a\nb", r'"a\nb"'),
        ("'''x'''", "a\nb", "'''a\nb'''"),
        ("'''\nx'''", "\na'b", "'''\n\na'b'''"),
        ("'''x'''", "\na", "'''\n\na'''"),
        ("'''x'''", "it's'", '"""it\'s\'"""'),
        ("'''x'''", "a\rb", '"""a\\rb"""'),
        ('"""x"""', 'a"b""c"""d"', '"""a"b""c\\"""d\\""""'),
        ('"""x"""', "a\\\n\tb", '"""a\\\\\n\\tb"""'),
        ('"""\n  x\n  """', "y", '"""\ny"""'),
        ("1", "x", '"x"'),
        ('"x"', 1, "1"),
        ('"x"', 1.0, "1"),
        ('"x"', 1.5, "1.5"),
        ('"x"', 1e300, "1e+300"),
        ("0xff", 16, "16"),
        ("1.5", 2, "2.0"),
        ("1.5", 2**62 + 1, str(2**62 + 1)),
        ("1.5", "2", '"2"'),
        ("true", False, "false"),
        ("true", 1, "1"),
        ("2024-01-15", "2024-02-01", "2024-02-01"),
        ("2024-01-15", "2024-02-01 # x", '"2024-02-01 # x"'),
        ("2024-01-15", "2024-02-30", '"2024-02-30"'),
        ("2024-01-15", "2024-02-01T10:00:00Z", '"2024-02-01T10:00:00Z"'),
        ("2024-01-15T10:00:00Z", "2024-02-01 10:00:00+01:00", "2024-02-01 10:00:00+01:00"),
        ("2024-01-15T10:00:00Z", "2024-02-01T10:00:00", '"2024-02-01T10:00:00"'),
        ("10:30:00", "11:00:00", "11:00:00"),
        ('"x"', "2024-01-15", '"2024-01-15"'),
    ],
)
def test_notation(before: str, value: object, after: str) -> None:
    """Quotes, floats and dates stay what they are where the value allows it."""
    source = f"a = {before} # c\nb = 1\n".encode()
    assert update_toml(source, [Update("a", value)]).decode() == f"a = {after} # c\nb = 1\n"


@pytest.mark.parametrize(
    ("before", "value"),
    [("0xff", 255), ("1_000", 1000), ("1.50", 1.5), ("2.0", 2), ('"\\u0061"', "a"), ("true", True)],
)
def test_nothing_to_do(before: str, value: object) -> None:
    """A value that stands there already keeps its notation."""
    source = f"a = {before}\n".encode()
    assert update_toml(source, [Update("a", value)]) == source


def test_last_update_counts() -> None:
    """Of two updates of one place, however they are spelt, the last one counts."""
    updates = [Update("a.0", "one"), Update("a.00", "two")]
    assert update_toml(b"a = ['v', 'w']", updates) == b"a = ['two', 'w']"
