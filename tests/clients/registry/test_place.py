"""From a repoURL to the server that is spoken to, and whether the credential may go there."""

from __future__ import annotations

import pytest

from ferryman.clients.registry import HttpRegistry, RegistryOptions
from ferryman.clients.registry.place import place_of
from ferryman.domain.errors import InvalidError
from ferryman.domain.ports import Credential, ImageRepository

ANN = Credential("ann", "geheim")


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("nginx", "https://registry-1.docker.io/v2/library/nginx"),
        ("docker.io/nginx", "https://registry-1.docker.io/v2/library/nginx"),
        ("index.docker.io/library/nginx", "https://registry-1.docker.io/v2/library/nginx"),
        ("ealen/echo-server", "https://registry-1.docker.io/v2/ealen/echo-server"),
        ("ghcr.io/a/b/c", "https://ghcr.io/v2/a/b/c"),
        ("GHCR.io/a/b", "https://ghcr.io/v2/a/b"),
        ("registry:5000/x", "https://registry:5000/v2/x"),
        ("localhost/x", "http://localhost/v2/x"),
        ("localhost:5000/x", "http://localhost:5000/v2/x"),
        ("127.0.0.2:5000/a/b", "http://127.0.0.2:5000/v2/a/b"),
        ("[::1]:5000/x", "http://[::1]:5000/v2/x"),
        ("localhost.example/x", "https://localhost.example/v2/x"),
        ("127.example/x", "https://127.example/v2/x"),
    ],
)
def test_docker_reading(url: str, expected: str) -> None:
    """A repoURL is read as docker reads it, and loopback is spoken to over plain HTTP."""
    assert str(place_of(ImageRepository(url), RegistryOptions()).url("")) == f"{expected}/"


@pytest.mark.parametrize(
    "url",
    [
        "",
        "/",
        "ghcr.io/",
        "https://ghcr.io/a/b",
        "oci://ghcr.io/a/b",
        "nginx:1.27",
        "ghcr.io/a/b@sha256:" + "0" * 64,
        "ghcr.io/a/../b",
        "ghcr.io/A/b",
        "ghcr.io/a/b?x=1",
        "ann:geheim@ghcr.io/a/b",
        "a//b",
        "x/" + "a" * 256,
    ],
)
def test_refused(url: str) -> None:
    """What is no image repository is refused by a sentence that names the field."""
    with pytest.raises(InvalidError, match=r"repoURL: .* is not an image repository"):
        place_of(ImageRepository(url), RegistryOptions())


def test_mirror_stands_in() -> None:
    """A mirror is spoken to in place of the registry, under whichever name that is written."""
    options = RegistryOptions(mirrors={"docker.io": "http://127.0.0.1:5000"})
    for url in ("ealen/echo-server", "index.docker.io/ealen/echo-server"):
        place = place_of(ImageRepository(url), options)
        assert str(place.url("tags/list")) == "http://127.0.0.1:5000/v2/ealen/echo-server/tags/list"
    assert place_of(ImageRepository("ghcr.io/a/b"), options).endpoint.host == "ghcr.io"


@pytest.mark.parametrize(
    "mirror", ["127.0.0.1:5000", "ftp://host", "http://", "https://u:p@host", "http://host/path"]
)
def test_bad_mirror(mirror: str) -> None:
    """A mirror that is no plain endpoint is refused when the client is made."""
    with pytest.raises(InvalidError, match=r"registry\.mirrors\.ghcr\.io: write") as refusal:
        HttpRegistry(RegistryOptions(mirrors={"ghcr.io": mirror}))
    assert "u:p" not in str(refusal.value)


@pytest.mark.parametrize(
    ("url", "options", "may_go"),
    [
        ("ghcr.io/a/b", RegistryOptions(), True),
        ("localhost:5000/x", RegistryOptions(), True),
        ("in.house/x", RegistryOptions(mirrors={"in.house": "https://in.house"}), True),
        ("in.house/x", RegistryOptions(mirrors={"in.house": "http://in.house"}), False),
        (
            "in.house/x",
            RegistryOptions(
                mirrors={"in.house": "http://in.house"}, allow_credentials_over_http=True
            ),
            True,
        ),
        ("nginx", RegistryOptions(mirrors={"docker.io": "https://mirror.example"}), False),
        ("in.house:1/x", RegistryOptions(mirrors={"in.house:1": "https://in.house:2"}), False),
    ],
)
def test_where_credentials_go(url: str, options: RegistryOptions, *, may_go: bool) -> None:
    """A credential goes to its own registry only, and over plain HTTP only where allowed."""
    place = place_of(ImageRepository(url, ANN), options)
    assert (place.credential == ANN) is may_go
    assert bool(place.withheld) is not may_go
    assert "geheim" not in repr(place)
