"""Paths as code: `a.b?.c[0].d(1)` is a start and steps from there."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from ferryman.domain.expressions.access import fetch
from ferryman.domain.expressions.environment import Frame
from ferryman.domain.expressions.faults import Fault
from ferryman.domain.expressions.predicates import Code
from ferryman.domain.expressions.values import Invocable, kind_of


@dataclass(frozen=True, slots=True)
class Step:
    """From the value before to the value after; if `optional`, a nil before ends the path."""

    take: Callable[[Frame, Any], Any]
    optional: bool = False


def walking(start: Code, steps: tuple[Step, ...]) -> Code:
    """Return the code of a path."""
    if len(steps) == 1 and not steps[0].optional:
        only = steps[0].take
        return lambda frame: only(frame, start(frame))

    def walk(frame: Frame) -> Any:
        value = start(frame)
        for step in steps:
            if value is None and step.optional:
                return None
            value = step.take(frame, value)
        return value

    return walk


def reading(at: int, name: str, *, optional: bool) -> Step:
    """`.name`."""

    def read(_: Frame, target: Any) -> Any:
        if type(target) is dict:
            return target.get(name)
        try:
            return fetch(target, name)
        except Fault as fault:
            raise fault.at(at) from None

    return Step(read, optional)


def indexing(at: int, key: Code, *, optional: bool) -> Step:
    """`[key]`."""

    def index(frame: Frame, target: Any) -> Any:
        wanted = key(frame)
        try:
            return fetch(target, wanted)
        except Fault as fault:
            raise fault.at(at) from None

    return Step(index, optional)


def calling(at: int, arguments: tuple[Code, ...]) -> Step:
    """`(arguments)` after a member."""

    def call(frame: Frame, target: Any) -> Any:
        if not isinstance(target, Invocable):
            raise Fault(f"{kind_of(target)} is not a function", at)
        try:
            return target.invoke(frame, [argument(frame) for argument in arguments])
        except Fault as fault:
            raise fault.at(at) from None

    return Step(call)
