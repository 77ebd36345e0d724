"""Objects → plain data and YAML, as `get -o yaml` shows them."""

from __future__ import annotations

from collections.abc import Iterable
from io import StringIO
from typing import Any

from pydantic import BaseModel
from ruamel.yaml import YAML
from ruamel.yaml.scalarstring import DoubleQuotedScalarString, LiteralScalarString

from ferryman.domain.resource import Resource
from ferryman.domain.secret import Secret

_YAML_1_1 = {"y", "n", "yes", "no", "on", "off", "true", "false", "null"}
"""Booleans to readers of YAML 1.1, such as kubectl: quoted, though ours takes them for text."""


def plain(resource: Resource) -> dict[str, Any]:
    """JSON data, apiVersion first, without what is empty by default; secrets masked."""
    if isinstance(resource, Secret):
        shown = _tidy(resource.redacted(), resource.redacted().dump())
        shown["stringData"] = shown.pop("data", {})
        return shown
    return _tidy(resource, resource.dump())


def dump(resources: Iterable[Resource]) -> str:
    """YAML, a document for each; what `load` reads gives the same objects (but for secrets)."""
    yaml = YAML()
    yaml.width = 4096
    yaml.representer.ignore_aliases = lambda _: True
    stream = StringIO()
    yaml.dump_all([_readable(plain(resource)) for resource in resources], stream)
    return stream.getvalue()


def _tidy(model: BaseModel, dumped: dict[str, Any]) -> dict[str, Any]:
    """Leave out fields that are empty and were so by default, as Go's `omitempty` does."""
    result = dict(dumped)
    for name, field in type(model).model_fields.items():
        alias, value = field.alias or name, getattr(model, name)
        if alias not in dumped:
            continue
        if value == field.get_default(call_default_factory=True) and not _content(dumped[alias]):
            del result[alias]
        else:
            result[alias] = _tidy_value(value, dumped[alias])
    return result


def _tidy_value(value: Any, dumped: Any) -> Any:
    if isinstance(value, BaseModel):
        return _tidy(value, dumped)
    if isinstance(value, tuple):
        return [_tidy_value(one, other) for one, other in zip(value, dumped, strict=True)]
    if isinstance(value, dict) and any(isinstance(one, BaseModel) for one in value.values()):
        return {key: _tidy_value(one, dumped[key]) for key, one in value.items()}
    return dumped


def _content(dumped: Any) -> bool:
    """Is there anything in it?"""
    return any(map(_content, dumped.values())) if isinstance(dumped, dict) else bool(dumped)


def _readable(value: Any) -> Any:
    if isinstance(value, dict):
        return {_scalar(key): _readable(inner) for key, inner in value.items()}
    if isinstance(value, list):
        return [_readable(inner) for inner in value]
    if isinstance(value, str):
        return LiteralScalarString(value) if _is_lines(value) else _scalar(value)
    return value


def _scalar(text: str) -> str:
    """Quoted where other readers, or ruamel's own line folding, would make something else of it."""
    quoted = text.lower() in _YAML_1_1 or not text.isprintable()
    return DoubleQuotedScalarString(text) if quoted else text


def _is_lines(text: str) -> bool:
    """Can it be shown line by line as it is, rather than escaped?"""
    lines = text.split("\n")
    plain_lines = all(line.isprintable() and line == line.rstrip() for line in lines)
    return len(lines) > 1 and plain_lines and text.strip() != "" and text[0] not in " \n"
