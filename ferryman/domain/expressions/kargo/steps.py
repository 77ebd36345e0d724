"""Functions about the steps that came before: `success()`, `failure()`, `always()`, `status()`."""

from __future__ import annotations

from ferryman.domain.expressions.faults import Fault
from ferryman.domain.expressions.function import Function, define
from ferryman.domain.expressions.kargo.world import World

_FAILED = frozenset({"Failed", "Errored"})
_SEPARATOR = "::"


def step_functions(world: World) -> tuple[Function, ...]:
    """Return the functions over `world.steps`."""

    def failure() -> bool:
        return any(s.status in _FAILED and not s.continue_on_error for s in world.steps)

    def status(alias: str) -> str:
        """Look in the task of this step only, or if it is in none, outside of all tasks."""
        if not alias:
            raise Fault("the alias must not be empty")
        wanted = (_split(world.alias)[0], alias)
        return next((s.status for s in world.steps if _split(s.alias) == wanted), "")

    return (
        define("failure() bool", failure),
        define("success() bool", lambda: not failure()),
        define("always() bool", lambda: True),
        define("status(string) string", status),
    )


def _split(alias: str) -> tuple[str, str]:
    """Return the task's alias, empty outside of tasks, and the step's own."""
    task, separator, step = alias.partition(_SEPARATOR)
    return (task, step) if separator else ("", alias)
