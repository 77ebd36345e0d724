"""Play: bring everything up, tell the story, and stay for as long as somebody watches."""

from __future__ import annotations

import tempfile
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import AsyncExitStack, asynccontextmanager, contextmanager
from pathlib import Path

from ferryman.settings import Settings
from server.demo.audience import audience
from server.demo.client import Client
from server.demo.example import PROJECT
from server.demo.screen import Screen
from server.demo.stay import stay
from server.demo.story import Story
from server.demo.surroundings import surroundings
from server.demo.versions import next_version
from server.demo.words import Words
from server.embedded import embedded
from server.folder import opened
from server.login import borrowed_login
from server.ports import free_port
from server.stopping import stoppable


async def play(data: Path | None, *, once: bool, answers_itself: bool) -> None:
    """Run the demo in `data`, or in a folder that is gone afterwards.

    `once` ends it after production; otherwise it stays until Ctrl-C. Raises FerrymanError when
    anything does not go as the story has it.
    """
    screen = Screen()
    with stoppable(screen.say), _folder(data) as path:
        kept = "is kept" if data else "will be gone afterwards"
        screen.title("Ferryman, on this machine alone", f"Everything is in {path}, which {kept}.")
        async with _story(path, screen, answers_itself=answers_itself) as story:
            await _tell(story)
            if once:
                screen.end("One version, three Stages, three commits of one line each.")
            else:
                await stay(story)


async def _tell(story: Story) -> None:
    await story.declare()
    freight = await story.release(next_version(await story.client.versions()))
    await story.develop(freight)
    await story.stage(freight)
    await story.produce(freight)


@asynccontextmanager
async def _story(path: Path, screen: Screen, *, answers_itself: bool) -> AsyncIterator[Story]:
    """Everything that takes part, up and running while the block lasts."""
    begun = time.monotonic()
    async with AsyncExitStack() as stack:
        folder = stack.enter_context(opened(path))
        around = await stack.enter_async_context(surroundings(folder, screen.say))
        settings = _settings(folder.path / "ferryman")
        running = await stack.enter_async_context(embedded(settings, screen.say))
        stack.enter_context(borrowed_login(running.api_url, running.token, project=PROJECT))
        client = Client(running.api_url, running.token, PROJECT)
        stack.push_async_callback(client.close)
        listening = await stack.enter_async_context(audience(answers_itself=answers_itself))
        screen.facts(
            {
                "API": f"{running.api_url}/docs",
                "Temporal UI": running.temporal_ui_url,
                "registry": around.registry,
                "repository": around.example.repository,
            }
        )
        yield Story(client, screen, listening, around, Words(running), begun)


def _settings(data: Path) -> Settings:
    """The defaults, whatever the environment says of another server; ports where they are free."""
    usual = Settings.model_construct()
    ports = ("port", "temporal_port", "temporal_ui_port")
    free: dict[str, object] = {name: free_port(getattr(usual, name)) for name in ports}
    return usual.model_copy(update={"data": data, **free})


@contextmanager
def _folder(data: Path | None) -> Iterator[Path]:
    if data is not None:
        yield data
        return
    with tempfile.TemporaryDirectory(prefix="ferryman-demo-") as folder:
        yield Path(folder)
