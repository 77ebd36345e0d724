"""Entries: the objects of one request, on their way from text to result."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Literal

from api.answers import data_of
from api.shapes.applied import ApplyResult
from ferryman.domain.errors import InvalidError
from ferryman.domain.manifests import Item, Loaded, validate_together
from ferryman.domain.manifests.kinds import CLUSTER_SCOPED
from ferryman.domain.resource import Resource

Mode = Literal["create", "update", "upsert"]
Outcome = Literal["created", "configured", "unchanged", "ignored"]


@dataclass
class Entry:
    """One object: what was read, what is wrong with it, what became of it."""

    item: Item
    errors: list[str]
    resource: Resource | None
    outcome: Outcome | None = None
    warnings: list[str] = field(default_factory=list)

    def refuse(self, error: str) -> None:
        """Say what is wrong with it."""
        self.errors.append(f"{self.item.about}: {error}")

    def became(self, resource: Resource, outcome: Outcome) -> None:
        """Say what was done."""
        self.resource, self.outcome = resource, outcome

    def result(self) -> ApplyResult:
        """What the client is told."""
        manifest = data_of(self.resource) if self.resource and self.outcome else None
        created = self.outcome == "created"
        return ApplyResult(
            about=self.item.about,
            where=self.item.where,
            outcome=self.outcome,
            created_resource_manifest=manifest if created else None,
            updated_resource_manifest=None if created else manifest,
            warnings=(*self.item.warnings, *self.warnings, *self._not_yet()),
            error="\n".join(self.errors) or None,
        )

    def _not_yet(self) -> list[str]:
        fields = ", ".join(self.item.unsupported)
        return [f"{self.item.about}: kept, but not acted on yet: {fields}"] if fields else []


class RefusedError(InvalidError):
    """Something in the request has an error, so that nothing was written."""

    def __init__(self, entries: Sequence[Entry]) -> None:
        bad = sum(1 for entry in entries if entry.errors)
        super().__init__(f"nothing was written: {bad} of {len(entries)} objects have errors")
        self.entries = entries


def entries_of(loaded: Loaded, project: str) -> list[Entry]:
    """The objects, each in its Project, with the errors that can be seen without the store."""
    items = [_placed(item, project) for item in loaded.items]
    entries = [Entry(item, list(item.errors), item.resource) for item in items]
    for entry in entries:
        resource = entry.resource
        if resource and not resource.project and resource.kind not in CLUSTER_SCOPED:
            entry.refuse("metadata.namespace: is missing; write it, or name the project (-p)")
    for error in validate_together(items):
        guilty = [e for e in entries if error.startswith(f"{e.item.about}: ")]
        (guilty or entries)[-1].errors.append(error)
    return entries


def _placed(item: Item, project: str) -> Item:
    """With its namespace: its own, else the request's."""
    resource = item.resource
    if resource is None or resource.kind in CLUSTER_SCOPED or resource.project or not project:
        return item
    metadata = resource.metadata.model_copy(update={"namespace": project})
    return replace(item, resource=resource.model_copy(update={"metadata": metadata}))
