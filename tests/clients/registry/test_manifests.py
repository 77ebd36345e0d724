"""Reading manifests: what is refused, and how it says so."""

from __future__ import annotations

from typing import Any

import pytest

from ferryman.clients.registry.manifests import Index, parse_manifest
from ferryman.clients.registry.platforms import Platform, parse_platform
from ferryman.domain.errors import InvalidError, PermanentError, TemporaryError
from server.demo.images import to_json

DIGEST = "sha256:" + "a" * 64
CONFIG = {"digest": DIGEST}


@pytest.mark.parametrize(
    ("document", "message"),
    [
        ({"schemaVersion": 1, "fsLayers": []}, "withdrawn schema 1"),
        ({"schemaVersion": 2}, "neither an image manifest nor an index"),
        ({"config": CONFIG, "manifests": []}, "neither an image manifest nor an index"),
        ({"mediaType": "text/plain", "config": CONFIG}, "'text/plain', which is not an image"),
        ({"config": {"digest": "sha256:../../x"}}, "cannot be read: config.digest"),
        ({"config": {"digest": "md5:" + "a" * 32}}, "cannot be read: config.digest"),
        ({"manifests": {}}, "cannot be read: manifests"),
        ({"config": CONFIG, "annotations": {"x": 1}}, "cannot be read: annotations.x"),
        ([], "not a JSON object"),
    ],
)
def test_refused(document: Any, message: str) -> None:
    """What is no manifest, or could be two things at once, is a permanent error."""
    with pytest.raises(PermanentError, match=message):
        parse_manifest(to_json(document), "ghcr.io/a/b:1")


@pytest.mark.parametrize("content", [b"", b'{"config": ', b"<html>", b"\xff", b"[" * 100_000])
def test_not_json(content: bytes) -> None:
    """What is not JSON may be whole the next time."""
    with pytest.raises(TemporaryError, match=r"ghcr\.io/a/b:1 is not JSON"):
        parse_manifest(content, "ghcr.io/a/b:1")


def test_entries() -> None:
    """Attestations and, beside images, entries without a platform are not images."""
    arm = {"os": "linux", "architecture": "arm", "variant": "v7", "os.version": "1"}
    entries = [
        {"digest": DIGEST, "platform": arm},
        {"digest": DIGEST, "platform": {"os": "unknown", "architecture": "unknown"}},
        {"digest": DIGEST},
    ]
    index = parse_manifest(to_json({"manifests": entries, "annotations": None}), "x")
    assert isinstance(index, Index)
    assert index.platforms == (Platform("linux", "arm", "v7"),)
    assert len(index.images_for(None)) == 1
    assert len(index.images_for(Platform("linux", "arm", "v7"))) == 1
    assert index.images_for(Platform("linux", "arm")) == ()


@pytest.mark.parametrize("text", ["linux", "linux/", "/amd64", "a/b/c/d", ""])
def test_bad_platform(text: str) -> None:
    """A platform that is not os/arch or os/arch/variant is refused."""
    with pytest.raises(InvalidError, match=r"platform: .*write os/arch"):
        parse_platform(text)
