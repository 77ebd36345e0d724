"""Repository URLs: normal forms, hostile ones, loopback, and what may be shown."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ferryman.domain.errors import InvalidError
from ferryman.domain.urls import (
    check_git_url,
    is_loopback,
    normalize_chart,
    normalize_git,
    normalize_image,
    without_userinfo,
)

WORD = st.from_regex(r"[A-Za-z0-9]{1,8}", fullmatch=True)
HOST = st.one_of(st.just("localhost:8443"), st.builds("{}.Example.com".format, WORD))
PATH = st.builds("{}/{}".format, WORD, WORD)


@pytest.mark.parametrize(
    ("url", "normal"),
    [
        ("https://me:secret@GitHub.com/Acme/Shop.git/", "https://github.com/acme/shop"),
        ("ssh://git@github.com:2222/acme/shop.git", "ssh://git@github.com:2222/acme/shop"),
        ("ssh://git:secret@github.com/acme/shop", "ssh://git@github.com/acme/shop"),
        ("git@github.com:acme/shop.git", "ssh://git@github.com/acme/shop"),
        ("git@github.com", "ssh://git@github.com"),
        ("\ufeff https://github.com/acme/shop\n", "https://github.com/acme/shop"),
        ("https://github.com/Acme/shop?ref=x", "https://github.com/Acme/shop?ref=x"),
        ("https://Not a URL", "https://Not a URL"),
        ("https://Host:Port/x", "https://Host:Port/x"),
        ("not/a host", "not/a host"),
    ],
)
def test_git_normal_form(url: str, normal: str) -> None:
    """Spellings of one git URL come to one form, and what cannot be understood stays."""
    assert normalize_git(url) == normal


@pytest.mark.parametrize(
    ("url", "normal"),
    [
        ("nginx", "nginx"),
        ("library/nginx:1.27", "nginx"),
        ("docker.io/library/nginx", "nginx"),
        ("index.docker.io/acme/shop", "acme/shop"),
        ("registry-1.docker.io/acme/shop", "acme/shop"),
        ("GHCR.io/Acme/Shop", "GHCR.io/Acme/Shop"),
        ("GHCR.io/acme/shop:v1", "GHCR.io/acme/shop"),
        (" ghcr.io/acme/shop", " ghcr.io/acme/shop"),
        ("ghcr.io/acme/shop:", "ghcr.io/acme/shop:"),
        ("me@ghcr.io/acme/shop", "me@ghcr.io/acme/shop"),
        (f"ghcr.io/acme/shop:v1@sha256:{'a' * 64}", "ghcr.io/acme/shop"),
        ("localhost:5000/team/shop:v1", "localhost:5000/team/shop"),
        ("127.0.0.1:5000/shop", "127.0.0.1:5000/shop"),
        ("Not An Image", "Not An Image"),
    ],
)
def test_image_normal_form(url: str, normal: str) -> None:
    """Docker Hub's many names are one, and tag and digest do not count; what is no image stays."""
    assert normalize_image(url) == normal


@pytest.mark.parametrize(
    ("url", "name", "normal"),
    [
        ("OCI://ghcr.io/Acme/charts/shop", "", "ghcr.io/acme/charts/shop"),
        ("oci://registry-1.docker.io/acme/shop", "", "acme/shop"),
        ("oci://localhost:5000/charts/shop", "", "localhost:5000/charts/shop"),
        ("https://Charts.example.com:8443", "", "https://charts.example.com:8443"),
        ("https://charts.example.com/", "shop", "https://charts.example.com/shop"),
    ],
)
def test_chart_normal_form(url: str, name: str, normal: str) -> None:
    """OCI charts compare like images, HTTP repositories with scheme, port and chart name."""
    assert normalize_chart(url, name) == normal


