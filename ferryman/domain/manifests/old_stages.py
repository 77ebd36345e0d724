"""`spec.subscriptions` of Stages (Kargo below 0.9) → `spec.requestedFreight`.

A Stage once named either a Warehouse or the Stages above it; of these, only the names. Whose
Freight they pass on is known where they are applied together.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from ferryman.domain.manifests.notes import Notes
from ferryman.domain.manifests.paths import Loc

_LOC: Loc = ("spec", "subscriptions")
_INSTEAD = "write spec.requestedFreight with an origin and its sources"


class Lineage:
    """Which Warehouses' Freight reaches each Stage of one apply."""

    def __init__(self, stages: Iterable[dict[str, Any]]) -> None:
        """Take raw Stages, which may hold anything."""
        self._known = {_key(stage): _sources(stage.get("spec")) for stage in stages}

    def origins(self, project: str, stage: str) -> tuple[str, ...]:
        """The Warehouses whose Freight a Stage requests, by itself or from those above it."""
        found: dict[str, None] = {}
        pending, seen = [stage], set[str]()
        while pending:
            name = pending.pop(0)
            if name not in seen:
                seen.add(name)
                warehouses, above = self._known.get((project, name), ((), ()))
                found |= dict.fromkeys(warehouses)
                pending += above
        return tuple(found)


def request_freight(data: dict[str, Any], lineage: Lineage, notes: Notes) -> None:
    """Put `requestedFreight` in the place of `subscriptions`."""
    spec = data["spec"]
    subscriptions = spec.pop("subscriptions", None)
    if subscriptions is None:
        return
    if "requestedFreight" in spec:
        notes.warn(_LOC, "is older than requestedFreight, and ignored beside it; remove it")
    elif not isinstance(subscriptions, dict):
        notes.refuse(_LOC, f"is no longer read; {_INSTEAD}")
    elif requests := _requests(data, subscriptions, lineage, notes):
        spec["requestedFreight"] = requests
        notes.warn(_LOC, "is from before Kargo 0.9, and read as requestedFreight; write that")


def _requests(
    data: dict[str, Any], subscriptions: dict[str, Any], lineage: Lineage, notes: Notes
) -> list[dict[str, Any]]:
    for field in [name for name in subscriptions if name not in {"warehouse", "upstreamStages"}]:
        notes.refuse(
            (*_LOC, field),
            f"is not read: write what is watched as subscriptions of a Warehouse, and {_INSTEAD}",
        )
    requests = [_request(name, {"direct": True}) for name in _warehouse(subscriptions)]
    passed_on: dict[str, list[str]] = {}
    for name in _upstream(subscriptions):
        origins = lineage.origins(_key(data)[0], name)
        if not origins:
            notes.refuse(
                (*_LOC, "upstreamStages"),
                f"names {name}, and which Warehouse's Freight that passes on is not known here; "
                f"apply both together, or {_INSTEAD}",
            )
        for origin in origins:
            passed_on.setdefault(origin, []).append(name)
    return requests + [_request(origin, {"stages": above}) for origin, above in passed_on.items()]


def _request(warehouse: str, sources: dict[str, Any]) -> dict[str, Any]:
    return {"origin": {"kind": "Warehouse", "name": warehouse}, "sources": sources}


def _key(stage: dict[str, Any]) -> tuple[str, str]:
    metadata = stage.get("metadata")
    known = metadata if isinstance(metadata, dict) else {}
    return str(known.get("namespace") or ""), str(known.get("name") or "")


def _sources(spec: Any) -> tuple[Sequence[str], Sequence[str]]:
    """The Warehouses and the Stages that a Stage names, in the present form or the old one."""
    if not isinstance(spec, dict):
        return (), ()
    origins = _names(request.get("origin") for request in _mappings(spec.get("requestedFreight")))
    subscriptions = spec.get("subscriptions")
    if not isinstance(subscriptions, dict):
        return origins, ()
    return [*origins, *_warehouse(subscriptions)], _upstream(subscriptions)


def _warehouse(subscriptions: dict[str, Any]) -> list[str]:
    """The one that old `subscriptions` name, if any."""
    name = subscriptions.get("warehouse")
    return [name] if isinstance(name, str) else []


def _upstream(subscriptions: dict[str, Any]) -> list[str]:
    """The Stages that old `subscriptions` name."""
    return _names(_mappings(subscriptions.get("upstreamStages")))


def _mappings(value: Any) -> list[dict[str, Any]]:
    return [entry for entry in value if isinstance(entry, dict)] if isinstance(value, list) else []


def _names(entries: Iterable[Any]) -> list[str]:
    """The names in `[{name: a}, {name: b}]`."""
    given = [entry.get("name") for entry in entries if isinstance(entry, dict)]
    return [name for name in given if isinstance(name, str)]
