"""helm and kustomize."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Protocol

from ferryman.domain.ports.charts import ChartRepository
from ferryman.domain.ports.effects import Log


class Tools(Protocol):
    """helm and kustomize. Each run has a home of its own, and sees nothing of our environment."""

    async def helm(
        self,
        arguments: Sequence[str],
        *,
        folder: Path,
        repositories: Sequence[ChartRepository] = (),
        log: Log | None = None,
    ) -> str:
        """Run helm in `folder`, speaking to `repositories` as given; return what it wrote.

        What it complained of without failing goes to `log`.
        """

    async def kustomize(
        self, arguments: Sequence[str], *, folder: Path, log: Log | None = None
    ) -> str:
        """Run `kustomize build` in `folder`, with helm for its charts; return what it wrote."""
