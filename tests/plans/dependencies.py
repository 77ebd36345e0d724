"""Dependencies: a chart repository on this machine, in place of those that people name."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Collection
from contextlib import asynccontextmanager
from functools import reduce
from pathlib import Path

from tests.servers.charts import ChartMaker, classic_repository
from tests.servers.tools import installed_tools


@asynccontextmanager
async def serving_charts(
    charts: Collection[tuple[str, str, str]], folder: Path
) -> AsyncIterator[Callable[[str], str]]:
    """Serve these charts; yields what leads a text's (repository, name, version) here."""
    tools = installed_tools()
    if not charts:
        yield lambda text: text
        return
    await asyncio.to_thread(_packaged, charts, tools, folder)
    urls = sorted({url for url, _, _ in charts}, key=len, reverse=True)
    async with classic_repository(folder) as repository:
        repository.password = ""
        yield lambda text: reduce(lambda t, url: t.replace(url, repository.url), urls, text)


def _packaged(charts: Collection[tuple[str, str, str]], tools: Path, folder: Path) -> None:
    folder.mkdir()
    maker = ChartMaker(tools, folder)
    for _, name, version in charts:
        maker.package(name, version)
    maker.index()
