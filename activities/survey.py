"""A survey: looks at all subscriptions of a Warehouse, each for itself.

They are looked at concurrently, so that a slow one delays no other. One that fails keeps what it
found before, and is looked at again after a pause that doubles each time: its source's, if that
could not be asked, or else its own.
"""

from __future__ import annotations

import asyncio
import random
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from activities.polling import SourceError
from activities.sources import Looked, Sources
from ferryman.domain.durations import parse_duration
from ferryman.domain.errors import FerrymanError, TemporaryError
from ferryman.domain.findings import together
from ferryman.domain.source import Need, interval_began, pause_after
from ferryman.domain.warehouse import (
    DiscoveredArtifacts,
    Finding,
    Subscription,
    SubscriptionStatus,
    Warehouse,
)

_AT_ONCE = 8
"""Subscriptions of one Warehouse that are looked at at once."""

_PATIENCE = timedelta(minutes=12)
"""The longest look: a first fetch may bring gigabytes. The activity has 15 minutes."""


@dataclass(frozen=True)
class Surveyed:
    """What a survey found."""

    found: DiscoveredArtifacts
    """Of subscriptions that failed, what they found before."""
    statuses: tuple[SubscriptionStatus, ...]
    trouble: Sequence[str] = ()
    """Why subscriptions have no fresh findings, and when they are looked at again."""
    left_out: Sequence[str] = ()


@dataclass(frozen=True)
class _Outcome:
    status: SubscriptionStatus
    finding: Finding | None
    left_out: Sequence[str] = ()
    trouble: str = ""


@dataclass(frozen=True)
class Survey:
    """Looks at subscriptions through `sources`.

    `spread` varies pauses, by 1 on average; `minimum_interval` is the least of a Warehouse.
    """

    sources: Sources
    spread: tuple[float, float] = (0.75, 1.25)
    minimum_interval: timedelta = timedelta()

    async def of(self, warehouse: Warehouse, *, now: datetime, asked: bool) -> Surveyed:
        """Look at every subscription.

        Unless somebody `asked`, those that wait after failing are left out, and what a source
        showed since the Warehouse's interval began is new enough; a spec that was never looked
        at is no question. Only a FerrymanError is a subscription's trouble; what else goes
        wrong is raised.
        """
        gate = asyncio.Semaphore(_AT_ONCE)
        need = self._need(warehouse, now, asked=asked)

        async def look(subscription: Subscription) -> _Outcome:
            async with gate:
                return await self._look(warehouse, subscription, now, need)

        async with asyncio.TaskGroup() as group:
            tasks = [group.create_task(look(each)) for each in warehouse.spec.subscriptions]
        return _together([task.result() for task in tasks], now)

    def _need(self, warehouse: Warehouse, now: datetime, *, asked: bool) -> Need:
        if asked and warehouse.status.observed_generation == warehouse.metadata.generation:
            return Need(now, asked=True)
        interval = max(parse_duration(warehouse.spec.interval), self.minimum_interval)
        return Need(interval_began(now, interval))

    async def _look(
        self, warehouse: Warehouse, subscription: Subscription, now: datetime, need: Need
    ) -> _Outcome:
        earlier, finding = _earlier(warehouse, subscription)
        if not need.asked and earlier.next_attempt_at and now < earlier.next_attempt_at:
            return _Outcome(earlier, finding, trouble=_sentence(earlier))
        if earlier.next_attempt_at:  # what it failed with will not do again
            need = replace(need, since=max(need.since, min(earlier.next_attempt_at, now)))
        known = Looked(finding, earlier.refs) if finding else None
        try:
            looked = await self._patiently(warehouse.project, subscription, known, need)
        except FerrymanError as error:
            status = self._failed(earlier, error, now)
            return _Outcome(status, finding, trouble=_sentence(status))
        status = SubscriptionStatus(
            fingerprint=earlier.fingerprint, title=earlier.title, refs=looked.refs
        )
        return _Outcome(status, looked.finding, looked.left_out)

    async def _patiently(
        self, project: str, subscription: Subscription, known: Looked | None, need: Need
    ) -> Looked:
        try:
            async with asyncio.timeout(_PATIENCE.total_seconds()):
                return await self.sources.look(project, subscription, known, need)
        except TimeoutError:
            minutes = _PATIENCE // timedelta(minutes=1)
            raise TemporaryError(f"took longer than {minutes} minutes") from None

    def _failed(
        self, earlier: SubscriptionStatus, error: FerrymanError, now: datetime
    ) -> SubscriptionStatus:
        if isinstance(error, SourceError):
            failures, next_ = error.failures, error.next_attempt_at
        else:
            failures = earlier.failures + 1
            spread = random.uniform(*self.spread)  # noqa: S311 - nothing secret hangs on it
            next_ = now + pause_after(failures, error, spread)
        seen = {"failures": failures, "message": str(error), "next_attempt_at": next_}
        return earlier.model_copy(update=seen)


def _earlier(
    warehouse: Warehouse, subscription: Subscription
) -> tuple[SubscriptionStatus, Finding | None]:
    """How the subscription fared, and what it found, if it is still the same."""
    fingerprint, status = subscription.fingerprint, warehouse.status
    known = next((s for s in status.subscriptions if s.fingerprint == fingerprint), None)
    if known is None:
        return SubscriptionStatus(fingerprint=fingerprint, title=subscription.title), None
    artifacts = status.discovered_artifacts
    return known, artifacts.of(subscription) if artifacts else None


def _sentence(status: SubscriptionStatus) -> str:
    at = f"{status.next_attempt_at:%Y-%m-%d %H:%M:%S %Z}" if status.next_attempt_at else "once"
    return f"{status.title}: {status.message}; next attempt at {at}"


def _together(outcomes: Sequence[_Outcome], now: datetime) -> Surveyed:
    return Surveyed(
        found=together((one.finding for one in outcomes if one.finding), at=now),
        statuses=tuple(one.status for one in outcomes),
        trouble=[one.trouble for one in outcomes if one.trouble],
        left_out=[sentence for one in outcomes for sentence in one.left_out],
    )
