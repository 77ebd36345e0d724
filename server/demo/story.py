"""The story: a version goes through three Stages, told as it happens."""

from __future__ import annotations

import time
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import httpx

from ferryman.domain.errors import PermanentError
from server.demo.audience import Audience
from server.demo.client import Client
from server.demo.example import PROJECT, WAREHOUSE
from server.demo.images import push_image
from server.demo.screen import Screen
from server.demo.surroundings import Surroundings
from server.demo.waiting import until, whichever
from server.demo.words import Words

_RUNS_AT_FIRST = "0.9.0"
"""It is in the registry, too, but the Warehouse asks for ^1.0.0."""
_GOOD = {"Succeeded", "Skipped"}
_OPEN = {"Pending", "Running", None}


@dataclass
class Story:
    """Everybody who takes part in it."""

    client: Client
    screen: Screen
    audience: Audience
    surroundings: Surroundings
    words: Words
    begun: float
    """When the demo was started, by the monotonic clock."""

    async def declare(self) -> None:
        """Apply the manifests, as `ferryman apply` does."""
        self.screen.act("Three Stages are declared, by manifests of Kargo's")
        await self.push(_RUNS_AT_FIRST)
        self.screen.say(f"One file of Helm values for each; all three run {_RUNS_AT_FIRST}.")
        for about, outcome in await self.client.apply(self.surroundings.example.manifests()):
            self.screen.done(about, outcome)

    async def push(self, version: str) -> None:
        """Push an image of that version, as a CI system would."""
        async with httpx.AsyncClient(trust_env=False, timeout=30) as http:
            registry = self.surroundings.registry
            await push_image(http, registry, PROJECT, version, datetime.now(UTC))

    async def release(self, version: str) -> dict[str, Any]:
        """Push a version, and return the Freight that it becomes."""
        self.screen.act(f"Version {version} is pushed to the registry")
        await self.push(version)
        self.screen.done(f"{self.surroundings.example.image}:{version}")
        await self.client.refresh(WAREHOUSE)
        freight = await until(lambda: self.client.freight_of(version), f"Freight of {version}")
        self.screen.done(
            f"discovered as Freight {freight['alias']}", freight["metadata"]["name"][:7]
        )
        return freight

    async def develop(self, freight: dict[str, Any]) -> None:
        """Development promotes new Freight by itself."""
        self.screen.act("development promotes it by itself")
        await self._follow("development", freight)
        self.screen.say(f"{time.monotonic() - self.begun:.0f} s after the start.", style="dim")

    async def stage(self, freight: dict[str, Any]) -> None:
        """Staging waits for somebody to promote to it."""
        name, alias = freight["metadata"]["name"], freight["alias"]
        self.screen.act("staging waits until somebody promotes to it")
        self.screen.commands(self.words.ways_to_promote("staging", alias))
        promoted = until(lambda: self.client.promotion("staging", name), patience=None)
        if await whichever(self._entered(f"promotes {alias} to staging"), promoted):
            await self.client.promote("staging", name)
        await self._follow("staging", freight)

    async def produce(self, freight: dict[str, Any]) -> None:
        """Production promotes by itself, too, but asks a person first."""
        self.screen.act("production asks a person first")
        waiting = await until(lambda: self._waiting(freight), "the Promotion to production")
        name = waiting["metadata"]["name"]
        for unmet in waiting["status"]["waiting"]:
            self.screen.waits(f"{name} waits: {unmet['message']}")
        self.screen.commands(self.words.ways_to_approve(name))
        decided = until(lambda: self._decided(freight), patience=None)
        if await whichever(self._entered("approves it"), decided):
            await self.client.approve(name, "seen in the demo")
            self.screen.done("approved")
        await self._follow("production", freight)

    async def _entered(self, what: str) -> None:
        if self.audience.present:
            self.screen.waits(f"Enter {what}")
        await self.audience.enter()

    async def _waiting(self, freight: dict[str, Any]) -> dict[str, Any] | None:
        found = await self.client.promotion("production", freight["metadata"]["name"])
        return found if found and found["status"].get("waiting") else None

    async def _decided(self, freight: dict[str, Any]) -> bool | None:
        return None if await self._waiting(freight) else True

    async def _follow(self, stage: str, freight: dict[str, Any]) -> None:
        """Tell a Promotion's steps until it has ended, then the commit that it made.

        Raises PermanentError, with the Promotion's message, unless it ends well.
        """
        told: set[str] = set()

        async def ended() -> dict[str, Any] | None:
            promotion = await self.client.promotion(stage, freight["metadata"]["name"])
            if promotion is None:
                return None
            self._tell_steps(promotion, told)
            return None if promotion["status"]["phase"] in _OPEN else promotion

        promotion = await until(ended, f"the end of the Promotion to {stage}")
        status = promotion["status"]
        if status["phase"] != "Succeeded":
            raise PermanentError(
                f"promotion {promotion['metadata']['name']} has {status['phase'].lower()}: "
                f"{status['message']}"
            )
        for commit in await self.surroundings.repository.new_commits():
            self.screen.commit(commit)

    def _tell_steps(self, promotion: dict[str, Any], told: set[str]) -> None:
        for step in promotion["status"].get("stepExecutionMetadata", ()):
            if step["path"] in told or step.get("status") in {"Running", None}:
                continue
            told.add(step["path"])
            if step["status"] in _GOOD:
                self.screen.done(step["uses"], _duration(step))
            else:
                self.screen.failed(f"{step['uses']}: {step['message']}")


def _duration(step: dict[str, Any]) -> str:
    begun, ended = (datetime.fromisoformat(step[at]) for at in ("startedAt", "finishedAt"))
    return f"{(ended - begun).total_seconds():.1f} s"
