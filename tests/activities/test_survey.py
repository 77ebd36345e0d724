"""What one subscription's trouble means for the Warehouse: told, waited out, and nobody else's."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from server.demo.git_server import GitServer
from tests.activities.lookout import Lookout, lookout_for
from tests.crew import Crew
from tests.servers.asgi import serving
from tests.servers.git import CREDENTIAL, Repository, make_repository
from tests.servers.turnstile import Turnstile


@dataclass
class Harbour:
    """Two repositories behind a turnstile, and who discovers."""

    lookout: Lookout
    app: Repository
    config: Repository
    url: str
    turnstile: Turnstile

    def git(self, name: str, **more: Any) -> dict[str, Any]:
        """A subscription."""
        return {"git": {"repoURL": f"{self.url}/{name}.git", **more}}

    async def declare(self, **spec: Any) -> None:
        """A Warehouse that subscribes to both."""
        await self.lookout.declare(self.git("app"), self.git("config"), **spec)

    def close(self) -> None:
        """Let the app's repository vanish."""
        self.app.path.rename(self.app.path.with_suffix(".away"))

    def open(self) -> None:
        """Bring it back."""
        self.app.path.with_suffix(".away").rename(self.app.path)


@pytest.fixture
async def harbour(crew: Crew, tmp_path: Path) -> AsyncIterator[Harbour]:
    """It."""
    root = tmp_path / "remotes"
    app, config = (make_repository(root / f"{name}.git") for name in ("app", "config"))
    server = GitServer(root, {CREDENTIAL.username: CREDENTIAL.password})
    turnstile = Turnstile(server.app)
    async with AsyncExitStack() as stack:
        url = await stack.enter_async_context(serving(turnstile))
        lookout = await stack.enter_async_context(lookout_for(crew, tmp_path))
        await lookout.allow("git", url, CREDENTIAL.username, CREDENTIAL.password)
        yield Harbour(lookout, app, config, url, turnstile)


async def test_it_is_told(harbour: Harbour) -> None:
    """Condition and event name the subscription, why it failed, and when it is tried again."""
    await harbour.declare()
    harbour.close()
    outcome = await harbour.lookout.discover()
    assert outcome.freight == ""
    assert outcome.message.startswith(f"git {harbour.url}/app.git: git ls-remote of ")
    assert "does not exist" in outcome.message
    assert outcome.message.endswith("; next attempt at 2026-01-05 09:00:33 UTC")
    assert await harbour.lookout.condition() == ("False", outcome.message)
    assert await harbour.lookout.condition("Ready") == ("False", outcome.message)
    events = await harbour.lookout.crew.events(kind="Warehouse", name="app")
    assert events[-1] == f"DiscoveryFailed: {outcome.message}"


async def test_nothing_found_is_lost(harbour: Harbour) -> None:
    """The others' news and its own last findings are shown; Freight waits for it."""
    await harbour.declare()
    first = await harbour.lookout.freight(await harbour.lookout.discover())
    harbour.close()
    newest = harbour.config.commit({"x": "1"})
    assert (await harbour.lookout.discover()).freight == ""
    shown = [found.commits[0].id for found in (await harbour.lookout.found()).git]
    assert shown == [first.commits[0].id, newest]
    harbour.open()
    second = await harbour.lookout.freight(await harbour.lookout.discover())
    assert [commit.id for commit in second.commits] == shown
    assert (await harbour.lookout.status()).failures == 0
    assert await harbour.lookout.condition() == ("True", "")


async def test_pauses_double(harbour: Harbour) -> None:
    """What fails again and again is left alone for longer each time, up to half an hour."""
    await harbour.declare()
    harbour.close()
    pauses = []
    for _ in range(8):
        await harbour.lookout.discover()
        status = await harbour.lookout.status()
        assert status.next_attempt_at
        pauses.append((status.next_attempt_at - harbour.lookout.crew.now).total_seconds())
    assert pauses == [30, 60, 120, 240, 480, 960, 1800, 1800]


