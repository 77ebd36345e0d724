"""What became of manifests: Kargo's results, and what Ferryman adds to them."""

from __future__ import annotations

from typing import Any, Literal

from ferryman.domain.model import Model


class Manifest(Model):
    """One file."""

    source: str
    """What to call it in messages: its path."""
    text: str


class Manifests(Model):
    """Several files that belong together, so that messages can name them (ours)."""

    manifests: tuple[Manifest, ...]


class ApplyResult(Model):
    """What applying one object did (Kargo's CreateOrUpdateResourceResult, and more)."""

    about: str
    """`Stage/dev`."""
    where: str
    """`stages.yaml:12`, or `line 12`."""
    outcome: Literal["created", "configured", "unchanged", "ignored"] | None = None
    """None where nothing was done, because something in the request has an error."""
    created_resource_manifest: dict[str, Any] | None = None
    updated_resource_manifest: dict[str, Any] | None = None
    warnings: tuple[str, ...] = ()
    error: str | None = None
    """All that is wrong with the object, one sentence a line; under it the expression, if any."""


class ApplyResults(Model):
    """One result for each object, in the order of the text."""

    error: str | None = None
    """Why nothing was applied."""
    results: tuple[ApplyResult, ...]


class DeleteResult(Model):
    """What deleting one object did (Kargo's)."""

    deleted_resource_manifest: dict[str, Any] | None = None
    error: str | None = None


class DeleteResults(Model):
    """One result for each object, in the order of the text."""

    results: tuple[DeleteResult, ...]
