"""What a chart subscription accepts: the versions that fit, highest first."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from functools import partial

from ferryman.domain.chart_rule import chart_rule
from ferryman.domain.errors import InvalidError, NotFoundError
from ferryman.domain.ports import ChartIndex, ChartRepository, Charts
from ferryman.domain.selection import order_tags
from ferryman.domain.warehouse import ChartDiscovery, Subscription

_NAMES_SHOWN = 20


async def discover_charts(
    charts: Charts, repository: ChartRepository, subscription: Subscription
) -> ChartDiscovery:
    """The subscription's versions, best first; raises the port's errors, and for no chart."""
    wanted = subscription.chart
    if wanted is None:
        raise InvalidError("is no chart subscription", field="subscriptions")
    rule = chart_rule(wanted)
    versions = _versions(await charts.index(repository), repository)
    ordered = await asyncio.to_thread(partial(order_tags, rule, versions))
    return ChartDiscovery(
        repo_url=wanted.repo_url,
        name=wanted.name,
        semver_constraint=wanted.semver_constraint,
        subscription_name=subscription.name,
        versions=tuple(dict.fromkeys(ordered))[: wanted.discovery_limit],
    )


def _versions(index: ChartIndex, repository: ChartRepository) -> Sequence[str]:
    charts = index.versions
    if repository.name in charts:
        return charts[repository.name]
    there = ", ".join(sorted(charts)[:_NAMES_SHOWN]) or "none"
    more = f" and {len(charts) - _NAMES_SHOWN} more" if len(charts) > _NAMES_SHOWN else ""
    raise NotFoundError(
        f"chart repository {repository.url} has no chart {repository.name!r}; it has {there}{more}"
    )
