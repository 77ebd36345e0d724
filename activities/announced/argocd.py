"""argocd-update and argocd-wait: Argo CD Applications."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated, Literal, Self

from pydantic import AfterValidator, Field, model_validator

from activities.announced.announced import Announced
from activities.kinds import StepConfig


class MatchExpression(StepConfig):
    """A requirement on a label."""

    key: str = Field(min_length=1)
    """The label."""
    operator: Literal["In", "NotIn", "Exists", "DoesNotExist"]
    """How its value is compared."""
    values: tuple[str, ...] = ()
    """With what."""


class Selector(StepConfig):
    """Applications by their labels; all that is given must hold."""

    match_labels: dict[str, str] | None = None
    """Labels and their values."""
    match_expressions: tuple[MatchExpression, ...] = ()
    """Requirements on labels."""

    @model_validator(mode="after")
    def _something(self) -> Self:
        if self.match_labels is None and not self.match_expressions:
            raise ValueError("give matchLabels or matchExpressions")
        return self


class Application(StepConfig):
    """Which Applications: one by its name, or those that a selector finds."""

    name: str | None = None
    """The Application's name."""
    namespace: str | None = Field(default=None, min_length=1)
    """Its namespace; none is `argocd`."""
    selector: Selector | None = None
    """Labels of the Applications."""

    @model_validator(mode="after")
    def _one_way_to_select(self) -> Self:
        if bool(self.name) == bool(self.selector):
            raise ValueError("give exactly one of name and selector")
        return self


class KustomizeImage(StepConfig):
    """An image that Kustomize replaces."""

    repo_url: str = Field(min_length=1)
    """The image as the manifests name it."""
    new_name: str | None = Field(default=None, min_length=1)
    """The image to put in its place."""
    tag: str | None = None
    """Its tag."""
    digest: str | None = None
    """Its digest."""

    @model_validator(mode="after")
    def _one_revision(self) -> Self:
        if self.tag and self.digest:
            raise ValueError("give at most one of tag and digest")
        return self


class Kustomize(StepConfig):
    """What Kustomize sets in a source."""

    images: tuple[KustomizeImage, ...] | None = Field(default=None, min_length=1)
    """The images."""


class HelmImage(StepConfig):
    """A Helm parameter."""

    key: str = Field(min_length=1)
    """Its name, with dots."""
    value: str
    """Its value."""


class Helm(StepConfig):
    """What Helm sets in a source."""

    images: tuple[HelmImage, ...] = Field(min_length=1)
    """The parameters."""


class Source(StepConfig):
    """A change of one source of an Application."""

    repo_url: str = Field(min_length=1)
    """The source's repository, as the Application writes it."""
    chart: str | None = Field(default=None, min_length=1)
    """The source's chart."""
    desired_revision: str | None = Field(default=None, min_length=1)
    """The revision that the Application must be synced to."""
    update_target_revision: bool | None = None
    """Whether targetRevision becomes that revision."""
    kustomize: Kustomize | None = None
    """Images that Kustomize sets."""
    helm: Helm | None = None
    """Parameters that Helm sets."""

    @model_validator(mode="after")
    def _revision_for_update(self) -> Self:
        if self.update_target_revision and not self.desired_revision:
            raise ValueError("updateTargetRevision needs desiredRevision")
        return self


class UpdatedApplication(Application):
    """Applications, and what to change in them."""

    sources: tuple[Source, ...] | None = Field(default=None, min_length=1)
    """Changes of their sources; without any they are just synced."""


class UpdateConfig(StepConfig):
    """Which Applications to update and sync."""

    apps: tuple[UpdatedApplication, ...] = Field(min_length=1)
    """The Applications."""


def _each_once(states: Sequence[str]) -> Sequence[str]:
    if len(set(states)) < len(states):
        raise ValueError("names a state twice; write each once")
    return states


State = Literal["health", "sync", "operation", "suspended", "degraded"]


class AwaitedApplication(Application):
    """Applications, and what to wait for."""

    wait_for: Annotated[tuple[State, ...], AfterValidator(_each_once)] | None = Field(
        default=None, min_length=1
    )
    """The states that are waited for."""


class WaitConfig(StepConfig):
    """Which Applications to wait for."""

    apps: tuple[AwaitedApplication, ...] = Field(min_length=1)
    """The Applications."""


KINDS = (
    Announced("argocd-update", "Change and sync Argo CD Applications.", UpdateConfig),
    Announced("argocd-wait", "Wait for the state of Argo CD Applications.", WaitConfig),
)
