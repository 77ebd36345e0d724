"""Freight: minted once, never changed, and known by name and alias."""

from __future__ import annotations

import pytest

from ferryman.domain import aliases
from ferryman.domain.errors import ConflictError, InvalidError, NotFoundError
from ferryman.storage import freight as freight_module
from tests.crew import ANN, Crew
from tests.pipelines import NOW, PROJECT, freight, project

F1, F2 = freight(1), freight(2)


@pytest.fixture
async def yard(crew: Crew) -> Crew:
    """A crew in an empty Project."""
    await crew.declare(project())
    return crew


async def test_minting_is_idempotent(yard: Crew) -> None:
    """The same contents are the same Freight, told of once."""
    first, is_new = await yard.store.freight.mint(F1, actor=ANN, now=yard.later())
    again, is_new_again = await yard.store.freight.mint(F1, actor=ANN, now=yard.later())
    assert (is_new, is_new_again) == (True, False)
    assert again == first
    assert (first.name, first.images, first.discovered_at) == (F1.name, F1.images, F1.discovered_at)
    assert first.metadata.labels == {"kargo.akuity.io/alias": first.alias}
    assert await yard.events(kind="Freight") == [
        f"FreightCreated: Freight {first.alias} ({F1.name[:7]}): registry.example/shop/app:1.1.0"
    ]


async def test_it_is_found_by_name_and_by_alias(yard: Crew) -> None:
    """What nobody named gets an adjective and an animal."""
    await yard.mint(F1)
    found = await yard.store.freight.get(PROJECT, F1.name)
    assert found.alias == aliases.alias(F1.name)
    assert await yard.store.freight.get(PROJECT, found.alias) == found
    with pytest.raises(NotFoundError, match="freight tame-lion does not exist in project shop"):
        await yard.store.freight.get(PROJECT, "tame-lion")


async def test_a_name_goes_before_an_alias(yard: Crew) -> None:
    """An alias that looks like another Freight's name hides nothing."""
    await yard.mint(freight(3, alias=F1.name))
    await yard.mint(F1)
    assert (await yard.store.freight.get(PROJECT, F1.name)).name == F1.name


async def test_an_alias_that_was_asked_for_and_is_taken(yard: Crew) -> None:
    """It is refused, by a sentence; in another Project it is free."""
    await yard.declare(project("other"))
    await yard.mint(freight(1, alias="lucky-jaguar"))
    with pytest.raises(ConflictError, match="alias lucky-jaguar is taken in project shop by"):
        await yard.mint(freight(2, alias="lucky-jaguar"))
    await yard.mint(freight(2, alias="lucky-jaguar", project="other"))
    with pytest.raises(ConflictError, match="is taken"):
        await yard.mint(freight(4, alias=F1.name))


async def test_generated_aliases_step_aside(yard: Crew, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where words run out, the next attempt is taken, and in the end a part of the name."""
    monkeypatch.setattr(freight_module, "alias", lambda _seed, attempt: f"tame-lion{attempt // 99}")
    await yard.mint(F1, F2, freight(3))
    listed = await yard.store.freight.list(PROJECT)
    assert [f.alias for f in listed] == [
        f"freight-{freight(3).name[:12]}",
        "tame-lion1",
        "tame-lion0",
    ]


async def test_listing_newest_first(yard: Crew) -> None:
    """By the time of discovery, of all origins or of some."""
    base = freight(5, origin="base", at=NOW)
    await yard.mint(F1, base, F2)
    listed = await yard.store.freight.list(PROJECT)
    assert [f.name for f in listed] == [F2.name, F1.name, base.name]
    some = await yard.store.freight.list(PROJECT, origins=["Warehouse/base"])
    assert [f.name for f in some] == [base.name]
    assert await yard.store.freight.list("elsewhere") == []


async def test_an_approval_is_recorded_once(yard: Crew) -> None:
    """Who, when and why; a second one changes nothing."""
    await yard.mint(F1)
    for comment in ("urgent fix", "again"):
        await yard.store.freight.approve(
            PROJECT, F1.name, "production", actor=ANN, comment=comment, now=yard.later()
        )
    approved = (await yard.freight(F1)).status.approved_for["production"]
    assert (approved.actor, approved.comment) == ("ann", "urgent fix")
    told = await yard.events(kind="Freight")
    assert told[1:] == ["FreightApproved: approved for stage production: urgent fix"]


async def test_it_needs_its_project(crew: Crew) -> None:
    """Nothing is minted into a Project that is not there, or not any more."""
    with pytest.raises(NotFoundError, match="project shop does not exist"):
        await crew.mint(F1)


async def test_another_alias(yard: Crew) -> None:
    """It is found by the new one only; an event says who changed it."""
    await yard.mint(freight(1, alias="one"))

    async def rename(new: str) -> str:
        changed = await yard.store.freight.rename(
            PROJECT, F1.name, new, actor=ANN, now=yard.later()
        )
        return changed.alias

    assert await rename("uno") == "uno"
    assert await rename("uno") == "uno"
    with pytest.raises(NotFoundError):
        await yard.store.freight.get(PROJECT, "one")
    told = await yard.events(kind="Freight")
    assert told[1:] == [
        f"FreightAliasChanged: Freight one ({F1.name[:7]}) is now called uno",
    ]
    await yard.mint(freight(2, alias="two"))
    with pytest.raises(ConflictError, match=f"alias: two is taken by .*{F2.name}"):
        await rename("two")
    with pytest.raises(InvalidError, match="newAlias"):
        await rename("a/b")
