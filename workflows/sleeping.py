"""Sleeping until a nudge or a moment, whichever is first."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

from temporalio import workflow


async def until(condition: Callable[[], bool], moment: datetime | None) -> None:
    """Return when `condition` holds or `moment` has come; None never comes."""
    if moment is None:
        await workflow.wait_condition(condition)
        return
    left = max(moment - workflow.now(), timedelta(0))
    try:
        await workflow.wait_condition(condition, timeout=left)
    except TimeoutError:
        return
