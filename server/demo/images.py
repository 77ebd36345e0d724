"""Pushes tiny images: a layer without files, and a config that says what is to be shown."""

from __future__ import annotations

import gzip
import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any

import httpx

from ferryman.clients.registry.digests import digest_of

MANIFEST_TYPE = "application/vnd.oci.image.manifest.v1+json"
CONFIG_TYPE = "application/vnd.oci.image.config.v1+json"
LAYER_TYPE = "application/vnd.oci.image.layer.v1.tar+gzip"

_EMPTY_TAR = bytes(10240)
_LAYER = gzip.compress(_EMPTY_TAR, mtime=0)


async def push_image(
    client: httpx.AsyncClient,
    registry: str,
    repository: str,
    tag: str,
    created: datetime,
    *,
    annotations: Mapping[str, str] | None = None,
    labels: Mapping[str, str] | None = None,
    platform: str = "linux/amd64",
) -> str:
    """Push an image to `repository` at `registry` ("http://127.0.0.1:5000"); returns its digest.

    `created` goes into the config, `annotations` into the manifest. Each tag is an image of
    its own, since the tag is in its labels. Raises httpx.HTTPError if the registry refuses.
    """
    os, architecture, *variant = platform.split("/")
    config = {
        "created": created.isoformat(),
        "os": os,
        "architecture": architecture,
        **({"variant": variant[0]} if variant else {}),
        "config": {"Labels": {"org.opencontainers.image.version": tag, **(labels or {})}},
        "rootfs": {"type": "layers", "diff_ids": [digest_of(_EMPTY_TAR)]},
    }
    target = f"{registry}/v2/{repository}"
    manifest = {
        "schemaVersion": 2,
        "mediaType": MANIFEST_TYPE,
        "config": await push_blob(client, target, to_json(config), CONFIG_TYPE),
        "layers": [await push_blob(client, target, _LAYER, LAYER_TYPE)],
        **({"annotations": dict(annotations)} if annotations else {}),
    }
    return await push_manifest(client, target, tag, manifest)


async def push_blob(
    client: httpx.AsyncClient, target: str, content: bytes, media_type: str
) -> dict[str, Any]:
    """Push a blob, unless it is there, to `target` ("http://host/v2/name").

    Returns the descriptor that names it in a manifest.
    """
    digest = digest_of(content)
    if (await client.head(f"{target}/blobs/{digest}")).is_error:
        begun = (await client.post(f"{target}/blobs/uploads/")).raise_for_status()
        place = begun.url.join(begun.headers["Location"]).copy_merge_params({"digest": digest})
        (await client.put(place, content=content)).raise_for_status()
    return {"mediaType": media_type, "digest": digest, "size": len(content)}


async def push_manifest(
    client: httpx.AsyncClient, target: str, reference: str, manifest: Mapping[str, Any]
) -> str:
    """Push a manifest or index to `target`, under a tag or its digest; returns its digest."""
    answer = await client.put(
        f"{target}/manifests/{reference}",
        content=to_json(manifest),
        headers={"Content-Type": manifest["mediaType"]},
    )
    digest: str = answer.raise_for_status().headers["Docker-Content-Digest"]
    return digest


def to_json(document: Mapping[str, Any]) -> bytes:
    """Write a document as the bytes that are pushed."""
    return json.dumps(document, separators=(",", ":")).encode()
