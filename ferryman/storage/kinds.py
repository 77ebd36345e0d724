"""Which model a stored row becomes."""

from __future__ import annotations

from ferryman.domain.cluster_config import ClusterConfig
from ferryman.domain.policy import PromotionPolicy
from ferryman.domain.project import Project, ProjectConfig
from ferryman.domain.resource import Opaque, Resource
from ferryman.domain.secret import ConfigMap, Secret
from ferryman.domain.stage import Stage
from ferryman.domain.subscription_kind import SubscriptionKind
from ferryman.domain.task import ClusterPromotionTask, PromotionTask
from ferryman.domain.warehouse import Warehouse

CLUSTER_SCOPED = frozenset(
    {
        "Project",
        "ClusterConfig",
        "ClusterPromotionTask",
        "ClusterAnalysisTemplate",
        "SubscriptionKind",
    }
)
_MODELS: dict[str, type[Resource]] = {
    model.__name__: model
    for model in (
        Project,
        ProjectConfig,
        ClusterConfig,
        Warehouse,
        Stage,
        PromotionTask,
        ClusterPromotionTask,
        PromotionPolicy,
        SubscriptionKind,
        Secret,
        ConfigMap,
    )
}


def model_of(kind: str) -> type[Resource]:
    """The class of a kind; `Opaque` for those that nothing acts on yet."""
    return _MODELS.get(kind, Opaque)
