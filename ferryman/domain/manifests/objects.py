"""One document → one object, through the forms that it may have had in older generations."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from ferryman.domain.manifests.checks import check
from ferryman.domain.manifests.complaints import build
from ferryman.domain.manifests.documents import Document
from ferryman.domain.manifests.expressions import check_expressions
from ferryman.domain.manifests.items import Item
from ferryman.domain.manifests.kinds import model_of, refusal
from ferryman.domain.manifests.metadata import is_template, tidy_metadata
from ferryman.domain.manifests.notes import Notes
from ferryman.domain.manifests.old_fields import rename_old_fields
from ferryman.domain.manifests.old_mechanisms import translate_mechanisms
from ferryman.domain.manifests.old_stages import Lineage, request_freight
from ferryman.domain.manifests.old_steps import modernise_steps
from ferryman.domain.manifests.paths import places
from ferryman.domain.manifests.secrets import read_config_map, read_secret
from ferryman.domain.manifests.unsupported import unsupported
from ferryman.domain.resource import Resource

_VALUES = frozenset({"Secret", "ConfigMap"})
"""Kinds that have no older form: what is read of them are the users' own values."""


@dataclass(frozen=True)
class Reader:
    """Reads the documents of one apply."""

    source: str
    known_steps: frozenset[str] | None
    lineage: Lineage
    known_types: frozenset[str] = frozenset()

    def read(self, document: Document) -> Item:
        """The object that a document declares, or why there is none."""
        data = document.data
        kind = data.get("kind") if isinstance(data, dict) else None
        api_version = data.get("apiVersion") if isinstance(data, dict) else None
        notes = Notes(_about(data), document, silent=kind == "Secret")
        notes.topic = "kind"
        resource = None
        if not isinstance(kind, str) or not isinstance(api_version, str):
            notes.refuse((), "is no object: write apiVersion, kind and metadata")
        elif model := model_of(api_version, kind):
            resource = self._object(data, model, notes)
        elif reason := refusal(api_version, kind):
            notes.refuse((), reason)
        else:
            notes.topic = "left-alone"
            notes.warn((), f"is left alone: {api_version} {kind} is nothing that Ferryman reads")
        return Item(
            about=notes.about,
            where=document.where(self.source),
            resource=resource,
            remarks=tuple(notes.remarks),
            unsupported=self._unsupported(resource) if resource else (),
            document=document,
        )

    def _unsupported(self, resource: Resource) -> tuple[str, ...]:
        return unsupported(resource, self.known_steps, self.known_types)

    def _object(self, data: dict[str, Any], model: type[Resource], notes: Notes) -> Resource | None:
        if is_template(data):
            notes.topic = "left-alone"
            notes.warn(
                ("metadata", "name"),
                "holds a ${PLACEHOLDER}, so the document is a template and left alone; "
                "fill it in (envsubst does) and apply the result",
            )
            return None
        notes.topic = "meaning" if data["kind"] in _VALUES else "old-form"
        tidy_metadata(data, notes)
        data.pop("status", None)
        self._modernise(data, notes)
        notes.topic = "schema"
        resource = build(model, data, notes)
        if resource:
            notes.topic = "meaning"
            check(resource, notes)
            check_expressions(resource, notes)
        return None if notes.refused else resource

    def _modernise(self, data: dict[str, Any], notes: Notes) -> None:
        rename_old_fields(data, notes)
        if isinstance(data.get("spec"), dict) and data["kind"] == "Stage":
            request_freight(data, self.lineage, notes)
            translate_mechanisms(data, notes)
        for kind, step in _MODERNISING:
            if kind == data["kind"]:
                step(data, notes)


def _about(data: Any) -> str:
    """`Stage/dev`, as far as it says."""
    if not isinstance(data, dict):
        return "document"
    metadata = data.get("metadata")
    name = metadata.get("name") if isinstance(metadata, dict) else None
    return f"{data.get('kind') or 'object'}/{name}" if name else str(data.get("kind") or "object")


def _stage_steps(data: dict[str, Any], notes: Notes) -> None:
    modernise_steps(data, "spec.promotionTemplate.spec.steps[*]", notes)


def _task_steps(data: dict[str, Any], notes: Notes) -> None:
    modernise_steps(data, "spec.steps[*]", notes)


def _requested_origins(data: dict[str, Any], notes: Notes) -> None:
    for loc, origin in places(data, "spec.requestedFreight[*].origin"):
        if isinstance(origin, dict) and "kind" not in origin:
            notes.warn((*loc, "kind"), "is missing; Warehouse is meant: write kind: Warehouse")


def _freight_origin(data: dict[str, Any], notes: Notes) -> None:
    """Kargo below 0.9 had `warehouse` in the place of `origin`."""
    warehouse = data.pop("warehouse", None)
    if warehouse is not None and "origin" not in data:
        data["origin"] = {"kind": "Warehouse", "name": warehouse}
        notes.warn(("warehouse",), f"is an old field; write origin: {notes.shown(data['origin'])}")


def _promotion(data: dict[str, Any], notes: Notes) -> None:
    """The server writes steps and vars itself, so that nobody can slip any in (Kargo §1.7)."""
    spec = data.get("spec")
    if not isinstance(spec, dict):
        return
    for field in ("steps", "vars"):
        if spec.pop(field, None):
            notes.warn(("spec", field), "is overwritten with the Stage's; leave it out")
    if spec.pop("origin", None):
        notes.refuse(("spec", "origin"), "is not acted on yet; write spec.freight: its name")


_MODERNISING: tuple[tuple[str, Callable[[dict[str, Any], Notes], None]], ...] = (
    ("Stage", _stage_steps),
    ("Stage", _requested_origins),
    ("PromotionTask", _task_steps),
    ("ClusterPromotionTask", _task_steps),
    ("Freight", _freight_origin),
    ("Promotion", _promotion),
    ("Secret", read_secret),
    ("ConfigMap", read_config_map),
)
