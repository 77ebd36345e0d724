"""Resource rows: declared resources as they are stored, a Secret's values sealed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, TypeVar

from sqlalchemy import Row

from ferryman.domain.resource import Resource
from ferryman.domain.secret import ConfigMap, Secret
from ferryman.storage import tables
from ferryman.storage.kinds import CLUSTER_SCOPED, model_of
from ferryman.storage.vault import Vault

R = TypeVar("R", bound=Resource)


@dataclass(frozen=True)
class ResourceRows:
    """Turns rows into resources, and back."""

    vault: Vault

    def read(self, row: Row[Any]) -> Resource:
        """The resource that a row holds."""
        model = model_of(row.kind)
        metadata = {
            "name": row.name,
            "namespace": row.project,
            "uid": row.uid,
            "generation": row.generation,
            "resourceVersion": str(row.resource_version),
            "creationTimestamp": row.created_at,
            "labels": row.labels,
            "annotations": row.annotations,
        }
        shown = {"apiVersion": row.api_version, "kind": row.kind, "metadata": metadata}
        if model is Secret:
            content = {**(row.spec or {}), "data": self.vault.open(row.sealed)}
        elif model is ConfigMap:
            content = {"data": row.spec}
        else:
            content = {"spec": row.spec, "status": row.status}
        return model.load(shown | {k: v for k, v in content.items() if v is not None})

    def values(self, resource: Resource) -> dict[str, Any]:
        """What a row holds of a resource, besides its key."""
        meta = resource.metadata
        secret = resource if isinstance(resource, Secret) else None
        return {
            "api_version": resource.api_version,
            "uid": meta.uid,
            "generation": meta.generation,
            "resource_version": int(meta.resource_version),
            "created_at": meta.creation_timestamp,
            "labels": meta.labels,
            "annotations": meta.annotations,
            "spec": {"type": secret.type} if secret else content_of(resource),
            "sealed": self.vault.seal(secret.data) if secret else None,
            "status": status_of(resource),
        }


def key_of(kind: str, project: str, name: str) -> dict[str, str]:
    """What identifies a resource; those of the whole installation have no Project."""
    return {"kind": kind, "project": "" if kind in CLUSTER_SCOPED else project, "name": name}


def where(kind: str, project: str, name: str) -> tuple[Any, ...]:
    """The same as conditions."""
    columns = tables.resource.c
    return tuple(columns[k] == value for k, value in key_of(kind, project, name).items())


def narrow(model: type[R], resource: Resource) -> R:
    """The resource, known to be of that kind."""
    if not isinstance(resource, model):
        raise TypeError(f"{resource.kind} {resource.name} is not a {model.__name__}")
    return resource


def content_of(resource: Resource) -> Any:
    """What the user declares of it, besides labels and annotations."""
    if isinstance(resource, Secret):
        return {"type": resource.type, "data": resource.data}
    dumped = resource.dump()
    return dumped.get("data" if isinstance(resource, ConfigMap) else "spec")


def status_of(resource: Resource) -> dict[str, Any]:
    """What is observed of it; empty for kinds of which nothing is."""
    status = getattr(resource, "status", None)
    return status if isinstance(status, dict) else status.dump() if status else {}
