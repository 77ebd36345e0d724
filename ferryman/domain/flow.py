"""Which step runs, and what the Promotion's phase is: pure functions of the steps so far.

The truth table is published in docs/steps-and-phases.md, and tested row by row from there:

* after a step has Failed or Errored, a later step without `if` is Skipped; with an `if`, the
  expression says (`failure()`, `always()`);
* what fails under `continueOnError` does not count, neither here nor for the phase;
* the phase is the worst that counts: Aborted, then Errored, then Failed; else Succeeded;
* a step that should have run and left no record is Errored: nothing succeeds by being lost.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Final

from ferryman.domain.promotion import Phase
from ferryman.domain.step import Step, StepExecution, StepStatus

_WORST_FIRST: Final = (StepStatus.ABORTED, StepStatus.ERRORED, StepStatus.FAILED)


def path_of(position: int) -> str:
    """A step's path: its place in the list, from 1."""
    return str(position + 1)


def alias_of(step: Step, position: int) -> str:
    """Its alias, or Kargo's default for it."""
    return step.as_ or f"step-{position + 1}"


def failed(earlier: Iterable[StepExecution]) -> bool:
    """Has a step failed in a way that stops what follows?"""
    return any(s.status and s.status.bad and not s.continue_on_error for s in earlier)


def runs(*, has_condition: bool, earlier: Iterable[StepExecution]) -> bool:
    """Is the step looked at? One with an `if` always is, and decides itself."""
    return has_condition or not failed(earlier)


def completed(
    steps: Sequence[Step], recorded: Iterable[StepExecution]
) -> tuple[StepExecution, ...]:
    """Every step's execution once none runs any more, with those that left no record."""
    known = {s.path: s for s in recorded}
    told: list[StepExecution] = []
    for position, step in enumerate(steps):
        execution = known.get(path_of(position))
        told.append(execution or _unrecorded(step, position, told))
    return tuple(told)


def phase(steps: Iterable[StepExecution]) -> Phase:
    """The phase of a Promotion whose steps have all ended."""
    step = _decisive(list(steps))
    return Phase(step.status) if step and step.status else Phase.SUCCEEDED


def message(steps: Iterable[StepExecution]) -> str:
    """The message of the step that decided the phase; "" when all went well."""
    step = _decisive(list(steps))
    return f"step {step.alias or step.path} ({step.uses}): {step.message}" if step else ""


def _decisive(steps: Sequence[StepExecution]) -> StepExecution | None:
    """The first of the worst that count; an abort counts wherever it falls."""
    counting = [s for s in steps if not s.continue_on_error or s.status is StepStatus.ABORTED]
    by_severity = (s for worst in _WORST_FIRST for s in counting if s.status is worst)
    return next(by_severity, None)


def _unrecorded(step: Step, position: int, earlier: Sequence[StepExecution]) -> StepExecution:
    lost = runs(has_condition=bool(step.if_), earlier=earlier)
    return StepExecution(
        path=path_of(position),
        alias=alias_of(step, position),
        uses=step.kind,
        status=StepStatus.ERRORED if lost else StepStatus.SKIPPED,
        message="it left no record of how it ended" if lost else "an earlier step failed",
        continue_on_error=step.continue_on_error,
    )
