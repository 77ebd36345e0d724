"""What surrounds a value stays as it is, byte by byte."""

from __future__ import annotations

import pytest

from activities.tools.yaml_edit import Update, update_yaml


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("a: 1\r\nb: x\r\n", "a: 1\r\nb: new\r\n"),
        ("\ufeffb: x\n", "\ufeffb: new\n"),
        ("b: x", "b: new"),
        ("b: x\n\n\n", "b: new\n\n\n"),
        ("b:   x   # why\n", "b:   new   # why\n"),
        ("b: x\t# why\na: foo\tbar\n", "b: new\t# why\na: foo\tbar\n"),
        ("# head\n\nb: x # line\n# foot\n", "# head\n\nb: new # line\n# foot\n"),
        ("a: &a 1\nb: &b !!str x\nc: *b\n", "a: &a 1\nb: &b !!str new\nc: *b\n"),
        ("b: !Ref x\n", "b: !Ref new\n"),
        ("{a: 1, b: x , c: [ ]}\n", "{a: 1, b: new , c: [ ]}\n"),
        ("a: {\n  x: 1 # one\n}\nb: x\n", "a: {\n  x: 1 # one\n}\nb: new\n"),
        ("%YAML 1.1\n---\nb: x\n...\n", "%YAML 1.1\n---\nb: new\n...\n"),
        ("--- # first\nb: x\n---\nb: second\n", "--- # first\nb: new\n---\nb: second\n"),
        ("? b\n: x\n", "? b\n: new\n"),
        ("b:\n  x\n", "b:\n  new\n"),
        ("b: one\n  two\n\n  three\nc: 1\n", "b: new\nc: 1\n"),
        ("b: 'one\n  two' # why\n", "b: 'new' # why\n"),
        ("b:\nc: 1\n", "b: new\nc: 1\n"),
        ("b: # why\nc: 1\n", "b: new # why\nc: 1\n"),
        ("b: &b\nc: *b\n", "b: &b new\nc: *b\n"),
        ("ключ: é\nb: x # 🚀\n", "ключ: é\nb: new # 🚀\n"),
    ],
)
def test_surroundings(before: str, after: str) -> None:
    """Comments, anchors, tags, line ends, brackets and other documents are left alone."""
    assert update_yaml(before.encode(), [Update("b", "new")]) == after.encode()


def test_json_stays_json() -> None:
    """A string that is written into JSON gets JSON's quotes."""
    before = b'{"image":{"tag":null,"ports":[80,"x"]}}'
    updates = [Update("image.tag", 'say "hi"\n'), Update("image.ports.0", "http")]
    after = update_yaml(before, updates)
    assert after == b'{"image":{"tag":"say \\"hi\\"\\n","ports":["http","x"]}}'


@pytest.mark.parametrize(
    ("before", "value"),
    [
        ("b: '1.10'\n", "1.10"),
        ('b: "v1"\n', "v1"),
        ("b: v1\n", "v1"),
        ("b: one\n  two\n", "one two"),
        ("b: |\n  one\n", "one\n"),
        ("b: 1.50\n", 1.5),
        ("b: 2.0\n", 2),
        ("b: True\n", True),
        ("b: ~\n", None),
        ("b:\n", None),
        ("b: !!str 12\n", "12"),
    ],
)
def test_nothing_to_do(before: str, value: object) -> None:
    """A value that stands there already keeps its notation."""
    assert update_yaml(before.encode(), [Update("b", value)]) == before.encode()


def test_last_update_counts() -> None:
    """Of two updates of one place, however they are spelt, the last one counts."""
    updates = [Update("a.0", "one"), Update("a.00", "two")]
    assert update_yaml(b"a: [v, w]\n", updates) == b"a: [two, w]\n"


def test_an_alias_follows_its_anchor() -> None:
    """Where a value with an anchor changes, what repeats it changes with it."""
    assert update_yaml(b"a: &v 1\nb: *v\n", [Update("a", 2)]) == b"a: &v 2\nb: *v\n"
