"""The short form of `make chaos`: a few dozen kills, in about a minute."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.chaos.orders import Orders
from tests.chaos.report import report
from tests.chaos.run import run

pytestmark = [pytest.mark.servers, pytest.mark.timeout(420)]


async def test_nothing_is_lost_and_nothing_is_done_twice(tmp_path: Path) -> None:
    """Whoever is killed, frozen or cut off: every Promotion ends, each commit is there once."""
    orders = Orders(kills=24, promotions=16, minutes=1.0, calm=0, seed=7)
    outcome = await run(orders, tmp_path)
    assert not outcome.verdict.broken, report(outcome)
    assert outcome.kills
