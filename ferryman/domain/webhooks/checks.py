"""What can be wrong with receivers that are well-formed, seen when they are applied."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from ferryman.domain.expressions import Finding, check_config, check_expression
from ferryman.domain.webhooks.receivers import Action, WebhookReceiver
from ferryman.domain.webhooks.request import SCOPE

Place = tuple[str | int, ...]


def check_receivers(receivers: Sequence[WebhookReceiver]) -> Iterator[tuple[Place, Finding]]:
    """What is wrong with the expressions of generic receivers, each with its field."""
    for index, receiver in enumerate(receivers):
        if receiver.generic:
            for number, action in enumerate(receiver.generic.actions):
                at = (index, "generic", "actions", number)
                yield from (((*at, *place), finding) for place, finding in _check(action))


def _check(action: Action) -> Iterator[tuple[Place, Finding]]:
    if action.when_expression:
        for finding in check_expression(action.when_expression, SCOPE):
            yield ("whenExpression",), finding
    for index, selection in enumerate(action.target_selection_criteria):
        for finding in check_config(selection.dump(), SCOPE):
            yield ("targetSelectionCriteria", index), finding
