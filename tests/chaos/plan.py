"""The plan: who is struck how, when and for how long. It depends on the seed alone."""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final, Literal

Way = Literal["kill", "kill, stays down", "kill, loses its disk", "freeze", "cut", "silence"]
KILLS: Final[tuple[Way, ...]] = ("kill", "kill, stays down", "kill, loses its disk")
WORKER: Final = "worker"
"""One of them: whoever is in the midst of what the blow waits for, else the one drawn."""
GIT: Final = "a worker's git"
EVERYTHING: Final = "everything"
NETWORKS: Final = ("git", "registry")
STEPS: Final = (
    *("git-clone", "yaml-update", "git-commit", "git-push"),
    *("git-tag", "forEach", "set-metadata"),
)


@dataclass(frozen=True)
class Moment:
    """What a blow waits for."""

    kind: Literal["any", "a step began", "a step ended", "a Promotion", "git asks"] = "any"
    uses: str = ""
    """Of a step its kind, of a Promotion its phase, of git the service."""
    when: Literal["", "greeting", "before", "after"] = ""
    """Of a request to the git server: held as a greeting, before it is answered, or after."""

    def __str__(self) -> str:
        return " ".join(filter(None, (self.kind, self.uses, self.when)))


@dataclass(frozen=True)
class Planned:
    """One blow."""

    number: int
    target: str
    way: Way
    moment: Moment
    pause: float
    """Seconds after the one before was due."""
    lasts: float
    """Seconds that it stays down, frozen or cut."""
    draw: int
    """Chooses among several workers."""


def planned(seed: int, *, kills: int, seconds: float, postgres: bool) -> Iterator[Planned]:
    """Blows until so many of them were kills; they take about so many seconds, if none waits."""
    dice = random.Random(seed)  # noqa: S311 - to be repeated, not to be secret
    targets = _targets(postgres=postgres)
    killed = number = 0
    while killed < kills:
        number += 1
        target = dice.choices(list(targets), weights=list(targets.values()))[0]
        way = _way(dice, target)
        killed += way in KILLS and target != GIT  # often there is none
        yield Planned(
            number=number,
            target=target,
            way=way,
            moment=_moment(dice) if target in {WORKER, EVERYTHING} else Moment(),
            pause=dice.uniform(0, 2) * seconds / kills / (1 + _MORE),
            lasts=_lasts(dice, way),
            draw=dice.randrange(1000),
        )


_EXTRA = 0.12
"""Of what may be frozen instead of killed, how often it is."""
_MORE = 0.28
"""Blows that are no kills, or not for sure, for each one that is."""


def _targets(*, postgres: bool) -> dict[str, int]:
    usual = {WORKER: 52, GIT: 12, "api": 12, "temporal": 14, EVERYTHING: 1, "git": 3, "registry": 1}
    return usual | ({"postgres": 12} if postgres else {})


def _way(dice: random.Random, target: str) -> Way:
    if target in NETWORKS:
        return dice.choice(("cut", "silence"))
    if target in {GIT, EVERYTHING}:
        return "kill"
    if dice.random() < _EXTRA:
        return "freeze"
    if target != WORKER:
        return "kill"
    return dice.choices(KILLS, weights=(80, 12, 8))[0]


def _moment(dice: random.Random) -> Moment:
    drawn = dice.random()
    if drawn < 0.4:
        return Moment()
    if drawn < 0.6:
        return Moment("a step began", dice.choice(STEPS))
    if drawn < 0.75:
        return Moment("a step ended", dice.choice(STEPS))
    if drawn < 0.8:
        return Moment("a Promotion", dice.choice(("Pending", "Running", "Succeeded")))
    service = dice.choice(("git-upload-pack", "git-receive-pack"))
    return Moment("git asks", service, dice.choice(("greeting", "before", "after")))


def _lasts(dice: random.Random, way: Way) -> float:
    match way:
        case "kill, stays down":
            return dice.uniform(8, 15)
        case "freeze":
            return dice.choice((dice.uniform(1, 5), dice.uniform(11, 16)))
        case "cut" | "silence":
            return dice.uniform(2, 8)
        case _:
            return 0.0
