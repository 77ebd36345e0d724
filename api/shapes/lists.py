"""Lists, as Kubernetes has them."""

from __future__ import annotations

from typing import Any

from pydantic import Field

from api.shapes.events import EventShape
from api.shapes.secrets import SecretShape
from ferryman.domain.freight import Freight
from ferryman.domain.model import Model
from ferryman.domain.policy import PromotionPolicy
from ferryman.domain.project import Project
from ferryman.domain.promotion import Promotion
from ferryman.domain.resource import CORE, KARGO, OURS
from ferryman.domain.secret import ConfigMap
from ferryman.domain.stage import Stage
from ferryman.domain.subscription_kind import SubscriptionKind
from ferryman.domain.task import ClusterPromotionTask, PromotionTask
from ferryman.domain.warehouse import Warehouse


class ListMeta(Model):
    """A list's metadata; there are no pages yet."""


class ResourceList(Model):
    """What every list has; its `kind` is the class's name."""

    api_version: str = KARGO
    kind: str
    metadata: ListMeta = ListMeta()


class WarehouseList(ResourceList):
    """Warehouses, by name."""

    items: tuple[Warehouse, ...]


class StageList(ResourceList):
    """Stages, by name."""

    items: tuple[Stage, ...]


class PromotionList(ResourceList):
    """Promotions, newest first."""

    items: tuple[Promotion, ...]


class PromotionPolicyList(ResourceList):
    """PromotionPolicies, by name."""

    api_version: str = OURS
    items: tuple[PromotionPolicy, ...]


class PromotionTaskList(ResourceList):
    """PromotionTasks, by name."""

    items: tuple[PromotionTask, ...]


class ClusterPromotionTaskList(ResourceList):
    """ClusterPromotionTasks, by name."""

    items: tuple[ClusterPromotionTask, ...]


class SubscriptionKindList(ResourceList):
    """SubscriptionKinds, by name."""

    api_version: str = OURS
    items: tuple[SubscriptionKind, ...]


class ConfigMapList(ResourceList):
    """ConfigMaps, by name."""

    api_version: str = CORE
    items: tuple[ConfigMap, ...]


class SecretList(ResourceList):
    """Secrets, by name, without their values."""

    api_version: str = CORE
    items: tuple[SecretShape, ...]


class EventList(ResourceList):
    """Events, oldest first."""

    api_version: str = CORE
    items: tuple[EventShape, ...]


class ProjectList(Model):
    """Kargo's ListProjectsResponse."""

    items: tuple[Project, ...]
    total: int


class FreightGroup(Model):
    """Freight that belongs together."""

    items: tuple[Freight, ...]


class FreightGroups(Model):
    """Kargo's queryFreightsResponse; without `groupBy` all is in the group ""."""

    groups: dict[str, FreightGroup]
    continue_: str | None = None
    """Where older Freight goes on (ours); absent when this is all."""


class StepCatalogue(Model):
    """The step kinds that workers offer (ours)."""

    items: tuple[dict[str, Any], ...] = Field(
        description="Each with its `kind`, and what the worker published of it."
    )
