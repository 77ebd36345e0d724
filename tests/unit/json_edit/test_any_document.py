"""Updates in documents made at random, judged by the standard library."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from activities.tools.json_edit import update_json
from activities.tools.updates import Update
from tests.fuzz.json_edit import fuzz
from tests.unit.json_edit.promises import changed_or_refused

pytestmark = pytest.mark.slow

TEXT = st.text(max_size=6) | st.sampled_from(['"', "\\", "{", "]", "a.b", "0", "é", "\u2028", ""])
NAMES = TEXT.filter(bool)
CONSTANTS = st.none() | st.booleans() | st.integers(-(2**63), 2**64 - 1)
FLOATS = st.floats(allow_nan=False, allow_infinity=False)
VALUES = TEXT | st.booleans() | st.integers(-(2**63), 2**64 - 1) | FLOATS
DATA = st.recursive(
    TEXT | CONSTANTS | FLOATS,
    lambda inside: st.lists(inside, max_size=3) | st.dictionaries(NAMES, inside, max_size=3),
    max_leaves=12,
)
ROOTS = DATA.filter(lambda data: isinstance(data, (dict, list)))
LAYOUTS = st.sampled_from([(None, None), (2, None), ("\t", None), (None, (",", ":")), (0, None)])
SCRAPS = st.sampled_from([*'{}[]",:\\ \n0-1tn/*\ufeff\x00é', "null", '"a":', "\r\n", "1e9", "//"])


@st.composite
def texts(draw: st.DrawFn, data: Any) -> str:
    """`data` as JSON in some layout."""
    indent, separators = draw(LAYOUTS)
    ascii_only = draw(st.booleans())
    text = json.dumps(data, indent=indent, separators=separators, ensure_ascii=ascii_only)
    line_break, end = draw(st.sampled_from([("\n", "\n"), ("\r\n", "\r\n"), ("\n", "")]))
    return draw(st.sampled_from(["", "\ufeff"])) + text.replace("\n", line_break) + end


@st.composite
def places(draw: st.DrawFn, data: Any) -> list[str | int]:
    """The way to something in `data`, or just beyond it."""
    way: list[str | int] = []
    while not way or (isinstance(data, (dict, list)) and draw(st.booleans())):
        if isinstance(data, dict):
            way.append(draw(st.sampled_from([*data, "new"])))
            data = data.get(way[-1])
        else:
            position = draw(st.integers(0, len(data) + 1))
            way.append(position)
            data = data[position] if position < len(data) else None
    return way


def key_to(way: list[str | int]) -> str:
    """The way as a key, with a backslash before everything."""
    steps = (step if isinstance(step, str) else str(step) for step in way)
    return ".".join("".join(f"\\{char}" for char in step) for step in steps)


def put(data: Any, way: list[str | int], value: Any) -> Any:
    """`data` with another value at `way`, lists filled with null up to there."""
    here = data
    for step in way[:-1]:
        here = here[step]
    if isinstance(here, list):
        here += [None] * (int(way[-1]) + 1 - len(here))
    here[way[-1]] = value
    return data


def plain(data: Any) -> str:
    """`data` as text in which 1 and True, but not 1 and 1.0, are told apart."""
    return json.dumps(data, sort_keys=False).replace(".0", "")


@settings(max_examples=150, deadline=None)
@given(root=ROOTS, value=VALUES, data=st.data())
def test_only_the_target_changes(root: Any, value: Any, data: st.DataObject) -> None:
    """Data differ in the value that was asked for, and the bytes in one span around it."""
    before, way = data.draw(texts(root)), data.draw(places(root))
    after = update_json(before.encode(), [Update(key_to(way), value)]).decode()
    found = json.loads(after.removeprefix("\ufeff"))
    here = found
    for step in way:
        here = here[step]
    # A large whole number is read as an integer; JSON's numbers are those of a float.
    assert (float(here) if isinstance(value, float) else here) == value
    assert isinstance(here, bool) == isinstance(value, bool)
    assert plain(put(found, way, 0)) == plain(put(root, way, 0))
    assert after[:1] == before[:1]
    assert after.endswith("\n") == before.endswith("\n")


@settings(max_examples=150, deadline=None)
@given(root=ROOTS, value=VALUES, key=st.text("ab.0-1:\\*", max_size=8), data=st.data())
def test_damaged(root: Any, value: Any, key: str, data: st.DataObject) -> None:
    """A damaged document is changed or refused, whatever the key."""
    text = data.draw(texts(root))
    for _ in range(data.draw(st.integers(0, 3))):
        start = data.draw(st.integers(0, len(text)))
        text = text[:start] + data.draw(SCRAPS) + text[start + data.draw(st.integers(0, 2)) :]
    changed_or_refused(text, key, value)


@settings(max_examples=50, deadline=None)
@given(data=st.binary(max_size=60))
def test_fuzzer_entry(data: bytes) -> None:
    """The fuzzer's entry holds for bytes of any kind."""
    fuzz(data)
