"""May this Freight enter this Stage, and if not, why not: every unmet condition, in words.

One predicate serves listing, admission and run time (Kargo §1.5, and §14.5 for why only one).
"""

from __future__ import annotations

from datetime import datetime, timedelta

from ferryman.domain.durations import format_duration, parse_duration
from ferryman.domain.freight import Freight, FreightStatus
from ferryman.domain.promotion import Unmet
from ferryman.domain.stage import Sources, Stage

_SECOND = timedelta(seconds=1)


def availability(freight: Freight, stage: Stage, now: datetime) -> tuple[Unmet, ...]:
    """What keeps `freight` out of `stage`; empty when it may enter."""
    request = stage.spec.request(freight.origin)
    if request is None:
        return (_not_requested(freight, stage),)
    sources = request.sources
    if sources.direct or stage.name in freight.status.approved_for:
        return ()
    if not sources.stages:
        return (_no_sources(freight, stage),)
    required = required_soak(sources)
    per_stage = [_not_ripe(freight.status, upstream, required, now) for upstream in sources.stages]
    unmet = tuple(u for u in per_stage if u is not None)
    one_suffices = sources.availability_strategy != "All"
    return () if one_suffices and None in per_stage else unmet


def opens_at(freight: Freight, stage: Stage, now: datetime) -> datetime | None:
    """When time alone lets `freight` into `stage`; None when it may enter, or needs more."""
    unmet = availability(freight, stage, now)
    times = [u.until for u in unmet if u.until]
    request = stage.spec.request(freight.origin)
    if request and request.sources.availability_strategy == "All":
        return max(times, default=None) if len(times) == len(unmet) else None
    return min(times, default=None)


def required_soak(sources: Sources) -> timedelta:
    """How long Freight must have been in an upstream Stage that found it good."""
    return parse_duration(sources.required_soak_time) if sources.required_soak_time else timedelta()


def _not_requested(freight: Freight, stage: Stage) -> Unmet:
    wanted = ", ".join(str(r.origin) for r in stage.spec.requested_freight)
    message = f"stage {stage.name} takes Freight of {wanted}, and this one is of {freight.origin}"
    return Unmet(reason="OriginNotRequested", message=message)


def _no_sources(freight: Freight, stage: Stage) -> Unmet:
    message = f"stage {stage.name} takes Freight of {freight.origin} from nowhere: see its sources"
    return Unmet(reason="NoSources", message=message)


def _not_ripe(
    status: FreightStatus, upstream: str, required: timedelta, now: datetime
) -> Unmet | None:
    """What lacks in one upstream Stage; the clock runs from entering it (Kargo §14.4)."""
    verified = status.verified_in.get(upstream)
    if verified is None:
        return Unmet(reason="NotVerified", message=f"not verified in stage {upstream}")
    if verified.longest_soak >= required:
        return None
    there = status.currently_in.get(upstream)
    if there is None:
        soaked = format_duration(verified.longest_soak // _SECOND * _SECOND)
        needs = format_duration(required)
        message = f"soaked {soaked} of {needs} in stage {upstream}, and is not there any more"
        return Unmet(reason="SoakTime", message=message)
    ripe = there.since + required
    if ripe <= now:
        return None
    left = format_duration(-((now - ripe) // _SECOND) * _SECOND)
    message = f"soaks in stage {upstream} for {left} more"
    return Unmet(reason="SoakTime", message=message, until=ripe)
