"""Discovery of charts, in a classic repository and in a real registry, and all kinds together."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from starlette.responses import Response

from server.demo.images import push_image
from tests.activities.lookout import Lookout, lookout_for
from tests.crew import Crew
from tests.pipelines import NOW
from tests.servers.chart_repository import CREDENTIAL, push_chart, running_charts
from tests.servers.git import CREDENTIAL as GIT_CREDENTIAL
from tests.servers.git import make_repository, running_git
from tests.servers.registry import running_registry


@pytest.fixture
async def lookout(crew: Crew, tmp_path: Path) -> AsyncIterator[Lookout]:
    """Who discovers."""
    async with lookout_for(crew, tmp_path) as made:
        yield made


async def test_versions(lookout: Lookout) -> None:
    """The highest versions that fit are found, best first, whatever else has been published."""
    published = ["1.0.0", "1.10.0", "1.9.0", "2.0.0", "2.1.0-rc.1", "oops"]
    async with running_charts(app=published) as (url, server):
        server.password = True
        await lookout.allow("helm", url, CREDENTIAL.username, CREDENTIAL.password)
        chart = {"repoURL": url, "name": "app", "semverConstraint": "^1.0.0", "discoveryLimit": 2}
        await lookout.declare({"chart": chart})
        freight = await lookout.freight(await lookout.discover())
        (found,) = (await lookout.found()).charts
    assert found.versions == ("1.10.0", "1.9.0")
    assert [(c.repo_url, c.name, c.version) for c in freight.charts] == [(url, "app", "1.10.0")]


async def test_a_bad_day(lookout: Lookout) -> None:
    """A repository that has trouble keeps its last findings, and costs no Freight."""
    async with running_charts(app=["1.0.0"]) as (url, server):
        await lookout.declare({"chart": {"repoURL": url, "name": "app"}})
        first = await lookout.discover()
        server.spoilt = [Response(status_code=500)] * 3
        message = (await lookout.discover()).message
        assert message.startswith(f"chart {url} app: GET {url}/index.yaml was answered with 500; ")
        assert (await lookout.found()).charts[0].versions == ("1.0.0",)
        assert (await lookout.discover()).freight == first.freight


async def test_nothing_fits(lookout: Lookout) -> None:
    """A chart without a version that fits is named."""
    async with running_charts(app=["1.0.0"]) as (url, _):
        chart = {"repoURL": url, "name": "app", "semverConstraint": "^9"}
        await lookout.declare({"chart": chart})
        outcome = await lookout.discover()
    assert outcome.message == "no version of chart app fits what warehouse app asks for"


async def test_no_such_chart(lookout: Lookout) -> None:
    """A chart that is not there is named, with those that are."""
    async with running_charts(app=["1.0.0"], web=["1.0.0"]) as (url, _):
        await lookout.declare({"chart": {"repoURL": url, "name": "apps"}})
        message = (await lookout.discover()).message
    assert f"chart repository {url} has no chart 'apps'; it has app, web; " in message


@pytest.mark.servers
async def test_all_kinds_together(lookout: Lookout, tmp_path: Path) -> None:
    """The newest commit, image and chart make one Freight; a new one of any makes another."""
    app = make_repository(tmp_path / "remotes" / "app.git")
    with running_registry(tmp_path) as registry:
        async with running_git(app.path.parent) as git, registry.pusher() as pusher:
            user, password = GIT_CREDENTIAL.username, GIT_CREDENTIAL.password
            await lookout.allow("git", git.url, user, password)
            await push_image(pusher, registry.url, "web", "1.0.0", NOW)
            await push_chart(registry, "charts/web", "0.1.0")
            await push_chart(registry, "charts/web", "0.1.1+build.7")
            oci = f"oci://{registry.host}/charts/web"
            await lookout.declare(
                {"git": {"repoURL": f"{git.url}/app.git"}},
                {"image": {"repoURL": f"{registry.host}/web"}},
                {"chart": {"repoURL": oci}, "name": "chart"},
            )
            first = await lookout.freight(await lookout.discover())
            assert first.commits[0].id == app.head()
            assert first.images[0].tag == "1.0.0"
            assert (first.charts[0].repo_url, first.charts[0].version) == (oci, "0.1.1+build.7")
            assert first.charts[0].subscription_name == "chart"
            app.commit({"x": "1"})
            second = await lookout.freight(await lookout.discover())
    assert second.name != first.name
    assert second.images == first.images
