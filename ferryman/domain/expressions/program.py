"""An expression ready to run: read, checked and compiled once, and kept."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from ferryman.domain.expressions import limits
from ferryman.domain.expressions.compiler import compiled
from ferryman.domain.expressions.environment import Environment, Frame
from ferryman.domain.expressions.parser import parse
from ferryman.domain.expressions.predicates import Code
from ferryman.domain.expressions.typecheck import check_types
from ferryman.domain.expressions.values import Invocable


@dataclass(frozen=True, slots=True)
class Program:
    """A compiled expression."""

    source: str
    code: Code
    slots: int

    def run(
        self, environment: Environment, functions: Mapping[str, Invocable] | None = None
    ) -> tuple[Any, Frame]:
        """Return the value, and the frame in which to go on with it; raises `Fault`.

        `functions` stand in for the environment's.
        """
        chosen = environment.functions if functions is None else functions
        frame = Frame(environment, chosen, self.slots)
        return self.code(frame), frame


def program(source: str) -> Program:
    """Return the compiled expression; raises `Fault` for one that cannot be right."""
    return _program(source) if len(source) <= limits.CACHED_CHARACTERS else _compiled(source)


def _compiled(source: str) -> Program:
    root = parse(source)
    check_types(root)
    code, slots = compiled(root)
    return Program(source, code, slots)


_program = lru_cache(maxsize=limits.CACHED_EXPRESSIONS)(_compiled)
