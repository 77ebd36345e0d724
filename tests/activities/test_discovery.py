"""Discovery against a real registry: Freight, and what stands in its way."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from contextlib import aclosing
from pathlib import Path
from typing import Any

import pytest
from temporalio.testing import ActivityEnvironment

from activities.credentials import Credentials
from activities.discovery import Discovery
from ferryman.clients.registry import HttpRegistry, RegistryOptions
from ferryman.domain.plan import DiscoveryOutcome, Moment
from ferryman.domain.resource import Metadata
from ferryman.domain.secret import CRED_TYPE, Secret
from ferryman.domain.warehouse import Warehouse
from server.demo.images import push_image
from tests.crew import ANN, Crew
from tests.fakes.nudges import RecordingNudges
from tests.pipelines import NOW, PROJECT, project, stage
from tests.servers.registry import CREDENTIAL, RunningRegistry, running_registry

MANIFEST_LIMIT = 4000
pytestmark = pytest.mark.servers


@pytest.fixture
def running(tmp_path: Path) -> Iterator[RunningRegistry]:
    """A registry with a password."""
    with running_registry(tmp_path, password=True) as registry:
        yield registry


class Lookout:
    """Discovers for one Warehouse."""

    def __init__(self, crew: Crew, running: RunningRegistry, registry: HttpRegistry) -> None:
        self.crew = crew
        self.nudges = RecordingNudges()
        self.running = running
        self._discovery = Discovery(
            crew.store, self.nudges, registry, Credentials(crew.store.resources)
        )

    async def declare(self, *subscriptions: dict[str, Any], policy: str = "Automatic") -> None:
        """A Warehouse with these subscriptions, two Stages, and the registry's password."""
        spec = {"subscriptions": subscriptions, "freightCreationPolicy": policy}
        metadata = Metadata(name="app", namespace=PROJECT)
        secret = Secret(
            metadata=Metadata(name="reg", namespace=PROJECT, labels={CRED_TYPE: "image"}),
            data={
                "repoURL": f"^{self.running.host}/.*",
                "repoURLIsRegex": "true",
                "username": CREDENTIAL.username,
                "password": CREDENTIAL.password,
            },
        )
        await self.crew.declare(
            project(),
            Warehouse(metadata=metadata, spec=spec),
            stage("dev"),
            stage("prod", "dev"),
            secret,
        )

    async def push(self, name: str, *tags: str) -> None:
        """Push images."""
        async with self.running.pusher() as client:
            for tag in tags:
                await push_image(client, self.running.url, name, tag, NOW)

    def image(self, name: str, **more: Any) -> dict[str, Any]:
        """A subscription."""
        return {"image": {"repoURL": f"{self.running.host}/{name}", **more}}

    async def discover(self, name: str = "app") -> DiscoveryOutcome:
        """Discover once."""
        moment = Moment(project=PROJECT, name=name, now=self.crew.later())
        running = ActivityEnvironment().run(self._discovery.discover, moment)
        outcome: DiscoveryOutcome = await running
        return outcome

    async def condition(self, kind: str = "Healthy") -> tuple[str, str]:
        """A condition's status and message."""
        warehouse = await self.crew.store.resources.get(Warehouse, PROJECT, "app")
        found = next(c for c in warehouse.status.conditions if c.type == kind)
        return found.status, found.message


@pytest.fixture
async def lookout(crew: Crew, running: RunningRegistry) -> AsyncIterator[Lookout]:
    """Who discovers."""
    options = RegistryOptions(
        first_pause=0.01, requests_per_second=None, max_document_bytes=MANIFEST_LIMIT
    )
    async with aclosing(HttpRegistry(options)) as registry:
        yield Lookout(crew, running, registry)


