"""What names, tags and digests look like, by OCI's distribution and image specifications.

https://github.com/opencontainers/distribution-spec/blob/main/spec.md#pulling-manifests
https://github.com/opencontainers/image-spec/blob/main/descriptor.md#digests
"""

from __future__ import annotations

import re

DIGEST_PATTERN = r"^(sha256:[0-9a-f]{64}|sha512:[0-9a-f]{128})$"
_DIGEST = re.compile(DIGEST_PATTERN)
_TAG = re.compile(r"[A-Za-z0-9_][A-Za-z0-9._-]{0,127}")
_COMPONENT = r"[a-z0-9]+(?:(?:\.|_|__|-+)[a-z0-9]+)*"
_NAME = re.compile(rf"{_COMPONENT}(?:/{_COMPONENT})*")
_LONGEST_NAME = 255


def is_name(text: str) -> bool:
    """Say whether `text` is a repository's name, without its registry."""
    return len(text) <= _LONGEST_NAME and _NAME.fullmatch(text) is not None


def is_tag(text: str) -> bool:
    """Say whether `text` is a tag."""
    return _TAG.fullmatch(text) is not None


def is_digest(text: str) -> bool:
    """Say whether `text` is a digest of an algorithm that OCI registers."""
    return _DIGEST.fullmatch(text) is not None
