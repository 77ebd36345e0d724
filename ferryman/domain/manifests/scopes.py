"""Which variables and functions exist where in a manifest (Kargo §4)."""

from __future__ import annotations

import re
from collections.abc import Container, Iterable, Iterator, Mapping
from typing import Any, Final

from ferryman.domain.expressions import Names, Scope, kargo
from ferryman.domain.expressions.kargo import VERSION_FUNCTIONS, World

_CONTEXT: Final[Names] = {
    "uiBaseUrl": None,
    "project": None,
    "stage": None,
    "promotion": None,
    "targetFreight": {"name": None, "alias": None, "origin": {"name": None}},
    "meta": {
        "promotion": {"actor": None, "rollback": None},
        "step": {"alias": None},
    },
}
_OPEN: Final[Names] = {"stepMetas": None, "target": None}
"""Variables that Kargo has, of which we do not know what is in them."""

_NOWHERE: Final = World()
_IN_STEP: Final = kargo.kargo_functions(_NOWHERE)
_OUTSIDE: Final = kargo.kargo_functions(_NOWHERE, in_step=False)
_ELSEWHERE: Final = {
    **dict.fromkeys(
        _IN_STEP.keys() - _OUTSIDE.keys(),
        "success(), failure(), always() and status() are only known in a step's if and config",
    ),
    "outputs": "outputs are only known in steps: no step has run yet",
    "task": "task.outputs is only known in the steps of a PromotionTask",
    **dict.fromkeys(
        ("item", "key", "index"), "item, key and index are only known in the steps of a forEach"
    ),
}

_INSIDE = re.compile(r"::|\[")
_COMMIT = ("id", "commitDate", "author", "committer", "subject")
_TAG = ("tag", "id", "creatorDate", "author", "committer", "subject", "tagger", "annotation")

RESPONSE: Final = Scope(
    {"response": {"status": None, "headers": None, "header": None, "body": None}},
    VERSION_FUNCTIONS,
)
"""Of the http step's raw expressions."""

PARSED_FILE: Final = Scope(None, VERSION_FUNCTIONS)
"""Of `fromExpression` in the parsing steps: the document's keys are the variables."""

CRITERIA: Final = Scope({}, kargo.criteria_functions({}))
"""Of a Warehouse's `freightCreationCriteria`."""


class Earlier(Mapping[str, "Names | None"]):
    """Of names in an order, those before a position, and what their `holders` hold.

    What is in a task or a loop is called `task::step`, `loop[item]::step`; which of those there
    are is not looked at.
    """

    def __init__(self, order: Mapping[str, int], before: int, holders: Container[str] = ()) -> None:
        self._order = order
        self._before = before
        self._holders = holders

    def __contains__(self, name: object) -> bool:
        if not isinstance(name, str):
            return False
        holder = _INSIDE.split(name, 1)[0]
        known = name if name in self._order or holder not in self._holders else holder
        return self._order.get(known, self._before) < self._before

    def __getitem__(self, name: str) -> None:
        """What is in it may be anything."""
        if name not in self:
            raise KeyError(name)

    def __iter__(self) -> Iterator[str]:
        return (name for name, position in self._order.items() if position < self._before)

    def __len__(self) -> int:
        return sum(1 for _ in self)


def order_of(names: Iterable[str]) -> dict[str, int]:
    """Each name's first position."""
    order: dict[str, int] = {}
    for position, name in enumerate(names):
        order.setdefault(name, position)
    return order


def of_vars(variables: Names) -> Scope:
    """Of vars outside of steps, and of the arguments of a verification: vars given before."""
    return _scope({"vars": variables}, in_step=False)


def of_step(
    variables: Names | None = None,
    outputs: Names | None = None,
    *,
    task: Names | bool = False,
    loop: bool = False,
    in_var: bool = False,
) -> Scope:
    """Of a step's `if` and config, or of its vars (`in_var`).

    None of `variables` and `outputs` are any. For a step of a task, `task` are the outputs of
    the steps beside it; True is any.
    """
    known: dict[str, Names | None] = {
        "vars": variables,
        "outputs": outputs,
    }
    if task is not False:
        known["task"] = {"outputs": None if task is True else task}
    if loop:
        known |= dict.fromkeys(("item", "key", "index"))
    return _scope(known, in_step=not in_var)


def of_commits(strategy: Any) -> Scope:
    """Of a git subscription's `expressionFilter`."""
    names = _COMMIT if strategy in ("", None, "NewestFromBranch") else _TAG
    return Scope(dict.fromkeys(names), VERSION_FUNCTIONS)


def _scope(known: Mapping[str, Names | None], *, in_step: bool) -> Scope:
    functions = _IN_STEP if in_step else _OUTSIDE
    return Scope({"ctx": _CONTEXT, **_OPEN, **known}, functions, _ELSEWHERE)
