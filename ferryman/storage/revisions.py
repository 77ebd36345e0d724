"""Revisions: what an apply makes of a resource, compared with what is stored."""

from __future__ import annotations

from datetime import datetime
from uuid import uuid4

from ferryman.domain.errors import ConflictError
from ferryman.domain.resource import Condition, Resource, with_condition
from ferryman.storage.kinds import CLUSTER_SCOPED
from ferryman.storage.resource_rows import content_of

NOT_SUPPORTED_YET = "NotSupportedYet"


def check_version(new: Resource, old: Resource | None) -> None:
    """Optimistic concurrency; raises ConflictError for a version that is not the stored one."""
    wanted = new.metadata.resource_version
    if wanted and (old is None or old.metadata.resource_version != wanted):
        now = f"it is at {old.metadata.resource_version} now" if old else "it is gone"
        raise ConflictError(
            f"{new.kind.lower()} {new.name} was changed since it was read as "
            f"metadata.resourceVersion {wanted}: {now}; read it again, or leave that field out"
        )


def same(old: Resource, new: Resource) -> bool:
    """Does the user declare what is stored already?"""
    return (
        content_of(old) == content_of(new)
        and old.metadata.labels == new.metadata.labels
        and old.metadata.annotations == new.metadata.annotations
    )


def stamped(new: Resource, old: Resource | None, now: datetime) -> Resource:
    """The resource with the metadata that the store owns; its status is the old one's."""
    changed = old is None or content_of(old) != content_of(new)
    before = old.metadata if old else None
    meta = new.metadata.model_copy(
        update={
            "namespace": "" if new.kind in CLUSTER_SCOPED else new.project,
            "uid": before.uid if before else str(uuid4()),
            "generation": (before.generation if before else 0) + changed,
            "resource_version": str(int(before.resource_version) + 1 if before else 1),
            "creation_timestamp": before.creation_timestamp if before else now,
        }
    )
    status = getattr(old, "status", None)
    kept = {} if status is None else {"status": status}
    return new.model_copy(update={"metadata": meta, **kept})


def observed(resource: Resource, unsupported: tuple[str, ...], now: datetime) -> Resource:
    """The resource with a condition that names what is not acted on yet, or without it."""
    status = getattr(resource, "status", None)
    if status is None:
        return resource
    untyped = isinstance(status, dict)
    known = status.get("conditions", ()) if untyped else status.conditions
    conditions = tuple(Condition.load(c) for c in known)
    if unsupported:
        conditions = with_condition(conditions, _not_supported_yet(unsupported, now))
    else:
        conditions = tuple(c for c in conditions if c.type != NOT_SUPPORTED_YET)
    if untyped:
        status = status | {"conditions": [c.dump() for c in conditions]}
    else:
        status = status.model_copy(update={"conditions": conditions})
    return resource.model_copy(update={"status": status})


def _not_supported_yet(fields: tuple[str, ...], now: datetime) -> Condition:
    return Condition(
        type=NOT_SUPPORTED_YET,
        status="True",
        reason="FieldsNotSupportedYet",
        message="kept, but not acted on yet: " + ", ".join(fields),
        last_transition_time=now,
    )
