"""Which kinds are read, as what, and what the others became."""

from __future__ import annotations

from difflib import get_close_matches

from ferryman.domain.cluster_config import ClusterConfig
from ferryman.domain.freight import Freight
from ferryman.domain.policy import PromotionPolicy
from ferryman.domain.project import Project, ProjectConfig
from ferryman.domain.promotion import Promotion
from ferryman.domain.resource import CORE, KARGO, OURS, Opaque, Resource
from ferryman.domain.secret import ConfigMap, Secret
from ferryman.domain.stage import Stage
from ferryman.domain.subscription_kind import SubscriptionKind
from ferryman.domain.task import ClusterPromotionTask, PromotionTask
from ferryman.domain.warehouse import Warehouse

ROLLOUTS = "argoproj.io/v1alpha1"

MODELS: dict[tuple[str, str], type[Resource]] = {
    (KARGO, "Project"): Project,
    (KARGO, "ProjectConfig"): ProjectConfig,
    (KARGO, "Warehouse"): Warehouse,
    (KARGO, "Freight"): Freight,
    (KARGO, "Stage"): Stage,
    (KARGO, "Promotion"): Promotion,
    (KARGO, "ClusterConfig"): ClusterConfig,
    (KARGO, "PromotionTask"): PromotionTask,
    (KARGO, "ClusterPromotionTask"): ClusterPromotionTask,
    (CORE, "Secret"): Secret,
    (CORE, "ConfigMap"): ConfigMap,
    (OURS, "PromotionPolicy"): PromotionPolicy,
    (OURS, "SubscriptionKind"): SubscriptionKind,
    # Kept as they are until something acts on them.
    (KARGO, "Target"): Opaque,
    (ROLLOUTS, "AnalysisTemplate"): Opaque,
    (ROLLOUTS, "ClusterAnalysisTemplate"): Opaque,
}

CLUSTER_SCOPED = frozenset(
    {
        "Project",
        "ClusterPromotionTask",
        "ClusterConfig",
        "ClusterAnalysisTemplate",
        "SubscriptionKind",
    }
)
NAMED_BY_SERVER = frozenset({"Freight", "Promotion"})
"""What a manifest calls them is overwritten (Kargo §1.5, §1.7)."""

_FORMER = {
    "Environment": "was renamed: write kind: Stage",
    "PromotionPolicy": (
        "became a part of ProjectConfig: write its stage and autoPromotionEnabled as an entry of "
        f"spec.promotionPolicies there (a policy that asks for people is {OURS} PromotionPolicy)"
    ),
    "PromotionTemplate": (
        "is not a kind: write it as spec.promotionTemplate of a Stage; "
        "steps that Stages share are a PromotionTask"
    ),
    "PromotionRequest": "is made by the server, never applied: promote instead",
}
_GROUPS = {api_version.rpartition("/")[0]: api_version for api_version in (KARGO, OURS)}


def model_of(api_version: str, kind: str) -> type[Resource] | None:
    """What that kind is read as; None where it is not read."""
    return MODELS.get((api_version, kind))


def refusal(api_version: str, kind: str) -> str:
    """Why a kind in a group of ours is not read; "" for others' kinds, which are left alone."""
    group = api_version.rpartition("/")[0]
    current = _GROUPS.get(group)
    if current is None:
        return ""
    if model_of(current, kind):
        return f"apiVersion {api_version} is not read; write {current}"
    if current == KARGO and kind in _FORMER:
        return f"kind {kind} of {KARGO} {_FORMER[kind]}"
    elsewhere = next((other for other, known in MODELS if known == kind), "")
    if elsewhere:
        return f"kind {kind} is not of {group}; write apiVersion: {elsewhere}"
    known = [name for other, name in MODELS if other == current]
    return f"there is no kind {kind} in {group}; {_advice(kind, known)}"


def _advice(kind: str, known: list[str]) -> str:
    close = get_close_matches(kind, known, 1)
    return f"did you mean {close[0]}?" if close else f"there are {', '.join(known)}"