async def test_new_freight(lookout: Lookout) -> None:
    """The newest version becomes Freight once; the Stages that take it are nudged each time."""
    await lookout.declare(lookout.image("web", constraint="^1.0.0"))
    await lookout.push("web", "1.0.0", "1.1.0", "2.0.0")
    first, again = await lookout.discover(), await lookout.discover()
    assert (first.created, again.created) == (True, False)
    assert first.freight == again.freight
    minted = await lookout.crew.store.freight.get(PROJECT, first.alias)
    assert [image.tag for image in minted.images] == ["1.1.0"]
    assert lookout.nudges.sent == [("stage", PROJECT, "dev")] * 2
    assert await lookout.condition() == ("True", "")


async def test_one_subscription_in_trouble(lookout: Lookout) -> None:
    """What one subscription cannot find hides nothing of the others; without it, no Freight."""
    await lookout.declare(lookout.image("none"), lookout.image("web"))
    await lookout.push("web", "1.0.0")
    outcome = await lookout.discover()
    assert outcome.freight == ""
    assert "/none does not exist" in outcome.message
    warehouse = await lookout.crew.store.resources.get(Warehouse, PROJECT, "app")
    found = warehouse.status.discovered_artifacts
    assert found
    assert [(i.repo_url, i.references[0].tag) for i in found.images] == [
        (f"{lookout.running.host}/web", "1.0.0")
    ]
    assert (await lookout.condition())[0] == "False"
    assert lookout.nudges.sent == []
    await lookout.push("none", "0.1.0")
    assert (await lookout.discover()).created


async def test_an_odd_tag(lookout: Lookout) -> None:
    """A tag that cannot be read is left out, and the condition says so."""
    await lookout.declare(lookout.image("web"))
    await lookout.push("web", "1.0.0")
    async with lookout.running.pusher() as client:
        long = {"novel": "x" * MANIFEST_LIMIT}
        await push_image(client, lookout.running.url, "web", "1.1.0", NOW, annotations=long)
    outcome = await lookout.discover()
    status, message = await lookout.condition()
    assert (outcome.created, status) == (True, "True")
    assert message.startswith(f"tag 1.1.0 of {lookout.running.host}/web was left out: ")


async def test_nothing_fits(lookout: Lookout) -> None:
    """A repository whose tags do not fit is told by its name."""
    await lookout.declare(lookout.image("web", constraint="^9"))
    await lookout.push("web", "1.0.0")
    outcome = await lookout.discover()
    assert outcome.message.startswith(f"no tag of {lookout.running.host}/web fits")
    assert await lookout.condition("Ready") == ("False", outcome.message)


async def test_manual(lookout: Lookout) -> None:
    """Where people mint Freight, what there is is shown, and none is minted."""
    await lookout.declare(lookout.image("web"), policy="Manual")
    await lookout.push("web", "1.0.0")
    outcome = await lookout.discover()
    assert (outcome.freight, outcome.message) == ("", "")
    assert await lookout.condition() == ("True", "")


async def test_what_is_not_supported_yet(lookout: Lookout) -> None:
    """A git subscription is named as what is not supported yet."""
    git = {"git": {"repoURL": "https://git.shop.dev/app.git"}}
    await lookout.declare(git, lookout.image("web"))
    await lookout.push("web", "1.0.0")
    assert (await lookout.discover()).message == "git subscriptions are not supported yet"


async def test_no_password(lookout: Lookout) -> None:
    """A registry that asks for a password is a condition that says what to apply."""
    await lookout.declare(lookout.image("web"))
    crew = lookout.crew
    await crew.store.resources.delete("Secret", PROJECT, "reg", actor=ANN, now=crew.later())
    assert "apply a Secret" in (await lookout.discover()).message
    events = await crew.events(kind="Warehouse", name="app")
    assert any(e.startswith("DiscoveryFailed") for e in events)


async def test_a_warehouse_that_is_gone(lookout: Lookout) -> None:
    """What is gone is watched no more."""
    assert (await lookout.discover("gone")).message == "the warehouse is gone"
    assert lookout.nudges.sent == [("forget", PROJECT, "gone")]
