"""Generic receivers: which Warehouses a delivery means, by the user's own expressions."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import partial

from ferryman.domain.errors import ExpressionError
from ferryman.domain.expressions import Environment, evaluate, render
from ferryman.domain.selectors import LabelRequirement
from ferryman.domain.webhooks.delivery import Delivery
from ferryman.domain.webhooks.receivers import (
    Action,
    GenericReceiver,
    IndexRequirement,
    LabelSelector,
    TargetSelection,
)
from ferryman.domain.webhooks.request import body_of, environment


@dataclass(frozen=True)
class Candidate:
    """A Warehouse, as far as it can be selected by."""

    project: str
    name: str
    labels: dict[str, str] = field(default_factory=dict)
    urls: frozenset[str] = frozenset()
    """What it is subscribed to, in the forms in which URLs are compared."""


Test = Callable[[Candidate], bool]


@dataclass(frozen=True)
class Selection:
    """What the actions of a receiver select, and which expressions failed."""

    tests: tuple[Test, ...] = ()
    failures: tuple[str, ...] = ()
    """With field and expression: for those who may read the receiver."""

    def selects(self, candidate: Candidate) -> bool:
        """Whether one of the actions means it."""
        return any(test(candidate) for test in self.tests)


def select(receiver: GenericReceiver, delivery: Delivery) -> Selection:
    """Evaluate the actions; one that fails does not keep the others from being done.

    Raises RefusedDeliveryError where the body is no JSON.
    """
    body = body_of(delivery)
    tests: list[Test] = []
    failures: list[str] = []
    for index, action in enumerate(receiver.actions):
        names = environment(delivery, body, action.parameters)
        try:
            tests.extend(_tests(action, names, f"actions[{index}]"))
        except ExpressionError as error:
            failures.append(str(error))
    return Selection(tuple(tests), tuple(failures))


def _tests(action: Action, names: Environment, at: str) -> list[Test]:
    if action.when_expression:
        field_ = f"{at}.whenExpression"
        holds = evaluate(action.when_expression, names, field=field_)
        if not isinstance(holds, bool):
            raise ExpressionError("gives neither true nor false", field=field_)
        if not holds:
            return []
    return [
        _all(_conditions(wanted, names, f"{at}.targetSelectionCriteria[{index}]"))
        for index, wanted in enumerate(action.target_selection_criteria)
    ]


def _conditions(wanted: TargetSelection, names: Environment, at: str) -> list[Test]:
    found: list[Test] = []
    if wanted.name:
        found.append(partial(_is_called, _text(wanted.name, names, f"{at}.name")))
    if wanted.label_selector:
        found += _label_tests(wanted.label_selector, names, f"{at}.labelSelector")
    if wanted.index_selector:
        for index, requirement in enumerate(wanted.index_selector.match_indices):
            field_ = f"{at}.indexSelector.matchIndices[{index}].value"
            value = _text(requirement.value, names, field_)
            found.append(partial(_is_indexed, requirement, value))
    return found


def _label_tests(selector: LabelSelector, names: Environment, at: str) -> list[Test]:
    found: list[Test] = []
    for key, template in selector.match_labels.items():
        found.append(partial(_is_labelled, key, _text(template, names, f"{at}.matchLabels.{key}")))
    for index, requirement in enumerate(selector.match_expressions):
        field_ = f"{at}.matchExpressions[{index}].values"
        values = tuple(_text(template, names, field_) for template in requirement.values)
        found.append(partial(_meets, requirement.model_copy(update={"values": values})))
    return found


def _text(template: str, names: Environment, field_: str) -> str:
    value = render(template, names, field=field_)
    if not isinstance(value, str):
        raise ExpressionError("gives no text; put quote(…) around it", field=field_)
    return value


def _all(tests: Sequence[Test]) -> Test:
    return lambda candidate: all(test(candidate) for test in tests)


def _is_called(name: str, candidate: Candidate) -> bool:
    return candidate.name == name


def _is_labelled(key: str, value: str, candidate: Candidate) -> bool:
    return candidate.labels.get(key) == value


def _meets(requirement: LabelRequirement, candidate: Candidate) -> bool:
    return requirement.matches(candidate.labels)


def _is_indexed(requirement: IndexRequirement, value: str, candidate: Candidate) -> bool:
    """A Warehouse has no `receiverPaths`; Kargo's enumeration allows to ask for them."""
    there = requirement.key == "subscribedURLs" and value in candidate.urls
    return there == (requirement.operator == "Equals")
