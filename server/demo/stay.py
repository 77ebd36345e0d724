"""Stay: after the story, tell what happens, and push another version at a key press."""

from __future__ import annotations

import asyncio
from contextlib import suppress
from typing import Any

from ferryman.domain.errors import FerrymanError
from server.demo.example import WAREHOUSE
from server.demo.story import Story
from server.demo.versions import next_version

_LOOK = 0.5


async def stay(story: Story) -> None:
    """Tell every event and commit until cancelled."""
    story.screen.act("Now you")
    story.screen.commands(story.words.ways_to_look())
    pushes = "Enter pushes another version; " if story.audience.present else ""
    story.screen.waits(f"{pushes}Ctrl-C ends the demo.")
    async with asyncio.TaskGroup() as group:
        group.create_task(_news(story))
        if story.audience.present:
            group.create_task(_pushes(story))


async def _pushes(story: Story) -> None:
    while True:
        await story.audience.enter()
        try:
            version = next_version(await story.client.versions())
            await story.push(version)
            await story.client.refresh(WAREHOUSE)
            story.screen.done(f"{version} pushed")
        except FerrymanError as error:
            story.screen.failed(str(error))


async def _news(story: Story) -> None:
    told = {_identity(event) for event in await story.client.events()}
    while True:
        # The API may be on its way back from a restart, which the server tells.
        with suppress(FerrymanError):
            for event in await story.client.events():
                if _identity(event) not in told:
                    told.add(_identity(event))
                    _tell(story, event)
        for commit in await story.surroundings.repository.new_commits():
            story.screen.commit(commit)
        await asyncio.sleep(_LOOK)


def _identity(event: dict[str, Any]) -> str:
    return f"{event['metadata']['name']} {event['reason']}"


def _tell(story: Story, event: dict[str, Any]) -> None:
    about = event["involvedObject"]
    if event["type"] == "Warning":
        story.screen.failed(f"{about['kind']} {about['name']}: {event['message']}")
    else:
        story.screen.done(event["message"], event["source"]["component"])
