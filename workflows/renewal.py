"""Renewal: a new history where one grew long; SQL knows how far the Promotion is."""

from __future__ import annotations

from typing import NoReturn

from temporalio import workflow

with workflow.unsafe.imports_passed_through():
    from ferryman.domain.plan import PromotionKey


async def when_long(key: PromotionKey) -> None:
    """Continue as new if the server suggests it; returns otherwise."""
    if workflow.info().is_continue_as_new_suggested():
        await now(key)


async def now(key: PromotionKey) -> NoReturn:
    """Continue as new."""
    # Handlers that still run would be lost with the old history.
    await workflow.wait_condition(workflow.all_handlers_finished)
    workflow.continue_as_new(key)
