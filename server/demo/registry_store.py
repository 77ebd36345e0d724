"""What the demo's registry holds, in memory: repositories with blobs, manifests and tags."""

from __future__ import annotations

import secrets
from dataclasses import dataclass, field

from ferryman.clients.registry.digests import digest_of


@dataclass(frozen=True, slots=True)
class Manifest:
    """A manifest or index, as it was pushed."""

    media_type: str
    content: bytes

    @property
    def digest(self) -> str:
        """What its bytes hash to."""
        return digest_of(self.content)


@dataclass(slots=True)
class Repository:
    """One image repository; `uploads` are blobs that are still coming in."""

    blobs: dict[str, bytes] = field(default_factory=dict)
    manifests: dict[str, Manifest] = field(default_factory=dict)
    tags: dict[str, str] = field(default_factory=dict)
    uploads: dict[str, bytearray] = field(default_factory=dict)

    def begin_upload(self) -> str:
        """Open an upload and return its id."""
        upload = secrets.token_hex(16)
        self.uploads[upload] = bytearray()
        return upload

    def finish_upload(self, upload: str, digest: str) -> bool:
        """Keep the upload as a blob, if it has this digest; it is over either way."""
        content = bytes(self.uploads.pop(upload))
        if digest_of(content) != digest:
            return False
        self.blobs[digest] = content
        return True

    def put_manifest(self, reference: str, manifest: Manifest) -> None:
        """Keep a manifest, under a tag if `reference` is not its digest."""
        self.manifests[manifest.digest] = manifest
        if reference != manifest.digest:
            self.tags[reference] = manifest.digest

    def find_manifest(self, reference: str) -> Manifest | None:
        """Return the manifest that a tag or digest names."""
        return self.manifests.get(self.tags.get(reference, reference))

    def delete_manifest(self, digest: str) -> bool:
        """Forget a manifest and the tags that name it; False if there is none."""
        self.tags = {tag: named for tag, named in self.tags.items() if named != digest}
        return self.manifests.pop(digest, None) is not None


class Store:
    """All repositories; one comes to be with the first upload to it."""

    def __init__(self) -> None:
        self._repositories: dict[str, Repository] = {}

    def find(self, name: str) -> Repository | None:
        """Return the repository, if it exists."""
        return self._repositories.get(name)

    def open(self, name: str) -> Repository:
        """Return the repository, made if need be."""
        return self._repositories.setdefault(name, Repository())
