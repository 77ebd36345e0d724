"""From a repoURL as people write it to the server that is spoken to.

Docker's reading: the part before the first slash is a registry if it has a dot, a colon or a
capital, or is `localhost`; else the image is Docker Hub's, where `nginx` means `library/nginx`.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

import httpx

from ferryman.clients.registry.grammar import is_name
from ferryman.clients.registry.hosts import is_loopback
from ferryman.clients.registry.options import RegistryOptions
from ferryman.domain.errors import InvalidError
from ferryman.domain.ports import Credential, ImageRepository

DOCKER_HUB = "docker.io"
_DOCKER_HUB_NAMES = {"docker.io", "index.docker.io", "registry-1.docker.io"}
_DOCKER_HUB_ENDPOINT = "https://registry-1.docker.io"

_HOST = re.compile(r"(\[[0-9a-f:]+\]|[a-z0-9_-]+(\.[a-z0-9_-]+)*)(:\d{1,5})?")


@dataclass(frozen=True, slots=True)
class Place:
    """A repository at the server that answers for it.

    `written` is the repoURL as the user wrote it; `credential` is present only if it may be
    sent to `endpoint`; where one was withheld, `withheld` says why.
    """

    written: str
    registry: str
    endpoint: httpx.URL
    name: str
    credential: Credential | None = field(default=None, repr=False)
    withheld: str = ""
    skip_tls_verify: bool = False

    @property
    def server(self) -> str:
        """Host and port that are spoken to."""
        return self.endpoint.netloc.decode()

    def url(self, path: str) -> httpx.URL:
        """Return the URL of `path` ("tags/list", "manifests/1.0", …) in this repository."""
        return self.endpoint.copy_with(raw_path=f"/v2/{self.name}/{path}".encode())


def place_of(repository: ImageRepository, options: RegistryOptions) -> Place:
    """Find where `repository` is spoken to, and whether its credential may go there.

    Raises InvalidError if its url is not that of an image repository.
    """
    registry, name = split(repository.url)
    endpoint = httpx.URL(_mirror(registry, options.mirrors) or _endpoint(registry))
    withheld = "" if repository.credential is None else _withheld(registry, endpoint, options)
    return Place(
        written=repository.url,
        registry=registry,
        endpoint=endpoint,
        name=name,
        credential=None if withheld else repository.credential,
        withheld=withheld,
        skip_tls_verify=repository.insecure_skip_tls_verify,
    )


def split(url: str) -> tuple[str, str]:
    """Split a repoURL into registry ("docker.io", "localhost:5000") and repository name."""
    head, slash, rest = url.partition("/")
    names_registry = slash and (
        "." in head or ":" in head or head == "localhost" or head != head.lower()
    )
    registry, name = (head.lower(), rest) if names_registry else (DOCKER_HUB, url)
    if registry in _DOCKER_HUB_NAMES:
        registry = DOCKER_HUB
        name = name if "/" in name else f"library/{name}"
    if not (_HOST.fullmatch(registry) and is_name(name)):
        raise InvalidError(
            f"{url!r} is not an image repository: write [host[:port]/]name in small letters,"
            " without https://, tag or digest",
            field="repoURL",
        )
    return registry, name


def check_mirrors(mirrors: Mapping[str, str]) -> None:
    """Raise InvalidError unless every mirror is http(s)://host[:port]."""
    for registry, mirror in mirrors.items():
        try:
            url = httpx.URL(mirror)
        except httpx.InvalidURL:
            url = httpx.URL("")
        extras = url.path.strip("/") or url.userinfo or url.query or url.fragment
        if url.scheme not in {"http", "https"} or not url.host or extras:
            raise InvalidError(
                "write the mirror's endpoint as http://host[:port] or https://host[:port]",
                field=f"registry.mirrors.{registry}",
            )


def _mirror(registry: str, mirrors: Mapping[str, str]) -> str | None:
    names = _DOCKER_HUB_NAMES if registry == DOCKER_HUB else {registry}
    return next((mirrors[name] for name in mirrors if name.lower() in names), None)


def _endpoint(registry: str) -> str:
    if registry == DOCKER_HUB:
        return _DOCKER_HUB_ENDPOINT
    scheme = "http" if is_loopback(httpx.URL(f"//{registry}").host) else "https"
    return f"{scheme}://{registry}"


def _withheld(registry: str, endpoint: httpx.URL, options: RegistryOptions) -> str:
    own = httpx.URL(_endpoint(registry))
    if (own.host, own.port) != (endpoint.host, endpoint.port):
        return f"the mirror at {endpoint.host} is not the registry that the credential is for"
    if not may_carry(endpoint, options):
        return (
            f"{endpoint.host} is spoken to over plain HTTP, and credentials go over plain HTTP"
            " only to loopback unless registry.allow_credentials_over_http is set"
        )
    return ""


def may_carry(url: httpx.URL, options: RegistryOptions) -> bool:
    """Say whether a credential may be sent to `url`: it is HTTPS, or loopback, or allowed."""
    return url.scheme == "https" or is_loopback(url.host) or options.allow_credentials_over_http
