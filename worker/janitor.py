"""Janitor: removes the work trees of Promotions that have ended."""

from __future__ import annotations

import asyncio
import shutil
from dataclasses import dataclass
from pathlib import Path

import structlog

from activities.workspace import Workspace
from ferryman.domain.errors import FerrymanError, NotFoundError
from ferryman.domain.ports import Git
from ferryman.storage.store import Store

_EVERY_SECONDS = 60.0
_log = structlog.get_logger()


@dataclass(frozen=True)
class Janitor:
    """Looks after the folder of work trees."""

    store: Store
    git: Git
    workspaces: Path

    async def run(self) -> None:
        """Clean up now and then, until cancelled."""
        while True:
            try:
                await self.clean()
                for mirror in await self.git.tidy():
                    await _log.ainfo("mirror_removed", mirror=mirror)
            except (FerrymanError, OSError) as error:
                await _log.awarning("cleaning_failed", error=str(error))
            await asyncio.sleep(_EVERY_SECONDS)

    async def clean(self) -> int:
        """Remove what is not needed any more; says how much that was."""
        removed = 0
        for folder in sorted(self.workspaces.glob("*/*")):
            if await self._is_over(folder.parent.name, folder.name):
                workspace = Workspace(folder)
                for checkout in workspace.state.checkouts:
                    await self.git.release(workspace.root / checkout)
                await asyncio.to_thread(shutil.rmtree, folder, ignore_errors=True)
                removed += 1
        return removed

    async def _is_over(self, project: str, folder: str) -> bool:
        """Has the run ended whose folder it is?"""
        promotion, _, run = folder.partition("#")
        try:
            found = await self.store.promotions.get(project, promotion)
        except NotFoundError:
            return True
        return found.status.phase.terminal or found.status.run > int(run or 1)
