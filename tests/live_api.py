"""An API on loopback in a thread of its own, for clients that block: start, stop, start again."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Coroutine, Iterator
from concurrent.futures import Future
from contextlib import contextmanager
from datetime import UTC, datetime
from email.utils import format_datetime
from pathlib import Path
from typing import Any, TypeVar

import uvicorn
from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send
from uvicorn.protocols.http.h11_impl import H11Protocol
from uvicorn.server import ServerState

from api.app import routed
from api.context import Context
from ferryman.settings import Settings
from ferryman.storage.store import Store
from tests.fakes.arrivals import Arrivals
from tests.fakes.nudges import RecordingNudges
from tests.stores import open_store

T = TypeVar("T")
TOKEN = "t0ken-of-the-admin"
_APP = routed()
"""Its routes are built once, since that takes its time."""


class LiveApi:
    """The API over a real store; `url` stays the same when it is stopped and started."""

    def __init__(self, store: Store, folder: Path, loop: asyncio.AbstractEventLoop) -> None:
        self.store = store
        self.nudges = RecordingNudges()
        self.date: datetime | None = None
        """What the server's clock says, where it is not the real one."""
        self.requests: Arrivals[str] = Arrivals()
        """The paths that were asked for."""
        self._loop = loop
        self._app = _APP
        _APP.state.context = Context(store, self.nudges, Settings(data=folder))
        self._port = 0
        self._server: asyncio.Server | None = None
        self._state = ServerState()

    @property
    def url(self) -> str:
        """Where it is."""
        return f"http://127.0.0.1:{self._port}"

    def run(self, work: Coroutine[Any, Any, T]) -> T:
        """Do something where the store lives."""
        return asyncio.run_coroutine_threadsafe(work, self._loop).result(timeout=30)

    def begin(self, work: Coroutine[Any, Any, T]) -> Future[T]:
        """Do something there meanwhile."""
        return asyncio.run_coroutine_threadsafe(work, self._loop)

    def woken(self) -> list[tuple[Any, ...]]:
        """What was nudged, once every request is done with: nudges follow the answer."""
        self.run(self._settled())
        return list(self.nudges.sent)

    def forget(self) -> None:
        """Begin a new list of what was nudged."""
        self.woken()
        self.nudges.sent.clear()

    async def start(self) -> None:
        """Listen."""
        config = uvicorn.Config(_observed(self._app, self), log_level="critical", ws="none")
        config.load()
        self._state = ServerState()
        self._server = await self._loop.create_server(
            lambda: H11Protocol(config, self._state, {}), "127.0.0.1", self._port
        )
        self._port = self._server.sockets[0].getsockname()[1]

    async def _settled(self) -> None:
        await asyncio.gather(*self._state.tasks)

    async def stop(self) -> None:
        """Hang up on everybody, and refuse who comes."""
        if self._server:
            self._server.close()
        for task in list(self._state.tasks):
            task.cancel()
        await asyncio.gather(*self._state.tasks, return_exceptions=True)
        for connection in list(self._state.connections):
            connection.shutdown()


def _observed(app: ASGIApp, api: LiveApi) -> ASGIApp:
    """Notes what is asked, and adds the date, which uvicorn's own server would."""

    async def observed(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http":
            api.requests.add(scope["path"])

        async def sent(message: Message) -> None:
            if message["type"] == "http.response.start":
                now = api.date or datetime.now(UTC)
                MutableHeaders(scope=message)["Date"] = format_datetime(now, usegmt=True)
            await send(message)

        await app(scope, receive, sent)

    return observed


async def _end_the_rest() -> None:
    """Streams leave a task behind that looks out for the server's end."""
    rest = asyncio.all_tasks() - {asyncio.current_task()}
    for task in rest:
        task.cancel()
    await asyncio.gather(*rest, return_exceptions=True)


@contextmanager
def live_api(folder: Path) -> Iterator[LiveApi]:
    """An API with an empty store in `folder` that knows the admin's `TOKEN`."""
    before = set(threading.enumerate())
    loop = asyncio.new_event_loop()
    thread = threading.Thread(target=loop.run_forever)
    thread.start()

    def run(work: Coroutine[Any, Any, T]) -> T:
        return asyncio.run_coroutine_threadsafe(work, loop).result(timeout=30)

    opened = open_store(folder)
    try:
        store = run(opened.__aenter__())
        run(store.tokens.accept(TOKEN, "admin", now=datetime.now(UTC)))
        api = LiveApi(store, folder, loop)
        run(api.start())
        yield api
        run(api.stop())
        run(opened.__aexit__(None, None, None))
    finally:
        # A query that was cancelled reports to the loop when it ends, and must find it there.
        run(_end_the_rest())
        run(loop.shutdown_default_executor())
        for other in set(threading.enumerate()) - before - {thread}:
            other.join(timeout=5)
        loop.call_soon_threadsafe(loop.stop)
        thread.join()
        loop.close()
