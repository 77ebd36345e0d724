"""Promoting: how a Promotion comes to be, and why it may not."""

from __future__ import annotations

from datetime import timedelta

import pytest

from ferryman.domain.errors import ConflictError, InvalidError, NotFoundError
from ferryman.domain.names import parse_promotion_name
from ferryman.domain.promotion import Phase
from tests.crew import ANN, Crew
from tests.pipelines import config, freight, pipeline, stage

F1, F2 = freight(1, alias="lucky-jaguar"), freight(2)
DEV, STAGING = "development", "staging"


async def test_by_name_or_alias(line: Crew) -> None:
    """Freight is named by its name or its alias; the Promotion has Kargo's name for itself."""
    await line.mint(F1)
    names = [await line.promote(DEV, F1.name), await line.promote(DEV, "lucky-jaguar")]
    for name in names:
        parsed = parse_promotion_name(name)
        assert (parsed.stage, parsed.freight) == (DEV, F1.name[:7])
    assert (await line.promotion(names[0])).status.phase is Phase.PENDING
    assert f"PromotionCreated: Freight lucky-jaguar to stage {DEV}" in await line.events()


async def test_by_origin(line: Crew) -> None:
    """An origin stands for what auto-promotion would take of it, at this moment."""
    await line.mint(F1, F2)
    made = await line.store.gates.promote(
        "shop", DEV, origin="Warehouse/app", actor=ANN, now=line.later()
    )
    assert made.spec.freight == F2.name
    with pytest.raises(ConflictError, match="no Freight of app may enter stage staging now"):
        await line.store.gates.promote("shop", STAGING, origin="app", actor=ANN, now=line.now)


async def test_every_reason_is_given(line: Crew) -> None:
    """A refusal names every condition that is not met, and what to do."""
    await line.declare(stage("production", STAGING, "uat", every=True))
    await line.mint(F1)
    with pytest.raises(InvalidError) as refused:
        await line.promote("production", F1)
    assert str(refused.value) == (
        "Freight lucky-jaguar may not enter stage production: not verified in stage staging; "
        "not verified in stage uat. "
        "Promote it upstream first, or let it in with `ferryman approve freight`"
    )
    assert await line.store.promotions.list("shop") == []


async def test_what_does_not_exist(line: Crew) -> None:
    """Unknown Stages, Freight and Projects are named."""
    with pytest.raises(NotFoundError, match="freight nobody does not exist in project shop"):
        await line.promote(DEV, "nobody")
    with pytest.raises(NotFoundError, match="stage elsewhere does not exist in project shop"):
        await line.promote("elsewhere", F1)
    line.project = "nowhere"
    with pytest.raises(NotFoundError, match="stage development does not exist in project nowhere"):
        await line.promote(DEV, F1)


async def test_a_control_flow_stage_runs_nothing(line: Crew) -> None:
    """There is nothing to promote to where there are no steps."""
    await line.declare(stage("joint", DEV, steps=()))
    await line.mint(F1)
    with pytest.raises(InvalidError, match="stage: stage joint has no promotion steps"):
        await line.promote("joint", F1)


async def test_it_is_frozen(line: Crew) -> None:
    """Steps and variables are those of the Stage at creation, whatever becomes of the Stage."""
    await line.mint(F1)
    name = await line.promote(DEV, F1)
    await line.declare(stage(DEV, steps=["git-clear"]))
    spec = (await line.promotion(name)).spec
    assert [s.uses for s in spec.steps] == ["git-clone", "yaml-update", "git-push"]


async def test_names_stand_in_the_order_of_creation(line: Crew) -> None:
    """Also within one millisecond, and when the clock goes back."""
    await line.mint(F1)
    names = []
    for _ in range(5):
        names.append(await line.promote(DEV, F1))
        line.now -= timedelta(seconds=1, milliseconds=1)
    assert names == sorted(names)
    listed = await line.store.promotions.list("shop", stage=DEV)
    assert [p.name for p in listed] == names[::-1]


async def test_a_hold_after_a_rollback_by_hand(crew: Crew) -> None:
    """What a person put back stays, until a person promotes the candidate again (§14.16)."""
    await crew.declare(*pipeline(DEV))
    await crew.mint(F1)
    await crew.carry(DEV, F1)
    await crew.mint(F2)
    (newer,) = (await crew.decide(DEV)).promotions
    await crew.run(newer)
    await crew.decide(DEV)
    assert await crew.carry(DEV, F1)
    assert (await crew.decide(DEV)).promotions == ()
    back = await crew.carry(DEV, F2)
    resumed = (await crew.promotion(back)).metadata.annotations
    assert resumed["kargo.akuity.io/auto-promotion-resume"] == "Warehouse/app"
    third = freight(3)
    await crew.mint(third)
    assert len((await crew.decide(DEV)).promotions) == 1


async def test_turning_auto_promotion_off_forgets_holds(crew: Crew) -> None:
    """Once it is on again, the newest is taken."""
    await crew.declare(*pipeline(DEV))
    await crew.mint(F1, F2)
    await crew.carry(DEV, F1)
    assert (await crew.decide(DEV)).promotions == ()
    await crew.declare(config())
    await crew.decide(DEV)
    await crew.declare(config(DEV))
    (name,) = (await crew.decide(DEV)).promotions
    assert (await crew.promotion(name)).spec.freight == F2.name


async def test_no_hold_for_what_never_went_in(crew: Crew) -> None:
    """A rollback that was rejected or aborted holds nothing."""
    await crew.declare(*pipeline(DEV))
    await crew.mint(F1, F2)
    (newest,) = (await crew.decide(DEV)).promotions
    back = await crew.promote(DEV, F1)
    await crew.say(back, "reject")
    await crew.admit(back)
    await crew.run(newest)
    await crew.mint(freight(3))
    assert len((await crew.decide(DEV)).promotions) == 1
