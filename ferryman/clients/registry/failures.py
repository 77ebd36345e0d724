"""From what a registry answered to our errors.

A registry's own words are never repeated, only its error code: an answer could quote the
credential that it was sent.
"""

from __future__ import annotations

import json
import re
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime

import httpx

from ferryman.clients.registry.place import DOCKER_HUB, Place
from ferryman.domain.errors import CredentialError, TemporaryError

_CODE = re.compile(r"[A-Z][A-Z_]{2,39}")
_LONGEST_RETRY_AFTER = 3600.0
_TOO_MANY_REQUESTS = 429


class PassingError(TemporaryError):
    """One exchange failed in a way that is worth another try at once.

    `retry_after` is the pause in seconds that the registry asked for, if it did.
    """

    def __init__(self, message: str, *, retry_after: float | None = None) -> None:
        super().__init__(message, delay=timedelta(seconds=max(retry_after or 0.0, 10.0)))
        self.retry_after = retry_after


def is_passing(status: int) -> bool:
    """Say whether an HTTP status means that the same request may succeed later."""
    return status in {408, 425, _TOO_MANY_REQUESTS} or status >= httpx.codes.INTERNAL_SERVER_ERROR


def passing(what: str, status: int, headers: httpx.Headers) -> PassingError:
    """Make the error for `what`, which was answered with a status that may pass."""
    pause = retry_after(headers)
    if pause is None and status == _TOO_MANY_REQUESTS:
        pause = 1.0
    reason = "too many requests" if status == _TOO_MANY_REQUESTS else "the registry has trouble"
    return PassingError(f"{what} was answered with {status} ({reason})", retry_after=pause)


def refused(place: Place, status: int, content: bytes) -> CredentialError:
    """Make the error for a repository that may not be read; it says what to apply."""
    if place.withheld:
        reason = f"the credential was not sent: {place.withheld}"
    elif place.credential:
        reason = (
            "the credential was refused, or may not read this repository: correct username and"
            f" password in the Secret whose repoURL is {place.written}"
        )
    else:
        reason = (
            "apply a Secret with the label kargo.akuity.io/cred-type: image and repoURL:"
            f" {place.written}, username and password"
        )
        if place.registry == DOCKER_HUB:
            reason += " (Docker Hub answers so for what does not exist, too)"
    return CredentialError(
        f"image repository {place.written}: {place.server} answered"
        f" {status}{code_of(content)}; {reason}",
        url=place.written,
    )


def code_of(content: bytes) -> str:
    """Return " CODE", the first error code in a registry's error document, or nothing."""
    try:
        code = json.loads(content)["errors"][0]["code"]
    except (ValueError, RecursionError, LookupError, TypeError):
        return ""
    return f" {code}" if isinstance(code, str) and _CODE.fullmatch(code) else ""


def retry_after(headers: httpx.Headers) -> float | None:
    """Read Retry-After (RFC 9110, 10.2.3) as seconds from now, an hour at most."""
    value = headers.get("Retry-After", "").strip()
    if value.isdecimal():
        return min(float(value), _LONGEST_RETRY_AFTER)
    try:
        moment = parsedate_to_datetime(value)
    except ValueError:
        return None
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=UTC)
    seconds = (moment - datetime.now(UTC)).total_seconds()
    return min(max(seconds, 0.0), _LONGEST_RETRY_AFTER)
