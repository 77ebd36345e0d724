"""A tree with charts in it is built anew on another worker, and is the same."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from ferryman.domain.resource import Metadata
from ferryman.domain.secret import CRED_TYPE, Secret
from tests.activities.conftest import Dock, clone, commit
from tests.pipelines import PROJECT
from tests.servers.charts import ChartMaker, chart, classic_repository
from tests.servers.git import Repository
from tests.servers.registry import CREDENTIAL
from tests.servers.tools import installed_tools

pytestmark = pytest.mark.servers


def _secret(url: str, password: str) -> Secret:
    metadata = Metadata(name="charts", namespace=PROJECT, labels={CRED_TYPE: "helm"})
    data = {"repoURL": url, "username": CREDENTIAL.username, "password": password}
    return Secret(metadata=metadata, data=data)


def _steps(repository: Repository, **more: Any) -> list[dict[str, Any]]:
    render = {"path": "src/umbrella", "releaseName": "rel", "outPath": "src/rendered.yaml"}
    return [
        clone(repository.file_remote().url),
        {"uses": "helm-update-chart", "as": "update", "config": {"path": "src/umbrella"}, **more},
        {"uses": "helm-template", "config": render},
        commit(),
    ]


@pytest.fixture
def maker(tmp_path: Path) -> ChartMaker:
    """Makes charts."""
    (tmp_path / "charts").mkdir()
    return ChartMaker(installed_tools(), tmp_path / "charts")


async def test_another_worker(dock: Dock, repository: Repository, maker: ChartMaker) -> None:
    """Each step on another worker: what was fetched is fetched again, not what is newest."""
    maker.package("greeter", "1.0.0")
    maker.index()
    async with classic_repository(maker.folder) as charts:
        depends = f"dependencies:\n- {{name: greeter, version: 1.x, repository: '{charts.url}'}}\n"
        files = chart("umbrella", dependencies=depends)
        repository.commit({f"umbrella/{name}": text for name, text in files.items()}, "Chart")
        await dock.begin(*_steps(repository))
        await dock.crew.declare(_secret(charts.url, CREDENTIAL.password))
        await dock.run(1, worker="w1")
        assert (await dock.run(2, worker="w1")).status == "Succeeded"
        maker.package("greeter", "1.1.0")
        maker.index()
        assert (await dock.run(3, worker="w2")).status == "Succeeded"
        assert (await dock.run(4, worker="w3")).status == "Succeeded"
    rendered = dock.work("w3") / "tree" / "src"
    assert (rendered / "umbrella/charts/greeter-1.0.0.tgz").exists()
    assert (await dock.record(4)).output["commit"]
    assert not await dock.in_the_clear(CREDENTIAL.password)


async def test_a_refused_password(dock: Dock, repository: Repository, maker: ChartMaker) -> None:
    """The step waits for the credential, and goes on once it is right."""
    maker.package("greeter", "1.0.0")
    maker.index()
    async with classic_repository(maker.folder) as charts:
        depends = f"dependencies:\n- {{name: greeter, version: 1.x, repository: '{charts.url}'}}\n"
        files = chart("umbrella", dependencies=depends)
        repository.commit({f"umbrella/{name}": text for name, text in files.items()}, "Chart")
        await dock.begin(*_steps(repository))
        await dock.crew.declare(_secret(charts.url, "wrong-password"))
        await dock.run(1)
        waiting = await dock.run(2)
        assert waiting.status == "Running"
        assert "cred-type: helm" in waiting.waiting_for
        assert "wrong-password" not in waiting.waiting_for
        await dock.crew.declare(_secret(charts.url, CREDENTIAL.password))
        assert (await dock.run(2, attempt=2)).status == "Succeeded"
