"""A Warehouse that is refused as nobody says which Secrets were looked at (Kargo §14.66)."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from activities.unmatched import explain
from ferryman.domain.errors import FerrymanError, TemporaryError
from ferryman.domain.ports import ImageRepository
from tests.activities.conftest import git_secret
from tests.activities.lookout import Lookout, lookout_for
from tests.crew import Crew
from tests.pipelines import PROJECT
from tests.servers.chart_repository import running_charts
from tests.servers.git import make_repository, running_git
from tests.servers.registry import running_registry


@pytest.fixture
async def lookout(crew: Crew, tmp_path: Path) -> AsyncIterator[Lookout]:
    """Who discovers."""
    async with lookout_for(crew, tmp_path) as made:
        yield made


async def test_git(lookout: Lookout, tmp_path: Path) -> None:
    """A repository that asks for a credential."""
    make_repository(tmp_path / "git" / "app.git", {"a": "b"})
    async with running_git(tmp_path / "git") as server:
        await lookout.declare({"git": {"repoURL": f"{server.url}/app.git"}})
        await lookout.crew.declare(git_secret("https://elsewhere.dev/x", "mine", username="ann"))
        message = (await lookout.discover()).message
    assert "asks for a credential and none is known" in message
    assert "app.git was spoken to as nobody: no Secret labelled" in message
    assert f"cred-type: git in {PROJECT} is for it (looked at {PROJECT}/mine)" in message
    assert message in (await lookout.condition())[1]


async def test_charts(lookout: Lookout) -> None:
    """A chart's repository that asks for one."""
    async with running_charts(app=["1.0.0"]) as (url, server):
        server.password = True
        await lookout.declare({"chart": {"repoURL": url, "name": "app"}})
        message = (await lookout.discover()).message
    assert f"{url} was spoken to as nobody: no Secret labelled" in message


@pytest.mark.parametrize("password", [True, False])
async def test_images(lookout: Lookout, tmp_path: Path, *, password: bool) -> None:
    """A registry that asks for one, and one that says that there is no such repository."""
    with running_registry(tmp_path, password=password) as running:
        await lookout.declare({"image": {"repoURL": f"{running.host}/secret/app"}})
        message = (await lookout.discover()).message
    assert f"{running.host}/secret/app was spoken to as nobody" in message


@pytest.mark.parametrize(
    ("sentence", "told"),
    [
        ("a.dev/b: the registry answered 404", "a.dev/b: the registry answered 404; why"),
        ("a.dev/b answered 503", "a.dev/b answered 503"),
        ("c.dev/d: answered 404", "c.dev/d: answered 404"),
    ],
)
def test_what_is_a_refusal(sentence: str, told: str) -> None:
    """Trouble is no refusal, and what another repository says is no matter of ours."""
    error: FerrymanError = TemporaryError(sentence)
    explain(error, [ImageRepository("a.dev/b", unmatched="why")] * 2)
    assert str(error) == told
