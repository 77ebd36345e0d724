"""Steps in templates, tasks, loops and groups, as they are written."""

from __future__ import annotations

from collections.abc import Callable
from textwrap import indent

import pytest

from ferryman.domain.manifests import Item, load, validate_together
from ferryman.domain.task import ClusterPromotionTask, PromotionTask

LOOP = "{as: r, forEach: [a], steps: [{uses: git-clone}]}"


def written(stage: Callable[[str], Item], *steps: str) -> list[str]:
    """What is said of a Stage with these steps."""
    template = "\n".join(f"    - {step}" for step in steps)
    item = stage(f"promotionTemplate:\n  spec:\n    steps:\n{template}\n")
    return [*item.errors, *validate_together([item])]


def task(spec: str, kind: str = "PromotionTask") -> Item:
    """A task of that spec."""
    head = f"apiVersion: kargo.akuity.io/v1alpha1\nkind: {kind}\nmetadata: {{name: it}}\nspec:\n"
    (item,) = load(head + indent(spec, "  ")).items
    return item


@pytest.mark.parametrize(
    "step",
    [
        LOOP,
        "{forEach: '${{ [1, 2] }}', concurrency: 4, if: '${{ true }}', steps: [{uses: a}]}",
        "{forEach: [], vars: [{name: a}], continueOnError: true, steps: [{task: {name: t}}]}",
        "{as: g, if: '${{ true }}', parallel: [{uses: http}, {task: {name: t}}]}",
        "{parallel: [{forEach: [a], steps: [{parallel: [{uses: b}]}]}]}",
        "{uses: a, retry: {timeout: 1h30m, errorThreshold: 3}}",
    ],
)
def test_what_may_be_written(stage: Callable[[str], Item], step: str) -> None:
    """Loops and groups, with steps, tasks and one another in them."""
    assert written(stage, step) == []


@pytest.mark.parametrize(
    ("step", "said"),
    [
        ("{forEach: [a], uses: b, steps: [{uses: c}]}", "give exactly one of uses and task"),
        ("{forEach: [a], parallel: [{uses: b}]}", "give exactly one of uses and task"),
        ("{forEach: [a]}", "steps[0].steps (line 9): is missing; write what is done for each"),
        ("{uses: a, steps: [{uses: b}]}", "steps[0].steps (line 9): belongs to a forEach"),
        ("{uses: a, concurrency: 2}", "steps[0].concurrency (line 9): belongs to a forEach"),
        ("{parallel: []}", "steps[0].parallel (line 9): is empty"),
        (LOOP.replace("forEach: [a]", "forEach: eu"), 'is "eu"; write a list, or an expression'),
        (LOOP.replace("forEach: [a]", "forEach: {a: 1}"), "forEach (line 9): is no list"),
        (LOOP.replace("as: r", "config: {a: 1}"), "is not read beside forEach"),
        (LOOP.replace("as: r", "retry: {timeout: 5m}"), "is not read beside forEach"),
        ("{retry: {timeout: 5m}, parallel: [{uses: a}]}", "is not read beside parallel"),
        (LOOP.replace("as: r", "concurrency: 0"), "is 0; write at least 1"),
        ("{uses: a, retry: {timeout: soon}}", "steps[0].retry.timeout (line 9): 'soon' is not a"),
        (LOOP.replace("[{uses: git-clone}]", "[{as: x}]"), "steps[0].steps[0] (line 9): give ex"),
        (LOOP.replace("uses:", "usse:"), "there is no such field; did you mean uses?"),
    ],
)
def test_what_may_not(stage: Callable[[str], Item], step: str, said: str) -> None:
    """Each with the place and what to write."""
    found = written(stage, step)
    assert [error for error in found if said in error], found


def test_how_deep_they_may_stand(stage: Callable[[str], Item]) -> None:
    """Three loops or groups within one another, and not a fourth."""
    step = "{uses: a}"
    for _ in range(3):
        step = f"{{parallel: [{step}]}}"
    assert written(stage, step) == []
    (error,) = written(stage, f"{{parallel: [{step}]}}")
    assert "at most 3 deep" in error


