"""The report: what was struck, how long recovery took, what the witnesses found. Markdown."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence

from tests.chaos.conductor import Blow
from tests.chaos.plan import KILLS
from tests.chaos.recovery import Recovered, percentile
from tests.chaos.run import Outcome

_SHOWN = 30
"""Broken promises that are shown, of however many."""


def report(outcome: Outcome) -> str:
    """What is told on the terminal."""
    return "\n".join(
        [
            *_summary(outcome),
            "",
            *_struck([*outcome.calm, *outcome.storm]),
            "",
            *_recovered("one kill at a time", outcome.calm_recoveries),
            "",
            *_recovered("in the storm, the next blows included", outcome.storm_recoveries),
            "",
            *_starts(outcome.starts),
            "",
            *_moments([*outcome.calm, *outcome.storm]),
            "",
            *_broken(outcome.verdict.broken),
        ]
    )


def blow_by_blow(outcome: Outcome) -> str:
    """Every blow, when it came, and how long the Promotions took that it hit."""
    hit = defaultdict[Blow, list[float]](list)
    for each in (*outcome.calm_recoveries, *outcome.storm_recoveries):
        hit[each.blow].append(each.seconds)
    blows = [*outcome.calm, *outcome.storm]
    began = blows[0].at if blows else 0.0
    lines = [
        "| second | struck | how | lasted | when | promotions hit | p50 | longest |",
        "|---|---|---|---|---|---|---|---|",
    ]
    for blow in blows:
        told = (
            f"| {blow.at - began:.1f} | {blow.target} | {blow.way} | {blow.until - blow.at:.0f} s "
        )
        seconds = hit[blow]
        went_on = f"{percentile(seconds, 50):.1f} s | {max(seconds):.1f} s" if seconds else " | "
        lines.append(f"{told}| {blow.moment} | {len(seconds)} | {went_on} |")
    return "\n".join(lines)


def _summary(outcome: Outcome) -> Iterator[str]:
    verdict, orders = outcome.verdict, outcome.orders
    store = "PostgreSQL" if orders.postgres else "SQLite"
    phases = ", ".join(f"{count} {phase}" for phase, count in verdict.phases.most_common())
    yield "| chaos | |"
    yield "|---|---|"
    yield f"| kill -9 | {outcome.kills} in {outcome.seconds / 60:.1f} minutes, seed {orders.seed} |"
    yield f"| store | {store} |"
    yield f"| promotions | {verdict.phases.total()}: {phases} |"
    yield f"| steps | {verdict.steps} ended, in {verdict.attempts} attempts |"
    yield f"| on the git server | {verdict.commits} commits, {verdict.tags} tags |"
    yield f"| broken promises | {len(verdict.broken)} |"


def _struck(blows: Sequence[Blow]) -> Iterator[str]:
    """How often what was struck how."""
    times = Counter((blow.target, blow.way) for blow in blows)
    yield "| struck | how | times |"
    yield "|---|---|---|"
    for (target, way), count in sorted(times.items()):
        yield f"| {target} | {way} | {count} |"


def _moments(blows: Iterable[Blow]) -> Iterator[str]:
    times = Counter(blow.moment for blow in blows if blow.way in KILLS)
    yield "| killed when | times |"
    yield "|---|---|"
    for moment, count in times.most_common():
        yield f"| {moment} | {count} |"


def _starts(starts: Mapping[str, Sequence[float]]) -> Iterator[str]:
    """What of recovery is the machine's: how long a process took to be there again."""
    yield "| started | times | p50 | p95 |"
    yield "|---|---|---|---|"
    for part, seconds in starts.items():
        half, most = percentile(seconds, 50), percentile(seconds, 95)
        yield f"| {part} | {len(seconds)} | {half:.1f} s | {most:.1f} s |"


def _recovered(when: str, recovered: Iterable[Recovered]) -> Iterator[str]:
    """From a blow to the next thing that a Promotion did which it had hit."""
    seconds = defaultdict[tuple[str, str], list[float]](list)
    for each in recovered:
        target = "worker" if each.blow.worker else each.blow.target
        seconds[target, each.blow.way].append(each.seconds)
    yield f"| recovery, {when} | how | promotions hit | p50 | p95 | longest |"
    yield "|---|---|---|---|---|---|"
    for (target, way), values in sorted(seconds.items()):
        told = (percentile(values, 50), percentile(values, 95), max(values))
        yield f"| {target} | {way} | {len(values)} |" + "".join(f" {s:.1f} s |" for s in told)


def _broken(broken: Sequence[str]) -> Iterator[str]:
    if not broken:
        yield "None lost, none stuck, nothing twice."
        return
    yield f"BROKEN: {len(broken)}"
    yield from (f"- {each}" for each in broken[:_SHOWN])
