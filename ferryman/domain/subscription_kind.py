"""SubscriptionKind (ours): how subscriptions of a type of the user's own are looked at.

A Warehouse's subscription `npm: {config: …}` is of the SubscriptionKind `npm`. It asks a program or
an HTTP endpoint, which answer with versions, newest first.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Literal, Protocol

from pydantic import Field, model_validator

from ferryman.domain.generic import AnsweredArtifact
from ferryman.domain.model import Model
from ferryman.domain.project import ProjectStatus
from ferryman.domain.resource import OURS, Resource
from ferryman.domain.stage import DURATION

BUILT_IN = ("image", "git", "chart")
"""The types that need no SubscriptionKind."""


class Program(Model):
    """A program in the operator's folder, and its arguments; it reads the question from stdin.

    It is given no environment: in a shell or an interpreter, that could make it run anything.
    """

    command: tuple[str, ...] = Field(min_length=1)
    secrets: tuple[str, ...] = ()
    """Secrets that stand in the question, for argument lists can be read by others."""

    @model_validator(mode="after")
    def _in_the_folder(self) -> Program:
        name = self.command[0]
        if "/" in name or name.startswith(".") or not name.isprintable() or not name:
            raise ValueError(
                f"command[0] is {name!r}; write the name of a file in the folder that the setting "
                "FERRYMAN_SUBSCRIPTIONS__PROGRAMS names, without a path"
            )
        if any("\0" in argument for argument in self.command):
            raise ValueError("an argument has a NUL character; take it out")
        return self


class SecretValue(Model):
    """One value of a Secret."""

    name: str = Field(min_length=1)
    key: str = Field(min_length=1)


class Header(Model):
    """A header: its value, or where that is kept."""

    name: str = Field(pattern=r"^[A-Za-z0-9-]+$")
    value: str = Field(default="", pattern=r"^[\x20-\x7e]*$")
    secret: SecretValue | None = None

    @model_validator(mode="after")
    def _one_source(self) -> Header:
        if bool(self.value) == bool(self.secret):
            raise ValueError("give exactly one of value and secret here")
        return self


class Endpoint(Model):
    """An HTTP endpoint, which is sent the question as the body of a POST."""

    url: str = Field(pattern=r"^https?://[\w.-]+(:\d{1,5})?(/\S*)?$")
    headers: tuple[Header, ...] = ()


class SubscriptionKindSpec(Model):
    """Whom to ask; exactly one of `exec` and `http`."""

    exec: Program | None = None
    http: Endpoint | None = None
    timeout: str = Field(default="30s", pattern=DURATION)

    @model_validator(mode="after")
    def _one_way(self) -> SubscriptionKindSpec:
        if (self.exec is None) == (self.http is None):
            raise ValueError("give exactly one of exec and http here")
        return self

    @property
    def secrets(self) -> tuple[str, ...]:
        """The Secrets that it needs."""
        if self.exec:
            return self.exec.secrets
        headers = self.http.headers if self.http else ()
        return tuple(dict.fromkeys(h.secret.name for h in headers if h.secret))


class SubscriptionKind(Resource):
    """A type of subscriptions, for every Project; its name is the key under `subscriptions`."""

    api_version: Literal["ferryman.dev/v1alpha1"] = OURS
    kind: Literal["SubscriptionKind"] = "SubscriptionKind"
    spec: SubscriptionKindSpec
    status: ProjectStatus = ProjectStatus()


class ArtifactSources(Protocol):
    """Where subscriptions of types of the user's own are looked up."""

    async def ask(
        self,
        spec: SubscriptionKindSpec,
        question: Mapping[str, Any],
        headers: Mapping[str, str],
    ) -> Sequence[AnsweredArtifact]:
        """What the program or endpoint answers, newest first; `headers` are for an endpoint."""
