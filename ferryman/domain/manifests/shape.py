"""The shape of a model: which fields there are, and where."""

from __future__ import annotations

from functools import cache
from typing import Any, get_args

from pydantic import BaseModel

from ferryman.domain.manifests.paths import Loc

Inner = type[BaseModel] | None
Names = tuple[str, ...]


@cache
def fields(model: type[BaseModel]) -> dict[str, Inner]:
    """A model's field names as users write them, each with the model inside it, if any."""
    return {f.alias or name: _inner(f.annotation) for name, f in model.model_fields.items()}


def model_at(model: type[BaseModel], loc: Loc) -> Inner:
    """The model that describes the mapping at `loc`."""
    at: Inner = model
    for key in loc:
        if isinstance(key, str):
            at = fields(at).get(key) if at else None
    return at


def homes(
    model: type[BaseModel], name: str, above: tuple[type[BaseModel], ...] = ()
) -> list[Names]:
    """Where in the model a field of that name belongs: `("spec", "vars")`, …

    A model that stands in itself, as steps do, is looked into once.
    """
    found: list[Names] = []
    for field, inner in fields(model).items():
        if field == "status":
            continue
        if field == name:
            found.append((field,))
        if inner and inner not in above:
            found.extend((field, *home) for home in homes(inner, name, (*above, model)))
    return found


def without_nulls(data: Any, model: Inner) -> Any:
    """The data without fields that are null: Kubernetes takes them as not given."""
    if isinstance(data, list):
        return [without_nulls(entry, model) for entry in data]
    if not isinstance(data, dict) or model is None:
        return data
    known = fields(model)
    return {
        key: without_nulls(value, known.get(key))
        for key, value in data.items()
        if value is not None or key not in known
    }


def _inner(annotation: Any) -> Inner:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return annotation
    return next((inner for part in get_args(annotation) if (inner := _inner(part))), None)
