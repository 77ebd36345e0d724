"""A step's config against the model of its kind, before its expressions are evaluated."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Literal, get_args, get_origin

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from ferryman.domain.expressions import has_expressions
from ferryman.domain.manifests.complaints import sentence
from ferryman.domain.manifests.notes import shown
from ferryman.domain.manifests.paths import Loc


def config_problems(model: type[BaseModel], config: Any) -> Iterator[tuple[Loc, str]]:
    """Yield what is wrong with a config, each with its place in it.

    What an expression will become is not known yet, so that nothing is said of its type, nor of
    fields that must fit one.
    """
    given = {} if config is None else config
    if isinstance(given, str) and has_expressions(given):
        return
    try:
        model.model_validate(given, by_alias=True, by_name=False)
    except ValidationError as invalid:
        for error in invalid.errors(include_url=False):
            if not _is_open(error):
                yield error["loc"], sentence(error, model, shown)


def wants_text(model: type[BaseModel], loc: Loc) -> bool:
    """Is text all that the field of a config takes?"""
    annotation: Any = model
    for key in loc:
        annotation = _inside(annotation, key)
    return _members(annotation) == {str}


def _is_open(error: ErrorDetails) -> bool:
    """Does it speak of what an expression has yet to decide?"""
    given = error["input"]
    if error["type"] == "missing":
        return False
    if error["type"] == "too_short" and given:
        return True  # its entries are bad or open, and were judged by themselves
    if isinstance(given, Mapping) and error["type"] == "value_error":
        return any(_has_expression(value) for value in given.values())
    return _has_expression(given)


def _has_expression(value: Any) -> bool:
    return isinstance(value, str) and has_expressions(value)


def _members(annotation: Any) -> set[Any]:
    """The types of a union without None; a choice between texts is text."""
    if get_origin(annotation) is Literal:
        return {type(choice) for choice in get_args(annotation)}
    parts = get_args(annotation) if _is_union(annotation) else (annotation,)
    return {part for part in parts if part is not type(None)}


def _is_union(annotation: Any) -> bool:
    return type(None) in get_args(annotation)


def _inside(annotation: Any, key: str | int) -> Any:
    for member in _members(annotation):
        if isinstance(member, type) and issubclass(member, BaseModel):
            for name, field in member.model_fields.items():
                if key in {name, field.alias}:
                    return field.annotation
        elif arguments := get_args(member):
            return arguments[0] if isinstance(key, int) else arguments[-1]
    return None
