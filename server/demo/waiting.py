"""Waiting for what the server does, and for whichever of two things comes first."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Coroutine
from typing import Any, TypeVar

from ferryman.domain.errors import PermanentError

_LOOK = 0.15
_PATIENCE = 60.0

T = TypeVar("T")


async def until(
    ask: Callable[[], Awaitable[T | None]], what: str = "", *, patience: float | None = _PATIENCE
) -> T:
    """Ask again and again until there is an answer.

    Raises PermanentError, naming `what`, when none has come after `patience` seconds; None
    waits for ever.
    """
    try:
        async with asyncio.timeout(patience):
            while (answer := await ask()) is None:  # noqa: ASYNC110 — another process answers
                await asyncio.sleep(_LOOK)
            return answer
    except TimeoutError:
        raise PermanentError(
            f"{what} did not come within {patience:g} s; the demo's logs may say why"
        ) from None


async def whichever(first: Coroutine[Any, Any, Any], second: Coroutine[Any, Any, Any]) -> bool:
    """Wait for the first of two things to happen: whether that was `first`; ends the other."""
    one, other = asyncio.create_task(first), asyncio.create_task(second)
    try:
        done, _ = await asyncio.wait({one, other}, return_when=asyncio.FIRST_COMPLETED)
        for task in done:
            task.result()
        return other not in done
    finally:
        one.cancel()
        other.cancel()
