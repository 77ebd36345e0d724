"""ClusterConfig: the settings of the whole installation (Kargo §1.3)."""

from __future__ import annotations

from typing import Any, Literal

from pydantic import Field

from ferryman.domain.model import Model
from ferryman.domain.project import ConfigStatus
from ferryman.domain.resource import KARGO, Resource
from ferryman.domain.webhooks.receivers import SecretReference, WebhookReceiver

CLUSTER_CONFIG = "cluster"
"""The name of the only one that there may be."""


class GitClient(Model):
    """Who commits where no step says so, and the Secret whose `signingKey` signs for it."""

    name: str = Field(min_length=1)
    email: str = Field(min_length=1)
    signing_key_secret: SecretReference | None = None


class ClusterConfigSpec(Model):
    """Settings; what is typed `Any` is kept but not acted on yet."""

    webhook_receivers: tuple[WebhookReceiver, ...] = ()
    git_client: GitClient | None = None
    promotion_windows: tuple[Any, ...] = ()
    stage_links: tuple[Any, ...] = ()
    freight_links: tuple[Any, ...] = ()


class ClusterConfig(Resource):
    """Settings that hold for every Project."""

    api_version: Literal["kargo.akuity.io/v1alpha1"] = KARGO
    kind: Literal["ClusterConfig"] = "ClusterConfig"
    spec: ClusterConfigSpec = Field(default_factory=ClusterConfigSpec)
    status: ConfigStatus = ConfigStatus()
