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
from activities.evaluation import Evaluation
from activities.grants import Grants
from activities.kinds import Remotes, StepConfig, StepContext, StepKind, StepResult
from activities.rebuilding import stand_before
from activities.scene import Scene
from activities.tools.validation import explained
from activities.workspace import Workspace
from ferryman.domain.errors import CredentialError, FencedError, PermanentError, TemporaryError
from ferryman.domain.plan import StepReturn
from ferryman.domain.ports import GitRemote
from ferryman.domain.step import StepStatus
from ferryman.storage.steps import StepEnd

_log = structlog.get_logger()
_OUTPUT_LIMIT = 256 * 1024


@dataclass
class Attempt:
    """An attempt that has claimed its step."""

    grants: Grants
    scene: Scene
    evaluation: Evaluation = field(init=False)
    config: Any = None
    tree: str = ""
    lines: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.evaluation = Evaluation(self.grants.store, self.scene)

    async def run(self) -> StepReturn:
        """Make it; raises FencedError when it is not the newest, TemporaryError without SQL."""
        try:
            result = await self._outcome()
        except FencedError:
            raise
        except CredentialError as error:
            message = self.evaluation.scrubber.text(str(error))
            await waits.tell(self.grants.store, self.scene, message)
            result = waits.for_credentials(self.scene, message)
        except TemporaryError as error:
            result = waits.for_better_times(self.scene, error)
        except PermanentError as error:
            result = StepResult(status=StepStatus.ERRORED, message=str(error))
        except Exception as error:  # noqa: BLE001 - a defect of ours must not hang a release
            result = await self._defect(error)
        return await self._record(result)

    async def _outcome(self) -> StepResult:
        kind = self.scene.kind
        if kind is None:
            known = ", ".join(sorted(self.grants.kinds))
            message = f"no worker knows the step {self.scene.step.kind!r}; there are: {known}"
            return StepResult(status=StepStatus.ERRORED, message=message)
        await self.evaluation.prepare()
        if not self.evaluation.condition_holds():
            return StepResult(status=StepStatus.SKIPPED, message="its `if` is false")
        self.config = self.evaluation.config()
        try:
            config = kind.config.load(self.config or {})
        except ValidationError as error:
            return StepResult(status=StepStatus.FAILED, message=explained(error, "config"))
        return await self._in_time(kind, config)

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
        context = self._context(workspace)
        if kind.nature == "pure":
            return _bounded(await kind.run(config, context))
        await stand_before(self.scene, workspace, context, self.grants.kinds)
        workspace.begin(context.path)
        result = _bounded(await kind.run(config, context))
        if result.status in {StepStatus.SUCCEEDED, StepStatus.SKIPPED}:
            workspace.finish(context.path)
            self.tree = await workspace.fingerprint()
        return result

    def _context(self, workspace: Workspace) -> StepContext:
        scene = self.scene
        return StepContext(
            project=scene.call.project,
            stage=scene.promotion.spec.stage,
            promotion=scene.call.promotion,
            path=scene.call.path,
            now=scene.call.now,
            workspace=workspace,
            git=self.grants.git,
            remotes=self._remotes(),
            author=self.grants.author,
            fence=self._fence,
            log=self.lines.append,
            scrub=self.evaluation.scrubber.text,
        )

    def _remotes(self) -> Remotes:
        project = self.scene.call.project

        async def remote(url: str, *, insecure_skip_tls_verify: bool = False) -> GitRemote:
            return await self.grants.credentials.git(
                project, url, insecure_skip_tls_verify=insecure_skip_tls_verify
            )

        return remote

    async def _fence(self) -> None:
        await self.grants.store.steps.confirm(self.scene.key)

    @property
    def _folder(self) -> Path:
        call = self.scene.call
        return self.grants.workspaces / call.project / call.promotion

    async def _defect(self, error: Exception) -> StepResult:
        """What nobody foresaw; a traceback may quote anything, so it is scrubbed too."""
        trace = self.evaluation.scrubber.text("".join(traceback.format_exception(error)))
        await _log.aerror("step_failed", promotion=self.scene.call.promotion, traceback=trace)
        message = f"unexpected {type(error).__name__}: {error} (this is a defect of Ferryman)"
        return StepResult(status=StepStatus.ERRORED, message=message)

    async def _record(self, result: StepResult) -> StepReturn:
        """Write down how it went; an error that may be tried again leaves the step Running."""
        scene, scrubber, store = self.scene, self.evaluation.scrubber, self.grants.store
        is_error = result.status is StepStatus.ERRORED
        errors = scene.record.execution.error_count + is_error
        final = result.final or not is_error or errors >= scene.error_threshold
        message = scrubber.text(result.message)
        end = StepEnd(
            status=result.status if final else StepStatus.RUNNING,
            message=message,
            output=dict(result.output),
            sensitive=scrubber.holds(dict(result.output)),
            config=self.config,
            pins=result.pins,
            log=scrubber.text("\n".join(self.lines)),
            tree=self.tree,
            error=is_error,
        )
        await store.steps.end(scene.key, end, now=self.grants.clock())
        waiting = result.status is StepStatus.RUNNING
        if not waiting and scene.promotion.status.waiting:
            await store.gates.go_on(scene.promotion)
        return StepReturn(
            status=result.status,
            message=message,
            worker_queue=self.grants.queue,
            error=is_error,
            terminal=final,
            retry_after_seconds=result.retry_after.total_seconds(),
            waiting_for=message if waiting else "",
        )


def _bounded(result: StepResult) -> StepResult:
    """The same; raises PermanentError for outputs that are too large to keep."""
    size = len(json.dumps(dict(result.output)).encode())
    if size > _OUTPUT_LIMIT:
        raise PermanentError(f"its outputs have {size} bytes; {_OUTPUT_LIMIT} are allowed")
    return result