async def test_a_schedule_waits(harbour: Harbour) -> None:
    """While it pauses, a scheduled look leaves it alone and looks at the others."""
    await harbour.declare(interval="1s")
    harbour.close()
    failed = await harbour.lookout.discover()
    harbour.open()
    newest = harbour.config.commit({"x": "1"})
    assert (await harbour.lookout.discover(scheduled=True)).message == failed.message
    (config,) = (await harbour.lookout.found()).git
    assert config.commits[0].id == newest
    harbour.lookout.crew.now += timedelta(seconds=30)
    assert (await harbour.lookout.discover(scheduled=True)).created


async def test_somebody_who_asks_is_answered(harbour: Harbour) -> None:
    """A look that was asked for does not wait for the pause to end."""
    await harbour.declare()
    harbour.close()
    await harbour.lookout.discover()
    harbour.open()
    assert (await harbour.lookout.discover()).created


async def test_another_subscription_begins_anew(harbour: Harbour) -> None:
    """What was changed is looked at at once, whatever its predecessor met."""
    await harbour.declare()
    harbour.close()
    await harbour.lookout.discover()
    await harbour.lookout.declare(harbour.git("config"))
    assert (await harbour.lookout.discover(scheduled=True)).created


async def test_a_slow_one_delays_nobody(harbour: Harbour) -> None:
    """While one subscription waits for its server, the others are looked at."""
    await harbour.declare()
    held = harbour.turnstile.hold("git-upload-pack", "greeting")
    looking = asyncio.create_task(harbour.lookout.discover())
    await held.reached.wait()
    other = harbour.turnstile.hold("git-upload-pack", "greeting")
    await other.reached.wait()
    held.released.set()
    other.released.set()
    assert (await looking).created


@pytest.mark.parametrize(
    ("expression", "created", "status"),
    [
        ("commitFrom('{0}/app.git').Branch == commitFrom('{0}/config').Branch", True, "True"),
        ("commitFrom('{0}/app.git').Subject contains 'release'", False, "False"),
        ("'true'", True, "True"),
        ("now().Year() == 2026", True, "True"),
    ],
)
async def test_criteria(harbour: Harbour, expression: str, created: bool, status: str) -> None:  # noqa: FBT001 - a parameter
    """Freight is made if the criteria hold of what is newest; that they do not is no trouble."""
    given = expression.format(harbour.url)
    await harbour.declare(freightCreationCriteria={"expression": given})
    outcome = await harbour.lookout.discover()
    assert (outcome.created, outcome.message) == (created, "")
    told = "" if created else f"{given} is false of what is newest"
    assert await harbour.lookout.condition("FreightCreationCriteriaSatisfied") == (status, told)
    assert await harbour.lookout.condition() == ("True", "")


@pytest.mark.parametrize("expression", ["commitFrom('x').Tag == ''", "1 +", "'maybe'"])
async def test_criteria_that_fail(harbour: Harbour, expression: str) -> None:
    """Criteria that cannot be evaluated are trouble: a condition and an event, and no Freight."""
    await harbour.declare(freightCreationCriteria={"expression": expression})
    outcome = await harbour.lookout.discover()
    assert outcome.freight == ""
    assert outcome.message.startswith("freightCreationCriteria.expression: ")
    assert await harbour.lookout.condition() == ("False", outcome.message)
    events = await harbour.lookout.crew.events(kind="Warehouse", name="app")
    assert events[-1].startswith("CriteriaEvaluationFailed: ")
    await harbour.declare()
    assert (await harbour.lookout.discover()).created
    assert await harbour.lookout.condition("FreightCreationCriteriaSatisfied") == ("", "")


async def test_by_hand(harbour: Harbour) -> None:
    """Where people make Freight, criteria are not asked, and none is made."""
    criteria = {"expression": "1 +"}
    await harbour.declare(freightCreationPolicy="Manual", freightCreationCriteria=criteria)
    assert (await harbour.lookout.discover()).freight == ""
    assert await harbour.lookout.condition() == ("True", "")
