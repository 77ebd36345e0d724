"""Warehouses by the dozen do not hold each other up."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from server.demo.images import push_image
from tests.activities.lookout import lookout_for
from tests.crew import Crew
from tests.pipelines import NOW
from tests.servers.faulty_proxy import faulty_proxy, stalled
from tests.servers.registry import running_registry

pytestmark = pytest.mark.servers
_EACH = 25


async def test_a_registry_that_hangs(crew: Crew, tmp_path: Path) -> None:
    """Of 50 Warehouses at two registries, those at the one that hangs delay no other."""
    with running_registry(tmp_path) as running:
        async with (
            faulty_proxy(running.url) as hanging,
            running.pusher() as pusher,
            lookout_for(crew, tmp_path) as lookout,
        ):
            hanging.spoil("", *[stalled] * 1000)
            await push_image(pusher, running.url, "app", "1.0.0", NOW)
            for number in range(_EACH):
                for host in (running.host, hanging.host):
                    # One list for all would be asked for once: each has a repository of its own.
                    name = f"{'slow' if host == hanging.host else 'quick'}-{number}"
                    repository = f"{host}/{name}" if host == hanging.host else f"{host}/app"
                    await lookout.declare({"image": {"repoURL": repository}}, name=name)
            slow = [
                asyncio.create_task(lookout.discover(f"slow-{number}")) for number in range(_EACH)
            ]
            await hanging.spoiled.wait()
            async with asyncio.timeout(10):
                quick = await asyncio.gather(
                    *(lookout.discover(f"quick-{number}") for number in range(_EACH))
                )
            assert all(outcome.created for outcome in quick)
            assert not all(look.done() for look in slow)
            assert hanging.most_at_once == 10
            for look in slow:
                look.cancel()
            await asyncio.gather(*slow, return_exceptions=True)
