"""Waiting for what other processes do."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

import pytest

from ferryman.domain.errors import PermanentError
from server.demo.waiting import until, whichever


async def test_an_answer_is_waited_for() -> None:
    """None means: not yet."""

    async def answers() -> AsyncIterator[int | None]:
        yield None
        yield 7

    given = answers()
    assert await until(lambda: anext(given), "seven") == 7


async def test_what_does_not_come_is_named() -> None:
    """A demo that hangs would say nothing."""

    async def never() -> int | None:
        return None

    with pytest.raises(PermanentError, match=r"the tide did not come within 0\.01 s"):
        await until(never, "the tide", patience=0.01)


async def test_the_first_of_two_things_ends_the_other() -> None:
    """A key press, or the same decision from elsewhere."""
    never = asyncio.Event()
    assert await whichever(asyncio.sleep(0), never.wait())
    assert not await whichever(never.wait(), asyncio.sleep(0))


async def test_a_failure_of_either_is_told() -> None:
    """It is not taken for a decision."""

    async def fails() -> None:
        raise PermanentError("no")

    with pytest.raises(PermanentError, match="no"):
        await whichever(asyncio.Event().wait(), fails())
