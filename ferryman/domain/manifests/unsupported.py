"""What is read and kept, but not acted on yet: the list to shorten.

An object with such a field gets the condition `NotSupportedYet`, which names the field.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from ferryman.domain.manifests.paths import path, places
from ferryman.domain.resource import Condition, Opaque, Resource
from ferryman.domain.warehouse import Warehouse

_STEPS = "spec.promotionTemplate.spec.steps[*]"
_IMAGE = "spec.subscriptions[*].image"

NOT_YET: tuple[tuple[str, str], ...] = (
    # kind, field; after "=" the values that are not acted on, where others are
    ("ProjectConfig", "spec.promotionPolicies[*].autoRollback"),
    ("ProjectConfig", "spec.promotionWindows"),
    ("ProjectConfig", "spec.webhookReceivers"),
    ("ProjectConfig", "spec.stageLinks"),
    ("ProjectConfig", "spec.freightLinks"),
    ("Project", "spec.promotionPolicies[*].autoRollback"),
    ("Warehouse", "spec.shard"),
    ("Warehouse", "spec.freightCreationCriteria"),
    ("Warehouse", "spec.subscriptions[*].git"),
    ("Warehouse", "spec.subscriptions[*].chart"),
    ("Warehouse", f"{_IMAGE}.cacheByTag"),
    ("Stage", "spec.verification"),
    ("Stage", "spec.targets"),
    ("Stage", f"{_STEPS}.task"),
    ("PromotionPolicy", "spec.queue"),
    ("PromotionPolicy", "spec.rollback"),
    ("Secret", "data.githubAppID"),
    ("Secret", "data.githubAppClientID"),
    ("Secret", "data.awsAccessKeyID"),
    ("Secret", "data.gcpServiceAccountKey"),
)


def unsupported(resource: Resource, known_steps: frozenset[str] | None) -> tuple[str, ...]:
    """The fields of `resource` that nothing acts on yet; for steps, those of unknown kinds too."""
    if isinstance(resource, Opaque):
        return ("spec",)
    data = resource.dump()
    found = [field for kind, row in NOT_YET if kind == resource.kind for field in _given(data, row)]
    found.extend(_generic_subscriptions(resource))
    if known_steps is not None:
        for loc, uses in places(data, f"{_STEPS}.uses"):
            if uses and uses not in known_steps:
                found.append(f"{path(loc)} ({uses})")
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


def _generic_subscriptions(resource: Resource) -> Iterator[str]:
    """Types of the user's own, for which there is no plug-in yet."""
    if isinstance(resource, Warehouse):
        for index, subscription in enumerate(resource.spec.subscriptions):
            if subscription.type in (subscription.model_extra or ()):
                yield path(("spec", "subscriptions", index, subscription.type))
