"""Paths of the API, with what people wrote safely inside them."""

from __future__ import annotations

from urllib.parse import quote

from cli.config import current
from cli.failures import UsageError

_LEADING_ELSEWHERE = {"", ".", ".."}


def below(*names: str) -> str:
    """The path below the API's Projects; raises UsageError for what cannot be a name."""
    for name in names:
        if name in _LEADING_ELSEWHERE:
            raise UsageError(f"{name!r} is no name")
    return "/".join(["/v1beta1/projects", *(quote(name, safe="") for name in names)])


def inside(project: str | None, *names: str) -> str:
    """The path below the Project that was given, or the login's; raises UsageError for none."""
    return below(current().require_project(project), *names)
