"""What programs and endpoints are allowed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceOptions:
    """Limits; whatever exceeds one is an error that names it."""

    programs: Path | None = None
    """The folder of the programs that may be run; none: none may."""
    longest: timedelta = timedelta(minutes=5)
    """What a SubscriptionKind's own timeout is cut to."""
    at_once: int = 8
    """How many are asked at the same time; more wait."""
    environment: Mapping[str, str] = field(default_factory=dict)
    """What programs have in their environment beside PATH and a home: proxies, for instance."""
