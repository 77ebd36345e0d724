"""What the outside world must offer us, as Protocols: granted by the composition root."""

from __future__ import annotations

from ferryman.domain.ports.charts import (
    ChartIndex,
    ChartRepository,
    Charts,
)
from ferryman.domain.ports.credentials import (
    Credential,
    GitHubApp,
    InstallationTokens,
)
from ferryman.domain.ports.effects import (
    Fence,
    Log,
)
from ferryman.domain.ports.git import (
    Checkout,
    Git,
    GitAuthor,
    GitObject,
    GitRemote,
    Pushed,
    Submodule,
)
from ferryman.domain.ports.history import (
    Head,
    History,
    Revision,
)
from ferryman.domain.ports.nudges import (
    Nudges,
    Presence,
    Wakers,
)
from ferryman.domain.ports.registry import (
    FoundImage,
    ImageRepository,
    Images,
    Registry,
    TagPage,
)
from ferryman.domain.ports.tools import (
    Tools,
)

__all__ = [
    "ChartIndex",
    "ChartRepository",
    "Charts",
    "Checkout",
    "Credential",
    "Fence",
    "FoundImage",
    "Git",
    "GitAuthor",
    "GitHubApp",
    "GitObject",
    "GitRemote",
    "Head",
    "History",
    "ImageRepository",
    "Images",
    "InstallationTokens",
    "Log",
    "Nudges",
    "Presence",
    "Pushed",
    "Registry",
    "Revision",
    "Submodule",
    "TagPage",
    "Tools",
    "Wakers",
]
