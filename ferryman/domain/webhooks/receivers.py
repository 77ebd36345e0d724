"""What `webhookReceivers` of a ProjectConfig or ClusterConfig declare (Kargo §7, §13.2)."""

from __future__ import annotations

from typing import Literal

from pydantic import Field, model_validator

from ferryman.domain.model import Model
from ferryman.domain.selectors import LabelRequirement

NAME = r"^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$"


class SecretReference(Model):
    """Names the Secret that holds what sender and receiver share."""

    name: str = Field(min_length=1)


class Receiver(Model):
    """What every type of receiver has."""

    secret_ref: SecretReference


class ArtifactoryReceiver(Receiver):
    """Artifactory names the local repository; people subscribe to the virtual one before it."""

    virtual_repo_name: str = ""


class IndexRequirement(Model):
    """What a Warehouse's subscriptions must, or must not, be to; `value` may be a template."""

    key: Literal["subscribedURLs", "receiverPaths"]
    operator: Literal["Equals", "NotEquals"]
    value: str


class IndexSelector(Model):
    """All of `matchIndices` must hold."""

    match_indices: tuple[IndexRequirement, ...] = Field(min_length=1)


class LabelSelector(Model):
    """Kubernetes' label selector; values may be templates."""

    match_labels: dict[str, str] = Field(default_factory=dict)
    match_expressions: tuple[LabelRequirement, ...] = ()


class TargetSelection(Model):
    """Which Warehouses: all that is given must hold; nothing given selects all."""

    kind: Literal["Warehouse"]
    name: str = ""
    label_selector: LabelSelector | None = None
    index_selector: IndexSelector | None = None


class Action(Model):
    """What to do when `whenExpression` holds; the entries of the criteria are alternatives."""

    action: Literal["Refresh"]
    when_expression: str = ""
    parameters: dict[str, str] = Field(default_factory=dict)
    target_selection_criteria: tuple[TargetSelection, ...] = Field(min_length=1)


class GenericReceiver(Receiver):
    """Takes what anybody sends, and says by expressions what it means."""

    actions: tuple[Action, ...] = Field(min_length=1)


class WebhookReceiver(Model):
    """One entry: a name and exactly one type."""

    name: str = Field(pattern=NAME, min_length=1, max_length=253)
    github: Receiver | None = None
    gitlab: Receiver | None = None
    gitea: Receiver | None = None
    bitbucket: Receiver | None = None
    azure: Receiver | None = None
    dockerhub: Receiver | None = None
    quay: Receiver | None = None
    harbor: Receiver | None = None
    artifactory: ArtifactoryReceiver | None = None
    generic: GenericReceiver | None = None

    @model_validator(mode="after")
    def _one_type(self) -> WebhookReceiver:
        if len(self._given()) != 1:
            given = " and ".join(self._given()) or "none"
            raise ValueError(f"give exactly one of {', '.join(TYPES)} here, not {given}")
        return self

    @property
    def type(self) -> str:
        """`github`, …, `generic`."""
        return self._given()[0]

    @property
    def secret_name(self) -> str:
        """The Secret that it relies on."""
        receiver: Receiver = getattr(self, self.type)
        return receiver.secret_ref.name

    def _given(self) -> list[str]:
        return [key for key in TYPES if getattr(self, key) is not None]


TYPES = tuple(field for field in WebhookReceiver.model_fields if field != "name")
"""Every type of receiver."""


class ReceiverStatus(Model):
    """Where a receiver listens; whoever knows it may send to those that have no signature."""

    name: str
    path: str
    url: str
