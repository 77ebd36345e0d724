"""What the complaints of helm and kustomize mean, in terms of the error tree."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from ferryman.domain.errors import CredentialError, FerrymanError, PermanentError, TemporaryError
from ferryman.domain.ports import ChartRepository, Credential
from ferryman.domain.urls import without_userinfo
from ferryman.processes import Completed

_LONGEST = 2000
"""Characters of a complaint that are passed on: its end, where the reason stands."""

_COMPLAINT = re.compile(r"^(?:Error|error|fatal): ", re.MULTILINE)
_NOISE = re.compile(r"^Use --debug flag .*$", re.MULTILINE)
_UNREAD = re.compile(r"Unable to get an update from the \S+ chart repository (.*\n?\s*.*)")
_CACHE = "no cached repository"
_USERINFO = re.compile(r"(?<=://)[^/@\s]+@")

_REFUSED = re.compile(
    r"\b401\b|\b403\b|unauthorized|credential required|basic credential not found|"
    r"no basic auth credentials|authentication required|access to the resource is denied",
    re.IGNORECASE,
)
_PASSING = re.compile(
    r"connection re(?:fused|set)|i/o timeout|TLS handshake timeout|no such host|deadline exceeded|"
    r"unexpected EOF|: EOF|\b(?:429|500|502|503|504)\b|toomanyrequests|server misbehaving",
    re.IGNORECASE,
)


def failure(
    tool: str, done: Completed, repositories: Sequence[ChartRepository], *, network: bool
) -> FerrymanError:
    """The error for what a tool wrote, without any credential.

    Only what `network` was used for may be a matter of credentials or of time.
    """
    said = scrubbed(_last_words(done), (r.credential for r in repositories))
    message = f"{tool}: {said}"
    if network and _REFUSED.search(said):
        hosts = ", ".join(sorted({without_userinfo(r.url) for r in repositories})) or "a repository"
        return CredentialError(
            f"{message}; apply a Secret labelled kargo.akuity.io/cred-type: helm for {hosts}",
            url=repositories[0].url if repositories else "",
        )
    if network and _PASSING.search(said):
        return TemporaryError(message)
    if "'c' in -c" in said:
        message = (
            f"{message} (this kustomize does not know helm 4: `ferryman tools install` brings a "
            "pair that fits together)"
        )
    return PermanentError(message)


def scrubbed(text: str, credentials: Iterable[Credential | None]) -> str:
    """`text` without passwords, also where a URL holds one."""
    for credential in credentials:
        if credential and credential.password:
            text = text.replace(credential.password, "***")
    return _USERINFO.sub("***@", text)


def _last_words(done: Completed) -> str:
    """From the last complaint on; what a template says may have several lines."""
    unread = _UNREAD.search(done.text)
    if unread and _CACHE in done.errors:  # which is what helm then complains of, and nobody knows
        return " ".join(unread[1].split())
    errors = _NOISE.sub("", done.errors)
    begins = [match.end() for match in _COMPLAINT.finditer(errors)]
    words = " ".join(errors[begins[-1] if begins else 0 :].split())
    return words[-_LONGEST:] or "ended without saying why"
