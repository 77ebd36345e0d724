"""What yaml-parse, json-parse and toml-parse share: expressions over a document."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from typing import Any

from pydantic import Field

from activities.kinds import StepConfig, StepContext, StepResult
from ferryman.domain.errors import ExpressionError, InvalidError
from ferryman.domain.expressions import Environment, Scope, check_expression, evaluate, kargo

Read = Callable[[bytes], Any]
"""A file's bytes → plain data; raises `InvalidError`."""


class OutputConfig(StepConfig):
    """One value to take out of the document."""

    name: str = Field(min_length=1)
    """What the step's output is called."""
    from_expression: str = Field(min_length=1)
    """An expression, without `${{ }}`, over the keys at the document's root.

    `$env["a-b"]` is a key that is no name. A document that is not a mapping is the variable `root`.
    """


async def extract(
    path: str, outputs: Sequence[OutputConfig], context: StepContext, *, read: Read
) -> StepResult:
    """Read the file and evaluate every output.

    Raises `InvalidError` where there is no such file, or it is empty or cannot be read, and
    `ExpressionError`.
    """
    source = await context.workspace.read(path)
    if not source:
        raise InvalidError(f"{path!r} is empty; there is nothing to take out", field="path")

    def extracted() -> dict[str, Any]:
        document = read(source)
        variables = document if isinstance(document, dict) else {"root": document}
        functions = kargo.VERSION_FUNCTIONS
        environment = Environment(variables, functions, now=context.now, json_numbers=True)
        return _values(outputs, environment)

    # A large file takes seconds, which other steps and heartbeats must not wait for.
    return StepResult(output=await asyncio.to_thread(extracted))


def _values(outputs: Sequence[OutputConfig], environment: Environment) -> dict[str, Any]:
    scope = Scope(dict.fromkeys(environment.variables), kargo.VERSION_FUNCTIONS)
    values = {}
    for number, output in enumerate(outputs):
        field = f"outputs[{number}].fromExpression"
        for finding in check_expression(output.from_expression, scope, field=field):
            raise ExpressionError(f"{finding.message}\n{finding.excerpt}", field=field)
        values[output.name] = evaluate(output.from_expression, environment, field=field)
    return values
