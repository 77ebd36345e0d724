"""oci-download and oci-push: artifacts in registries."""

from __future__ import annotations

from pydantic import Field

from activities.announced.announced import Announced
from activities.kinds import StepConfig

_NAME = r"^(oci://)?[a-zA-Z0-9._-]+(:\d+)?(/[a-zA-Z0-9._-]+)*"
_REFERENCE = _NAME + r"[@:][a-zA-Z0-9._:-]+$"
_TAGGED = _NAME + r"[:][a-zA-Z0-9._-]+$"


class DownloadConfig(StepConfig):
    """An artifact to fetch."""

    image_ref: str = Field(min_length=1, pattern=_REFERENCE)
    """The artifact, with tag or digest; with `oci://`, Helm's credentials are used."""
    out_path: str = Field(min_length=1)
    """Where to put its layer."""
    allow_overwrite: bool | None = None
    """Whether a file that is there may be overwritten."""
    media_type: str | None = Field(default=None, min_length=1)
    """Of the layer; without it, the first one."""
    insecure_skip_tls_verify: bool | None = None
    """Whether any certificate will do."""


class PushConfig(StepConfig):
    """An artifact to copy or to tag."""

    src_ref: str = Field(min_length=1, pattern=_REFERENCE)
    """What is there, with tag or digest."""
    dest_ref: str = Field(min_length=1, pattern=_TAGGED)
    """What it becomes, with a tag."""
    annotations: dict[str, str] | None = None
    """Annotations to add; `index:` or `manifest:` before a key says where."""
    insecure_skip_tls_verify: bool | None = None
    """Whether any certificate will do."""


KINDS = (
    Announced("oci-download", "Fetch a layer of an artifact, of at most 100 MB.", DownloadConfig),
    Announced(
        "oci-push",
        "Copy an artifact to another repository or tag.",
        PushConfig,
        {
            "image": "the artifact's reference",
            "digest": "its digest",
            "tag": "its tag",
        },
    ),
)
