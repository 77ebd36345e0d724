"""What the demo's registry and `docker-registry` have in common: the pull and push API."""

from __future__ import annotations

import asyncio
import shutil
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from pathlib import Path

import httpx
import pytest

from ferryman.clients.registry.digests import digest_of
from server.demo.images import CONFIG_TYPE, MANIFEST_TYPE, push_blob, push_image, push_manifest
from server.demo.registry import create_app
from tests.servers.asgi import serving
from tests.servers.images import INDEX_TYPE, push_entry, push_index
from tests.servers.registry import NO_AUTHORITIES, running_registry

pytestmark = pytest.mark.servers
NOW = datetime(2024, 6, 1, tzinfo=UTC)


@pytest.fixture(params=["docker-registry", "the demo's"])
async def url(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[str]:
    """The address of one of the two registries."""
    if request.param == "docker-registry":
        with running_registry(tmp_path) as running:
            yield running.url
    else:
        async with serving(create_app()) as address:
            yield address


@pytest.fixture
async def client() -> AsyncIterator[httpx.AsyncClient]:
    """Who speaks to it; `docker-registry` shows OCI manifests only to those who accept them."""
    accept = {"Accept": f"{MANIFEST_TYPE}, {INDEX_TYPE}"}
    async with httpx.AsyncClient(headers=accept, verify=NO_AUTHORITIES) as http:
        yield http


def code(answer: httpx.Response) -> tuple[int, str]:
    """Status and error code of an answer."""
    return answer.status_code, answer.json()["errors"][0]["code"]


async def test_pushed_image(client: httpx.AsyncClient, url: str) -> None:
    """What was pushed is pulled, by tag and by digest, with its type and digest."""
    digest = await push_image(client, url, "a/b", "1.0.0", NOW, annotations={"x": "y"})
    for reference in ("1.0.0", digest):
        got = await client.get(f"{url}/v2/a/b/manifests/{reference}")
        head = await client.head(f"{url}/v2/a/b/manifests/{reference}")
        for answer in (got, head):
            assert answer.status_code == 200
            assert answer.headers["Docker-Content-Digest"] == digest
            assert answer.headers["Content-Type"] == MANIFEST_TYPE
            assert int(answer.headers["Content-Length"]) == len(got.content)
        assert digest_of(got.content) == digest
    config = got.json()["config"]["digest"]
    blob = await client.get(f"{url}/v2/a/b/blobs/{config}")
    assert digest_of(blob.content) == config
    assert (await client.head(f"{url}/v2/a/b/blobs/{config}")).status_code == 200
    assert (await client.get(f"{url}/v2/")).status_code == 200


async def test_tags(client: httpx.AsyncClient, url: str) -> None:
    """Tags are listed; one that is pushed again moves; with its manifest deleted it is gone."""
    for tag in ("1.0.0", "1.1.0", "latest"):
        digest = await push_image(client, url, "app", tag, NOW)
    again = await push_image(client, url, "app", "latest", NOW, labels={"x": "y"})
    assert again != digest
    listed = (await client.get(f"{url}/v2/app/tags/list")).json()
    assert (listed["name"], sorted(listed["tags"])) == ("app", ["1.0.0", "1.1.0", "latest"])
    moved = await client.head(f"{url}/v2/app/manifests/latest")
    assert moved.headers["Docker-Content-Digest"] == again
    assert (await client.delete(f"{url}/v2/app/manifests/{again}")).status_code == 202
    listed = (await client.get(f"{url}/v2/app/tags/list")).json()
    assert sorted(listed["tags"]) == ["1.0.0", "1.1.0"]
    assert code(await client.get(f"{url}/v2/app/manifests/latest")) == (404, "MANIFEST_UNKNOWN")


async def test_index(client: httpx.AsyncClient, url: str) -> None:
    """Images pushed without a tag can be listed in an index."""
    target = f"{url}/v2/app"
    entries = [await push_entry(client, target, platform) for platform in ("linux/a", "linux/b")]
    digest = await push_index(client, target, "1.0.0", entries)
    got = await client.get(f"{target}/manifests/1.0.0")
    assert got.headers["Docker-Content-Digest"] == digest
    assert [entry["digest"] for entry in got.json()["manifests"]] == [
        entry["digest"] for entry in entries
    ]


async def test_unknown(client: httpx.AsyncClient, url: str) -> None:
    """What is not there is named by its kind."""
    zero = "sha256:" + "0" * 64
    await push_image(client, url, "app", "1.0.0", NOW)
    assert code(await client.get(f"{url}/v2/none/tags/list")) == (404, "NAME_UNKNOWN")
    assert code(await client.get(f"{url}/v2/app/manifests/2")) == (404, "MANIFEST_UNKNOWN")
    assert code(await client.get(f"{url}/v2/app/manifests/{zero}")) == (404, "MANIFEST_UNKNOWN")
    assert code(await client.get(f"{url}/v2/app/blobs/{zero}")) == (404, "BLOB_UNKNOWN")
    assert (await client.head(f"{url}/v2/none/manifests/1")).status_code == 404


async def test_upload_in_chunks(client: httpx.AsyncClient, url: str) -> None:
    """A blob may come in chunks, and counts only if its digest is right."""
    for content, status in ((b"first, second, third", 201), (b"something else", 400)):
        begun = await client.post(f"{url}/v2/app/blobs/uploads/")
        assert begun.status_code == 202
        place = begun.url.join(begun.headers["Location"])
        for chunk in (b"first, ", b"second, "):
            sent = await client.patch(place, content=chunk)
            assert sent.status_code == 202
            place = sent.url.join(sent.headers["Location"])
        digest = digest_of(content)
        done = await client.put(place.copy_merge_params({"digest": digest}), content=b"third")
        assert done.status_code == status
        there = await client.head(f"{url}/v2/app/blobs/{digest}")
        assert there.status_code == (200 if status == 201 else 404)


async def test_manifest_before_its_blobs(client: httpx.AsyncClient, url: str) -> None:
    """A manifest that names what was not pushed is refused, and so is what is no manifest."""
    target = f"{url}/v2/app"
    config = await push_blob(client, target, b"{}", CONFIG_TYPE)
    missing = config | {"digest": "sha256:" + "0" * 64}
    document = {"schemaVersion": 2, "mediaType": MANIFEST_TYPE, "config": config, "layers": []}
    await push_manifest(client, target, "1.0.0", document)
    with pytest.raises(httpx.HTTPStatusError, match="400 Bad Request") as refusal:
        await push_manifest(client, target, "1.0.0", document | {"config": missing})
    assert code(refusal.value.response) == (400, "MANIFEST_BLOB_UNKNOWN")
    garbage = await client.put(
        f"{target}/manifests/1.0.0", content=b"{", headers={"Content-Type": MANIFEST_TYPE}
    )
    assert code(garbage) == (400, "MANIFEST_INVALID")


@pytest.mark.skipif(not shutil.which("skopeo"), reason="needs the Debian package skopeo")
async def test_skopeo(client: httpx.AsyncClient, url: str, tmp_path: Path) -> None:
    """A program that others use for that pulls what we pushed, and pushes it back the same."""
    digest = await push_image(client, url, "app", "1.0.0", NOW)
    host = httpx.URL(url).netloc.decode()
    folder = f"dir:{tmp_path / 'image'}"
    for source, target in (
        (f"docker://{host}/app:1.0.0", folder),
        (folder, f"docker://{host}/copied/app:2.0.0"),
    ):
        process = await asyncio.create_subprocess_exec(
            *("skopeo", "--insecure-policy", "copy", "--quiet"),
            *("--src-tls-verify=false", "--dest-tls-verify=false", source, target),
        )
        assert await process.wait() == 0
    copied = await client.head(f"{url}/v2/copied/app/manifests/2.0.0")
    assert copied.headers["Docker-Content-Digest"] == digest
