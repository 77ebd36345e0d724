"""Recording: writes down how an attempt ended, and answers the workflow."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from activities.grants import Grants
from activities.kinds import StepResult
from activities.logbook import Logbook
from activities.scene import Scene
from activities.scrubbing import Scrubber
from ferryman.domain.errors import ConflictError, NotFoundError
from ferryman.domain.plan import StepReturn
from ferryman.domain.step import StepStatus
from ferryman.storage.steps import StepEnd


@dataclass
class Findings:
    """What an attempt found on its way, beside its result."""

    config: Any = None
    tree: str = ""
    keys: tuple[str, ...] | None = None
    """Of a loop: what its items are called."""


@dataclass(frozen=True)
class Recorder:
    """Records for one attempt."""

    grants: Grants
    scene: Scene
    scrubber: Scrubber
    book: Logbook

    async def record(self, result: StepResult, found: Findings) -> StepReturn:
        """Write down how it went; an error that may be tried again leaves the step Running."""
        scene, store = self.scene, self.grants.store
        is_error = result.status is StepStatus.ERRORED
        errors = scene.record.execution.error_count + is_error
        final = result.final or not is_error or errors >= scene.error_threshold
        message = self.scrubber.text(result.message)
        status = result.status if final else StepStatus.RUNNING
        self._tell(result.status, message)
        end = StepEnd(
            status=status,
            message=message,
            output=dict(result.output),
            sensitive=self.scrubber.holds(dict(result.output)),
            config=found.config,
            pins=result.pins,
            lines=self.book.take(),
            tree=found.tree,
            stands_on=scene.newest_tree,
            error=is_error,
            keys=found.keys,
            records=tuple(result.records),
        )
        try:
            await store.steps.end(scene.key, end, now=self.grants.clock())
        except (NotFoundError, ConflictError) as error:  # what it says of others cannot be kept
            found.tree = ""
            errored = StepResult(status=StepStatus.ERRORED, message=str(error))
            return await self.record(errored, found)
        waits = result.status is StepStatus.RUNNING
        if not waits and any(u.step in {"", scene.call.path} for u in scene.waiting):
            await store.gates.go_on(scene.promotion, scene.call.path)
        return StepReturn(
            status=result.status,
            message=message,
            worker_queue=self.grants.queue,
            error=is_error,
            terminal=final,
            retry_after_seconds=result.retry_after.total_seconds(),
            waiting_for=message if waits else "",
            keys=found.keys or (),
        )

    def _tell(self, status: StepStatus, message: str) -> None:
        """The log's last line; whoever looks again in vain has said it before."""
        before = self.scene.record.execution.message
        if status is StepStatus.RUNNING and message == before:
            return
        said = "waits" if status is StepStatus.RUNNING else str(status)
        self.book.say(f"{said}: {message}" if message else said)
