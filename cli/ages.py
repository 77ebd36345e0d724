"""Ages as kubectl tells them: `45s`, `5m30s`, `3h`, `12d`."""

from __future__ import annotations

from datetime import datetime

_MINUTE, _HOUR, _DAY = 60, 3600, 86400
_YEAR = 365 * _DAY


def age(since: str | None, now: datetime) -> str:
    """The time since an instant in ISO 8601; `<unknown>` for none."""
    if not since:
        return "<unknown>"
    return duration((now - datetime.fromisoformat(since)).total_seconds())


def duration(seconds: float) -> str:
    """Two units while the smaller one matters, then one (Kubernetes' HumanDuration)."""
    whole = max(int(seconds), 0)
    for limit, unit, sign, lesser, lesser_sign in (
        (2 * _MINUTE, 1, "s", 0, ""),
        (10 * _MINUTE, _MINUTE, "m", 1, "s"),
        (3 * _HOUR, _MINUTE, "m", 0, ""),
        (8 * _HOUR, _HOUR, "h", _MINUTE, "m"),
        (2 * _DAY, _HOUR, "h", 0, ""),
        (8 * _DAY, _DAY, "d", _HOUR, "h"),
        (2 * _YEAR, _DAY, "d", 0, ""),
        (8 * _YEAR, _YEAR, "y", _DAY, "d"),
    ):
        if whole < limit:
            rest = whole % unit // lesser if lesser else 0
            return f"{whole // unit}{sign}" + (f"{rest}{lesser_sign}" if rest else "")
    return f"{whole // _YEAR}y"
