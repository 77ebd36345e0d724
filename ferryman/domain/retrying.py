"""Retrying: which steps of a Promotion that did not succeed are kept, and which are done again.

Done again is what failed, and what comes after it or after the step that somebody names. What
ran beside it is kept, and so is what failed under `continueOnError`, since nothing stopped for it.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from ferryman.domain import flow
from ferryman.domain.errors import InvalidError
from ferryman.domain.placement import Placed, keys_of, walk
from ferryman.domain.step import Step, StepExecution, StepStatus


@dataclass(frozen=True)
class Restart:
    """Where a Promotion goes on."""

    first: tuple[Placed, ...]
    """The steps that it begins with: side by side, there may be several; none: what is left."""
    kept: tuple[str, ...]
    """The paths of the steps whose results stand."""


def restart(steps: Sequence[Step], recorded: Iterable[StepExecution], start: str = "") -> Restart:
    """Where to go on: at the step `start` (a path or an alias), else at what failed first.

    Raises InvalidError for a step that does not exist, or that comes after one that failed.
    """
    known = {s.path: s for s in recorded}
    placed = {p.path: p for p in walk(steps, keys_of(known.values()))}
    failed = [p for path, p in placed.items() if path in known and _failed(known[path])]
    first = [p for p in failed if not any(p.after(other) for other in failed)]
    if start:
        chosen = called(placed.values(), start)
        earlier = [p for p in first if chosen.after(p)]
        if earlier:
            raise InvalidError(
                f"step {chosen.alias} comes after {earlier[0].alias}, which did not succeed: "
                f"go on from {earlier[0].alias}, or skip or override that one",
                field="from",
            )
        beside = [p for p in first if p != chosen and not p.after(chosen)]
        first = [chosen, *beside]
    again = {path for path, p in placed.items() if p in first or any(map(p.after, first))}
    return Restart(tuple(first), tuple(path for path in known if path not in again))


def called(steps: Iterable[Placed], name: str) -> Placed:
    """The step of that path or alias; raises InvalidError with those that there are."""
    known = list(steps)
    for placed in known:
        if name in {placed.path, placed.alias}:
            return placed
    there = ", ".join(placed.alias for placed in known)
    raise InvalidError(f"there is no step {name!r}; there are: {there}", field="step")


def _failed(step: StepExecution) -> bool:
    return flow.counts(step) or step.status is StepStatus.ABORTED
