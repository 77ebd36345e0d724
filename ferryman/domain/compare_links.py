"""Pages that compare two revisions of a git repository, where its host has such pages.

The host's name says what it runs. Links go to what people can open in a browser, and never carry
the user or password of a repository's URL.
"""

from __future__ import annotations

import re
from typing import NamedTuple
from urllib.parse import quote, urlsplit

_SCP = re.compile(r"(?:[^@/\s]+@)?(?P<host>[\w.-]+):(?P<path>[^:\s]+)")
_WEB = ("https", "http")
_AZURE = ("dev.azure.com", "visualstudio.com")
_AZURE_SSH = re.compile(r"v3/(?P<organisation>[^/]+)/(?P<project>[^/]+)/(?P<repository>[^/]+)")
_DATA_CENTER = re.compile(r"scm/(?P<project>[^/]+)/(?P<repository>[^/]+)")


class _Place(NamedTuple):
    """Where a repository is on the web."""

    host: str
    site: str
    """Scheme, host and port."""
    path: str
    """Without slashes around it, and without `.git`."""

    @property
    def url(self) -> str:
        return f"{self.site}/{self.path}"


def compare_link(repo_url: str, before: str, after: str) -> str:
    """The page with what changed from one commit or tag to another; "" where none is known."""
    place = _place(repo_url)
    if place is None or not before or not after or before == after:
        return ""
    old, new = quote(before, safe=""), quote(after, safe="")
    if place.host.endswith(_AZURE):
        return _azure(place, old, new)
    if "bitbucket" in place.host:
        return _bitbucket(place, old, new)
    if "gitlab" in place.host:
        return f"{place.url}/-/compare/{old}...{new}"
    if any(word in place.host for word in ("github", "gitea", "forgejo", "codeberg.org")):
        return f"{place.url}/compare/{old}...{new}"
    return ""


def _azure(place: _Place, old: str, new: str) -> str:
    site, path = place.site, place.path
    if ssh := _AZURE_SSH.fullmatch(path):
        site = "https://dev.azure.com"
        path = f"{ssh['organisation']}/{ssh['project']}/_git/{ssh['repository']}"
    return f"{site}/{path}/branchCompare?baseVersion=GC{old}&targetVersion=GC{new}&_a=commits"


def _bitbucket(place: _Place, old: str, new: str) -> str:
    if own := _DATA_CENTER.fullmatch(place.path):
        where = f"{place.site}/projects/{own['project']}/repos/{own['repository']}"
        return f"{where}/compare/commits?sourceBranch={new}&targetBranch={old}"
    return f"{place.url}/branches/compare/{new}%0D{old}"


def _place(url: str) -> _Place | None:
    """Where the repository of a URL of any form is; None for what is no URL of one."""
    if "://" not in url:
        match = _SCP.fullmatch(url)
        return _placed("https", match["host"], match["host"], match["path"]) if match else None
    try:
        parts = urlsplit(url)
        host, port = parts.hostname, parts.port
    except ValueError:
        return None
    if not host or parts.query or not parts.path.strip("/"):
        return None
    if parts.scheme not in _WEB:
        return _placed("https", host, host, parts.path)  # the port is ssh's
    return _placed(parts.scheme, host, f"{host}:{port}" if port else host, parts.path)


def _placed(scheme: str, host: str, authority: str, path: str) -> _Place:
    clean = path.strip("/").removesuffix(".git")
    return _Place(host.lower(), f"{scheme}://{authority}", quote(clean, safe="/%"))
