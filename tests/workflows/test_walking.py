"""The workflow's way through any tree of steps, against what the pure rules say of it."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from itertools import count

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ferryman.domain import flow
from ferryman.domain.placement import walk
from ferryman.domain.step import StepStatus
from tests.tree import Tree, keys_in, tree
from tests.walked import Walked, walked

pytestmark = pytest.mark.slow

_DEPTH = 3
_ENDS = [StepStatus.SUCCEEDED, *(s for s in StepStatus if s.ended and s is not StepStatus.ABORTED)]


@st.composite
def _texts(draw: st.DrawFn) -> str:
    """A tree in the signs of tests/tree.py."""
    numbers = count()

    def name(letter: str) -> str:
        return f"{letter}{next(numbers)}"

    def steps(depth: int, *, in_task: bool) -> str:
        amount = draw(st.integers(1, 3))
        return ", ".join(one(depth, in_task=in_task) for _ in range(amount))

    def one(depth: int, *, in_task: bool) -> str:
        marks = draw(st.sampled_from(["", "", "", "?", "!", "?!"]))
        forms = ["step", "step"]
        if depth < _DEPTH:
            forms += ["group", "loop"] if in_task else ["group", "loop", "task"]
        form = draw(st.sampled_from(forms))
        if form == "step":
            return name("s") + marks
        if form == "task":
            return f"{name('t')}({steps(depth, in_task=True)})"
        inside = steps(depth + 1, in_task=in_task)
        if form == "group":
            return f"{{{inside}}}{marks}"
        items = draw(st.sampled_from(["[]", "[x]", "[x y]", "[x y z]&"]))
        return f"{name('r')}{items}{marks}({inside})"

    return steps(0, in_task=False)


@st.composite
def _ways(draw: st.DrawFn) -> tuple[Tree, dict[str, StepStatus], dict[str, int]]:
    """A tree, how its steps end, and how long each takes."""
    made = tree(draw(_texts()))
    aliases = [placed.alias for placed in walk(made.steps, keys_in(made))]
    outcomes: dict[str, StepStatus] = {alias: draw(st.sampled_from(_ENDS)) for alias in aliases}
    return made, outcomes, {alias: draw(st.integers(0, 3)) for alias in aliases}


def _run(way: tuple[Tree, dict[str, StepStatus], dict[str, int]]) -> Walked:
    return asyncio.run(walked(*way))


@settings(max_examples=60, deadline=None)
@given(_ways())
def test_what_is_run_is_what_the_rules_say(
    way: tuple[Tree, dict[str, StepStatus], dict[str, int]],
) -> None:
    """What the workflow leaves out is Skipped, and whatever it runs would be missed if lost."""
    went = _run(way)
    recorded = went.recorded()
    told = {s.path: s for s in flow.completed(went.tree.steps, recorded)}
    assert set(went.began) <= set(told)
    assert len(set(went.began)) == len(went.began)
    left_out = [s for s in told.values() if s.path not in went.began]
    assert all(s.status is StepStatus.SKIPPED for s in left_out)
    for path in went.began:
        without = flow.completed(went.tree.steps, [s for s in recorded if s.path != path])
        (lost,) = (s for s in without if s.path == path)
        assert lost.status is StepStatus.ERRORED


@settings(max_examples=60, deadline=None)
@given(_ways())
def test_what_counts_as_earlier_has_ended(
    way: tuple[Tree, dict[str, StepStatus], dict[str, int]],
) -> None:
    """A step begins once all have ended that come before it, however long each takes."""
    went = _run(way)
    placed = {p.path: p for p in walk(went.tree.steps, keys_in(went.tree))}
    began, ended = _when(went, "began"), _when(went, "ended")
    for late in went.began:
        for early in went.began:
            if placed[late].after(placed[early]):
                assert ended(early) < began(late)


def _when(went: Walked, mark: str) -> Callable[[str], int]:
    at = {path: index for index, (what, path) in enumerate(went.marks) if what == mark}
    return at.__getitem__


def test_branches_and_items_run_side_by_side() -> None:
    """Both branches of a group begin before either ends, and so do as many items as may."""
    slow = {"a": 5, "b": 5, "r[x]::c": 5, "r[y]::c": 5, "r[z]::c": 5}
    went = asyncio.run(walked(tree("{a, b}, r[x y z]&(c)"), turns=slow))
    marks = [(what, path) for what, path in went.marks if path != "2"]
    assert marks == [
        ("began", "g1::1"),
        ("began", "g1::2"),
        ("ended", "g1::1"),
        ("ended", "g1::2"),
        ("began", "r[x]::1"),
        ("began", "r[y]::1"),
        ("ended", "r[x]::1"),
        ("ended", "r[y]::1"),
        ("began", "r[z]::1"),
        ("ended", "r[z]::1"),
    ]
