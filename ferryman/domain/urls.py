"""Repository URLs: one spelling for comparison, and the refusal of hostile ones.

Normal forms are Kargo's (§1.5) and serve comparison only: what is fetched is always the URL
that the user wrote.
"""

from __future__ import annotations

import ipaddress
import re
from urllib.parse import SplitResult, urlsplit

from ferryman.domain.errors import InvalidError

_SCP = re.compile(r"((?:[\w-]+@)?[\w-]+(?:\.[\w-]+)*)(?::(.*))?", re.ASCII)
_IMAGE_PATH = re.compile(r"[a-z0-9_./-]{1,255}")
_IMAGE_SUFFIX = re.compile(r"(?::[\w.-]{1,128})?(?:@sha256:[0-9a-f]{64})?$", re.ASCII)
_DOCKER_HUB = {"docker.io", "index.docker.io", "registry-1.docker.io"}
_GIT_SCHEMES = ("https", "http", "ssh")


def normalize_git(url: str) -> str:
    """Return the form in which git URLs are compared and hashed.

    Lower case; of `https` and `http` URLs the user is dropped, of `ssh` ones only a password;
    one trailing `/` and one `.git` go; `user@host:path` becomes `ssh://user@host/path`.
    What has a query, or is no git URL, comes back as it was.
    """
    clean = _clean(url)
    if "?" in clean or " " in clean:
        return url
    if clean.startswith(("http://", "https://", "ssh://")):
        parts = _split(clean)
        if parts is None:
            return url
        host = parts.netloc.rpartition("@")[2]
        if parts.scheme == "ssh" and parts.username:
            host = f"{parts.username}@{host}"
        return parts._replace(netloc=host, path=_without_suffix(parts.path)).geturl()
    match = _SCP.fullmatch(clean)
    if match is None:
        return url
    path = _without_suffix(match[2] or "")
    return f"ssh://{match[1]}/{path}" if path else f"ssh://{match[1]}"


def normalize_image(url: str) -> str:
    """Return the form in which image repositories are compared (never hashed).

    Tag and digest go, and Docker Hub's host and `library/`. What is no image repository, such as
    one with capitals, comes back as it was.
    """
    repository = _IMAGE_SUFFIX.sub("", url)
    first, slash, rest = repository.partition("/")
    has_registry = bool(slash) and ("." in first or ":" in first)
    registry, path = (first, rest) if has_registry else ("docker.io", repository)
    if "://" in url or not _IMAGE_PATH.fullmatch(path) or not _is_authority(registry):
        return url
    return path.removeprefix("library/") if registry in _DOCKER_HUB else f"{registry}/{path}"


def normalize_chart(url: str, name: str = "") -> str:
    """Return the form in which chart repositories are compared; `name` is appended if given.

    Lower case; `oci://` goes, and the rest is treated as an image repository. An HTTP
    repository keeps its scheme, port and path, for only together do they say which it is.
    """
    clean = _clean(url).removeprefix("oci://")
    repository = clean if clean.startswith(("http://", "https://")) else normalize_image(clean)
    return f"{repository.rstrip('/')}/{name}" if name else repository


def check_git_url(url: str, *, field: str = "repoURL") -> None:
    """Raise `InvalidError` unless `url` is one that git may safely be given.

    Allowed are `https://`, `http://`, `ssh://` and `user@host:path`. Refused are other
    protocols (`ext::`, `file://`, local paths), spaces, control characters and backslashes,
    and whatever git or ssh would read as an option because it begins with `-`.
    """
    shown = without_userinfo(url)
    if not url.isprintable() or " " in url or "\\" in url:
        raise InvalidError(
            f"{shown!r} has a space, a control character or a backslash; remove it", field=field
        )
    user, host, path = _git_parts(url)
    if not host:
        raise InvalidError(
            f"{shown!r} is not a URL that git may use; "
            "write https://host/path, http://host/path, ssh://user@host/path or user@host:path",
            field=field,
        )
    if any(part.startswith("-") for part in (user, host, path.lstrip("/"))):
        raise InvalidError(
            f"{shown!r} has a part that begins with '-', which git would read as an option; "
            "use a user, host and path that begin otherwise",
            field=field,
        )


def is_loopback(url: str) -> bool:
    """Whether the URL's (or image's) host is this machine itself.

    True for `localhost`, names below `.localhost`, `127.0.0.0/8` and `::1`, as a registry
    or git server; plain HTTP and credentials over it are harmless only there.
    """
    if not url.isprintable() or "\\" in url:
        return False
    parts = _split(url if "://" in url else f"//{url}", numeric_port=False)
    host = (parts and parts.hostname) or ""
    if host == "localhost" or host.endswith(".localhost"):
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def without_userinfo(url: str) -> str:
    """Return the URL as it may be shown or stored: without user and password.

    `user@host:path` is kept, since it has room for a user only. If the URL does not parse,
    everything from the scheme to the last `@` goes.
    """
    scheme, mark, rest = url.partition("://")
    if not mark:
        return url
    if _split(url) is None:
        return scheme + mark + rest.rpartition("@")[2]
    authority, slash, path = rest.partition("/")
    return scheme + mark + authority.rpartition("@")[2] + slash + path


def _is_authority(host: str) -> bool:
    parts = _split(f"//{host}") if host.isprintable() and " " not in host else None
    return parts is not None and parts.netloc == host and "@" not in host


def _clean(url: str) -> str:
    """Lower the case and drop what copy and paste brings along: margins and invisible signs."""
    return "".join(char for char in url.lower() if char.isprintable()).strip()


def _without_suffix(path: str) -> str:
    return path.removesuffix("/").removesuffix(".git")


def _split(url: str, *, numeric_port: bool = True) -> SplitResult | None:
    try:
        parts = urlsplit(url)
        if numeric_port:
            _ = parts.port  # raises where the port is no number
    except ValueError:
        return None
    return parts


def _git_parts(url: str) -> tuple[str, str, str]:
    """Return user, host and path; all empty if git may not use the URL."""
    if "://" in url:
        parts = _split(url)
        if parts is None or parts.scheme not in _GIT_SCHEMES:
            return "", "", ""
        return parts.username or "", parts.hostname or "", parts.path
    match = _SCP.fullmatch(url)
    if match is None or not match[2] or match[2].startswith(":"):  # `ext::…` runs a program
        return "", "", ""
    user, _, host = match[1].rpartition("@")
    return user, host, match[2]
