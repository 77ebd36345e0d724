"""How long to wait before something is tried again."""

from __future__ import annotations

import random
from collections.abc import Iterator


def pauses(first: float, *, factor: float, longest: float = float("inf")) -> Iterator[float]:
    """Yield waits in seconds for ever: each `factor` times the last, spread by half at random.

    The spread keeps those that failed together from trying again together.
    """
    pause = first
    while True:
        yield pause * random.uniform(0.5, 1.5)  # noqa: S311 — nothing secret hangs on it
        pause = min(pause * factor, longest)
