"""Lost: activities that ran in a process that is no more, ended without waiting for a timeout."""

from __future__ import annotations

from collections.abc import Callable

from temporalio.api.enums.v1 import PendingActivityState
from temporalio.api.workflowservice.v1 import ResetStickyTaskQueueRequest
from temporalio.client import Client
from temporalio.exceptions import ApplicationError
from temporalio.service import RPCError, RPCStatusCode

from ferryman.domain import names
from ferryman.domain.plan import WORKER_LOST
from workflows.calls import CONTROL

_STARTED = PendingActivityState.PENDING_ACTIVITY_STATE_STARTED
_MESSAGE = "the process that ran it is no more"


class Lost:
    """Ends what is lost of Promotions' workflows."""

    def __init__(self, client: Client) -> None:
        self._client = client

    async def give_up(self, project: str, promotion: str, of: Callable[[str], bool]) -> int:
        """End the activities that processes ran which are `of` those; says how many there were.

        A step is the workflow's to repeat, everything else Temporal's.
        """
        handle = self._client.get_workflow_handle(names.promotion_workflow_id(project, promotion))
        try:
            found = (await handle.describe()).raw_description
        except RPCError as error:
            if error.status == RPCStatusCode.NOT_FOUND:  # the Sweep starts it again
                return 0
            raise
        execution = found.workflow_execution_info.execution
        lost = [
            activity
            for activity in found.pending_activities
            if activity.state == _STARTED and of(activity.last_worker_identity)
        ]
        if lost:
            # Whoever had the workflow in memory is gone as well, as far as we know.
            await self._client.workflow_service.reset_sticky_task_queue(
                ResetStickyTaskQueueRequest(namespace=self._client.namespace, execution=execution)
            )
        for activity in lost:
            again = ApplicationError(
                _MESSAGE, type=WORKER_LOST, non_retryable=activity.activity_type.name not in CONTROL
            )
            running = self._client.get_async_activity_handle(
                workflow_id=execution.workflow_id,
                run_id=execution.run_id,
                activity_id=activity.activity_id,
            )
            await running.fail(again)
        return len(lost)
