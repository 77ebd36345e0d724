"""When an image was made.

Kargo's rule: an annotation `org.opencontainers.image.created`, or the older
`org.label-schema.build-date`, is taken as it is; else a single image was made at the later of
its config's `created` and its labels of those names. Times are RFC 3339; what is not is as if
it were absent.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime

from ferryman.clients.registry.manifests import ImageConfig

_KEYS = ("org.opencontainers.image.created", "org.label-schema.build-date")


def annotated_time(annotations: Mapping[str, str]) -> datetime | None:
    """Return the time that annotations give, in UTC."""
    return next((time for key in _KEYS if (time := parse_time(annotations.get(key)))), None)


def configured_time(config: ImageConfig) -> datetime | None:
    """Return the later of the config's own time and the one in its labels, in UTC."""
    return latest([parse_time(config.created), annotated_time(config.labels)])


def latest(times: list[datetime | None]) -> datetime | None:
    """Return the latest of the times that are known."""
    return max((time for time in times if time), default=None)


def parse_time(text: str | None) -> datetime | None:
    """Read an RFC 3339 time with its offset, to UTC; nanoseconds are cut to microseconds."""
    if not text or "T" not in text.upper():
        return None
    try:
        time = datetime.fromisoformat(text.upper())
        return time.astimezone(UTC) if time.tzinfo else None
    except (ValueError, OverflowError):
        return None
