"""A recording stand-in for what wakes durable processes."""

from __future__ import annotations

from typing import Any

from ferryman.domain.ports import Presence
from tests.fakes.arrivals import Arrivals


class RecordingNudges:
    """Remembers every nudge as a tuple, such as ("stage", "shop", "dev")."""

    def __init__(self) -> None:
        self.sent: Arrivals[tuple[Any, ...]] = Arrivals()
        self.failure: Exception | None = None
        """Raised instead, while there is one."""
        self.presences: dict[tuple[str, str, str], Presence] = {}
        """How processes are that do not only wait."""

    async def stage(self, project: str, stage: str) -> None:
        """Remember it."""
        self._record("stage", project, stage)

    async def promotion(self, project: str, name: str) -> None:
        """Remember it."""
        self._record("promotion", project, name)

    async def presence_of_stage(self, project: str, stage: str) -> Presence:
        """As the test says."""
        return self.presences.get(("stage", project, stage), "idle")

    async def presence_of_promotion(self, project: str, name: str) -> Presence:
        """As the test says."""
        return self.presences.get(("promotion", project, name), "idle")

    async def warehouse(self, project: str, name: str, *, asked: bool = True) -> None:
        """Remember it; with "due" if nobody asked."""
        self._record("warehouse", project, name, *([] if asked else ["due"]))

    async def watch(self, project: str, name: str, every: float) -> None:
        """Remember it."""
        self._record("watch", project, name, every)

    async def forget(self, project: str, name: str) -> None:
        """Remember it."""
        self._record("forget", project, name)

    def _record(self, *nudge: Any) -> None:
        if self.failure:
            raise self.failure
        self.sent.add(nudge)
