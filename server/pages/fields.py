"""Fields: a JSON schema as rows that people read."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

Schema = Mapping[str, Any]


@dataclass(frozen=True)
class Field:
    """One field of a config."""

    path: str
    """`checkout[].branch`."""
    type: str
    required: bool
    default: str
    """As YAML has it; "" for none."""
    meaning: str


def fields(schema: Schema) -> Iterator[Field]:
    """Every field of an object's schema, each before those inside it."""
    yield from _object(schema, schema, "")


def _object(schema: Schema, root: Schema, above: str) -> Iterator[Field]:
    for name, written in schema.get("properties", {}).items():
        inner = _resolved(written, root)
        path = f"{above}{name}"
        yield Field(
            path=path,
            type=_type(inner, root),
            required=name in schema.get("required", ()),
            default=_default(written.get("default", inner.get("default"))),
            meaning=" ".join(written.get("description", "").split()),
        )
        yield from _inside(inner, root, path)


def _inside(schema: Schema, root: Schema, path: str) -> Iterator[Field]:
    if "items" in schema:
        yield from _inside(_resolved(schema["items"], root), root, f"{path}[]")
    elif "properties" in schema:
        yield from _object(schema, root, f"{path}.")


def _resolved(schema: Schema, root: Schema) -> Schema:
    """The schema itself: without null as an alternative, and not by reference."""
    choices = [choice for choice in schema.get("anyOf", ()) if choice.get("type") != "null"]
    if len(choices) == 1:
        return _resolved(choices[0], root)
    if "$ref" in schema:
        found: Schema = root["$defs"][schema["$ref"].rpartition("/")[2]]
        return found
    return schema


def _type(schema: Schema, root: Schema) -> str:
    if "enum" in schema or "const" in schema:
        choices = schema.get("enum", [schema.get("const")])
        return "one of " + ", ".join(f"`{choice}`" for choice in choices)
    if "anyOf" in schema:
        parts = [_type(_resolved(choice, root), root) for choice in schema["anyOf"]]
        return " or ".join(dict.fromkeys(part for part in parts if part != "null"))
    match schema.get("type"):
        case "array":
            return f"list of {_type(_resolved(schema.get('items', {}), root), root)}"
        case "object":
            values = schema.get("additionalProperties")
            inner = _type(_resolved(values, root), root) if isinstance(values, Mapping) else ""
            return f"map of {inner}" if inner else "object"
        case str(name):
            return name
    return "any"


def _default(value: Any) -> str:
    return "" if value in (None, "", [], {}) else json.dumps(value, ensure_ascii=False)
