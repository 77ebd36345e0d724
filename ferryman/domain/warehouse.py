"""Warehouse: what is watched, and what was found there."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

from pydantic import ConfigDict, Field, model_validator

from ferryman.domain.model import Model
from ferryman.domain.resource import KARGO, Condition, Resource
from ferryman.domain.stage import DURATION

STRATEGIES = Literal["SemVer", "Lexical", "NewestBuild", "Digest"]
BRANCH = r"^([a-zA-Z0-9]([a-zA-Z0-9._/-]*[a-zA-Z0-9_-])?)?$"


class ImageSubscription(Model):
    """A repository of container images, and which of its tags are wanted."""

    repo_url: str = Field(
        min_length=1, pattern=r"^(\w+([\.-]\w+)*(:[\d]+)?/)?(\w+([\.-]\w+)*)(/\w+([\.-]\w+)*)*$"
    )
    image_selection_strategy: STRATEGIES = "SemVer"
    strict_semvers: bool = True
    constraint: str = ""
    allow_tags_regexes: tuple[str, ...] = ()
    ignore_tags_regexes: tuple[str, ...] = ()
    platform: str = Field(default="", pattern=r"^(\w+/\w+(/\w+)?)?$")
    insecure_skip_tls_verify: bool = Field(default=False)
    discovery_limit: int = Field(default=20, ge=1, le=100)
    cache_by_tag: bool = False


class GitSubscription(Model):
    """A git repository, and which of its commits are wanted; not acted on yet."""

    repo_url: str = Field(
        pattern=r"^(ssh|https?)://([\w-]+(:.+)?@)?[\w-]+(\.[\w-]+)*(:\d{1,5})?/.*$"
        r"|^[\w-]+@[\w+]+(\.[\w-]+)*:/?.*$"
    )
    commit_selection_strategy: Literal["NewestFromBranch", "SemVer", "Lexical", "NewestTag"] = (
        "NewestFromBranch"
    )
    branch: str = Field(default="", max_length=255, pattern=BRANCH)
    strict_semvers: bool = True
    semver_constraint: str = ""
    allow_tags_regexes: tuple[str, ...] = ()
    ignore_tags_regexes: tuple[str, ...] = ()
    expression_filter: str = ""
    include_paths: tuple[str, ...] = ()
    exclude_paths: tuple[str, ...] = ()
    since: datetime | None = None
    discovery_limit: int = Field(default=20, ge=1, le=100)
    blobless: bool = False
    insecure_skip_tls_verify: bool = False


class ChartSubscription(Model):
    """A Helm chart, and which of its versions are wanted; not acted on yet."""

    repo_url: str = Field(pattern=r"^(https?|oci)://[\w.-]+(:\d+)?(/.*)*$")
    name: str = ""
    semver_constraint: str = ""
    discovery_limit: int = Field(default=20, ge=1, le=100)
    insecure_skip_tls_verify: bool = False


class Subscription(Model):
    """One entry of `subscriptions`: exactly one type key, and an optional name.

    A key that is no field here is a type of the user's own, and is kept.
    """

    model_config = ConfigDict(extra="allow")

    name: str = ""
    image: ImageSubscription | None = None
    git: GitSubscription | None = None
    chart: ChartSubscription | None = None

    @model_validator(mode="after")
    def _one_type(self) -> Subscription:
        if len(self._types()) != 1:
            given = ", ".join(self._types()) or "none"
            raise ValueError(f"give exactly one of image, git and chart here, not {given}")
        return self

    @property
    def type(self) -> str:
        """`image`, `git`, `chart`, or a type of the user's own."""
        return self._types()[0]

    def _types(self) -> list[str]:
        ours = [key for key in ("image", "git", "chart") if getattr(self, key) is not None]
        return ours + list(self.model_extra or ())


class FreightCreationCriteria(Model):
    """What must be true of the newest artifacts together; not acted on yet."""

    expression: str = ""


class WarehouseSpec(Model):
    """What a Warehouse watches."""

    shard: str = ""
    interval: str = Field(default="5m0s", pattern=DURATION)
    freight_creation_policy: Literal["Automatic", "Manual"] = "Automatic"
    freight_creation_criteria: FreightCreationCriteria | None = None
    subscriptions: tuple[Subscription, ...] = Field(min_length=1)


class DiscoveredImage(Model):
    """One image revision that a subscription accepts."""

    tag: str
    digest: str
    annotations: dict[str, str] = Field(default_factory=dict)
    created_at: datetime | None = None


class ImageDiscovery(Model):
    """What an image subscription found, best first."""

    repo_url: str
    platform: str = ""
    subscription_name: str = ""
    references: tuple[DiscoveredImage, ...] = ()


class DiscoveredArtifacts(Model):
    """What the last discovery found."""

    discovered_at: datetime
    images: tuple[ImageDiscovery, ...] = ()


class WarehouseStatus(Model):
    """What is observed of a Warehouse."""

    conditions: tuple[Condition, ...] = ()
    discovered_artifacts: DiscoveredArtifacts | None = None
    last_freight_id: str = Field(default="", alias="lastFreightID")
    observed_generation: int = 0


class Warehouse(Resource):
    """Watches registries and repositories, and bundles what it finds into Freight."""

    api_version: Literal["kargo.akuity.io/v1alpha1"] = KARGO
    kind: Literal["Warehouse"] = "Warehouse"
    spec: WarehouseSpec
    status: WarehouseStatus = WarehouseStatus()
