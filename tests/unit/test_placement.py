"""How steps are called, wherever they stand."""

from __future__ import annotations

import pytest

from ferryman.domain.errors import InvalidError
from ferryman.domain.loops import items_of, keys_of
from ferryman.domain.outputs import Outcome, outputs, scopes_in_sight, task_outputs
from ferryman.domain.placement import find, walk
from tests.tree import keys_in, tree


def test_paths_places_and_aliases() -> None:
    """In the order of the document, each led in by what it stands in."""
    made = tree("a, deploy(b, {c, d}), r[x y](e, t(f, g)), {h, u(i, j)}, k")
    assert [(p.path, p.order, p.alias) for p in walk(made.steps, keys_in(made))] == [
        ("1", "1", "a"),
        ("deploy::1", "2", "deploy::b"),
        ("deploy::2", "3", "deploy::g1"),
        ("deploy::g1::1", "3.1.1", "deploy::c"),
        ("deploy::g1::2", "3.2.1", "deploy::d"),
        ("4", "4", "r"),
        ("r[x]::1", "4.1.1", "r[x]::e"),
        ("r[x]::t::1", "4.1.2", "r[x]::t::f"),
        ("r[x]::t::2", "4.1.3", "r[x]::t::g"),
        ("r[y]::1", "4.2.1", "r[y]::e"),
        ("r[y]::t::1", "4.2.2", "r[y]::t::f"),
        ("r[y]::t::2", "4.2.3", "r[y]::t::g"),
        ("5", "5", "g2"),
        ("g2::1", "5.1.1", "h"),
        ("g2::u::1", "5.2.1", "u::i"),
        ("g2::u::2", "5.2.2", "u::j"),
        ("6", "6", "k"),
    ]


def test_a_path_that_is_none() -> None:
    """There is no step beyond the list, and none in an item that is not there."""
    made = tree("a, r[x](b)")
    assert find(made.steps, {}, "3") is None
    assert find(made.steps, {}, "r[x]::1") is None
    assert find(made.steps, keys_in(made), "r[x]::1") is not None


def test_what_items_are_called() -> None:
    """Themselves or their name if that fits a path, else their number."""
    items = ["eu-1.a", {"name": "us"}, "a/b", 7, {"name": ""}, None]
    assert keys_of(items, lambda _: False) == ("eu-1.a", "us", "3", "4", "5", "6")
    assert keys_of(["a", "b"], lambda item: item == "a") == ("1", "b")


def test_items_that_are_called_the_same() -> None:
    """Two items of one name are an error, also where one is a number's."""
    for items in (["a", {"name": "a"}], ["2", "x/y"]):
        with pytest.raises(InvalidError, match=r"forEach: items 1 and 2 are both called"):
            keys_of(items, lambda _: False)


def test_how_many_items_there_may_be() -> None:
    """At most 256; the error says how many there are."""
    assert items_of(["a"] * 256)
    with pytest.raises(InvalidError, match="forEach: has 257 items; at most 256 are allowed"):
        items_of(["a"] * 257)


OUTCOMES = [
    Outcome("top", output={"a": 1}),
    Outcome("t::one", output={"b": 2}),
    Outcome("t::two", "compose-output", {"c": 3}),
    Outcome("t::loop", keys=("x",)),
    Outcome("t::loop[x]::in", output={"d": 4}),
    Outcome("r", keys=("eu", "us")),
    Outcome("r[eu]::up", output={"e": 5}),
    Outcome("r[eu]::s::deep", output={"f": 6}),
]


def test_what_outputs_are() -> None:
    """By alias, by item, by short alias in a loop, and what a task composed by the task's."""
    outside = outputs(OUTCOMES, "")
    assert outside["t::one"] == {"b": 2}
    assert outside["t"] == {"c": 3}
    assert outside["r"] == {"eu": {"up": {"e": 5}, "s::deep": {"f": 6}}, "us": {}}
    assert outside["r[eu]::up"] == {"e": 5}
    assert "up" not in outside
    inside = outputs(OUTCOMES, "r[eu]::s::")
    assert (inside["up"], inside["s::deep"], inside["top"]) == ({"e": 5}, {"f": 6}, {"a": 1})


def test_what_task_outputs_are() -> None:
    """Short aliases of the task that a step is in, also from a loop in it."""
    assert task_outputs(OUTCOMES, "") is None
    assert task_outputs(OUTCOMES, "r[eu]::") is None
    assert task_outputs(OUTCOMES, "r[eu]::s::") == {"deep": {"f": 6}}
    for scope in ("t::", "t::loop[x]::"):
        found = task_outputs(OUTCOMES, scope) or {}
        assert found["one"] == {"b": 2}
        assert found["loop"] == {"x": {"in": {"d": 4}}}


def test_how_far_short_aliases_reach() -> None:
    """Out of loops, but not out of a task."""
    assert scopes_in_sight("r[eu]::z[a]::") == ["r[eu]::z[a]::", "r[eu]::", ""]
    assert scopes_in_sight("r[eu]::t::") == ["r[eu]::t::"]
    assert scopes_in_sight("t::r[eu]::") == ["t::r[eu]::", "t::"]
