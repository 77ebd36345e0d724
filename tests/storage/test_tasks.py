"""Tasks: inlined when a Promotion is created; what is wrong with one stops nothing else."""

from __future__ import annotations

import pytest

from ferryman.domain.errors import InvalidError
from ferryman.domain.promotion import Phase
from ferryman.domain.resource import Metadata, Resource
from ferryman.domain.task import ClusterPromotionTask, PromotionTask
from tests.crew import Crew
from tests.pipelines import PROJECT, config, freight, project, stage, warehouse

F1 = freight(1)
USES = [{"task": {"name": "deploy"}, "as": "d"}, "http"]


def task(*steps: str, project: str = PROJECT) -> PromotionTask:
    """A task with one var that must be given."""
    spec = {"vars": [{"name": "repo"}], "steps": [{"uses": s} for s in steps]}
    return PromotionTask(metadata=Metadata(name="deploy", namespace=project), spec=spec)


def given(*steps: object) -> Resource:
    """A Stage that gives the var."""
    made = stage("dev", steps=steps)  # type: ignore[arg-type]  # it is what a Stage takes
    variables = ({"name": "repo", "value": "r"},)
    return made.model_copy(update={"spec": made.spec.load({**made.spec.dump(), "vars": variables})})


@pytest.fixture
async def shop(crew: Crew) -> Crew:
    """A Stage `dev` that promotes by itself what its Warehouse finds, with steps of a task."""
    await crew.declare(project(), config("dev"), warehouse(), given(*USES))
    await crew.mint(F1)
    return crew


async def test_a_promotion_has_the_steps_of_its_tasks(shop: Crew) -> None:
    """They are frozen: a task that changes afterwards changes nothing in it."""
    await shop.declare(task("git-clone", "git-push"))
    name = await shop.promote("dev", F1)
    await shop.declare(task("fail"))
    promotion = await shop.promotion(name)
    assert [(s.as_, s.uses) for s in promotion.spec.steps] == [
        ("d::step-1", "git-clone"),
        ("d::step-2", "git-push"),
        ("step-2", "http"),
    ]


async def test_a_task_of_every_project(crew: Crew) -> None:
    """A ClusterPromotionTask belongs to none."""
    everywhere = ClusterPromotionTask(
        metadata=Metadata(name="deploy"), spec={"steps": [{"uses": "http"}]}
    )
    uses = {"task": {"name": "deploy", "kind": "ClusterPromotionTask"}}
    await crew.declare(project(), warehouse(), everywhere, stage("dev", steps=[uses]))
    await crew.mint(F1)
    promotion = await crew.promotion(await crew.promote("dev", F1))
    assert [s.as_ for s in promotion.spec.steps] == ["task-1::step-1"]


async def test_promoting_without_the_task_says_so(shop: Crew) -> None:
    """Whoever promotes by hand is told; there is no Promotion then."""
    with pytest.raises(InvalidError, match="stage dev uses the PromotionTask deploy, which does"):
        await shop.promote("dev", F1)
    assert await shop.store.promotions.list(PROJECT) == []


async def test_auto_promotion_waits_for_the_task(shop: Crew) -> None:
    """The lane tells it on the Stage and in events, ends, and promotes once the task is there."""
    for _ in range(2):
        decided = await shop.decide("dev")
        assert (decided.promotions, decided.wake_at) == ((), None)
    said = "stage dev uses the PromotionTask deploy, which does not exist"
    conditions = [c for c in (await shop.stage("dev")).status.conditions if c.status == "False"]
    assert [(c.type, c.reason) for c in conditions] == [("Promotable", "InvalidTemplate")]
    assert conditions[0].message.startswith(said)
    assert len([e for e in await shop.events() if said in e]) == 1
    await shop.declare(task("git-clone"))
    assert len((await shop.decide("dev")).promotions) == 1
    assert all(c.type != "Promotable" for c in (await shop.stage("dev")).status.conditions)


async def test_what_was_created_goes_on(shop: Crew) -> None:
    """A Promotion gets its turn, and ends well, whatever has become of the task meanwhile."""
    await shop.declare(task("git-clone"))
    (name,) = (await shop.decide("dev")).promotions
    await shop.delete("PromotionTask", "deploy")
    await shop.decide("dev")
    assert (await shop.admit(name)).state == "admitted"
    assert (await shop.settle(name, (Phase.SUCCEEDED, "")))[0] is Phase.SUCCEEDED