@pytest.mark.parametrize(
    ("steps", "said"),
    [
        (
            ("{uses: a, as: x}", "{parallel: [{uses: b, as: x}]}"),
            "steps[1].parallel[0].as: is x, as at spec.promotionTemplate.spec.steps[0].as",
        ),
        (("{parallel: [{uses: b, as: x}, {uses: c, as: x}]}",), "[1].as: is x, as at index 0"),
        (
            ("{forEach: [a], steps: [{uses: b, as: x}, {uses: c, as: x}]}",),
            "steps[0].steps[1].as: is x, as at index 0",
        ),
        (("{parallel: [{uses: b, as: task-7}]}",), "is task-7, which is what the engine calls"),
        (("{uses: a, as: 'x::y'}",), "is 'x::y'; write at most 63 characters without ':'"),
        (("{uses: a, as: 'x[y]'}",), "write at most 63 characters"),
        (("{task: {name: A_b}}",), "task.name: 'A_b' cannot name a PromotionTask"),
    ],
)
def test_names(stage: Callable[[str], Item], steps: tuple[str, ...], said: str) -> None:
    """Aliases are unique where they are seen, and are not those of the engine."""
    found = written(stage, *steps)
    assert [error for error in found if said in error], found


def test_a_loop_has_names_of_its_own(stage: Callable[[str], Item]) -> None:
    """What is called so outside may be called so inside."""
    assert written(stage, "{uses: a, as: x}", LOOP.replace("{uses:", "{as: x, uses:")) == []


@pytest.mark.parametrize(
    ("kind", "model"),
    [("PromotionTask", PromotionTask), ("ClusterPromotionTask", ClusterPromotionTask)],
)
def test_tasks_are_read(kind: str, model: type[object]) -> None:
    """With their vars and steps; nothing of them is unsupported."""
    item = task("vars: [{name: a}, {name: b, value: c}]\nsteps: [{uses: git-clone}]\n", kind)
    assert isinstance(item.resource, model), item.errors
    assert item.unsupported == ()
    assert validate_together([item]) == ()


@pytest.mark.parametrize(
    ("spec", "said"),
    [
        ("steps: []", "spec.steps (line 5): is []; write at least one"),
        ("steps: [{task: {name: other}}]", "a task cannot use tasks"),
        ("steps: [{parallel: [{task: {name: other}}]}]", "a task cannot use tasks"),
        ("steps: [{uses: a, retrys: {}}]", "there is no such field; did you mean retry?"),
        ("vars: [{name: 1a}]\nsteps: [{uses: a}]", "a letter or _"),
        ("vars: [{name: a}, {name: a}]\nsteps: [{uses: a}]", "spec.vars[1].name: is a, as at"),
        ("steps: [{uses: a, as: b}, {uses: c, as: b}]", "spec.steps[1].as: is b, as at index 0"),
        ("steps: [{uses: a, as: step-1}]", "is step-1, which is what the engine calls"),
    ],
)
def test_tasks_that_are_refused(spec: str, said: str) -> None:
    """As for Stages, and tasks do not use tasks."""
    item = task(spec)
    found = [*item.errors, *validate_together([item])]
    assert [error for error in found if said in error], found


def test_old_forms_in_loops() -> None:
    """What Kargo once had is read there too, with its place."""
    spec = """\
steps:
- forEach: [a]
  steps:
  - uses: git-commit
    config: {path: ., messageFromSteps: [update]}
"""
    item = task(spec)
    assert "spec.steps[0].steps[0].config.messageFromSteps" in item.warnings[0]
    assert isinstance(item.resource, PromotionTask)
    config = item.resource.spec.steps[0].children[0].config
    assert config["message"] == "${{ outputs.update.commitMessage }}"
