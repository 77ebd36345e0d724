"""Durable processes, to be woken."""

from __future__ import annotations

from typing import Protocol


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
