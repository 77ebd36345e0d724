"""Discovery of images in a real registry: Freight, and what stands in its way."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Any

import pytest

from ferryman.domain.warehouse import Warehouse
from server.demo.images import push_image
from tests.activities.lookout import MANIFEST_LIMIT, Lookout, lookout_for
from tests.crew import ANN, Crew
from tests.pipelines import NOW, PROJECT
from tests.servers.registry import CREDENTIAL, RunningRegistry, running_registry

pytestmark = pytest.mark.servers


@pytest.fixture
def running(tmp_path: Path) -> Iterator[RunningRegistry]:
    """A registry with a password."""
    with running_registry(tmp_path, password=True) as registry:
        yield registry


@pytest.fixture
async def lookout(crew: Crew, running: RunningRegistry, tmp_path: Path) -> AsyncIterator[Lookout]:
    """Who discovers, with the registry's password."""
    async with lookout_for(crew, tmp_path) as made:
        await made.allow("image", f"{running.host}/", CREDENTIAL.username, CREDENTIAL.password)
        yield made


async def push(running: RunningRegistry, name: str, *tags: str) -> None:
    """Push images."""
    async with running.pusher() as client:
        for tag in tags:
            await push_image(client, running.url, name, tag, NOW)


def image(running: RunningRegistry, name: str, **more: Any) -> dict[str, Any]:
    """A subscription."""
    return {"image": {"repoURL": f"{running.host}/{name}", **more}}


async def test_new_freight(lookout: Lookout, running: RunningRegistry) -> None:
    """The newest version becomes Freight once; the Stages that take it are nudged each time."""
    await lookout.declare(image(running, "web", constraint="^1.0.0"))
    await push(running, "web", "1.0.0", "1.1.0", "2.0.0")
    first, again = await lookout.discover(), await lookout.discover()
    assert (first.created, again.created) == (True, False)
    assert first.freight == again.freight
    minted = await lookout.crew.store.freight.get(PROJECT, first.alias)
    assert [image.tag for image in minted.images] == ["1.1.0"]
    assert lookout.nudges.sent == [("stage", PROJECT, "dev")] * 2
    assert await lookout.condition() == ("True", "")


async def test_one_subscription_in_trouble(lookout: Lookout, running: RunningRegistry) -> None:
    """What one subscription cannot find hides nothing of the others; without it, no Freight."""
    await lookout.declare(image(running, "none"), image(running, "web"))
    await push(running, "web", "1.0.0")
    outcome = await lookout.discover()
    assert outcome.freight == ""
    assert "/none does not exist" in outcome.message
    warehouse = await lookout.crew.store.resources.get(Warehouse, PROJECT, "app")
    found = warehouse.status.discovered_artifacts
    assert found
    assert [(i.repo_url, i.references[0].tag) for i in found.images] == [
        (f"{running.host}/web", "1.0.0")
    ]
    assert (await lookout.condition())[0] == "False"
    assert lookout.nudges.sent == []
    await push(running, "none", "0.1.0")
    assert (await lookout.discover()).created


async def test_an_odd_tag(lookout: Lookout, running: RunningRegistry) -> None:
    """A tag that cannot be read is left out, and the condition says so."""
    await lookout.declare(image(running, "web"))
    await push(running, "web", "1.0.0")
    async with running.pusher() as client:
        long = {"novel": "x" * MANIFEST_LIMIT}
        await push_image(client, running.url, "web", "1.1.0", NOW, annotations=long)
    outcome = await lookout.discover()
    status, message = await lookout.condition()
    assert (outcome.created, status) == (True, "True")
    assert message.startswith(f"tag 1.1.0 of {running.host}/web was left out: ")


async def test_nothing_fits(lookout: Lookout, running: RunningRegistry) -> None:
    """A repository whose tags do not fit is told by its name."""
    await lookout.declare(image(running, "web", constraint="^9"))
    await push(running, "web", "1.0.0")
    outcome = await lookout.discover()
    assert outcome.message.startswith(f"no tag of {running.host}/web fits")
    assert await lookout.condition("Ready") == ("False", outcome.message)


async def test_manual(lookout: Lookout, running: RunningRegistry) -> None:
    """Where people mint Freight, what there is is shown, and none is minted."""
    await lookout.declare(image(running, "web"), freightCreationPolicy="Manual")
    await push(running, "web", "1.0.0")
    outcome = await lookout.discover()
    assert (outcome.freight, outcome.message) == ("", "")
    assert await lookout.condition() == ("True", "")


async def test_what_is_not_supported_yet(lookout: Lookout, running: RunningRegistry) -> None:
    """A subscription of the user's own type is named as what is not supported yet."""
    own = {"cranes": {"config": {}}, "name": "harbour"}
    await lookout.declare(own, image(running, "web"))
    await push(running, "web", "1.0.0")
    message = (await lookout.discover()).message
    assert message.startswith("cranes harbour: cranes subscriptions are not supported yet; next ")


async def test_no_password(lookout: Lookout, running: RunningRegistry) -> None:
    """A registry that asks for a password is a condition that says what to apply."""
    await lookout.declare(image(running, "web"))
    crew = lookout.crew
    await crew.store.resources.delete("Secret", PROJECT, "image", actor=ANN, now=crew.later())
    assert "apply a Secret" in (await lookout.discover()).message
    events = await crew.events(kind="Warehouse", name="app")
    assert any(e.startswith("DiscoveryFailed") for e in events)


async def test_a_warehouse_that_is_gone(lookout: Lookout) -> None:
    """What is gone is watched no more."""
    assert (await lookout.discover("gone")).message == "the warehouse is gone"
    assert lookout.nudges.sent == [("forget", PROJECT, "gone")]


async def test_what_was_deleted(lookout: Lookout, running: RunningRegistry) -> None:
    """Freight that somebody deleted is not made again; something newer is."""
    await lookout.declare(image(running, "web"))
    await push(running, "web", "1.0.0")
    store, first = lookout.crew.store, await lookout.discover()
    await store.freight_removals.remove(PROJECT, first.freight, actor=ANN, now=NOW)
    again = await lookout.discover()
    assert (again.created, again.freight) == (False, "")
    warehouse = await store.resources.get(Warehouse, PROJECT, "app")
    told = next(c for c in warehouse.status.conditions if c.type == "FreightCreated")
    assert (told.status, told.reason) == ("False", "Deleted")
    assert "`ferryman create freight --warehouse app` brings it back" in told.message
    await push(running, "web", "1.1.0")
    assert (await lookout.discover()).created
