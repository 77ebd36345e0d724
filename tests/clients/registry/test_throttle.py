"""The throttle's arithmetic, on a clock of its own."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ferryman.clients.registry import RegistryOptions
from ferryman.clients.registry.throttle import Throttle, TokenBucket
from ferryman.domain.errors import TemporaryError


@settings(max_examples=50)
@given(st.lists(st.floats(0, 0.5), max_size=80), st.sampled_from([1.0, 5.0, 20.0]))
def test_rate(gaps: list[float], rate: float) -> None:
    """However requests come, no second sees more than twice the rate, nor a long time more."""
    bucket, now, passed = TokenBucket(rate), 0.0, []
    for gap in gaps:
        now += gap
        passed.append(now + bucket.reserve(now))
    for start in passed:
        within = sum(start <= moment < start + 1 for moment in passed)
        assert within <= 2 * rate
    if len(passed) > rate:
        assert len(passed) <= rate * (passed[-1] - passed[0]) + rate + 1e-6


def test_burst_after_quiet() -> None:
    """After a quiet second as many as the rate pass at once, and the next one waits."""
    bucket = TokenBucket(20)
    bucket.reserve(0.0)
    waits = [bucket.reserve(10.0) for _ in range(21)]
    assert waits[:20] == pytest.approx([0.0] * 20)
    assert waits[20] == pytest.approx(0.05)


def test_no_limit() -> None:
    """Without a rate nobody waits."""
    bucket = TokenBucket(None)
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
