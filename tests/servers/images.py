"""Pushes images of several platforms, as tests want them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import httpx

from ferryman.clients.registry.digests import digest_of
from server.demo.images import CONFIG_TYPE, MANIFEST_TYPE, push_blob, push_manifest, to_json

INDEX_TYPE = "application/vnd.oci.image.index.v1+json"


async def push_entry(
    client: httpx.AsyncClient,
    target: str,
    platform: str,
    *,
    config: Mapping[str, Any] | None = None,
    entry: Mapping[str, Any] | None = None,
) -> dict[str, Any]:
    """Push an untagged image to `target` ("http://host/v2/name"); returns its entry in an index.

    `config` and `entry` are further fields of its config and of that entry.
    """
    os, architecture, *variant = platform.split("/")
    named = {"os": os, "architecture": architecture}
    if variant:
        named["variant"] = variant[0]
    manifest = {
        "schemaVersion": 2,
        "mediaType": MANIFEST_TYPE,
        "config": await push_blob(
            client, target, to_json({**named, **(config or {})}), CONFIG_TYPE
        ),
        "layers": [],
    }
    digest = digest_of(to_json(manifest))
    await push_manifest(client, target, digest, manifest)
    return {
        "mediaType": MANIFEST_TYPE,
        "digest": digest,
        "size": len(to_json(manifest)),
        "platform": named,
        **(entry or {}),
    }


async def push_index(
    client: httpx.AsyncClient,
    target: str,
    tag: str,
    entries: Sequence[Mapping[str, Any]],
    **fields: Any,
) -> str:
    """Push an index of images that were pushed before, with further fields; returns its digest."""
    index = {"schemaVersion": 2, "mediaType": INDEX_TYPE, "manifests": entries, **fields}
    return await push_manifest(client, target, tag, index)
