"""What is read and kept, but not acted on yet: the list to shorten.

An object with such a field gets the condition `NotSupportedYet`, which names the field.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from ferryman.domain.manifests.paths import path, places
from ferryman.domain.manifests.placed_steps import placed_steps
from ferryman.domain.resource import Condition, Opaque, Resource
from ferryman.domain.warehouse import Warehouse

NOT_YET: tuple[tuple[str, str], ...] = (
    # kind, field; after "=" the values that are not acted on, where others are
    ("ProjectConfig", "spec.promotionPolicies[*].autoRollback"),
    ("ProjectConfig", "spec.promotionWindows"),
    ("ProjectConfig", "spec.stageLinks"),
    ("ProjectConfig", "spec.freightLinks"),
    ("ClusterConfig", "spec.promotionWindows"),
    ("ClusterConfig", "spec.stageLinks"),
    ("ClusterConfig", "spec.freightLinks"),
    ("Project", "spec.promotionPolicies[*].autoRollback"),
    ("Warehouse", "spec.shard"),
    ("Stage", "spec.verification"),
    ("Stage", "spec.targets"),
    ("PromotionPolicy", "spec.queue"),
    ("PromotionPolicy", "spec.rollback"),
)


def unsupported(
    resource: Resource,
    known_steps: frozenset[str] | None,
    known_types: frozenset[str] = frozenset(),
) -> tuple[str, ...]:
    """The fields of `resource` that nothing acts on yet; also steps of unknown kinds.

    Subscriptions of types of the user's own are acted on if they are of `known_types`.
    """
    if isinstance(resource, Opaque):
        return ("spec",)
    data = resource.dump()
    found = [field for kind, row in NOT_YET if kind == resource.kind for field in _given(data, row)]
    found.extend(_unknown_types(resource, known_types))
    if known_steps is not None:
        found.extend(
            f"{path((*step.loc, 'uses'))} ({step.uses})"
            for step in placed_steps(data)
            if step.uses and step.uses not in known_steps
        )
    return tuple(found)


def condition(fields: tuple[str, ...], generation: int = 0) -> Condition:
    """`NotSupportedYet`, naming the fields; status False when there are none."""
    return Condition(
        type="NotSupportedYet",
        status="True" if fields else "False",
        reason="KeptNotActedOn" if fields else "AllActedOn",
        message=f"kept, but not acted on yet: {', '.join(fields)}" if fields else "",
        observed_generation=generation,
    )


def _given(data: dict[str, Any], row: str) -> Iterator[str]:
    pattern, _, values = row.partition("=")
    for loc, value in places(data, pattern):
        if not values and value:
            yield path(loc)
        elif values and value in values.split(","):
            yield f"{path(loc)} ({value})"


def _unknown_types(resource: Resource, known: frozenset[str]) -> Iterator[str]:
    """Subscriptions of types of the user's own, for which there is no SubscriptionKind."""
    if isinstance(resource, Warehouse):
        for index, subscription in enumerate(resource.spec.subscriptions):
            if subscription.type in set(subscription.model_extra or ()) - known:
                yield path(("spec", "subscriptions", index, subscription.type))
