"""Discovery: what a Warehouse's sources have to offer now."""

from __future__ import annotations

from typing import Any

from temporalio import workflow

with workflow.unsafe.imports_passed_through():
    from ferryman.domain.plan import DiscoveryOutcome, Moment, WarehouseKey
    from workflows import calls


@workflow.defn(name="Discovery")
class DiscoveryWorkflow:
    """Discovers once, and once more for each time it was nudged meanwhile."""

    def __init__(self) -> None:
        self._nudged = False
        self._asked = False

    @workflow.run
    async def run(self, key: WarehouseKey) -> DiscoveryOutcome:
        """One discovery; Freight that is new is minted, and its Stages are nudged."""
        while True:
            self._nudged, asked, self._asked = False, self._asked, False
            outcome = await calls.DISCOVER(
                Moment(project=key.project, name=key.name, now=workflow.now(), asked=asked)
            )
            if not self._nudged:
                return outcome

    @workflow.signal
    def nudge(self, body: Any = None) -> None:
        """Discover once more; `{"asked": false}` says that nobody waits for it."""
        self._nudged = True
        if not (isinstance(body, dict) and body.get("asked") is False):
            self._asked = True
