"""Updates in documents made at random, judged by ruamel.yaml."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from activities.tools.yaml_edit import Update, read_scalar, update_yaml
from activities.tools.yaml_edit.scan import scan
from tests.unit.yaml_edit.documents import Document, documents, key_to
from tests.unit.yaml_edit.oracle import assert_only_span_changed, load, put, span

pytestmark = pytest.mark.slow

VALUES = (
    st.text(max_size=12)
    | st.sampled_from(["v2", "1.10", "yes", "", "two\nlines", "two\nlines\n", "a: b", "x #y", "é"])
    | st.integers(-(2**63), 2**64 - 1)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.booleans()
    | st.none()
)


@settings(max_examples=100, deadline=None)
@given(document=documents().filter(lambda made: made.paths != []), data=st.data())
def test_only_the_target_changes(document: Document, data: st.DataObject) -> None:
    """Data and bytes differ in the value that was asked for, and in nothing else."""
    before, path = document.text, data.draw(st.sampled_from(document.paths))
    value = data.draw(VALUES)
    after = update_yaml(before.encode(), [Update(key_to(path), value)]).decode()
    assert load(after) == put(load(before), path, value)
    assert_only_span_changed(before, after, *span(before, path))


@settings(max_examples=30, deadline=None)
@given(document=documents().filter(lambda made: made.paths != []), data=st.data())
def test_several_at_once(document: Document, data: st.DataObject) -> None:
    """Updates given together do what they do one after another."""
    paths = data.draw(st.lists(st.sampled_from(document.paths), min_size=2, max_size=4))
    updates = [Update(key_to(path), f"v{number}") for number, path in enumerate(paths)]
    together = alone = document.text.encode()
    together = update_yaml(together, updates)
    for update in updates:
        alone = update_yaml(alone, [update])
    assert together == alone


@settings(max_examples=30, deadline=None)
@given(document=documents().filter(lambda made: made.paths != []), data=st.data())
def test_what_was_written_is_read(document: Document, data: st.DataObject) -> None:
    """`read_scalar` gives back the string that `update_yaml` has written."""
    key = key_to(data.draw(st.sampled_from(document.paths)))
    value = data.draw(st.text(max_size=12))
    assert read_scalar(update_yaml(document.text.encode(), [Update(key, value)]), key) == value


@settings(max_examples=30, deadline=None)
@given(document=documents())
def test_ordinary_documents_are_scanned(document: Document) -> None:
    """What people write every day is read by our scanner, without ruamel.yaml's help."""
    events, _ = scan(document.text)
    assert events
