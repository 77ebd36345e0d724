"""Inlining: the steps of tasks in the place of the references to them (Kargo §1.8, §14.36).

It happens once, when a Promotion is created, so that later changes of a task do not reach it::

    - task: {name: deploy}        - uses: git-clone    as: task-1::step-1
      vars: [...]            →    - uses: git-push     as: task-1::push
    - uses: http                  - uses: http         as: step-2
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from ferryman.domain.errors import InvalidError
from ferryman.domain.step import Step, TaskReference, Variable
from ferryman.domain.task import TaskSpec

SEPARATOR: Final = "::"
TaskKey = tuple[str, str]
"""Kind and name."""


def alias_in(step: Step, index: int, group: str = "") -> str:
    """A step's alias, or Kargo's default for the one at `index` of its list.

    A `group` shares its names with what it stands in, so its steps are called after it.
    """
    word = group or ("task" if step.task else "step")
    return step.as_ or f"{word}-{index + 1}"


def key_of(reference: TaskReference) -> TaskKey:
    """What identifies the task that is referred to, in its Project."""
    return reference.kind, reference.name


def references(steps: Iterable[Step]) -> frozenset[TaskKey]:
    """Every task that the steps refer to, those inside loops and groups too."""
    found: set[TaskKey] = set()
    for step in steps:
        if step.task:
            found.add(key_of(step.task))
        found |= references(step.children)
    return frozenset(found)


def inlined(
    steps: Sequence[Step],
    tasks: Mapping[TaskKey, TaskSpec],
    promotion_vars: Sequence[Variable],
    *,
    stage: str,
) -> tuple[Step, ...]:
    """The steps of a new Promotion to `stage`, each with its alias; no task is left in them.

    Raises InvalidError for a task that does not exist, and for a var that nobody gives.
    """
    given = frozenset(v.name for v in promotion_vars if v.value)
    return _Inlining(tasks, given, stage).all_of(steps)


@dataclass(frozen=True)
class _Inlining:
    tasks: Mapping[TaskKey, TaskSpec]
    given: frozenset[str]
    """The Promotion's own vars; one that is empty counts as not given."""
    stage: str

    def all_of(self, steps: Sequence[Step], group: str = "") -> tuple[Step, ...]:
        """The steps of one list."""
        return tuple(
            made
            for index, step in enumerate(steps)
            for made in self._one(step, alias_in(step, index, group))
        )

    def _one(self, step: Step, alias: str) -> Iterable[Step]:
        if step.task is None:
            return (self._called(step, alias),)
        task = self._task(step.task)
        handed = (*self._defaults(task, step), *step.vars)
        return (
            self._called(own, f"{alias}{SEPARATOR}{alias_in(own, number)}", handed)
            for number, own in enumerate(task.steps)
        )

    def _called(self, step: Step, alias: str, handed: Sequence[Variable] = ()) -> Step:
        """The step under its alias, with the vars that it is handed before its own."""
        changed: dict[str, object] = {"as_": alias, "vars": (*handed, *step.vars)}
        if step.children:
            if step.is_loop:
                changed["steps"] = self.all_of(step.children)
            else:
                changed["parallel"] = self.all_of(step.children, alias.rpartition(SEPARATOR)[2])
        return step.model_copy(update=changed)

    def _task(self, reference: TaskReference) -> TaskSpec:
        found = self.tasks.get(key_of(reference))
        if found is None:
            raise InvalidError(
                f"stage {self.stage} uses the {reference.kind} {reference.name}, which does not "
                "exist: apply it, or name another in the template's steps"
            )
        return found

    def _defaults(self, task: TaskSpec, step: Step) -> list[Variable]:
        """What the task says of its vars, as far as the Promotion says nothing."""
        handed = {v.name for v in step.vars if v.value}
        for variable in task.vars:
            if not variable.value and variable.name not in handed | self.given:
                name = step.task.name if step.task else ""
                raise InvalidError(
                    f"stage {self.stage} gives the task {name} no var {variable.name}, which it "
                    "needs: write it in vars of the step, the template or the Stage"
                )
        return [v for v in task.vars if v.name not in self.given and v.value]
