"""What a Stage does next: a pure decision over what SQL knows of it.

The lane never acts on a signal's content; it looks at the whole and decides (level-triggered).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final

from ferryman.domain.eligibility import availability, opens_at
from ferryman.domain.freight import Freight, Origin
from ferryman.domain.promotion import Phase, Unmet
from ferryman.domain.stage import Stage
from ferryman.domain.verification import unverified

TURN: Final = "Turn"
"""The reason of an unmet condition: the gate is open, the turn is another's."""


@dataclass(frozen=True)
class OpenPromotion:
    """A Promotion of the Stage that has not ended."""

    name: str
    freight: str
    ready: bool
    """Has passed its own gate, and wants the turn or has it."""
    origin: str = ""
    hold: str = ""
    """What becomes of auto-promotion of that origin afterwards: `hold`, `resume` or ""."""
    judged: bool = True
    """Has its gate been looked at? Until then, it may be ready at any moment."""


@dataclass(frozen=True)
class StageView:
    """All that the decision depends on."""

    stage: Stage
    freight: Sequence[Freight]
    """Of the requested origins: at least what may enter now, or will by time alone."""
    auto_promotion: bool
    open: Sequence[OpenPromotion] = ()
    """In order of creation."""
    last_phase: Mapping[str, Phase] = field(default_factory=dict)
    """Freight name → phase of its newest ended Promotion to this Stage."""
    held: frozenset[str] = frozenset()
    """Origins that auto-promotion leaves alone, because a person promoted something else."""
    turn: str = ""
    """The Promotion that has the turn."""


@dataclass(frozen=True)
class LaneDecision:
    """What to do now, and when to look again if nobody nudges."""

    promote: tuple[Freight, ...] = ()
    turn: str = ""
    """The Promotion that gets the turn now."""
    verified: tuple[str, ...] = ()
    """Freight that the Stage finds good now."""
    wake_at: datetime | None = None


def decide(view: StageView, now: datetime) -> LaneDecision:
    """What the Stage does next."""
    spec = view.stage.spec
    promote: list[Freight] = []
    wakes: list[datetime | None] = []
    if spec.control_flow:
        wakes = [opens_at(f, view.stage, now) for f in _unmarked(view)]
    elif view.auto_promotion:
        for request in spec.requested_freight:
            chosen, wake_at = candidate(view, request.origin, now)
            wakes.append(wake_at)
            if chosen and _promotes_by_itself(view, chosen):
                promote.append(chosen)
    return LaneDecision(
        promote=tuple(promote),
        turn="" if view.turn else _next(view.open),
        verified=_verified(view, now),
        wake_at=_earliest(wakes),
    )


def turn_unmet(
    stage: Stage, name: str, turn: str, others: Sequence[OpenPromotion]
) -> tuple[Unmet, ...]:
    """What keeps a Promotion whose gate is open from going in; empty when it may.

    One at a time, in order of creation; and what a healthy Stage has is verified before anything
    replaces it, or it would never go on downstream (Kargo §14.13).
    """
    if turn == name:
        return ()
    ahead = (p.name for p in others if p.name < name and (p.ready or not p.judged))
    holder = turn or next(ahead, "")
    if holder:
        return (Unmet(reason=TURN, message=f"the turn is {holder}'s"),)
    if unverified(stage):
        return (Unmet(reason=TURN, message=f"stage {stage.name} verifies what it has first"),)
    return ()


def _next(open_: Sequence[OpenPromotion]) -> str:
    """Whose turn it is; nobody's while one that came first has not been judged."""
    first = next((p for p in open_ if p.ready or not p.judged), None)
    return first.name if first and first.ready else ""


def candidate(
    view: StageView, origin: Origin, now: datetime
) -> tuple[Freight | None, datetime | None]:
    """The Freight that auto-promotion would take, and when a newer one will become available."""
    wakes: list[datetime | None] = []
    for freight in _newest_first(view, origin, now):
        if not availability(freight, view.stage, now):
            return freight, _earliest(wakes)
        wakes.append(opens_at(freight, view.stage, now))
    return None, _earliest(wakes)


def upstream_to_match(stage: Stage, origin: Origin) -> str:
    """The Stage whose present Freight auto-promotion follows; "": it takes the newest."""
    request = stage.spec.request(origin)
    options = request.sources.auto_promotion_options if request else None
    if request is None or options is None or options.selection_policy != "MatchUpstream":
        return ""
    return next(iter(request.sources.stages), "")


def _newest_first(view: StageView, origin: Origin, now: datetime) -> list[Freight]:
    """By discovery (Kargo §14.2); of an upstream Stage to match, only what it has (§14.17)."""
    newest_first = sorted(
        (f for f in view.freight if f.origin == origin),
        key=lambda f: (f.discovered_at or f.metadata.creation_timestamp or now, f.name),
        reverse=True,
    )
    upstream = upstream_to_match(view.stage, origin)
    if not upstream:
        return newest_first
    there = [f for f in newest_first if upstream in f.status.currently_in]
    return there if len(there) == 1 else []


def _promotes_by_itself(view: StageView, freight: Freight) -> bool:
    """What is there, on its way or held back is let be, and so is what failed (Kargo §14.15)."""
    current = view.stage.status.current
    here = current.items.get(str(freight.origin)) if current else None
    return (
        not _held(view, str(freight.origin))
        and (here is None or here.name != freight.name)
        and all(p.freight != freight.name for p in view.open)
        and view.last_phase.get(freight.name, Phase.SUCCEEDED) is Phase.SUCCEEDED
    )


def _held(view: StageView, origin: str) -> bool:
    """Is the origin a person's? What is on its way in counts as if it had arrived."""
    coming = [p.hold for p in view.open if p.origin == origin and p.ready and p.hold]
    return coming[-1] == "hold" if coming else origin in view.held


def _verified(view: StageView, now: datetime) -> tuple[str, ...]:
    """Freight to mark: all that reaches a control-flow Stage, else what a healthy Stage has."""
    stage = view.stage
    if stage.spec.control_flow:
        return tuple(f.name for f in _unmarked(view) if not availability(f, stage, now))
    current = stage.status.current
    if current is None or not unverified(stage):
        return ()
    return tuple(f.name for f in current.items.values())


def _unmarked(view: StageView) -> list[Freight]:
    return [f for f in view.freight if view.stage.name not in f.status.verified_in]


def _earliest(moments: Iterable[datetime | None]) -> datetime | None:
    return min((m for m in moments if m), default=None)
