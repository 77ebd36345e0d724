"""JSON and TOML files as plain data, for expressions; `yaml_data` reads YAML."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import Any

from activities.tools import json_edit, toml_edit
from activities.tools.text_files import BYTE_ORDER_MARK, decoded
from ferryman.domain.errors import InvalidError


def read_json(source: bytes) -> Any:
    """The data of a JSON file; raises `InvalidError` where it is none, or exceeds a limit."""
    text = decoded(source).removeprefix(BYTE_ORDER_MARK)
    if not text.strip():
        raise InvalidError("the file is empty, which is not JSON; write `{}` there at least")
    return json_edit.load(text)


def read_toml(source: bytes) -> dict[str, Any]:
    """The data of a TOML file; raises `InvalidError` where it is none, or exceeds a limit.

    Dates and times become strings as RFC 3339 writes them.
    """
    return {key: _plain(value) for key, value in toml_edit.load(decoded(source)).items()}


def _plain(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _plain(item) for key, item in value.items()}
    if isinstance(value, list):
        return [_plain(item) for item in value]
    if isinstance(value, datetime) and value.utcoffset() == timedelta():
        return value.replace(tzinfo=None).isoformat() + "Z"
    return value.isoformat() if isinstance(value, (date, time)) else value
