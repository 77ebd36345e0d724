"""YAML in which a key may stand twice, as files for helm and kustomize have it."""

from __future__ import annotations

from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.error import YAMLError

from ferryman.domain.errors import InvalidError


def read(content: bytes, what: str) -> Any:
    """The one document in `content`; raises InvalidError, which says `what` it was to be."""
    try:
        return _reader().load(content)
    except (YAMLError, ValueError) as error:
        reason = str(error).splitlines()[0]
        raise InvalidError(f"{what} is not YAML: {reason}", field="path") from None


def read_all(content: bytes) -> list[Any]:
    """All documents in `content`; none where it is not YAML."""
    try:
        return list(_reader().load_all(content))
    except (YAMLError, ValueError):
        return []


def _reader() -> YAML:
    reader = YAML(typ="safe", pure=True)
    reader.allow_duplicate_keys = True
    return reader
