"""Script: activities that answer as a test says, and remember what they were asked."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Sequence
from contextlib import asynccontextmanager
from datetime import timedelta
from typing import Any, TypeVar

from temporalio import activity
from temporalio.client import Client
from temporalio.exceptions import ApplicationError, ApplicationErrorCategory
from temporalio.worker import Worker

from activities.failures import OurWords
from ferryman.domain.event import Decision
from ferryman.domain.plan import (
    Admission,
    DecisionCall,
    DiscoveryOutcome,
    LaneOutcome,
    Moment,
    Plan,
    PlannedStep,
    PromoteCall,
    PromotionKey,
    RecordedStep,
    Settled,
    Settlement,
    StepCall,
    StepReturn,
    SweepOutcome,
)
from ferryman.domain.promotion import Phase
from ferryman.domain.step import LOOP, StepStatus
from worker.registrations import WORKFLOWS
from workflows.signals import FirstArgumentOnly

QUEUE = "ferryman"
_SOON = timedelta(milliseconds=100)
T = TypeVar("T")


class Script:
    """Answers of the control activities and steps, and what they were asked."""

    def __init__(self) -> None:
        self.steps: list[PlannedStep] = []
        self.recorded: list[RecordedStep] = []
        """What had become of them in an earlier history."""
        self.admissions: list[Admission] = []
        self.outcomes: dict[str, list[StepReturn | BaseException]] = {}
        self.lanes: list[LaneOutcome] = []
        self.discoveries: list[DiscoveryOutcome] = []
        self.refusal: Exception | None = None
        """Why nothing can be promoted."""
        self.watched: list[Settled | None] = [Settled(phase=Phase.SUCCEEDED)]
        """What the promoted one has become, each time that it is looked at; None: not ended."""
        self.asked: list[Moment] = []
        self.called: list[StepCall] = []
        self.decided: list[DecisionCall] = []
        self.settlements: list[Settlement] = []
        self.while_settling: Callable[[], Awaitable[None]] | None = None
        self.reopened = [False]
        """Has somebody had it tried again by the time that it is settled?"""
        self.promoted: list[PromoteCall] = []
        self.meanwhile: Callable[[], Awaitable[None]] | None = None
        """Happens during the next decision or discovery."""

    def plan(self, *steps: str, **more: Any) -> None:
        """The Promotion is admitted at once, with these steps."""
        self.steps = [PlannedStep(path=str(i), uses=u, **more) for i, u in enumerate(steps, 1)]
        self.admissions = [self.admitted()]

    def admitted(self) -> Admission:
        """It may go in."""
        plan = Plan(queue=QUEUE, steps=tuple(self.steps), recorded=tuple(self.recorded))
        return Admission(state="admitted", plan=plan)

    @activity.defn(name="admit")
    async def _admit(self, moment: Moment) -> Admission:
        self.asked.append(moment)
        return _next(self.admissions)

    @activity.defn(name="settle")
    async def _settle(self, settlement: Settlement) -> Settled:
        self.settlements.append(settlement)
        if self.while_settling:
            happening, self.while_settling = self.while_settling, None
            await happening()
        phase = Phase.ABORTED if settlement.aborted else Phase.SUCCEEDED
        return Settled(phase=phase, reopened=_next(self.reopened))

    @activity.defn(name="decide")
    async def _decide(self, moment: Moment) -> LaneOutcome:
        self.asked.append(moment)
        await self._happen()
        return self.lanes.pop(0) if self.lanes else LaneOutcome()

    @activity.defn(name="discover")
    async def _discover(self, moment: Moment) -> DiscoveryOutcome:
        self.asked.append(moment)
        await self._happen()
        return self.discoveries.pop(0) if self.discoveries else DiscoveryOutcome()

    @activity.defn(name="record_decision")
    async def _record_decision(self, call: DecisionCall) -> Decision:
        self.decided.append(call)
        return Decision(verdict=call.verdict, actor="ann", proven=False, at=call.now)

    @activity.defn(name="promote")
    async def _promote(self, call: PromoteCall) -> PromotionKey:
        self.promoted.append(call)
        if self.refusal:
            raise self.refusal
        return PromotionKey(project=call.request.project, name="dev.x.y")

    @activity.defn(name="await_promotion")
    async def _await_promotion(self, _key: PromotionKey) -> Settled:
        settled = _next(self.watched)
        if settled is None:
            raise ApplicationError("it runs", category=ApplicationErrorCategory.BENIGN)
        return settled

    @activity.defn(name="sweep")
    async def _sweep(self, moment: Moment) -> SweepOutcome:
        self.asked.append(moment)
        return SweepOutcome(stages=1)

    async def _happen(self) -> None:
        if self.meanwhile:
            happening, self.meanwhile = self.meanwhile, None
            await happening()

    def activities(self) -> Sequence[Callable[..., Any]]:
        """The control activities, and one for each kind of step that is planned."""
        control: list[Callable[..., Any]] = [
            self._admit,
            self._settle,
            self._decide,
            self._discover,
            self._record_decision,
            self._promote,
            self._await_promotion,
            self._sweep,
        ]
        return [*control, *(self._step(kind) for kind in sorted(_kinds(self.steps)))]

    def _step(self, kind: str) -> Callable[..., Any]:
        @activity.defn(name=kind)
        async def step(call: StepCall) -> StepReturn:
            self.called.append(call)
            scripted = self.outcomes.get(kind, [])
            outcome = scripted.pop(0) if scripted else StepReturn(status=StepStatus.SUCCEEDED)
            if isinstance(outcome, BaseException):
                raise outcome
            return outcome

        return step


class Endless:
    """The step `endless`, which only an abort ends."""

    def __init__(self) -> None:
        self.began = asyncio.Event()

    @activity.defn(name="endless")
    async def run(self, _call: StepCall) -> StepReturn:
        """Begin, and beat for ever."""
        self.began.set()
        while True:
            activity.heartbeat()
            await asyncio.sleep(0.05)


@asynccontextmanager
async def serving(
    client: Client, script: Script, *instead: Callable[..., Any], queue: str = QUEUE
) -> AsyncIterator[None]:
    """A worker for every workflow and the script's activities, some of them replaced."""
    by_name = {_name(a): a for a in (*script.activities(), *instead)}
    async with Worker(
        client,
        task_queue=queue,
        workflows=WORKFLOWS,
        activities=list(by_name.values()),
        interceptors=[FirstArgumentOnly(), OurWords()],
        # So that an abort reaches a step soon.
        max_heartbeat_throttle_interval=_SOON,
        default_heartbeat_throttle_interval=_SOON,
    ):
        yield


def inside(uses: str, *children: PlannedStep, path: str = "1", **more: Any) -> PlannedStep:
    """A loop or a group as it is planned."""
    record = {"leaves_record": uses == LOOP, "tree": False}
    return PlannedStep(path=path, uses=uses, children=children, **record | more)


def _kinds(steps: Iterable[PlannedStep]) -> set[str]:
    return {kind for step in steps for kind in (step.uses, *_kinds(step.children))}


def _name(function: Callable[..., Any]) -> str:
    return str(activity._Definition.must_from_callable(function).name)


def _next(answers: list[T]) -> T:
    """The next answer; the last one stays."""
    return answers.pop(0) if len(answers) > 1 else answers[0]
