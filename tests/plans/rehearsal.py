"""Rehearsal: a Promotion of a real Stage, carried out step by step as its workflow would."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from temporalio.testing import ActivityEnvironment

from activities.credentials import Credentials
from activities.kinds import StepKind
from activities.planning import planned
from activities.step_runner import StepRunner
from ferryman.domain import flow
from ferryman.domain.plan import StepCall
from ferryman.domain.ports import GitRemote
from ferryman.domain.project import Project
from ferryman.domain.promotion import Phase, Promotion
from ferryman.domain.resource import Metadata
from ferryman.domain.stage import Stage
from ferryman.domain.step import StepExecution
from tests.activities.conftest import Dock
from tests.crew import Crew
from tests.plans.cargo import Cargo
from tests.plans.cases import Case
from tests.stores import open_store

PROJECT = "made-for-it"


@dataclass(frozen=True)
class LocalCredentials(Credentials):
    """Leads every repository to one on this disk."""

    repositories: Mapping[str, Path] = field(default_factory=dict)

    async def git(
        self, project: str, url: str, *, insecure_skip_tls_verify: bool = False
    ) -> GitRemote:
        """The repository that was made for it."""
        here = f"file://{self.repositories[url]}"
        return GitRemote(here, None, insecure_skip_tls_verify, scope=project)


@asynccontextmanager
async def elsewhere(dock: Dock, folder: Path) -> AsyncIterator[Dock]:
    """The like of `dock`, with nothing done yet."""
    await asyncio.to_thread(folder.mkdir)
    async with open_store(folder) as store:
        yield replace(dock, crew=Crew(store), folder=folder, runners={})


@dataclass
class Rehearsal:
    """One Promotion of a case."""

    dock: Dock
    case: Case
    cargo: Cargo
    kinds: Mapping[str, StepKind[Any]]
    repositories: Mapping[str, Path] = field(default_factory=dict)

    async def run(self) -> list[StepExecution]:
        """Every step once; gives how each ended."""
        promotion = await self._admitted()
        stage = await self.dock.crew.stage(promotion.spec.stage)
        runner = self._runner()
        ended: list[StepExecution] = []
        for step in planned(promotion, stage, dict(self.kinds)).steps:
            if step.has_condition or not flow.failed(ended):
                now = self.dock.crew.later()
                call = StepCall(
                    project=PROJECT, promotion=promotion.name, path=step.path, attempt=1, now=now
                )
                await ActivityEnvironment().run(runner.run, call, step.uses)
                records = await self.dock.crew.store.steps.recorded(PROJECT, promotion.name, 1)
                ended.append(records[step.path].execution)
        return ended

    async def _admitted(self) -> Promotion:
        """Declare all of it, bring every origin's Freight in, the last one for good."""
        crew, stage = self.dock.crew, _moved(self.case.stage)
        crew.project = PROJECT
        tasks = [_moved(task) for task in self.case.tasks]
        project = Project(metadata=Metadata(name=PROJECT))
        await crew.declare(project, *self.cargo.warehouses(PROJECT), *_distinct(tasks), stage)
        *others, last = self.cargo.freight(PROJECT)
        for freight in (*others, last):
            await crew.mint(freight)
            await crew.approve(freight, stage.name)
        for freight in others:
            done = await crew.promote(stage.name, freight)
            await crew.admit(done)
            await crew.settle(done, (Phase.SUCCEEDED, ""))
        name = await crew.promote(stage.name, last)
        entry = await crew.admit(name)
        assert entry.state == "admitted", entry
        return await crew.promotion(name)

    def _runner(self) -> StepRunner:
        resources = self.dock.crew.store.resources
        local = LocalCredentials(resources, self.repositories)
        return replace(self.dock.runner(), kinds=dict(self.kinds), credentials=local)


def _moved(resource: Any) -> Any:
    """The same in the test's Project, asking for Freight straight from its Warehouses."""
    metadata = resource.metadata.model_copy(update={"namespace": PROJECT})
    moved = resource.model_copy(update={"metadata": metadata})
    return moved.model_copy(update={"spec": _direct(moved)}) if isinstance(moved, Stage) else moved


def _direct(stage: Stage) -> Any:
    direct = {"direct": True}
    wanted = [{"origin": r.origin.dump(), "sources": direct} for r in stage.spec.requested_freight]
    return type(stage.spec).load({**stage.spec.dump(), "requestedFreight": wanted})


def _distinct(resources: list[Any]) -> list[Any]:
    return list({(r.kind, r.name): r for r in reversed(resources)}.values())
