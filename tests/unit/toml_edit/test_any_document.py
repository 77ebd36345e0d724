"""Updates in documents made at random, judged by tomllib."""

from __future__ import annotations

import tomllib
from datetime import date, time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from activities.tools.toml_edit import update_toml
from activities.tools.toml_edit.scanner import scan
from activities.tools.updates import Update
from tests.fuzz.toml_edit import fuzz
from tests.unit.toml_edit.documents import Document, documents, key_to
from tests.unit.toml_edit.promises import changed_or_refused, leaves

pytestmark = pytest.mark.slow

VALUES = (
    st.text(max_size=8)
    | st.sampled_from(
        ["v2", "1.10", "it's", '"""', "'''", "two\nlines", "\n", "a\\", "é", "a\r\nb"]
    )
    | st.integers(-(2**63), 2**63 - 1)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.booleans()
)
WITH_VALUES = documents().filter(lambda made: made.paths != [])
SCRAPS = st.sampled_from([*"[]{}=.,\"'\\#\n\r\t 0-:T\x00", '"""', "'''", "[[t]]\n", "a = 1\n"])


@settings(max_examples=150, deadline=None)
@given(document=WITH_VALUES, value=VALUES, data=st.data())
def test_only_the_target_changes(
    document: Document, value: float | str, data: st.DataObject
) -> None:
    """Data differ in the value that was asked for, and bytes only where it stands."""
    before, path = document.text, tuple(data.draw(st.sampled_from(document.paths)))
    start, end = scan(before, int(before.startswith("\ufeff")))[path]
    after = update_toml(before.encode(), [Update(key_to(list(path)), value)]).decode()
    was, now = (leaves(tomllib.loads(text.removeprefix("\ufeff"))) for text in (before, after))
    assert now[path] == value
    assert isinstance(now[path], bool) == isinstance(value, bool)
    assert repr({**now, path: None}) == repr({**was, path: None})
    assert after.startswith(before[:start])
    assert after.endswith(before[end:])


@settings(max_examples=50, deadline=None)
@given(document=documents())
def test_every_value_is_found(document: Document) -> None:
    """Our scanner finds the values that tomllib reads, each where its text stands."""
    text = document.text
    places = scan(text, int(text.startswith("\ufeff")))
    found = leaves(tomllib.loads(text.removeprefix("\ufeff")))
    assert set(places) == set(found)
    for path, (start, end) in places.items():
        alone = tomllib.loads(f"a = {text[start:end]}")["a"]
        assert repr(alone) == repr(found[path])


@settings(max_examples=50, deadline=None)
@given(document=WITH_VALUES, data=st.data())
def test_several_at_once(document: Document, data: st.DataObject) -> None:
    """Updates given together do what they do one after another."""
    paths = data.draw(st.lists(st.sampled_from(document.paths), min_size=2, max_size=4))
    updates = [Update(key_to(path), f"v{number}") for number, path in enumerate(paths)]
    alone = document.text.encode()
    for update in updates:
        alone = update_toml(alone, [update])
    together = tomllib.loads(update_toml(document.text.encode(), updates).decode("utf-8-sig"))
    assert repr(together) == repr(tomllib.loads(alone.decode("utf-8-sig")))


@settings(max_examples=50, deadline=None)
@given(moment=st.dates() | st.times() | st.datetimes())
def test_dates_stay_dates(moment: date | time) -> None:
    """A string that is a date or a time stays one where one stands."""
    text = moment.isoformat()
    before = f"a = {type(moment).min.isoformat()} # when\n"
    after = update_toml(before.encode(), [Update("a", text)]).decode()
    assert tomllib.loads(after)["a"] == moment


@settings(max_examples=150, deadline=None)
@given(document=documents(), value=VALUES, data=st.data())
def test_damaged(document: Document, value: object, data: st.DataObject) -> None:
    """A damaged document is changed or refused."""
    text = document.text
    for _ in range(data.draw(st.integers(0, 3))):
        start = data.draw(st.integers(0, len(text)))
        text = text[:start] + data.draw(SCRAPS) + text[start + data.draw(st.integers(0, 2)) :]
    keys = [*map(key_to, document.paths), "image", "t.0.tag", "a", "t.1"]
    changed_or_refused(text, data.draw(st.sampled_from(keys)), value)


@settings(max_examples=50, deadline=None)
@given(data=st.binary(max_size=60))
def test_fuzzer_entry(data: bytes) -> None:
    """The fuzzer's entry holds for bytes of any kind."""
    fuzz(data)
