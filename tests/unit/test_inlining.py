"""Tasks in the place of the references to them."""

from __future__ import annotations

from typing import Any

import pytest

from ferryman.domain.errors import InvalidError
from ferryman.domain.inlining import inlined, references
from ferryman.domain.step import Step, Variable
from ferryman.domain.task import TaskSpec

TASKS = {
    ("PromotionTask", "deploy"): TaskSpec.load(
        {
            "vars": [{"name": "branch", "value": "main"}, {"name": "repo"}],
            "steps": [
                {"uses": "git-clone", "as": "clone"},
                {"uses": "git-push", "vars": [{"name": "branch", "value": "own"}]},
            ],
        }
    ),
    ("ClusterPromotionTask", "notify"): TaskSpec.load({"steps": [{"uses": "http"}]}),
}
REPO = {"name": "repo", "value": "r"}


def steps(*written: dict[str, Any], **given: str) -> tuple[Step, ...]:
    """What becomes of these steps in a Promotion with these vars."""
    variables = [Variable(name=name, value=value) for name, value in given.items()]
    return inlined([Step.load(w) for w in written], TASKS, variables, stage="dev")


def deploy(*variables: dict[str, str], **more: Any) -> dict[str, Any]:
    """A reference to the task."""
    return {"task": {"name": "deploy"}, "vars": variables, **more}


def values(step: Step) -> list[tuple[str, str]]:
    """Its vars, in order: later ones win."""
    return [(v.name, v.value) for v in step.vars]


def test_aliases() -> None:
    """Defaults count from 1 in the list in which a step stands (Kargo §14.35)."""
    notify = {"task": {"name": "notify", "kind": "ClusterPromotionTask"}}
    made = steps({"uses": "a"}, deploy(REPO), {"uses": "b"}, deploy(REPO, **{"as": "x"}), notify)
    assert [s.as_ for s in made] == [
        "step-1",
        "task-2::clone",
        "task-2::step-2",
        "step-3",
        "x::clone",
        "x::step-2",
        "task-5::step-1",
    ]
    assert not references(made)


def test_vars_in_order_of_precedence() -> None:
    """The task's defaults, then the reference's, then the step's own (Kargo §14.36)."""
    clone, push = steps(deploy(REPO, {"name": "branch", "value": "theirs"}))
    assert values(clone) == [("branch", "main"), ("repo", "r"), ("branch", "theirs")]
    assert values(push)[-1] == ("branch", "own")


def test_the_promotions_vars_suppress_defaults_only() -> None:
    """What the Promotion says holds against the task's default; the reference's holds over it."""
    clone, _ = steps(deploy(REPO), branch="release")
    assert values(clone) == [("repo", "r")]
    clone, _ = steps(deploy(REPO, {"name": "branch", "value": "x"}), branch="release")
    assert values(clone) == [("repo", "r"), ("branch", "x")]


def test_an_empty_var_of_the_promotion_is_not_given() -> None:
    """It neither suppresses a default nor satisfies what is required."""
    clone, _ = steps(deploy(REPO), branch="")
    assert ("branch", "main") in values(clone)
    with pytest.raises(InvalidError):
        steps(deploy(), repo="")


def test_a_required_var_that_nobody_gives() -> None:
    """The message names Stage, task and var."""
    with pytest.raises(InvalidError, match="stage dev gives the task deploy no var repo"):
        steps(deploy())
    steps(deploy(), repo="from the Promotion")


def test_a_task_that_does_not_exist() -> None:
    """The message names Stage and task; the kind counts."""
    with pytest.raises(InvalidError, match="stage dev uses the PromotionTask notify, which does"):
        steps({"task": {"name": "notify"}})


def test_tasks_in_loops_and_groups() -> None:
    """References are inlined wherever they stand, and groups name their steps after themselves."""
    (loop,) = steps({"as": "r", "forEach": ["a"], "steps": [deploy(REPO, **{"as": "d"})]})
    assert [s.as_ for s in loop.children] == ["d::clone", "d::step-2"]
    (group,) = steps({"parallel": [{"uses": "a"}, deploy(REPO), {"uses": "b", "as": "c"}]})
    assert group.as_ == "step-1"
    assert [s.as_ for s in group.children] == [
        "step-1-1",
        "step-1-2::clone",
        "step-1-2::step-2",
        "c",
    ]
