"""The check of long files, where our scanner reads only the lines around an edit again."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from activities.tools.updates import Value
from activities.tools.yaml_edit.check import Comparison
from activities.tools.yaml_edit.event import UnsureError
from activities.tools.yaml_edit.path import Target, locate
from activities.tools.yaml_edit.reading import Reading
from activities.tools.yaml_edit.render import render
from activities.tools.yaml_edit.scalar import Meaning, scalar_meaning
from activities.tools.yaml_edit.scan import scan
from tests.unit.yaml_edit.documents import Document, documents, key_to
from tests.unit.yaml_edit.mutations import SCRAPS

pytestmark = pytest.mark.slow

DOCUMENTS = documents().filter(lambda made: made.paths != [])
BEFORE = "a:\n  b: one\n  c: |\n    two\nd: [three]\ne: 4\nf: 5\n"


def reading_of(text: str) -> Reading:
    """A reading with a mark before nearly each line."""
    return Reading(*scan(text, stride=1))


def replaced(text: str, target: Target, written: str) -> str:
    """`text` with something else in the place of one scalar."""
    return text[: target.scalar.start] + written + text[target.scalar.end :]


@settings(max_examples=100, deadline=None)
@given(document=DOCUMENTS, value=st.text(max_size=8) | st.integers(0, 9), data=st.data())
def test_good_edits_pass(document: Document, value: str | int, data: st.DataObject) -> None:
    """What `render` writes passes by the lines around it, and by ruamel.yaml."""
    before, reading = document.text, reading_of(document.text)
    target = locate(before, reading.events, key_to(data.draw(st.sampled_from(document.paths))))
    after = replaced(before, target, render(before, target.scalar, value, flow=target.flow))
    comparison = Comparison(before, reading, after, {target.number: value})
    assert comparison.near()
    assert comparison.whole()


@settings(max_examples=150, deadline=None)
@given(document=DOCUMENTS, scraps=st.lists(SCRAPS, max_size=3), data=st.data())
def test_what_passes_is_exact(document: Document, scraps: list[str], data: st.DataObject) -> None:
    """Whatever is written over a scalar: if it passes by the lines around it, it is exact."""
    before, reading = document.text, reading_of(document.text)
    target = locate(before, reading.events, key_to(data.draw(st.sampled_from(document.paths))))
    after = replaced(before, target, " v".join(["", *scraps]))
    comparison = Comparison(before, reading, after, {target.number: meaning(after, target.number)})
    assert comparison.whole() or not comparison.near()


def meaning(text: str, number: int) -> Value:
    """What has come to stand at an event, where that can be told."""
    try:
        events, _ = scan(text)
    except UnsureError:
        return None
    scalar = events[number] if number < len(events) else events[0]
    found = scalar_meaning(text, scalar) if scalar.kind == "scalar" else None
    return None if isinstance(found, Meaning) else found


@pytest.mark.parametrize(
    ("key", "written"),
    [
        ("a.b", "new\nx: y"),
        ("a.b", "new # tail\n  x: y"),
        ("a.b", "|\n   new"),
        ("a.b", "'new"),
        ("a.b", "[new"),
        ("a.b", "new\n---"),
        ("d.0", "new]\nd: [x"),
        ("d.0", "new, x"),
        ("e", "new\nf: 5"),
        ("e", "other"),
    ],
)
def test_more_than_asked_for(key: str, written: str) -> None:
    """An edit that adds, swallows or moves something, or writes another value, does not pass."""
    reading = reading_of(BEFORE)
    target = locate(BEFORE, reading.events, key)
    after = replaced(BEFORE, target, written)
    comparison = Comparison(BEFORE, reading, after, {target.number: "new"})
    assert not comparison.near()
    assert not comparison.whole()
