"""Promote: the door for the Temporal UI and scripts."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from temporalio.client import Client, WorkflowFailureError

from ferryman.domain.errors import InvalidError, NotFoundError
from ferryman.domain.plan import Settled
from ferryman.domain.promotion import Phase
from starter.failures import sentence
from tests.workflows.conftest import unique
from tests.workflows.script import QUEUE, Script, serving

pytestmark = pytest.mark.asyncio(loop_scope="module")
REQUEST = {"project": "shop", "stage": "dev", "freight": "lucky-jaguar"}


async def promote(client: Client, *given: Any) -> dict[str, Any]:
    """Run it by its name, as people do."""
    result: dict[str, Any] = await client.execute_workflow(
        "Promote",
        args=given,
        id=unique("promote"),
        task_queue=QUEUE,
        execution_timeout=timedelta(days=1),
    )
    return result


async def test_the_outcome(temporal: Client, script: Script) -> None:
    """It promotes, waits for as long as that takes, and returns how it went."""
    script.watched = [None, None, Settled(phase=Phase.FAILED, message="no")]
    async with serving(temporal, script):
        outcome = await promote(temporal, {**REQUEST, "by": "ann"})
    assert (outcome["phase"], outcome["message"]) == ("Failed", "no")
    assert [call.request.freight for call in script.promoted] == ["lucky-jaguar"]
    assert script.promoted[0].request.by == "ann"


@pytest.mark.parametrize(
    ("given", "sentences"),
    [
        ([{"project": "x"}], ["stage: Field required", "freight: Field required"]),
        ([{**REQUEST, "frieght": "y"}], ["frieght: Extra inputs are not permitted"]),
        ([{**REQUEST, "stage": 7}], ["stage: Input should be a valid string"]),
        ([{**REQUEST, "stage": ""}], ["stage: String should have at least 1 character"]),
        (["lucky-jaguar"], ["input: Input should be"]),
        ([None], ["input: Input should be"]),
        ([], ["input: Input should be"]),
    ],
)
async def test_bad_input(
    temporal: Client, script: Script, given: list[Any], sentences: list[str]
) -> None:
    """Input that is not understood fails the workflow with a sentence that shows the right one."""
    async with serving(temporal, script):
        with pytest.raises(WorkflowFailureError) as failed:
            await promote(temporal, *given)
    said = sentence(failed.value)
    assert all(wanted in said for wanted in sentences), said
    assert '{"project": "echo-server"' in said
    assert script.promoted == []


@pytest.mark.parametrize("refusal", [InvalidError("not verified"), NotFoundError("no stage x")])
async def test_refusals(temporal: Client, script: Script, refusal: Exception) -> None:
    """What may not be promoted fails at once, with the reason."""
    script.refusal = refusal
    async with serving(temporal, script):
        with pytest.raises(WorkflowFailureError) as failed:
            await promote(temporal, REQUEST)
    assert sentence(failed.value) == str(refusal)
    assert len(script.promoted) == 1
