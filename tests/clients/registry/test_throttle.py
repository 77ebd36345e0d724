"""The throttle's arithmetic, on a clock of its own."""

from __future__ import annotations

import asyncio

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ferryman.clients.registry import RegistryOptions
from ferryman.clients.registry.throttle import Throttle, TokenBucket
from ferryman.domain.errors import TemporaryError
from ferryman.domain.ports import Credential

ANN = Credential("ann", "secret")


@settings(max_examples=50)
@given(st.lists(st.floats(0, 0.5), max_size=80), st.sampled_from([1.0, 5.0, 20.0]))
def test_rate(gaps: list[float], rate: float) -> None:
    """However requests come, no second sees more than rate and burst, nor a long time more."""
    bucket, now, passed = TokenBucket(rate, int(rate)), 0.0, []
    for gap in gaps:
        now += gap
        passed.append(now + bucket.reserve(now))
    for start in passed:
        within = sum(start <= moment < start + 1 for moment in passed)
        assert within <= 2 * rate
    if len(passed) > rate:
        assert len(passed) <= rate * (passed[-1] - passed[0]) + rate + 1e-6


def test_burst_after_quiet() -> None:
    """After a quiet time as many as the burst pass at once, and the next one waits."""
    bucket = TokenBucket(20, 50)
    bucket.reserve(0.0)
    waits = [bucket.reserve(10.0) for _ in range(51)]
    assert waits[:50] == pytest.approx([0.0] * 50)
    assert waits[50] == pytest.approx(0.05)


def test_no_limit() -> None:
    """Without a rate nobody waits."""
    bucket = TokenBucket(None, 1)
    assert {bucket.reserve(0.0) for _ in range(100)} == {0.0}


async def test_closed_for_long() -> None:
    """A registry that wants to be left alone for long is, and callers hear it at once."""
    now = 100.0
    throttle = Throttle("ghcr.io", RegistryOptions(patience=5), clock=lambda: now)
    throttle.close_for(60)
    throttle.close_for(30)
    with pytest.raises(
        TemporaryError, match=r"ghcr\.io asked to be left alone for 60 s"
    ) as failure:
        async with throttle.turn():
            pass
    assert failure.value.delay.total_seconds() == 60
    now += 60
    async with throttle.turn():
        pass


async def test_one_account_is_not_another() -> None:
    """A pause that one account was told is not waited for by the others at the same registry."""
    throttle = Throttle("ghcr.io", RegistryOptions(connections_per_host=1), clock=lambda: 100.0)
    throttle.close_for(60, ANN)
    with pytest.raises(TemporaryError):
        async with throttle.turn(ANN):
            pass
    async with throttle.turn():
        pass


async def test_who_waits_for_its_account_holds_no_place() -> None:
    """While one account waits out its pause, another speaks, though there is one place only."""
    options = RegistryOptions(connections_per_host=1, patience=60)
    throttle = Throttle("ghcr.io", options)
    throttle.close_for(30, ANN)

    async def speak() -> None:
        async with throttle.turn(ANN):
            pass

    waiting = asyncio.create_task(speak())
    await asyncio.sleep(0)
    async with asyncio.timeout(1), throttle.turn():
        assert not waiting.done()
    waiting.cancel()


async def test_a_host_that_hangs_gathers_no_crowd() -> None:
    """Who gets no place in time goes, and comes back later."""
    options = RegistryOptions(connections_per_host=1, queue_patience=0.01)
    throttle = Throttle("ghcr.io", options)
    async with throttle.turn():
        with pytest.raises(TemporaryError, match=r"ghcr\.io is slow: all 1 connections were busy"):
            async with throttle.turn():
                pass
    async with throttle.turn():
        pass
