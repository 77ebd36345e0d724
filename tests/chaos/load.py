"""The load: people who promote, approve and release all the while, whatever is down."""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import Callable
from typing import Any

import httpx

from tests.chaos import pipelines
from tests.chaos.installation import TOKEN, Installation
from tests.chaos.outside import Outside
from tests.chaos.pipelines import Shape

_AGAIN = 0.5
_AT_ONCE = 2
"""Promotions of one Stage that are under way at the same time: one has its turn, one waits."""
_RELEASE_EVERY = 15.0


class Load:
    """Promotes into every Stage by turns, while `wanted` says so."""

    def __init__(self, installation: Installation, outside: Outside) -> None:
        self.promoted: list[tuple[str, str, str]] = []
        """Project, Stage and alias of every Freight that was promoted."""
        self.released = ""
        """The image's newest tag."""
        self._outside = outside
        self._client = httpx.AsyncClient(
            base_url=f"{installation.api_url}/v1beta1",
            headers={"Authorization": f"Bearer {TOKEN}"},
            timeout=10,
        )

    async def set_up(self) -> None:
        """Apply the Projects."""
        outside = self._outside
        for name in pipelines.PROJECTS:
            await self.apply(pipelines.project(name, outside.credential(name)))
        registry = outside.registry.host
        await self.apply(pipelines.watched(outside.credential("watched"), registry))

    async def run(self, wanted: Callable[[], bool]) -> None:
        """Promote, approve and release until nobody wants more."""
        async with asyncio.TaskGroup() as people:
            for project in pipelines.PROJECTS:
                for shape in pipelines.SHAPES:
                    for _ in range(1 if shape.asks else _AT_ONCE):
                        people.create_task(self._promote_all(project, shape, wanted))
            people.create_task(self._release_all(wanted))

    async def promote(self, project: str, shape: Shape) -> str:
        """Make a Freight and promote it; returns the Promotion's name."""
        alias = f"v1.0.{len(self.promoted)}"
        self.promoted.append((project, shape.name, alias))
        digest = hashlib.sha256(alias.encode()).hexdigest()
        await self.apply(pipelines.freight(project, alias, digest))
        freight = await self._asked("GET", f"/projects/{project}/freight/{alias}")
        name = freight["metadata"]["name"]
        at = f"/projects/{project}/promotions?stage={shape.name}"
        while True:
            # Looked for first: the answer to an earlier request may have been lost.
            found = (await self._asked("GET", at))["items"]
            mine = [p["metadata"]["name"] for p in found if p["spec"]["freight"] == name]
            if mine:
                return str(mine[0])
            await self._told(f"/projects/{project}/stages/{shape.name}/promotions", alias)

    async def ended(self, project: str, promotion: str, *, approve: bool = False) -> str:
        """Wait until it has; its phase then. Somebody approves it, if that is asked for."""
        at = f"/projects/{project}/promotions/{promotion}"
        while True:
            phase = (await self._asked("GET", at))["status"]["phase"]
            if phase not in {"Pending", "Running"}:
                return str(phase)
            if approve and phase == "Pending":
                await self._told(f"{at}/approve")
            await asyncio.sleep(_AGAIN)

    async def apply(self, manifest: str) -> None:
        """Apply a manifest, however often that takes."""
        await self._asked("PUT", "/resources?upsert=true", content=manifest)

    async def close(self) -> None:
        """Hang up."""
        await self._client.aclose()

    async def _promote_all(self, project: str, shape: Shape, wanted: Callable[[], bool]) -> None:
        while wanted():
            name = await self.promote(project, shape)
            await self.ended(project, name, approve=shape.asks)

    async def _release_all(self, wanted: Callable[[], bool]) -> None:
        number = 0
        while wanted():
            number += 1
            await self._outside.release(f"2.0.{number}")
            self.released = f"2.0.{number}"
            await asyncio.sleep(_RELEASE_EVERY)

    async def _told(self, path: str, alias: str = "") -> None:
        """Say something once; whether it was heard, is looked at afterwards."""
        body = {"freightAlias": alias} if alias else {}
        try:
            _understood(await self._client.post(path, json=body))
        except httpx.HTTPError:
            await asyncio.sleep(_AGAIN)

    async def _asked(self, method: str, path: str, content: str | None = None) -> Any:
        """Ask what may be asked again, until there is an answer."""
        headers = {"Content-Type": "text/plain"} if content else {}
        while True:
            try:
                answer = await self._client.request(method, path, content=content, headers=headers)
                if _understood(answer).is_success:
                    return answer.json()
            except (httpx.HTTPError, ValueError):
                pass
            await asyncio.sleep(_AGAIN)


def _understood(answer: httpx.Response) -> httpx.Response:
    """The same; raises AssertionError if we asked for something wrong."""
    if answer.is_client_error and answer.status_code != httpx.codes.CONFLICT:
        raise AssertionError(f"{answer.request.method} {answer.request.url}: {answer.text}")
    return answer
