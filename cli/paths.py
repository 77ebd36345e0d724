"""Paths of the API, with what people wrote safely inside them."""

from __future__ import annotations

from collections.abc import Iterable
from urllib.parse import quote

from cli.config import current
from cli.failures import UsageError

_LEADING_ELSEWHERE = {"", ".", ".."}


def below(*names: str) -> str:
    """The path below the API's Projects; raises UsageError for what cannot be a name."""
    return _joined("/v1beta1/projects", names)


def shared(*names: str) -> str:
    """The path below what all Projects share; raises UsageError for what cannot be a name."""
    return _joined("/v1beta1/shared", names)


def inside(project: str | None, *names: str) -> str:
    """The path below the Project that was given, or the login's; raises UsageError for none."""
    return below(current().require_project(project), *names)


def _joined(root: str, names: Iterable[str]) -> str:
    for name in names:
        if name in _LEADING_ELSEWHERE:
            raise UsageError(f"{name!r} is no name")
    return "/".join([root, *(quote(name, safe="") for name in names)])
