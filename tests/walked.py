"""Walked: a tree of steps as the workflow goes through it, with workers that answer as told."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass, field

from activities.planning import planned
from ferryman.domain import flow
from ferryman.domain.placement import walk
from ferryman.domain.plan import Admission, PlannedStep, StepReturn
from ferryman.domain.promotion import Promotion, PromotionSpec
from ferryman.domain.resource import Metadata
from ferryman.domain.step import StepExecution, StepStatus
from tests.pipelines import stage
from tests.tree import Tree, keys_in
from workflows.attention import Attention
from workflows.dispatch import Answer
from workflows.steps import StepRuns


@dataclass
class Walked:
    """What became of the steps, by alias."""

    tree: Tree
    outcomes: Mapping[str, StepStatus]
    """How those end that do not succeed."""
    turns: Mapping[str, int] = field(default_factory=dict)
    """How long each takes, where it is not at once."""
    began: list[str] = field(default_factory=list)
    """Paths of the steps that were run, in the order in which they began."""
    marks: list[tuple[str, str]] = field(default_factory=list)
    """`began` and `ended` of each path, as they came."""

    async def attempt(
        self, step: PlannedStep, path: str, alias: str, attempt: int, *, polls: bool
    ) -> Answer:
        """One attempt, as workers answer it."""
        assert attempt == 1, "nothing is tried again here"
        assert not polls
        self.began.append(path)
        self.marks.append(("began", path))
        for _ in range(self.turns.get(alias, 0)):
            await asyncio.sleep(0)
        self.marks.append(("ended", path))
        status = self.outcomes.get(alias, StepStatus.SUCCEEDED)
        keys = keys_in(self.tree).get(path, ()) if step.children else ()
        return Answer(StepReturn(status=status, keys=keys), seen=0, nudged=False)

    async def renew_when_long(self) -> None:
        """Histories are short here."""

    def recorded(self) -> list[StepExecution]:
        """What SQL has of it."""
        keys = keys_in(self.tree)
        return [
            StepExecution(
                path=placed.path,
                place=placed.order,
                alias=placed.alias,
                uses=placed.step.kind,
                status=self.outcomes.get(placed.alias, StepStatus.SUCCEEDED),
                continue_on_error=placed.continue_on_error,
                keys=keys.get(placed.path) if placed.step.is_loop else None,
            )
            for placed in walk(self.tree.steps, keys)
            if placed.path in self.began
        ]

    def told(self) -> tuple[StepExecution, ...]:
        """Every step, once it has ended."""
        return flow.completed(self.tree.steps, self.recorded())


async def walked(
    tree: Tree,
    outcomes: Mapping[str, StepStatus] | None = None,
    turns: Mapping[str, int] | None = None,
) -> Walked:
    """Go through a tree whose steps end as `outcomes` says, by alias."""
    walked = Walked(tree, outcomes or {}, turns or {})
    metadata = Metadata(name="dev.x.y", namespace="shop")
    promotion = Promotion(
        metadata=metadata, spec=PromotionSpec(stage="dev", freight="f", steps=tree.steps)
    )
    plan = planned(promotion, stage("dev"), {})
    attention = Attention(lambda: 0, _wanted, seen=0)
    await StepRuns(plan, walked, attention).run()  # type: ignore[arg-type]  # it stands in for it
    return walked


async def _wanted() -> Admission:
    return Admission(state="admitted")
