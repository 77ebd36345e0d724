"""Carries Promotions to their end as a worker would, without one."""

from __future__ import annotations

from datetime import UTC, datetime

from ferryman.domain.promotion import Phase
from ferryman.domain.step import StepStatus
from ferryman.storage.claims import StepFacts, StepKey
from ferryman.storage.steps import StepEnd
from ferryman.storage.store import Store


async def carry(
    store: Store, project: str, name: str, *, end: tuple[Phase, str] | None = None
) -> None:
    """Let it in, run its steps so that each succeeds, and end it as they did, or as `end` says."""
    now = datetime.now(UTC)
    entry = await store.gates.admit(project, name, now=now)
    promotion = await store.promotions.get(project, name)
    for position, step in enumerate(promotion.spec.steps if entry.state == "admitted" else ()):
        key = StepKey(project, name, entry.run, str(position + 1), attempt=1)
        facts = StepFacts(str(position + 1), step.as_ or f"step-{position + 1}", step.uses)
        await store.steps.claim(key, facts, worker="w1", now=datetime.now(UTC))
        await store.steps.end(key, StepEnd(StepStatus.SUCCEEDED), now=datetime.now(UTC))
    await store.settlements.settle(project, name, now=datetime.now(UTC), end=end)
