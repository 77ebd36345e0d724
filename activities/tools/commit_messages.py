"""Commit messages that say what a step changed."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import PurePosixPath
from typing import Any


def updated(path: str, changes: Sequence[tuple[str, Any]]) -> str:
    """The file, and each key with its new value."""
    lines = [f"- {key}: {shown(value)}" for key, value in changes]
    return f"Updated {PurePosixPath(path)}\n\n" + "\n".join(lines)


def shown(value: Any) -> str:
    """A value as people read it."""
    return value if isinstance(value, str) else json.dumps(value)
