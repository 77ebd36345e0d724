"""Attempt: evaluates a step, brings its tree to where it starts, runs it, records how it went."""

from __future__ import annotations

import asyncio
import json
import traceback
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import structlog
from pydantic import ValidationError

from activities import waits
from activities.committing import Committer
from activities.evaluation import Evaluation
from activities.grants import Grants
from activities.kinds import StepConfig, StepContext, StepKind, StepResult
from activities.logbook import Logbook
from activities.rebuilding import stand_before
from activities.recording import Findings, Recorder
from activities.scene import Scene
from activities.tools.validation import explained
from activities.unmatched import Repository, explaining
from activities.workspace import Workspace
from ferryman.domain import loops
from ferryman.domain.errors import CredentialError, FencedError, PermanentError, TemporaryError
from ferryman.domain.plan import StepReturn
from ferryman.domain.ports import ChartRepository, GitAuthor, GitRemote
from ferryman.domain.status_change import MetadataUpdate
from ferryman.domain.step import StepStatus, identity

_log = structlog.get_logger()
_OUTPUT_LIMIT = 256 * 1024
_UNWANTED = StepResult(status=StepStatus.SKIPPED, message="its `if` is false")


@dataclass
class Attempt:
    """An attempt that has claimed its step."""

    grants: Grants
    scene: Scene
    evaluation: Evaluation = field(init=False)
    book: Logbook = field(init=False)
    found: Findings = field(default_factory=Findings)
    spoken_to: list[Repository] = field(default_factory=list)
    """The repositories that the step has asked for."""

    def __post_init__(self) -> None:
        grants, scene = self.grants, self.scene
        self.evaluation = Evaluation(grants.store, scene, grants.shared_projects)
        scrub = self.evaluation.scrubber.text
        self.book = Logbook(scene.key, grants.store.logs, scrub, grants.clock)

    async def run(self) -> StepReturn:
        """Make it; raises FencedError when it is not the newest, TemporaryError without SQL."""
        scene = self.scene
        if scene.poll == 1:
            self.book.say(f"attempt {scene.call.attempt} on worker {self.grants.worker}")
        async with self.book.kept():
            result = await self._result()
        recorder = Recorder(self.grants, scene, self.evaluation.scrubber, self.book)
        return await recorder.record(result, self.found)

    async def _result(self) -> StepResult:
        try:
            return await self._outcome()
        except asyncio.CancelledError:  # it is not wanted any more, or its worker stops
            self.book.say("stopped")
            raise
        except FencedError:
            raise
        except CredentialError as error:
            message = self.evaluation.scrubber.text(str(error))
            await waits.tell(self.grants.store, self.scene, message)
            return waits.for_credentials(self.scene, message)
        except TemporaryError as error:
            return waits.for_better_times(self.scene, error)
        except PermanentError as error:
            return StepResult(status=StepStatus.ERRORED, message=str(error))
        except Exception as error:  # noqa: BLE001 - a defect of ours must not hang a release
            return await self._defect(error)

    async def _outcome(self) -> StepResult:
        kind = self.scene.kind
        if self.scene.step.children:
            return await self._entered()
        if kind is None:
            known = ", ".join(sorted(self.grants.kinds))
            message = f"no worker knows the step {self.scene.step.kind!r}; there are: {known}"
            return StepResult(status=StepStatus.ERRORED, message=message)
        await self.evaluation.prepare()
        if not await self._condition_holds():
            return _UNWANTED
        self.found.config = await self.evaluation.config()
        try:
            config = kind.config.load(self.found.config or {})
        except ValidationError as error:
            return StepResult(status=StepStatus.FAILED, message=explained(error, "config"))
        with explaining(self.spoken_to):
            return await self._in_time(kind, config)

    async def _entered(self) -> StepResult:
        """Look at a loop or group: is it gone into, and for which items?"""
        await self.evaluation.prepare()
        if not await self._condition_holds():
            return _UNWANTED
        if not self.scene.step.is_loop:
            return StepResult()
        items = await self.evaluation.items()
        self.found.keys = loops.keys_of(items, self.evaluation.scrubber.holds)
        return _bounded(StepResult(output={"items": items}))

    async def _condition_holds(self) -> bool:
        """Whether the step's `if` is true; once it was, it is not asked again."""
        holds = await self.evaluation.condition_holds()
        if holds and self.scene.step.if_ and not self.scene.record.condition_held:
            await self.grants.store.steps.hold(self.scene.key)
        return holds

    async def _in_time(self, kind: StepKind[Any], config: StepConfig) -> StepResult:
        try:
            async with asyncio.timeout(self.scene.time_left()) as timer:
                return await self._perform(kind, config)
        except TimeoutError:
            if not timer.expired():
                raise
            message = f"timed out after {self.scene.timeout}"
            return StepResult(status=StepStatus.ERRORED, message=message, final=True)

    async def _perform(self, kind: StepKind[Any], config: StepConfig) -> StepResult:
        workspace = Workspace(self._folder)
        context = self._context(workspace, await self._committer.author())
        if not kind.touches_tree:
            return self._fit(await kind.run(config, context))
        await stand_before(self.scene, workspace, context, self.grants.kinds)
        workspace.begin(context.path)
        result = self._fit(await kind.run(config, context))
        if result.status in {StepStatus.SUCCEEDED, StepStatus.SKIPPED}:
            workspace.finish(context.path)
            self.found.tree = await workspace.fingerprint()
        return result

    def _fit(self, result: StepResult) -> StepResult:
        """The same; raises PermanentError for what cannot be kept, or must not be seen."""
        told = [change.values for change in result.records if isinstance(change, MetadataUpdate)]
        if self.evaluation.scrubber.holds(told):
            raise PermanentError(
                "a secret flowed into metadata, which everybody can read: take it out of the values"
            )
        return _bounded(result)

    def _context(self, workspace: Workspace, author: GitAuthor) -> StepContext:
        scene = self.scene
        collection = scene.promotion.status.freight_collection
        return StepContext(
            project=scene.call.project,
            stage=scene.promotion.spec.stage,
            promotion=scene.call.promotion,
            path=scene.call.path,
            run=scene.call.run,
            now=scene.call.now,
            workspace=workspace,
            git=self.grants.git,
            remotes=self._remote,
            tools=self.grants.tools,
            charts=self._chart,
            author=author,
            fence=self._fence,
            let_go=self.grants.slots.let_go,
            freight=tuple(collection.items.values()) if collection else (),
            config_of=lambda path: scene.records[path].config or {},
            log=self.book.say,
            scrub=self.evaluation.scrubber.text,
        )

    @property
    def _committer(self) -> Committer:
        grants = self.grants
        return Committer(grants.store.resources, grants.author, grants.secrets_project)

    async def _remote(self, url: str, *, insecure_skip_tls_verify: bool = False) -> GitRemote:
        found = await self.grants.credentials.git(
            self.scene.call.project, url, insecure_skip_tls_verify=insecure_skip_tls_verify
        )
        self.spoken_to.append(found)
        return found

    async def _chart(self, url: str, name: str = "") -> ChartRepository:
        found = await self.grants.credentials.chart(self.scene.call.project, url, name)
        self.spoken_to.append(found)
        return found

    async def _fence(self) -> None:
        await self.grants.store.steps.confirm(self.scene.key)

    @property
    def _folder(self) -> Path:
        """Of this run: the janitor may be removing the one of an earlier run."""
        call = self.scene.call
        return self.grants.workspaces / call.project / identity(call.promotion, call.run)

    async def _defect(self, error: Exception) -> StepResult:
        """What nobody foresaw; a traceback may quote anything, so it is scrubbed too."""
        trace = self.evaluation.scrubber.text("".join(traceback.format_exception(error)))
        await _log.aerror("step_failed", promotion=self.scene.call.promotion, traceback=trace)
        message = f"unexpected {type(error).__name__}: {error} (this is a defect of Ferryman)"
        return StepResult(status=StepStatus.ERRORED, message=message)


def _bounded(result: StepResult) -> StepResult:
    """The same; raises PermanentError for outputs that are too large to keep."""
    size = len(json.dumps(dict(result.output)).encode())
    if size > _OUTPUT_LIMIT:
        raise PermanentError(f"its outputs have {size} bytes; {_OUTPUT_LIMIT} are allowed")
    return result
