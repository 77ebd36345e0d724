"""A function that expressions can call: its signature, and what it does."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from ferryman.domain.expressions.arithmetic import text_within
from ferryman.domain.expressions.environment import weight
from ferryman.domain.expressions.signatures import Signature
from ferryman.domain.expressions.values import Context, Invocable


@dataclass(frozen=True, slots=True)
class Function(Invocable):
    """Calls `body` with arguments that fit `signature`.

    Long arguments and results are accounted for here, so that `body` need not; what does more
    work than one look at each is `contextual`: it gets the evaluation as its first argument.
    `body` raises `Fault`.
    """

    signature: Signature
    body: Callable[..., Any]
    contextual: bool = False

    def invoke(self, context: Context, arguments: Sequence[Any]) -> Any:
        """Return the result; raises `Fault` if the arguments do not fit."""
        self.signature.admit(arguments)
        context.spend(1 + sum(map(weight, arguments)))
        result = self.body(context, *arguments) if self.contextual else self.body(*arguments)
        context.spend(weight(result))
        return text_within(result) if type(result) is str else result


def define(signature: str, body: Callable[..., Any], *, contextual: bool = False) -> Function:
    """Return the function that `signature` describes (see `signatures`) and `body` computes."""
    return Function(_parsed(signature), body, contextual)


_parsed = cache(Signature.parse)


def by_name(functions: Iterable[Function]) -> Mapping[str, Function]:
    """Return `functions` under their names."""
    return {function.signature.name: function for function in functions}
