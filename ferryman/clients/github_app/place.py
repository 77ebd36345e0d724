"""Where GitHub's API is for a repository's URL, at github.com or at a company's own server."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import urlsplit

from ferryman.domain.errors import InvalidError
from ferryman.domain.urls import is_loopback, without_userinfo


@dataclass(frozen=True, slots=True)
class Place:
    """A repository, and the API that gives tokens for it."""

    api: str
    repository: str
    """Its name, without the owner."""


def place_of(url: str, *, allow_http: bool) -> Place:
    """Return the place; raises `InvalidError` where a token could not be used, or would leak."""
    shown = without_userinfo(url)
    parts = urlsplit(shown)
    names = parts.path.strip("/").removesuffix(".git").split("/")
    if parts.scheme not in {"https", "http"} or len(names) < 2 or not parts.hostname:  # noqa: PLR2004 — owner and name
        raise InvalidError(
            f"{shown} cannot be reached by a GitHub App; write https://HOST/OWNER/NAME",
            field="repoURL",
        )
    if parts.scheme == "http" and not (allow_http or is_loopback(shown)):
        raise InvalidError(
            f"tokens are not asked for at {shown} over plain http; use https, or allow it with "
            "the setting FERRYMAN_GIT__ALLOW_CREDENTIALS_OVER_HTTP",
            field="repoURL",
        )
    return Place(_api(parts.scheme, parts.netloc, parts.hostname), names[-1])


def _api(scheme: str, authority: str, host: str) -> str:
    if host in {"github.com", "www.github.com"}:
        return "https://api.github.com"
    if host.endswith(".ghe.com"):  # GitHub Enterprise Cloud with data residency
        return f"https://api.{authority}"
    return f"{scheme}://{authority}/api/v3"  # GitHub Enterprise Server
