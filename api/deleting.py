"""Deleting what manifests name; only kind, namespace and name count."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from api.answers import data_of
from api.authorisation import Target, authorise
from api.context import Context
from api.removing import remove
from api.shapes.applied import DeleteResult, Manifests
from api.waking import Wakes
from ferryman.domain.actor import Actor
from ferryman.domain.errors import ConflictError, InvalidError, NotFoundError
from ferryman.domain.manifests.documents import documents
from ferryman.domain.manifests.kinds import CLUSTER_SCOPED, model_of


@dataclass(frozen=True)
class _Named:
    kind: str
    project: str
    name: str


async def delete(
    context: Context, wakes: Wakes, actor: Actor, manifests: Manifests, *, project: str = ""
) -> list[DeleteResult]:
    """Delete what is named, the last first, so that a Project goes after what it holds.

    Raises InvalidError, before anything is deleted, for what names nothing.
    """
    named = [
        _name(data, project)
        for manifest in manifests.manifests
        for data in _objects(manifest.text, manifest.source)
    ]
    for one in named:
        authorise(actor, "delete", Target(f"{one.kind.lower()}s", one.project, one.name))
    results = [await _deleted(context, wakes, actor, one) for one in reversed(named)]
    return list(reversed(results))


async def _deleted(context: Context, wakes: Wakes, actor: Actor, one: _Named) -> DeleteResult:
    try:
        gone = await remove(
            context, wakes, actor, kind=one.kind, project=one.project, name=one.name
        )
    except (NotFoundError, ConflictError) as error:
        return DeleteResult(error=str(error))
    return DeleteResult(deleted_resource_manifest=data_of(gone))


def _objects(text: str, source: str) -> Iterator[Any]:
    for document in documents(text, source):
        data = document.data
        listed = data.get("items") if isinstance(data, dict) else None
        yield from listed if isinstance(listed, list) else [data]


def _name(data: Any, project: str) -> _Named:
    data = data if isinstance(data, dict) else {}
    metadata = data.get("metadata")
    metadata = metadata if isinstance(metadata, dict) else {}
    name = metadata.get("name")
    if not isinstance(name, str) or not name:
        raise InvalidError("an object names nothing: write apiVersion, kind and metadata.name")
    kind, api_version = str(data.get("kind")), str(data.get("apiVersion"))
    if model_of(api_version, kind) is None:
        raise InvalidError(f"{api_version} {kind} {name} is nothing that Ferryman keeps")
    where = "" if kind in CLUSTER_SCOPED else str(metadata.get("namespace") or project)
    if not where and kind not in CLUSTER_SCOPED:
        raise InvalidError(
            f"{kind.lower()} {name}: write its namespace, or name the project (-p)",
            field="metadata.namespace",
        )
    return _Named(kind, where, name)
