"""Payloads: only the fields that we need, and generous with all others."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, TypeVar
from urllib.parse import parse_qs

from pydantic import BaseModel, ConfigDict, ValidationError, model_validator

from ferryman.domain.webhooks.delivery import Delivery, malformed

P = TypeVar("P", bound="Payload")
_FORM = "application/x-www-form-urlencoded"


class Payload(BaseModel):
    """A part of a payload; what is null is as if it were not there."""

    model_config = ConfigDict(extra="ignore", frozen=True)

    @model_validator(mode="before")
    @classmethod
    def _without_nulls(cls, data: Any) -> Any:
        if isinstance(data, dict):
            return {key: value for key, value in data.items() if value is not None}
        return data


class Link(Payload):
    """A link of Bitbucket's or Azure's."""

    href: str = ""


class Commit(Payload):
    """The files of one commit of a push."""

    added: tuple[str, ...] = ()
    modified: tuple[str, ...] = ()
    removed: tuple[str, ...] = ()


def parse(model: type[P], delivery: Delivery) -> P:
    """Read the body as JSON, or as a form with JSON in `payload`; refuses what it is not."""
    body = delivery.body
    if delivery.header("content-type").partition(";")[0].strip().lower() == _FORM:
        body = _form(body)
    try:
        return model.model_validate_json(body)
    except ValidationError:
        raise malformed() from None


def files_of(commits: Sequence[Commit], total: int = 0) -> frozenset[str] | None:
    """What the commits changed; None where `total` says that some of them are missing, too."""
    files = frozenset(file for commit in commits for file in _files(commit))
    return files if files and total <= len(commits) else None


def _files(commit: Commit) -> Iterable[str]:
    return (*commit.added, *commit.modified, *commit.removed)


def _form(body: bytes) -> bytes:
    """How GitHub sends unless it is told otherwise."""
    try:
        return parse_qs(body, max_num_fields=10)[b"payload"][0]
    except (KeyError, ValueError):
        raise malformed() from None
