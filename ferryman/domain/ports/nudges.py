"""Durable processes, to be woken."""

from __future__ import annotations

from typing import Literal, Protocol


class Nudges(Protocol):
    """Wakes durable processes; losing one costs time only, since SQL knows what is due."""

    async def stage(self, project: str, stage: str) -> None:
        """Let a Stage's lane look again, starting it where it sleeps."""

    async def promotion(self, project: str, name: str) -> None:
        """Let a Promotion look again, starting its workflow where none runs."""

    async def warehouse(self, project: str, name: str, *, asked: bool = True) -> None:
        """Discover now; during a discovery, once more after it.

        Unless it was `asked` for, what the sources showed in this interval is new enough.
        """

    async def watch(self, project: str, name: str, every: float) -> None:
        """Discover every `every` seconds from now on."""

    async def forget(self, project: str, name: str) -> None:
        """Stop watching."""


Presence = Literal["absent", "idle", "busy"]
"""Of a durable process: it does not run; it runs and waits; it has something done for it."""


class Wakers(Nudges, Protocol):
    """Wakes durable processes, and sees which are there without waking them."""

    async def presence_of_stage(self, project: str, stage: str) -> Presence:
        """How a Stage's lane is."""

    async def presence_of_promotion(self, project: str, name: str) -> Presence:
        """How a Promotion's workflow is."""
