"""What an expression can name: variables and functions, and the time it takes for the present."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from ferryman.domain.expressions import limits
from ferryman.domain.expressions.faults import Fault
from ferryman.domain.expressions.values import Invocable, Struct, adopted


class Environment:
    """Variables and functions for any number of evaluations; the variables are read once.

    `now` is what `now()` answers; without it, `now()` is an error. With `json_numbers`, every
    number of the variables is a float, as in Kargo (see `values.adopted`).
    """

    def __init__(
        self,
        variables: Mapping[str, Any],
        functions: Mapping[str, Invocable] | None = None,
        *,
        now: datetime | None = None,
        json_numbers: bool = False,
    ) -> None:
        self.variables = variables
        self.functions = functions or {}
        self.now = now
        self._json_numbers = json_numbers
        self._read: dict[str, Any] = {}

    def read(self, name: str) -> Any:
        """Return a variable, nil if there is none; `$env` is the map of all that are data."""
        if name not in self._read:
            data = self._data() if name == "$env" else self.variables.get(name)
            self._read[name] = adopted(data, json_numbers=self._json_numbers)
        return self._read[name]

    def _data(self) -> Mapping[str, Any]:
        return {k: value for k, value in self.variables.items() if not isinstance(value, Struct)}


class Frame:
    """One evaluation: the slots of its `let`s and predicates, and how much work it may still do."""

    __slots__ = ("_left", "environment", "functions", "slots")

    def __init__(
        self, environment: Environment, functions: Mapping[str, Invocable], slots: int
    ) -> None:
        self.environment = environment
        self.functions = functions
        self.slots: list[Any] = [None] * slots
        self._left = limits.STEPS

    @property
    def now(self) -> datetime | None:
        """The time that this evaluation takes for the present."""
        return self.environment.now

    def spend(self, steps: int) -> None:
        """Account for work; raises `Fault` when the evaluation has done too much."""
        self._left -= steps
        if self._left < 0:
            raise Fault(
                f"the expression takes more than {limits.STEPS:,} steps; work on fewer items"
            )


def weight(value: Any) -> int:
    """Return the steps that looking at all of `value`, or making it, takes."""
    if isinstance(value, str):
        return len(value) >> 6
    return len(value) if isinstance(value, (list, dict)) else 0
