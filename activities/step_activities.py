"""Steps as activities: each kind under its own name, so that history reads like the YAML."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from temporalio import activity
from temporalio.common import RawValue

from activities.polls import once
from activities.step_runner import StepRunner
from ferryman.domain.plan import StepCall, StepReturn
from ferryman.domain.step import GROUP, LOOP


def step_activities(runner: StepRunner) -> list[Callable[..., Any]]:
    """One activity per kind that this worker knows, and one for all that it does not."""
    kinds = sorted({*runner.kinds, LOOP, GROUP})
    return [*(_named(runner, kind) for kind in kinds), _unknown(runner)]


def _named(runner: StepRunner, kind: str) -> Callable[..., Any]:
    @activity.defn(name=kind)
    async def step(call: StepCall) -> StepReturn:
        return await once(runner.run(call, kind))

    return step


def _unknown(runner: StepRunner) -> Callable[..., Any]:
    """Without this, a kind that no worker has would only be an obscure failure in history."""

    @activity.defn(dynamic=True)
    async def unknown(arguments: Sequence[RawValue]) -> StepReturn:
        call = activity.payload_converter().from_payload(arguments[0].payload, StepCall)
        return await once(runner.run(call, activity.info().activity_type))

    return unknown
