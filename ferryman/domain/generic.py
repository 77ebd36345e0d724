"""Subscriptions of types of the user's own: what they say, are answered, and find (Kargo §1.4)."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any

from pydantic import Field, ValidationError, field_validator, model_validator

from ferryman.domain.errors import InvalidError
from ferryman.domain.freight import Artifact
from ferryman.domain.model import Model

MAX_ANSWER = 1024 * 1024
"""Bytes of one answer."""
_MAX_METADATA = 16 * 1024
"""Bytes of JSON that describe one version."""


class GenericSubscription(Model):
    """What stands under the type's key; only the type itself knows what `config` means."""

    config: dict[str, Any] = Field(default_factory=dict)
    discovery_limit: int = Field(default=20, ge=1, le=100)


class AnsweredArtifact(Model):
    """One version, and what is good to know of it."""

    version: str = Field(min_length=1, max_length=255)
    metadata: dict[str, Any] = Field(default_factory=dict)

    @field_validator("version")
    @classmethod
    def _shown_as_it_is(cls, version: str) -> str:
        if not version.isprintable() or version != version.strip():
            raise ValueError("a version is printable, without spaces around it")
        return version

    @field_validator("metadata")
    @classmethod
    def _fits_in_a_database(cls, metadata: dict[str, Any]) -> dict[str, Any]:
        written = json.dumps(metadata, ensure_ascii=False, allow_nan=False)
        if len(written.encode()) > _MAX_METADATA:
            raise ValueError(f"metadata has at most {_MAX_METADATA} bytes of JSON")
        if "\\u0000" in written:
            raise ValueError("metadata has no NUL characters")
        return metadata


class Answer(Model):
    """What an executable or endpoint answers: versions, newest first."""

    artifacts: tuple[AnsweredArtifact, ...]

    @model_validator(mode="after")
    def _each_once(self) -> Answer:
        versions = [artifact.version for artifact in self.artifacts]
        twice = next((v for i, v in enumerate(versions) if v in versions[:i]), None)
        if twice:
            raise ValueError(f"version {twice} is there twice")
        return self


class ArtifactDiscovery(Model):
    """What such a subscription found, best first."""

    subscription_name: str
    artifact_references: tuple[Artifact, ...] = ()


def read_subscription(type_: str, data: Any) -> GenericSubscription:
    """Read what stands under a type's key; raises InvalidError with the field that is wrong."""
    try:
        return GenericSubscription.load({} if data is None else data)
    except ValidationError as error:
        field, problem = _first(error)
        raise InvalidError(
            f"{problem}; write {{config: {{…}}, discoveryLimit: 20}}",
            field=f"{type_}.{field}".removesuffix("."),
        ) from None


def discovered(type_: str, name: str, artifacts: Iterable[AnsweredArtifact]) -> ArtifactDiscovery:
    """What the subscription `name` of that type found."""
    references = (
        Artifact(
            artifact_type=type_,
            subscription_name=name,
            version=artifact.version,
            metadata=artifact.metadata,
        )
        for artifact in artifacts
    )
    return ArtifactDiscovery(subscription_name=name, artifact_references=tuple(references))


def read_answer(content: bytes) -> Answer:
    """Read an answer; raises InvalidError with the field that is wrong, and never its value."""
    try:
        return Answer.load(json.loads(content, parse_constant=_refuse))
    except ValidationError as error:
        field, problem = _first(error)
    except (ValueError, RecursionError):
        field, problem = "", "it is no JSON"
    raise InvalidError(
        f"the answer is wrong: {field}{': ' if field else ''}{problem}; it must be "
        '{"artifacts": [{"version": "…", "metadata": {…}}, …]}, newest first'
    ) from None


def _first(error: ValidationError) -> tuple[str, str]:
    first = error.errors(include_input=False, include_url=False)[0]
    field = ".".join(str(part) for part in first["loc"])
    return field, first["msg"].removeprefix("Value error, ")


def _refuse(constant: str) -> None:
    raise ValueError(f"{constant} is no JSON")
