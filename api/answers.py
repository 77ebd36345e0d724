"""Answers: resources as `get -o yaml` shows them too, without empty fields, secrets masked.

Routes declare the shape in `response_model`, for the OpenAPI document, and answer with this.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from fastapi.responses import JSONResponse

from api.shapes.lists import ResourceList
from ferryman.domain.manifests import plain
from ferryman.domain.model import Model
from ferryman.domain.resource import Resource


def data_of(value: Model) -> dict[str, Any]:
    """Plain JSON data of what may be shown."""
    return plain(value) if isinstance(value, Resource) else value.dump()


def answer(value: Model, *, status: int = 200) -> JSONResponse:
    """One object."""
    return JSONResponse(data_of(value), status_code=status)


def listed(shape: type[ResourceList], items: Iterable[Model]) -> JSONResponse:
    """A list of that shape."""
    return JSONResponse(
        {
            "apiVersion": shape.model_fields["api_version"].default,
            "kind": shape.__name__,
            "metadata": {},
            "items": [data_of(item) for item in items],
        }
    )
