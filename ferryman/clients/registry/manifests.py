"""OCI and Docker manifests, indexes and configs, as far as discovery reads them.

https://github.com/opencontainers/image-spec: manifest.md, image-index.md, config.md; Docker's
"manifest list" and "manifest v2, schema 2" have the same shape. What a document is follows from
its own bytes, never from a header, so that it reads the same from a cache; one that could be
read both ways is refused (CVE-2021-41190).
"""

from __future__ import annotations

import json
from typing import Annotated, Any, TypeVar

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError

from ferryman.clients.registry.grammar import DIGEST_PATTERN
from ferryman.clients.registry.platforms import Platform
from ferryman.domain.errors import PermanentError, TemporaryError

INDEX_TYPES = (
    "application/vnd.oci.image.index.v1+json",
    "application/vnd.docker.distribution.manifest.list.v2+json",
)
IMAGE_TYPES = (
    "application/vnd.oci.image.manifest.v1+json",
    "application/vnd.docker.distribution.manifest.v2+json",
)
CONFIG_TYPES = (
    "application/vnd.oci.image.config.v1+json",
    "application/vnd.docker.container.image.v1+json",
)

# Go writes an empty map as null.
_Texts = Annotated[dict[str, str], BeforeValidator(lambda value: value or {})]


class _Document(BaseModel):
    model_config = ConfigDict(extra="ignore", frozen=True, populate_by_name=True)


class Descriptor(_Document):
    """Points at a document by its digest."""

    digest: str = Field(pattern=DIGEST_PATTERN)
    media_type: str = Field(default="", alias="mediaType")
    annotations: _Texts = {}
    platform: Platform | None = None


class ImageManifest(_Document):
    """One image for one platform."""

    config: Descriptor
    annotations: _Texts = {}


class Index(_Document):
    """One image for several platforms; also called a manifest list."""

    manifests: tuple[Descriptor, ...]
    annotations: _Texts = {}

    @property
    def platforms(self) -> tuple[Platform, ...]:
        """The platforms of the images listed; attestations (unknown/unknown) are none."""
        declared = (entry.platform for entry in self.manifests)
        return tuple(platform for platform in declared if platform and platform.is_known)

    def images_for(self, platform: Platform | None) -> tuple[Descriptor, ...]:
        """Return the entries that are images and, if one is asked for, match `platform`.

        An entry without a platform is something else (an artifact), unless no entry has one:
        then each may match, and only a look at its config can tell.
        """
        if not any(entry.platform for entry in self.manifests):
            return self.manifests
        return tuple(
            entry
            for entry in self.manifests
            if entry.platform and entry.platform.is_known and platform in {None, entry.platform}
        )


class _Runtime(_Document):
    labels: _Texts = Field(default={}, alias="Labels")


class ImageConfig(_Document):
    """An image's config: what it runs on, when it was made, and its labels."""

    created: str | None = None
    os: str = ""
    architecture: str = ""
    variant: str = ""
    config: _Runtime | None = None

    @property
    def platform(self) -> Platform:
        """The platform; its parts are empty where the config names none."""
        return Platform(self.os, self.architecture, self.variant)

    @property
    def labels(self) -> dict[str, str]:
        """The labels that the image was built with."""
        return self.config.labels if self.config else {}


_AnyDocument = TypeVar("_AnyDocument", bound=_Document)


def parse_manifest(content: bytes, source: str) -> ImageManifest | Index:
    """Read a manifest or index; `source` names it in errors.

    Raises TemporaryError if it was cut short, PermanentError if it is neither.
    """
    data = _json_object(content, source)
    media_type = data.get("mediaType") or ""
    if media_type and media_type not in INDEX_TYPES + IMAGE_TYPES:
        raise PermanentError(f"{source} is {media_type!r:.100}, which is not an image")
    if "manifests" in data and not data.keys() & {"config", "layers"}:
        return _read(Index, data, source)
    if "config" in data and "manifests" not in data:
        return _read(ImageManifest, data, source)
    if data.get("schemaVersion") == 1:
        raise PermanentError(
            f"{source} is in Docker's withdrawn schema 1: push the image again with a current tool"
        )
    raise PermanentError(f"{source} is neither an image manifest nor an index")


def parse_config(content: bytes, source: str) -> ImageConfig:
    """Read an image config; `source` names it in errors, which are as for `parse_manifest`."""
    return _read(ImageConfig, _json_object(content, source), source)


def _json_object(content: bytes, source: str) -> dict[str, Any]:
    try:
        data = json.loads(content)
    except (ValueError, RecursionError):
        raise TemporaryError(
            f"{source} is not JSON: it was cut short or replaced on the way"
        ) from None
    if not isinstance(data, dict):
        raise PermanentError(f"{source} is not a JSON object")
    return data


def _read(model: type[_AnyDocument], data: dict[str, Any], source: str) -> _AnyDocument:
    try:
        return model.model_validate(data)
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        where = ".".join(str(part) for part in first["loc"])
        raise PermanentError(f"{source} cannot be read: {where}: {first['msg']}") from None
