"""Nouns: what can be shown and deleted, how it is called, and its columns."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from cli import columns
from cli.columns import Columns
from cli.failures import UsageError

KARGO = "kargo.akuity.io/v1alpha1"
OURS = "ferryman.dev/v1alpha1"


@dataclass(frozen=True)
class Noun:
    """One kind."""

    kind: str
    plural: str
    api_version: str = KARGO
    columns: Columns = ()
    wide: Columns = ()
    """Further columns of `-o wide`."""
    names_freight: bool = False
    """Do its columns name Freight, so that `-o wide` needs the aliases?"""
    is_record: bool = False
    """Is it made by what happens, and not declared?"""
    is_shared: bool = False
    """Is it of all Projects?"""
    others: frozenset[str] = frozenset()
    """Other ways to call it."""

    @property
    def resource(self) -> str:
        """`stage.kargo.akuity.io`, or `secret` for what is Kubernetes' own."""
        return resource_of(self.api_version, self.kind)


def resource_of(api_version: str, kind: str) -> str:
    """How kubectl writes a kind before the name of an object."""
    group = api_version.rpartition("/")[0]
    return kind.lower() + (f".{group}" if group else "")


def reference(thing: Mapping[str, Any]) -> str:
    """`stage.kargo.akuity.io/dev`."""
    return f"{resource_of(thing['apiVersion'], thing['kind'])}/{thing['metadata']['name']}"


def find(called: str, nouns: Sequence[Noun]) -> Noun:
    """The noun that is called so; raises UsageError with those that there are."""
    word = called.lower().removesuffix(".kargo.akuity.io").removesuffix(".ferryman.dev")
    for noun in nouns:
        if word in {noun.kind.lower(), noun.plural, *noun.others}:
            return noun
    known = ", ".join(noun.plural for noun in nouns)
    raise UsageError(f"there are no {called!r}; there are {known}")


SHOWN = (
    Noun("Project", "projects", columns=columns.PROJECT),
    Noun(
        "Warehouse",
        "warehouses",
        columns=columns.WAREHOUSE,
        wide=columns.WAREHOUSE_WIDE,
        names_freight=True,
    ),
    Noun("Stage", "stages", columns=columns.STAGE, names_freight=True),
    Noun(
        "Freight",
        "freight",
        columns=columns.FREIGHT,
        wide=columns.FREIGHT_WIDE,
        is_record=True,
        others=frozenset({"freights"}),
    ),
    Noun(
        "Promotion",
        "promotions",
        columns=columns.PROMOTION,
        wide=columns.PROMOTION_WIDE,
        names_freight=True,
        is_record=True,
    ),
    Noun("Event", "events", "v1", columns.EVENT, is_record=True),
    Noun("Webhook", "webhooks", OURS, columns.WEBHOOK, columns.WEBHOOK_WIDE, is_record=True),
    Noun("WebhookDelivery", "webhook-deliveries", OURS, columns.DELIVERY, is_record=True),
    Noun(
        "PromotionTask",
        "promotion-tasks",
        columns=columns.TASK,
        others=frozenset({"promotiontasks"}),
    ),
    Noun(
        "ClusterPromotionTask",
        "cluster-promotion-tasks",
        columns=columns.TASK,
        is_shared=True,
        others=frozenset({"clusterpromotiontasks"}),
    ),
    Noun("PromotionPolicy", "promotion-policies", OURS, columns.POLICY),
    Noun(
        "SubscriptionKind",
        "subscription-kinds",
        OURS,
        columns.SUBSCRIPTION_KIND,
        is_shared=True,
        others=frozenset({"subscriptionkinds"}),
    ),
    Noun("Secret", "repo-credentials", "v1", columns.SECRET),
    Noun("ConfigMap", "configmaps", "v1", columns.CONFIG_MAP),
)
"""What `get` shows."""

DELETED = (
    *(noun for noun in SHOWN if not noun.is_record or noun.kind == "Freight"),
    Noun("ProjectConfig", "projectconfigs"),
    Noun("ClusterConfig", "clusterconfigs"),
    Noun("AnalysisTemplate", "analysistemplates", "argoproj.io/v1alpha1"),
    Noun("ClusterAnalysisTemplate", "clusteranalysistemplates", "argoproj.io/v1alpha1"),
)
"""What `delete` takes."""
