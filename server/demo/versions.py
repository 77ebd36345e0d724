"""Versions of the demo's image: 1.0.0, 1.1.0, 1.2.0, …"""

from __future__ import annotations

from collections.abc import Iterable

from semver import Version

_FIRST = Version(1)


def next_version(known: Iterable[str]) -> str:
    """The one after the newest of the `known` ones."""
    newest = max((Version.parse(version) for version in known), default=None)
    return str(newest.bump_minor() if newest else _FIRST)
