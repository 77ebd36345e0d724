"""Configs of the steps that read values out of files."""

from __future__ import annotations

from typing import Any


def config(*expressions: str, path: str) -> dict[str, Any]:
    """The step's config, with outputs named by their numbers."""
    outputs = [
        {"name": f"o{number}", "fromExpression": expression}
        for number, expression in enumerate(expressions)
    ]
    return {"path": path, "outputs": outputs}