@given(HOST, PATH, st.sampled_from(["", "/", ".git", ".git/"]))
def test_git_normal_form_is_stable(host: str, path: str, ending: str) -> None:
    """Normalising once more changes nothing, and every ending comes to the same."""
    for url in (f"https://u:p@{host}/{path}{ending}", f"ssh://git@{host}/{path}{ending}"):
        normal = normalize_git(url)
        assert normalize_git(normal) == normal
        assert normal == normalize_git(url.removesuffix(ending))


@given(HOST, PATH)
def test_image_normal_form_is_stable(host: str, path: str) -> None:
    """Normalising once more changes nothing."""
    for url in (path, f"{host}/{path}", f"docker.io/{path}:v1"):
        normal = normalize_image(url)
        assert normalize_image(normal) == normal


@pytest.mark.parametrize(
    "url",
    [
        "https://github.com/acme/shop.git",
        "http://localhost:3000/acme/shop",
        "https://me:secret@github.com/acme/shop",
        "ssh://git@[::1]:2222/acme/shop",
        "git@github.com:acme/shop.git",
    ],
)
def test_harmless_git_urls_pass(url: str) -> None:
    """HTTP, HTTPS, SSH and `user@host:path` are what git may be given."""
    check_git_url(url)


@pytest.mark.parametrize(
    "url",
    [
        "",
        "/srv/git/shop",
        "file:///srv/git/shop",
        "ext::sh -c id",
        "ext::id",
        "git://github.com/acme/shop",
        "https:///acme/shop",
        "--upload-pack=touch",
        "-oProxyCommand=id@host:shop",
        "ssh://-oProxyCommand=id/shop",
        "ssh://-oProxyCommand=id@host/shop",
        "git@host:-shop",
        "https://host/--upload-pack=id",
        "https://github.com/acme/shop\n--upload-pack=id",
        "https://github.com/acme/sh\x00op",
        "https://github.com/acme/my shop",
        "https://evil.example\\@github.com/acme/shop",
        "https://host:port/acme/shop",
    ],
)
def test_hostile_git_urls_are_refused(url: str) -> None:
    """Other protocols, options in disguise and control characters never reach git."""
    with pytest.raises(InvalidError, match=r"^repoURL: "):
        check_git_url(url)


def test_refusal_does_not_tell_the_password() -> None:
    """The message about a bad URL names neither user nor password."""
    for url in ("ftp://me:secret@host/x", "ftp://me:sec/ret@host/x", "https://me:secret@host/a b"):
        with pytest.raises(InvalidError) as caught:
            check_git_url(url)
        assert "sec" not in str(caught.value)
        assert "host" in str(caught.value)


@pytest.mark.parametrize(
    ("url", "local"),
    [
        ("http://localhost:3000/acme/shop", True),
        ("http://git.localhost/acme/shop", True),
        ("ssh://git@127.0.0.1:2222/shop", True),
        ("http://[::1]:3000/shop", True),
        ("localhost:5000/shop:v1", True),
        ("127.1.2.3:5000/shop", True),
        ("git@localhost:shop", True),
        ("https://github.com/localhost", False),
        ("http://localhost@evil.example/shop", False),
        ("http://localhost.evil.example/shop", False),
        ("http://evil.example\\@localhost/shop", False),
        ("ghcr.io/acme/shop", False),
        ("nginx", False),
        ("http://[::1/shop", False),
        ("", False),
    ],
)
def test_loopback(url: str, *, local: bool) -> None:
    """Only a host that is this machine itself counts as loopback."""
    assert is_loopback(url) is local


@pytest.mark.parametrize(
    ("url", "shown"),
    [
        ("https://me:secret@github.com/a@b", "https://github.com/a@b"),
        ("https://tok@en@github.com/a", "https://github.com/a"),
        ("https://github.com/a", "https://github.com/a"),
        ("git@github.com:acme/shop", "git@github.com:acme/shop"),
        ("ghcr.io/acme/shop", "ghcr.io/acme/shop"),
    ],
)
def test_without_userinfo(url: str, shown: str) -> None:
    """Nothing but user and password is left out of what is shown."""
    assert without_userinfo(url) == shown
