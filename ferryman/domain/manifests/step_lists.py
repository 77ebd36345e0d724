"""What a list of steps can have wrong: in a template, a task, a loop or a group."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Any, Final

from ferryman.domain.durations import parse_duration
from ferryman.domain.errors import InvalidError
from ferryman.domain.expressions import has_expressions
from ferryman.domain.inlining import alias_in
from ferryman.domain.manifests.notes import Notes
from ferryman.domain.manifests.paths import Loc, path
from ferryman.domain.step import LOOP, MAX_ITEMS, Step

MAX_DEPTH: Final = 3
"""Loops and groups within one another."""
_RESERVED = re.compile(r"(step|task)-\d+")
_ALIAS = re.compile(r"[^\s:\[\]](?:[^:\[\]\n]{0,61}[^\s:\[\]])?")


def check_steps(
    steps: Sequence[Step], loc: Loc, notes: Notes, *, in_task: bool = False, depth: int = 0
) -> None:
    """Say what is wrong with each by itself."""
    for index, step in enumerate(steps):
        _check(step, (*loc, index), notes, in_task=in_task)
        if step.children and depth == MAX_DEPTH:
            says = f"loops and groups stand at most {MAX_DEPTH} deep in one another; use fewer"
            notes.refuse((*loc, index), says)
        else:
            inside = (*loc, index, "steps" if step.is_loop else "parallel")
            check_steps(step.children, inside, notes, in_task=in_task, depth=depth + 1)


def alias_errors(steps: Sequence[Step], loc: Loc) -> Iterator[str]:
    """Aliases that are given twice, that the engine gives itself, or that cannot be one.

    A group's steps are called as if they stood beside it; a loop's have names of their own.
    """
    first: dict[str, Loc] = {}
    for alias, at, step in _named(steps, loc):
        if step.as_ and not _ALIAS.fullmatch(step.as_):
            yield (
                f"{path(at)}: is {step.as_[:80]!r}; write at most 63 characters without ':', '[' "
                "and ']', and without blanks at its ends"
            )
        if _RESERVED.fullmatch(step.as_):
            yield (
                f"{path(at)}: is {step.as_}, which is what the engine calls steps without an "
                "alias; choose another"
            )
        earlier = first.setdefault(alias, at)
        if earlier is not at:
            yield f"{path(at)}: is {alias}, as {_index(earlier, at)}; write each once"
        if step.is_loop:
            yield from alias_errors(step.children, (*at[:-1], "steps"))


def _named(steps: Sequence[Step], loc: Loc, group: str = "") -> Iterator[tuple[str, Loc, Step]]:
    for index, step in enumerate(steps):
        alias, at = alias_in(step, index, group), (*loc, index)
        yield alias, (*at, "as"), step
        if step.parallel:
            yield from _named(step.parallel, (*at, "parallel"), alias)


def _index(earlier: Loc, at: Loc) -> str:
    beside = earlier[:-2] == at[:-2]
    return f"at index {earlier[-2]}" if beside else f"at {path(earlier)}"


def _check(step: Step, loc: Loc, notes: Notes, *, in_task: bool) -> None:
    forms = [bool(step.uses), bool(step.task), step.is_loop, step.parallel is not None]
    if sum(forms) != 1:
        notes.refuse(loc, "give exactly one of uses and task (ours: or of forEach and parallel)")
    elif step.task:
        _refuse(step, loc, notes, "task; only as and vars are", "if", "continueOnError")
        if in_task:
            notes.refuse((*loc, "task"), "a task cannot use tasks; write their steps here")
    elif step.is_loop:
        _refuse(step, loc, notes, LOOP)
        _loop(step, loc, notes)
    elif step.parallel is not None:
        _refuse(step, loc, notes, "parallel")
        if not step.parallel:
            notes.refuse((*loc, "parallel"), "is empty; write at least one step")
    if not step.is_loop:
        for field in ("steps", "concurrency"):
            if _given(step, field):
                notes.refuse((*loc, field), f"belongs to a forEach; write {LOOP} beside it")
    _retry(step, loc, notes)


def _refuse(step: Step, loc: Loc, notes: Notes, beside: str, *more: str) -> None:
    for field in ("config", "retry", *more):
        if _given(step, field):
            notes.refuse((*loc, field), f"is not read beside {beside}")


def _given(step: Step, field: str) -> bool:
    values: dict[str, Any] = {
        "if": step.if_,
        "config": step.config,
        "retry": step.retry,
        "continueOnError": step.continue_on_error,
        "steps": step.steps is not None,
        "concurrency": step.concurrency,
    }
    return bool(values[field])


def _loop(step: Step, loc: Loc, notes: Notes) -> None:
    if not step.steps:
        notes.refuse((*loc, "steps"), "is missing; write what is done for each item")
    items = step.for_each
    if isinstance(items, str):
        if not has_expressions(items):
            says = f"is {notes.shown(items)}; write a list, or an expression that gives one"
            notes.refuse((*loc, LOOP), says)
    elif not isinstance(items, list | tuple):
        notes.refuse((*loc, LOOP), "is no list; write one, or an expression that gives one")
    elif len(items) > MAX_ITEMS:
        notes.refuse((*loc, LOOP), f"has {len(items)} items; at most {MAX_ITEMS} are allowed")


def _retry(step: Step, loc: Loc, notes: Notes) -> None:
    if step.retry and step.retry.timeout:
        try:
            parse_duration(step.retry.timeout)
        except InvalidError as error:
            notes.refuse((*loc, "retry", "timeout"), str(error))
