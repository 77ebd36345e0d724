"""Warehouse: what is watched, and what was found there."""

from __future__ import annotations

import json
from datetime import datetime
from hashlib import sha256
from typing import Literal

from pydantic import AwareDatetime, ConfigDict, Field, model_validator

from ferryman.domain.generic import ArtifactDiscovery, GenericSubscription, read_subscription
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
    """A git repository, and which of its commits are wanted.

    `blobless` has no effect: the mirror is the one that promotions read from.
    """

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
    since: AwareDatetime | None = None
    discovery_limit: int = Field(default=20, ge=1, le=100)
    blobless: bool = False
    insecure_skip_tls_verify: bool = False


class ChartSubscription(Model):
    """A Helm chart, and which of its versions are wanted; `name` is for classic repositories."""

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

    def generic(self) -> GenericSubscription:
        """What it says as one of a type of the user's own; raises InvalidError for what is none."""
        return read_subscription(self.type, (self.model_extra or {})[self.type])

    @property
    def title(self) -> str:
        """What it is called in sentences: type and repository, or a name of the user's own."""
        of = self.image or self.git or self.chart
        chart = self.chart.name if self.chart else ""
        return " ".join(filter(None, (self.type, of.repo_url if of else self.name, chart)))

    @property
    def fingerprint(self) -> str:
        """A hash of what is declared: what was found for one holds for no other."""
        declared = json.dumps(self.dump(), sort_keys=True)
        return sha256(declared.encode()).hexdigest()[:32]

    def _types(self) -> list[str]:
        ours = [key for key in ("image", "git", "chart") if getattr(self, key) is not None]
        return ours + list(self.model_extra or ())


class FreightCreationCriteria(Model):
    """What must be true of the newest artifacts together, as an expression."""

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


class DiscoveredCommit(Model):
    """One commit that a subscription accepts, under a tag or on a branch."""

    id: str
    branch: str = ""
    tag: str = ""
    subject: str = ""
    author: str = ""
    committer: str = ""
    creator_date: datetime | None = None


class GitDiscovery(Model):
    """What a git subscription found, best first."""

    repo_url: str
    subscription_name: str = ""
    commits: tuple[DiscoveredCommit, ...] = ()


class ChartDiscovery(Model):
    """What a chart subscription found, best first."""

    repo_url: str
    name: str = ""
    semver_constraint: str = ""
    subscription_name: str = ""
    versions: tuple[str, ...] = ()


Finding = ImageDiscovery | GitDiscovery | ChartDiscovery | ArtifactDiscovery
"""What one subscription found."""


class DiscoveredArtifacts(Model):
    """What was found when each subscription was last looked at."""

    discovered_at: datetime
    git: tuple[GitDiscovery, ...] = ()
    images: tuple[ImageDiscovery, ...] = ()
    charts: tuple[ChartDiscovery, ...] = ()
    results: tuple[ArtifactDiscovery, ...] = ()
    """Of types of the user's own."""

    def of(self, subscription: Subscription) -> Finding | None:
        """What this subscription found; of one repository there is one in a Warehouse."""
        if git := subscription.git:
            return next((g for g in self.git if g.repo_url == git.repo_url), None)
        if image := subscription.image:
            return next((i for i in self.images if i.repo_url == image.repo_url), None)
        if chart := subscription.chart:
            named = (c for c in self.charts if c.name == chart.name)
            return next((c for c in named if c.repo_url == chart.repo_url), None)
        return next((r for r in self.results if r.subscription_name == subscription.name), None)


class SubscriptionStatus(Model):
    """How one subscription fares."""

    fingerprint: str
    """Which one: `Subscription.fingerprint`."""
    title: str = ""
    refs: str = ""
    """A hash of the git refs that count, as they were when it was last looked at."""
    failures: int = 0
    """How often it has failed in a row."""
    message: str = ""
    """Why it failed."""
    next_attempt_at: datetime | None = None
    """When one that failed is looked at again."""


class WarehouseStatus(Model):
    """What is observed of a Warehouse."""

    conditions: tuple[Condition, ...] = ()
    discovered_artifacts: DiscoveredArtifacts | None = None
    subscriptions: tuple[SubscriptionStatus, ...] = ()
    last_freight_id: str = Field(default="", alias="lastFreightID")
    observed_generation: int = 0


class Warehouse(Resource):
    """Watches registries and repositories, and bundles what it finds into Freight."""

    api_version: Literal["kargo.akuity.io/v1alpha1"] = KARGO
    kind: Literal["Warehouse"] = "Warehouse"
    spec: WarehouseSpec
    status: WarehouseStatus = WarehouseStatus()
