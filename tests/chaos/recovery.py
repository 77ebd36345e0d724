"""Recovery: how long after a blow the Promotions that it hit went on."""

from __future__ import annotations

import statistics
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from tests.chaos.conductor import Blow
from tests.chaos.installation import WORKERS
from tests.chaos.journal import Entry


@dataclass(frozen=True)
class Recovered:
    """One Promotion that a blow hit."""

    blow: Blow
    seconds: float
    """From the blow to the next change of the Promotion or of one of its steps."""


def recoveries(entries: Sequence[Entry], blows: Sequence[Blow]) -> Iterator[Recovered]:
    """Every Promotion that ran when a blow came, and what followed.

    A blow to a worker hits those whose step it runs, or has run last; any other hits all.
    """
    for blow in blows:
        if blow.target in WORKERS and not blow.worker:
            continue  # it had lost its name with its disk, and nobody knew it yet
        latest: dict[tuple[str, str], Entry] = {}
        running: set[tuple[str, str]] = set()
        after: dict[tuple[str, str], float] = {}
        for entry in entries:
            if entry.at > blow.at:
                after.setdefault(entry.of, entry.at)
            elif entry.path:
                latest[entry.of] = entry
            elif entry.became == "Running":
                running.add(entry.of)
            else:
                running.discard(entry.of)
        for of in running:
            last = latest.get(of)
            hit = not blow.worker or (last is not None and last.worker == blow.worker)
            if hit and of in after:
                yield Recovered(blow, after[of] - blow.at)


def percentile(values: Sequence[float], percent: int) -> float:
    """Of all values, this percentage is no larger."""
    if len(values) == 1:
        return values[0]
    return statistics.quantiles(values, n=100, method="inclusive")[percent - 1]
