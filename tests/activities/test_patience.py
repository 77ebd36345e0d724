"""What an attempt does about what goes wrong: waits, errors, timeouts, aborts."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from temporalio.activity import ActivityCancellationDetails
from temporalio.testing import ActivityEnvironment

from activities.kinds import StepConfig, StepContext, StepKind, StepResult
from ferryman.domain.errors import PermanentError, TemporaryError
from ferryman.domain.stage import Stage
from tests.activities.conftest import Dock, clone, git_secret
from tests.eventually import eventually
from tests.pipelines import PROJECT
from tests.servers.asgi import serving
from tests.servers.git import CREDENTIAL, Repository, running_git
from tests.servers.turnstile import Turnstile


def failing(error: Callable[[], Exception], **more: Any) -> StepKind[StepConfig]:
    """A step that raises."""

    async def run(_config: StepConfig, _context: StepContext) -> StepResult:
        raise error()

    return StepKind("fail", "", StepConfig, run, "pure", **more)


def endless(began: asyncio.Event | None = None, **more: Any) -> StepKind[StepConfig]:
    """A step that never ends by itself."""

    async def run(_config: StepConfig, _context: StepContext) -> StepResult:
        if began:
            began.set()
        await asyncio.Event().wait()
        raise AssertionError

    return StepKind("endless", "", StepConfig, run, "pure", **more)


async def test_errors_up_to_the_threshold(dock: Dock) -> None:
    """An error leaves the step Running until its threshold is reached."""
    dock.kinds["fail"] = failing(lambda: PermanentError("no"))
    await dock.begin({"uses": "fail", "retry": {"errorThreshold": 2}})
    first, second = await dock.run(attempt=1), await dock.run(attempt=2)
    assert (first.error, first.terminal, second.terminal) == (True, False, True)
    execution = (await dock.record()).execution
    assert (execution.status, execution.error_count) == ("Errored", 2)


async def test_the_kinds_own_threshold(dock: Dock) -> None:
    """Where the user says nothing, the kind's threshold holds."""
    dock.kinds["fail"] = failing(lambda: PermanentError("no"), error_threshold=2)
    await dock.begin({"uses": "fail"})
    assert not (await dock.run()).terminal


async def test_a_timeout(dock: Dock) -> None:
    """A step that takes too long is an error, and no threshold gives it more time."""
    dock.kinds["endless"] = endless()
    retry = {"timeout": "20ms", "errorThreshold": 5}
    await dock.begin({"uses": "endless", "retry": retry})
    result = await dock.run()
    assert (result.status, result.terminal) == ("Errored", True)
    assert result.message.startswith("timed out after 0:00:00.02")


async def test_the_time_counts_from_the_first_start(dock: Dock) -> None:
    """A later attempt has what is left of the time."""
    dock.kinds["fail"] = failing(lambda: TemporaryError("busy"))
    await dock.begin({"uses": "fail", "retry": {"timeout": "5m"}})
    assert (await dock.run(attempt=1)).status == "Running"
    dock.later(minutes=6)
    dock.kinds["fail"] = endless()
    assert "timed out" in (await dock.run(attempt=2)).message


async def test_a_wait_ends_with_the_steps_time(dock: Dock) -> None:
    """A pause is not longer than what is left of the step's time."""
    slow = timedelta(hours=1)
    dock.kinds["fail"] = failing(lambda: TemporaryError("busy", delay=slow))
    await dock.begin({"uses": "fail", "retry": {"timeout": "5m"}})
    assert (await dock.run()).retry_after_seconds <= 300


async def test_anothers_timeout_is_not_the_steps(dock: Dock) -> None:
    """A TimeoutError from below does not say that the step's own time is over."""
    dock.kinds["fail"] = failing(lambda: TimeoutError("socket"))
    await dock.begin({"uses": "fail"})
    assert "unexpected TimeoutError: socket" in (await dock.run()).message


async def test_the_temporary_is_waited_out(dock: Dock) -> None:
    """For a quarter of an hour it is no error; then it is one."""
    delay = timedelta(seconds=42)
    dock.kinds["fail"] = failing(lambda: TemporaryError("the network is down", delay=delay))
    await dock.begin({"uses": "fail"})
    first = await dock.run(attempt=1)
    assert (first.status, first.error, first.retry_after_seconds) == ("Running", False, 42)
    assert first.waiting_for == "the network is down"
    dock.later(minutes=14)
    assert (await dock.run(attempt=2)).status == "Running"
    dock.later(minutes=2)
    assert (await dock.run(attempt=3)).status == "Errored"


