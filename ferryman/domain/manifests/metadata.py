"""Object metadata as people write it, or as it came back from `get -o yaml`."""

from __future__ import annotations

from typing import Any

from ferryman.domain.manifests.kinds import CLUSTER_SCOPED, NAMED_BY_SERVER
from ferryman.domain.manifests.notes import Notes

_DROPPED = (
    "clusterName",
    "creationTimestamp",
    "deletionGracePeriodSeconds",
    "deletionTimestamp",
    "finalizers",
    "generateName",
    "generation",
    "managedFields",
    "ownerReferences",
    "selfLink",
    "uid",
)
"""The server's own, or Kubernetes': they have no meaning in what is applied."""

_LAST_APPLIED = "kubectl.kubernetes.io/last-applied-configuration"


def tidy_metadata(data: dict[str, Any], notes: Notes) -> None:
    """Leave in `data["metadata"]` what a manifest may say; `resourceVersion` stays."""
    metadata = data.get("metadata")
    if not isinstance(metadata, dict):
        notes.refuse(("metadata",), "is missing; write at least metadata.name")
        data["metadata"] = {"name": ""}
        return
    for name in _DROPPED:
        metadata.pop(name, None)
    if isinstance(metadata.get("annotations"), dict):
        metadata["annotations"].pop(_LAST_APPLIED, None)
    if isinstance(metadata.get("resourceVersion"), int):
        metadata["resourceVersion"] = str(metadata["resourceVersion"])
    if data["kind"] in NAMED_BY_SERVER:
        metadata.setdefault("name", "")
    if data["kind"] in CLUSTER_SCOPED:
        metadata.pop("namespace", None)


def is_template(data: dict[str, Any]) -> bool:
    """Does its name still hold a `${PLACEHOLDER}`, so that it is another tool's input?"""
    metadata = data.get("metadata")
    name = metadata.get("name") if isinstance(metadata, dict) else None
    return isinstance(name, str) and "${" in name and "${{" not in name
