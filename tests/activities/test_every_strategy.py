"""Every way to select, at real servers that want to know who asks."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from ferryman.domain.freight import Freight
from server.demo.images import push_image
from tests.activities.conftest import git_secret
from tests.activities.lookout import Lookout, lookout_for
from tests.crew import Crew
from tests.pipelines import NOW, project
from tests.servers.chart_repository import CREDENTIAL as CHARTS_CREDENTIAL
from tests.servers.chart_repository import push_chart, running_charts
from tests.servers.git import CREDENTIAL as GIT_CREDENTIAL
from tests.servers.git import Repository, make_repository, running_git
from tests.servers.registry import CREDENTIAL, RunningRegistry, running_registry
from tests.servers.ssh import running_ssh

pytestmark = pytest.mark.servers

SOURCE = {"org.opencontainers.image.source": "https://git.example/shop"}
GIT = [
    ({"branch": "main"}, "", "Three"),
    ({"commitSelectionStrategy": "SemVer", "semverConstraint": "<2"}, "1.10.0", "One"),
    ({"commitSelectionStrategy": "Lexical", "allowTagsRegexes": [r"^\d"]}, "2.0.0", "Two"),
    ({"commitSelectionStrategy": "NewestTag"}, "x", "Three"),
]


@pytest.fixture
async def lookout(crew: Crew, tmp_path: Path) -> AsyncIterator[Lookout]:
    """Who discovers."""
    async with lookout_for(crew, tmp_path) as made:
        yield made


@pytest.fixture
def registry(tmp_path: Path) -> Iterator[RunningRegistry]:
    """A registry that asks for a password."""
    with running_registry(tmp_path, password=True) as running:
        yield running


@pytest.fixture
def repository(tmp_path: Path) -> Repository:
    """Three commits with a tag each; the newest is no version."""
    made = make_repository(tmp_path / "remotes" / "app.git")
    for minute, (subject, tag) in enumerate([("One", "1.10.0"), ("Two", "2.0.0"), ("Three", "x")]):
        made.commit({"file": subject}, subject)
        date = {"GIT_COMMITTER_DATE": f"2026-01-05T09:0{minute}:00Z"}
        made.git("tag", "--annotate", f"--message={tag}", tag, "main", env=date)
    return made


async def found(lookout: Lookout, **subscription: Any) -> Freight:
    """What a look at one subscription makes."""
    await lookout.declare(subscription)
    return await lookout.freight(await lookout.discover())


@pytest.mark.parametrize(
    ("wanted", "tag"),
    [
        ({"constraint": "<2"}, "1.10.0"),
        ({"imageSelectionStrategy": "Lexical", "allowTagsRegexes": ["^1"]}, "1.9.0"),
        ({"imageSelectionStrategy": "NewestBuild", "ignoreTagsRegexes": ["latest"]}, "1.9.0"),
        ({"imageSelectionStrategy": "Digest", "constraint": "latest"}, "latest"),
    ],
)
async def test_images(
    lookout: Lookout, registry: RunningRegistry, wanted: dict[str, Any], tag: str
) -> None:
    """An image comes with its digest, and with the annotations that say what it was built from."""
    async with registry.pusher() as pusher:
        for minute, pushed in enumerate(("2.0.0", "1.10.0", "1.9.0", "latest")):
            made = NOW + timedelta(minutes=minute)
            await push_image(pusher, registry.url, "app", pushed, made, annotations=SOURCE)
    await lookout.allow("image", registry.host, CREDENTIAL.username, CREDENTIAL.password)
    (image,) = (await found(lookout, image={"repoURL": f"{registry.host}/app", **wanted})).images
    assert image.tag == tag
    assert image.digest.startswith("sha256:")
    assert image.annotations == SOURCE


@pytest.mark.parametrize(("wanted", "tag", "subject"), GIT)
@pytest.mark.parametrize("over", ["http", "ssh"])
async def test_commits(
    *,
    lookout: Lookout,
    repository: Repository,
    tmp_path: Path,
    over: str,
    wanted: dict[str, Any],
    tag: str,
    subject: str,
) -> None:
    """A commit is found over HTTP with a password, and over SSH with a key."""
    if over == "http":
        async with running_git(repository.path.parent) as git:
            await lookout.allow("git", git.url, GIT_CREDENTIAL.username, GIT_CREDENTIAL.password)
            freight = await found(lookout, git={"repoURL": f"{git.url}/app.git", **wanted})
    else:
        with running_ssh(tmp_path) as ssh:
            url = ssh.url(repository.path)
            await lookout.crew.declare(project(), git_secret(url, sshPrivateKey=ssh.key))
            freight = await found(lookout, git={"repoURL": url, **wanted})
    (commit,) = freight.commits
    assert (commit.tag, commit.message) == (tag, subject)


@pytest.mark.parametrize("kind", ["classic", "oci"])
async def test_charts(lookout: Lookout, registry: RunningRegistry, kind: str) -> None:
    """A chart is found in a repository of either kind, with a password."""
    versions = ["1.9.0", "1.10.0", "2.0.0"]
    if kind == "classic":
        async with running_charts(app=versions) as (url, server):
            server.password = True
            await lookout.allow("helm", url, CHARTS_CREDENTIAL.username, CHARTS_CREDENTIAL.password)
            freight = await found(
                lookout, chart={"repoURL": url, "name": "app", "semverConstraint": "^1"}
            )
    else:
        for version in versions:
            await push_chart(registry, "charts/app", version)
        url = f"oci://{registry.host}/charts/app"
        await lookout.allow("helm", registry.host, CREDENTIAL.username, CREDENTIAL.password)
        freight = await found(lookout, chart={"repoURL": url, "semverConstraint": "^1"})
    assert [chart.version for chart in freight.charts] == ["1.10.0"]