async def test_sql_that_does_not_answer(dock: Dock, monkeypatch: pytest.MonkeyPatch) -> None:
    """Without SQL nothing can be recorded; the step is tried again all the same."""
    dock.kinds["fail"] = failing(lambda: PermanentError("no"))
    await dock.begin({"uses": "fail"})

    async def silent(*_: Any, **__: Any) -> None:
        raise TemporaryError("the database does not answer as it should")

    for call in ("claim", "end"):
        with monkeypatch.context() as patch:
            patch.setattr(dock.crew.store.steps, call, silent)
            result = await dock.run()
        assert (result.status, result.error, result.terminal) == ("Running", False, False)
        assert result.retry_after_seconds > 0
    assert (await dock.run(attempt=2)).status == "Errored"


async def test_a_missing_credential(dock: Dock, repository: Repository) -> None:
    """The step waits, ever longer; the Promotion and its Stage say for what, and what helps."""
    async with running_git(repository.path.parent) as running:
        url = running.remote("shop").url
        await dock.begin(clone(url))
        pauses = [(await dock.run(attempt=n)).retry_after_seconds for n in (1, 2, 7)]
        assert pauses == [15, 30, 600]
        promotion = await dock.crew.promotion(dock.promotion)
        assert [u.reason for u in promotion.status.waiting] == ["WaitingForCredentials"]
        for kind, name in (("Stage", "dev"), ("Promotion", dock.promotion)):
            told = await dock.crew.store.events.list(PROJECT, kind=kind, name=name)
            warnings = [e for e in told if e.reason == "WaitingForCredentials"]
            assert [e.type for e in warnings] == ["Warning"]
            assert url in warnings[0].message
            assert "apply a Secret" in warnings[0].message
        stage = await dock.crew.store.resources.get(Stage, PROJECT, "dev")
        assert any(url in c.message for c in stage.status.conditions)

        await dock.crew.declare(git_secret(url, username="ann", password=CREDENTIAL.password))
        assert (await dock.run(attempt=8)).status == "Succeeded"
    promotion = await dock.crew.promotion(dock.promotion)
    assert promotion.status.waiting == ()
    assert await dock.in_the_clear(CREDENTIAL.password) == []


def git_children() -> list[str]:
    """Command lines of the git processes below this one."""
    found, parents = (
        [],
        [Path(f"/proc/self/task/{t.name}") for t in Path("/proc/self/task").iterdir()],
    )
    while parents:
        try:
            children = (parents.pop() / "children").read_text().split()
            lines = [Path(f"/proc/{c}/cmdline").read_bytes().decode() for c in children]
        except (FileNotFoundError, ProcessLookupError):
            continue
        found += [line for line in lines if line.startswith("git")]
        parents += [Path(f"/proc/{c}/task/{c}") for c in children]
    return found


async def test_an_abort_ends_git(dock: Dock, repository: Repository) -> None:
    """Cancelled in the midst of a clone, the step leaves no git behind, and its row Running."""
    async with running_git(repository.path.parent) as running:
        turnstile = Turnstile(running.server.app)
        async with serving(turnstile) as url:
            await dock.begin(clone(f"{url}/shop.git"))
            secret = git_secret(f"{url}/shop.git", username="ann", password=CREDENTIAL.password)
            await dock.crew.declare(secret)
            held = turnstile.hold("git-upload-pack", "before")
            environment = ActivityEnvironment()
            attempt = asyncio.create_task(dock.run(environment=environment))
            await held.reached.wait()
            assert git_children()
            environment.cancel(ActivityCancellationDetails(cancel_requested=True))
            with pytest.raises(asyncio.CancelledError):
                await attempt
            await eventually(lambda: not git_children())
            held.released.set()
    assert (await dock.record()).execution.status == "Running"


async def test_a_worker_that_stops(dock: Dock) -> None:
    """To a step that has not ended when its worker does, that is no abort: it is tried again."""
    began = asyncio.Event()
    dock.kinds["endless"] = endless(began)
    await dock.begin({"uses": "endless"})
    environment = ActivityEnvironment()
    attempt = asyncio.create_task(dock.run(environment=environment))
    await began.wait()
    environment.cancel(ActivityCancellationDetails(worker_shutdown=True))
    result = await attempt
    assert (result.status, result.error, result.terminal) == ("Running", False, False)
