"""What is wrong between objects that are applied together; no store is asked."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any

from ferryman.domain.cluster_config import CLUSTER_CONFIG, ClusterConfig
from ferryman.domain.errors import InvalidError
from ferryman.domain.inlining import references
from ferryman.domain.manifests.items import Item
from ferryman.domain.manifests.kinds import NAMED_BY_SERVER
from ferryman.domain.manifests.step_lists import alias_errors
from ferryman.domain.names import check_name
from ferryman.domain.project import Project, ProjectConfig, PromotionPolicyRule
from ferryman.domain.resource import Resource
from ferryman.domain.stage import Stage
from ferryman.domain.task import ClusterPromotionTask, PromotionTask
from ferryman.domain.urls import normalize_chart, normalize_git, normalize_image
from ferryman.domain.warehouse import Subscription, Warehouse
from ferryman.domain.webhooks.receivers import WebhookReceiver

_LABEL = re.compile(r"[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?")


def validate_together(items: Sequence[Item]) -> tuple[str, ...]:
    """Every error between objects and between the entries of one; each names object and field."""
    found = list(_declared_twice(items))
    for item in items:
        if item.resource:
            found.extend(f"{item.about}: {error}" for error in _errors(item.resource))
    return tuple(found)


def _declared_twice(items: Sequence[Item]) -> Iterator[str]:
    first: dict[tuple[str, ...], Item] = {}
    for item in items:
        resource = item.resource
        if resource is None or (resource.kind in NAMED_BY_SERVER and not resource.name):
            continue
        key = (resource.api_version, resource.kind, resource.project, resource.name)
        earlier = first.setdefault(key, item)
        if earlier is not item:
            yield (
                f"{item.about}: is declared at {earlier.where} and again at {item.where}; "
                "leave one out"
            )


def _errors(resource: Resource) -> Iterator[str]:
    yield from _names(resource)
    for kind, errors in _OF_KIND:
        if isinstance(resource, kind):
            yield from errors(resource)


def _names(resource: Resource) -> Iterator[str]:
    if resource.name or resource.kind not in NAMED_BY_SERVER:
        yield from _name(resource.kind, resource.name, "metadata.name")
    if resource.project:
        yield from _name("Project", resource.project, "metadata.namespace")


def _name(kind: str, name: str, field: str) -> Iterator[str]:
    try:
        check_name(kind, name, field=field)
    except InvalidError as error:
        yield str(error)


def _project(project: Project) -> Iterator[str]:
    yield from _policies(project.spec.promotion_policies)


def _project_config(config: ProjectConfig) -> Iterator[str]:
    if config.project and config.name != config.project:
        yield (
            f"metadata.name: is {config.name!r}, but a ProjectConfig is called like its Project; "
            f"write {config.project}"
        )
    yield from _policies(config.spec.promotion_policies)
    yield from _receivers(config.spec.webhook_receivers)


def _cluster_config(config: ClusterConfig) -> Iterator[str]:
    if config.name != CLUSTER_CONFIG:
        yield f"metadata.name: is {config.name!r}, but there is one only; write {CLUSTER_CONFIG}"
    yield from _receivers(config.spec.webhook_receivers)


def _receivers(receivers: Sequence[WebhookReceiver]) -> Iterator[str]:
    yield from _repeated([r.name for r in receivers], "spec.webhookReceivers", "name")


def _policies(rules: Sequence[PromotionPolicyRule]) -> Iterator[str]:
    stages = [rule.stage for rule in rules]
    yield from _repeated(stages, "spec.promotionPolicies", "stage")


def _warehouse(warehouse: Warehouse) -> Iterator[str]:
    subscriptions = warehouse.spec.subscriptions
    at = "spec.subscriptions"
    yield from _repeated([s.name for s in subscriptions], at, "name")
    yield from _repeated([_repository(s) for s in subscriptions], at, "repoURL")
    for index, subscription in enumerate(subscriptions):
        if subscription.name and not _LABEL.fullmatch(subscription.name):
            yield (
                f"{at}[{index}].name: is {subscription.name!r}; write at most 63 of a-z, 0-9 and "
                "'-', beginning and ending with a letter or a digit"
            )


def _repository(subscription: Subscription) -> str:
    """What is watched, in the form in which it is compared; "" for types of the user's own."""
    if subscription.image:
        return f"image {normalize_image(subscription.image.repo_url)}"
    if subscription.git:
        return f"git {normalize_git(subscription.git.repo_url)}"
    if subscription.chart:
        return f"chart {normalize_chart(subscription.chart.repo_url, subscription.chart.name)}"
    return ""


def _stage(stage: Stage) -> Iterator[str]:
    requests = stage.spec.requested_freight
    at = "spec.requestedFreight"
    yield from _repeated([str(request.origin) for request in requests], at, "origin")
    for index, request in enumerate(requests):
        yield from _name("Warehouse", request.origin.name, f"{at}[{index}].origin.name")
        for number, name in enumerate(request.sources.stages):
            yield from _name("Stage", name, f"{at}[{index}].sources.stages[{number}]")
    yield from _names_of_tasks(stage)
    yield from alias_errors(stage.spec.steps, ("spec", "promotionTemplate", "spec", "steps"))


def _task(task: PromotionTask | ClusterPromotionTask) -> Iterator[str]:
    yield from _repeated([v.name for v in task.spec.vars], "spec.vars", "name")
    yield from alias_errors(task.spec.steps, ("spec", "steps"))


def _names_of_tasks(stage: Stage) -> Iterator[str]:
    for kind, name in sorted(references(stage.spec.steps)):
        yield from _name(kind, name, "spec.promotionTemplate.spec.steps[*].task.name")


def _repeated(values: Iterable[str], at: str, field: str) -> Iterator[str]:
    first: dict[str, int] = {}
    for index, value in enumerate(values):
        earlier = first.setdefault(value, index) if value else index
        if earlier != index:
            yield f"{at}[{index}].{field}: is {value}, as at index {earlier}; write each once"


_OF_KIND: tuple[tuple[type[Any], Callable[[Any], Iterator[str]]], ...] = (
    (Project, _project),
    (ProjectConfig, _project_config),
    (ClusterConfig, _cluster_config),
    (Warehouse, _warehouse),
    (Stage, _stage),
    (PromotionTask, _task),
    (ClusterPromotionTask, _task),
)
