"""What a step says of Freight and Stages is written with its end, or not at all."""

from __future__ import annotations

import pytest

from ferryman.domain.errors import ConflictError, NotFoundError
from ferryman.domain.status_change import AliasUpdate, MetadataUpdate, StatusChange
from ferryman.domain.step import StepStatus
from ferryman.storage.steps import StepEnd
from tests.crew import Crew
from tests.pipelines import freight

F1, F2 = freight(1, alias="one"), freight(2, alias="two")
DEV = "development"


@pytest.fixture
async def running(line: Crew) -> str:
    """A Promotion whose first step runs."""
    await line.mint(F1, F2)
    name = await line.promote(DEV, F1)
    await line.admit(name)
    await line.claim(name)
    return name


async def end(crew: Crew, name: str, *changes: StatusChange, attempt: int = 1) -> None:
    """End the step with these."""
    ended = StepEnd(StepStatus.SUCCEEDED, records=changes)
    await crew.store.steps.end(crew.key(name, attempt=attempt), ended, now=crew.later())


async def test_metadata_is_merged(line: Crew, running: str) -> None:
    """Keys that are not named stay, of Freight and of Stages."""
    await end(
        line,
        running,
        MetadataUpdate("Freight", F1.name, {"ticket": "A-1", "by": {"who": "ann"}}),
        MetadataUpdate("Freight", "one", {"ticket": "A-2"}),
        MetadataUpdate("Stage", DEV, {"colour": "blue"}),
    )
    status = (await line.freight(F1)).status
    assert status.metadata == {"ticket": "A-2", "by": {"who": "ann"}}
    assert (await line.stage(DEV)).status.metadata == {"colour": "blue"}
    await line.settle(running)
    assert (await line.stage(DEV)).status.metadata == {"colour": "blue"}


async def test_an_alias_is_changed_everywhere(line: Crew, running: str) -> None:
    """Freight is found by its new alias only, and its label says so."""
    await end(line, running, AliasUpdate(F1.name, "uno"))
    found = await line.store.freight.get("shop", "uno")
    assert (found.name, found.alias) == (F1.name, "uno")
    assert found.metadata.labels["kargo.akuity.io/alias"] == "uno"
    with pytest.raises(NotFoundError):
        await line.store.freight.get("shop", "one")


async def test_an_alias_of_its_own_is_not_taken(line: Crew, running: str) -> None:
    """Saying what is so already changes nothing."""
    await end(line, running, AliasUpdate("one", "one"))
    assert (await line.freight(F1)).alias == "one"


@pytest.mark.parametrize(
    ("change", "error"),
    [
        (AliasUpdate(F1.name, "two"), ConflictError),
        (AliasUpdate(F1.name, F2.name), ConflictError),
        (AliasUpdate("nothing", "x"), NotFoundError),
        (MetadataUpdate("Stage", "nothing", {}), NotFoundError),
        (MetadataUpdate("Freight", "nothing", {}), NotFoundError),
    ],
)
async def test_all_or_nothing(
    line: Crew, running: str, change: StatusChange, error: type[Exception]
) -> None:
    """Where one cannot be written none is, and the step has not ended."""
    good = MetadataUpdate("Stage", DEV, {"colour": "blue"})
    with pytest.raises(error):
        await end(line, running, good, change)
    assert (await line.stage(DEV)).status.metadata == {}
    (step,) = (await line.promotion(running)).status.step_execution_metadata
    assert step.status is StepStatus.RUNNING


async def test_an_aborted_step_says_nothing(line: Crew, running: str) -> None:
    """Once an abort is asked for, nothing more becomes known."""
    await line.say(running, "abort")
    await end(line, running, AliasUpdate(F1.name, "uno"))
    assert (await line.freight(F1)).alias == "one"
