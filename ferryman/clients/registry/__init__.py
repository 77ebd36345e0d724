"""Image repositories at OCI registries: which tags there are, and what they name.

From the outside in: `client` is the port; `tags`, `images` and `documents` know what to ask;
`wire` asks one question to its end (challenge, redirect, retry) with `auth` and `tokens`;
`connections` sends single requests within the limits of `options`. The rest is reading:
`place`, `manifests`, `platforms`, `created`, `challenge`, `failures`.
"""

from ferryman.clients.registry.cache import LayeredCache, ManifestCache, MemoryManifestCache
from ferryman.clients.registry.client import HttpRegistry
from ferryman.clients.registry.options import RegistryOptions
from ferryman.clients.registry.tags import tags_of

__all__ = [
    "HttpRegistry",
    "LayeredCache",
    "ManifestCache",
    "MemoryManifestCache",
    "RegistryOptions",
    "tags_of",
]
