"""Which step runs, and what the Promotion's phase is: pure functions of the steps so far.

The truth table is published in docs/steps-and-phases.md, and tested row by row from there:

* after a step has Failed or Errored, a later step without `if` is Skipped; with an `if`, the
  expression says (`failure()`, `always()`);
* a loop or group whose own `if` held begins anew: what failed before it stops nothing in it;
* what fails under `continueOnError` does not count, neither here nor for the phase;
* the phase is the worst that counts: Aborted, then Errored, then Failed; else Succeeded;
* a step that should have run and left no record is Errored: nothing succeeds by being lost.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from ferryman.domain.placement import Keys, Placed, inside, keys_of, top
from ferryman.domain.promotion import Phase
from ferryman.domain.step import Step, StepExecution, StepStatus

_WORST_FIRST: Final = (StepStatus.ABORTED, StepStatus.ERRORED, StepStatus.FAILED)


def counts(step: StepExecution) -> bool:
    """Has it failed in a way that stops what follows?"""
    return bool(step.status and step.status.bad) and not step.continue_on_error


def failed(earlier: Iterable[StepExecution]) -> bool:
    """Has a step failed in a way that stops what follows?"""
    return any(map(counts, earlier))


def runs(*, has_condition: bool, failed: bool) -> bool:
    """Is the step looked at? One with an `if` always is, and decides itself."""
    return has_condition or not failed


def stopped_inside(*, has_condition: bool, failed: bool) -> bool:
    """Does what failed before a loop or group that is gone into stop its first step?"""
    return failed and not has_condition


def completed(
    steps: Sequence[Step], recorded: Iterable[StepExecution]
) -> tuple[StepExecution, ...]:
    """Every step's execution once none runs any more, with those that left no record.

    What is in a loop or group that was not gone into has none: nobody came to look at it.
    """
    known = {s.path: s for s in recorded}
    completion = _Completion(known, keys_of(known.values()))
    completion.go_through(top(steps), failed=False)
    return tuple(completion.told)


@dataclass
class _Completion:
    """Goes through the steps as the workflow does."""

    known: Mapping[str, StepExecution]
    keys: Keys
    told: list[StepExecution] = field(default_factory=list)

    def go_through(self, steps: Iterable[Placed], *, failed: bool) -> bool:
        """Go through one list; has anything failed after it?"""
        for placed in steps:
            failed = self._one(placed, failed=failed)
        return failed

    def _one(self, placed: Placed, *, failed: bool) -> bool:
        step, inner, goes_in = placed.step, failed, True
        has_condition = bool(step.if_)
        if step.leaves_record:
            execution = self.known.get(placed.path) or _unrecorded(placed, failed=failed)
            self.told.append(execution)
            failed = failed or counts(execution)
            goes_in = execution.status is StepStatus.SUCCEEDED
            inner = stopped_inside(has_condition=has_condition, failed=inner)
        if not goes_in:
            return failed
        before, ends = inner, []
        for part in inside(placed, self.keys):
            ends.append(self.go_through(part, failed=before))
            if step.is_loop and step.one_by_one:
                before = ends[-1]
        return failed or any(ends)


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


def _unrecorded(placed: Placed, *, failed: bool) -> StepExecution:
    lost = runs(has_condition=bool(placed.step.if_), failed=failed)
    return StepExecution(
        path=placed.path,
        place=placed.order,
        alias=placed.alias,
        uses=placed.step.kind,
        status=StepStatus.ERRORED if lost else StepStatus.SKIPPED,
        message="it left no record of how it ended" if lost else "an earlier step failed",
        continue_on_error=placed.continue_on_error,
    )
