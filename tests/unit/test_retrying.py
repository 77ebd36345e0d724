"""Which steps a retry keeps, and which it does again."""

from __future__ import annotations

import pytest

from ferryman.domain.errors import InvalidError
from ferryman.domain.placement import walk
from ferryman.domain.retrying import restart
from ferryman.domain.step import StepExecution, StepStatus
from tests.tree import keys_in, tree

A, F, S, K = StepStatus.ABORTED, StepStatus.FAILED, StepStatus.SUCCEEDED, StepStatus.SKIPPED


def again(text: str, start: str = "", **ended: StepStatus) -> set[str]:
    """The aliases of the steps that are done again; `ended` says how, all else Succeeded."""
    made = tree(text)
    keys = keys_in(made)
    by_alias = {alias.replace("__", "::"): status for alias, status in ended.items()}
    recorded = [
        StepExecution(
            path=p.path,
            alias=p.alias,
            status=by_alias.get(p.alias, S),
            continue_on_error=p.continue_on_error,
            keys=keys.get(p.path),
        )
        for p in walk(made.steps, keys)
        if p.step.leaves_record
    ]
    kept = restart(made.steps, recorded, start).kept
    return {s.alias for s in recorded if s.path not in kept}


@pytest.mark.parametrize(
    ("text", "ended", "expected"),
    [
        ("a, b, c", {"b": F, "c": K}, {"b", "c"}),
        ("a, b?, c", {"a": F, "c": K}, {"a", "b", "c"}),
        ("a!, b, c", {"a": F, "b": F}, {"b", "c"}),
        ("a!, b", {"a": A}, {"a", "b"}),
        ("{a, b}, c", {"a": F, "c": K}, {"a", "c"}),
        ("{a, b}, c", {"a": F, "b": F, "c": K}, {"a", "b", "c"}),
        ("deploy(a, b), c", {"deploy__a": F}, {"deploy::a", "deploy::b", "c"}),
        ("a, b", {}, set()),
    ],
)
def test_what_failed_and_what_comes_after_it(
    text: str, ended: dict[str, StepStatus], expected: set[str]
) -> None:
    """What ran before or beside a failure is kept; whatever was stopped by it is done again."""
    assert again(text, **ended) == expected


def test_a_loop_goes_on_in_its_item() -> None:
    """Items that were done are kept, and so is what the loop had found; later items follow."""
    made = tree("r[x y z](a, b), c")
    keys = keys_in(made)
    recorded = [
        StepExecution(path=p.path, status=F if p.alias == "r[y]::b" else S, keys=keys.get(p.path))
        for p in walk(made.steps, keys)
    ]
    kept = restart(made.steps, recorded).kept
    assert set(kept) == {"1", "r[x]::1", "r[x]::2", "r[y]::1"}


def test_from_an_earlier_step() -> None:
    """From a step that had succeeded, it and all after it are done again, with what failed."""
    assert again("a, b, c", "b", c=F) == {"b", "c"}
    assert again("a, {b, c}, d", "b", c=F) == {"b", "c", "d"}
    assert again("a, {b, c}, d", "3", d=F) == {"d"}


def test_not_past_a_failure() -> None:
    """A step after one that failed cannot be the first: the failure would still count."""
    with pytest.raises(InvalidError, match="step c comes after a, which did not succeed"):
        again("a, b, c", "c", a=F)


def test_an_unknown_step() -> None:
    """A name that no step has is refused with those that there are."""
    with pytest.raises(InvalidError, match="no step 'x'; there are: a, b"):
        again("a, b", "x", a=F)
