"""Freight: an immutable bundle of artifact revisions, and where it has been."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any, Literal

from pydantic import Field

from ferryman.domain.model import Model
from ferryman.domain.resource import KARGO, Resource


class Origin(Model):
    """Where Freight comes from."""

    kind: Literal["Warehouse"] = "Warehouse"
    name: str

    def __str__(self) -> str:
        return f"{self.kind}/{self.name}"


class Commit(Model):
    """One git revision."""

    repo_url: str
    id: str
    branch: str = ""
    tag: str = ""
    message: str = ""
    author: str = ""
    committer: str = ""
    subscription_name: str = ""


class Image(Model):
    """One container image revision."""

    repo_url: str
    tag: str = ""
    digest: str = ""
    annotations: dict[str, str] = Field(default_factory=dict)
    subscription_name: str = ""


class Chart(Model):
    """One Helm chart version."""

    repo_url: str
    name: str = ""
    version: str = ""
    subscription_name: str = ""


class Artifact(Model):
    """One revision of a subscription type of the user's own."""

    artifact_type: str = ""
    subscription_name: str
    version: str
    metadata: dict[str, Any] = Field(default_factory=dict)


class FreightReference(Model):
    """A Freight's identity and contents, as Promotions and Stages remember it."""

    name: str
    origin: Origin
    commits: tuple[Commit, ...] = ()
    images: tuple[Image, ...] = ()
    charts: tuple[Chart, ...] = ()
    artifacts: tuple[Artifact, ...] = ()


class CurrentlyIn(Model):
    """Since when a Stage has it."""

    since: datetime


class VerifiedIn(Model):
    """When a Stage first verified it, and its longest completed stay there."""

    verified_at: datetime
    longest_soak: timedelta = timedelta()


class ApprovedFor(Model):
    """Who let it into a Stage without upstream verification, and why."""

    approved_at: datetime
    actor: str = ""
    comment: str = ""


class FreightStatus(Model):
    """Where a Freight is, was found good, and may go; the keys are Stage names."""

    currently_in: dict[str, CurrentlyIn] = Field(default_factory=dict)
    verified_in: dict[str, VerifiedIn] = Field(default_factory=dict)
    approved_for: dict[str, ApprovedFor] = Field(default_factory=dict)
    metadata: dict[str, Any] = Field(default_factory=dict)


class Freight(Resource):
    """A bundle; all but alias and status is immutable, and its name is a hash of its contents."""

    api_version: Literal["kargo.akuity.io/v1alpha1"] = KARGO
    kind: Literal["Freight"] = "Freight"
    alias: str = ""
    discovered_at: datetime | None = None
    origin: Origin
    commits: tuple[Commit, ...] = ()
    images: tuple[Image, ...] = ()
    charts: tuple[Chart, ...] = ()
    artifacts: tuple[Artifact, ...] = ()
    status: FreightStatus = FreightStatus()

    def reference(self) -> FreightReference:
        """What Promotions and Stages remember of it."""
        return FreightReference(
            name=self.name,
            origin=self.origin,
            commits=self.commits,
            images=self.images,
            charts=self.charts,
            artifacts=self.artifacts,
        )
