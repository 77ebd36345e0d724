"""helm-update-chart: dependencies set and fetched with real helm, from real repositories."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from activities.kinds import StepResult
from activities.steps.helm_update_chart import ChartConfig, with_versions
from ferryman.clients.tools import Programs, ToolClient
from ferryman.domain.errors import CredentialError, InvalidError, PermanentError, TemporaryError
from tests.servers.charts import ChartMaker, chart, classic_repository
from tests.servers.git import Repository
from tests.servers.registry import CREDENTIAL, running_registry
from tests.servers.tools import HELM_3, installed_tools
from tests.steps.conftest import Steps

pytestmark = [pytest.mark.servers]


@pytest.fixture(params=["", HELM_3], ids=["helm4", "helm3"])
def maker(request: pytest.FixtureRequest, steps: Steps, tmp_path: Path) -> ChartMaker:
    """Makes charts; the steps use the same helm."""
    tools = installed_tools(request.param) if request.param else installed_tools()
    steps.tools = ToolClient(tmp_path / "runs", Programs(tools, search=""))
    steps.credential = CREDENTIAL
    folder = tmp_path / "charts"
    folder.mkdir()
    return ChartMaker(tools, folder)


def _depends(repository: str, version: str = "1.0.0", name: str = "greeter") -> Mapping[str, str]:
    entry = f"# deps\ndependencies:\n- name: {name}\n  version: {version} # ours\n"
    return chart("umbrella", dependencies=f"{entry}  repository: {repository}\n")


async def _clone(steps: Steps, repository: Repository, files: Mapping[str, str]) -> None:
    repository.commit({f"umbrella/{name}": text for name, text in files.items()}, "Chart")
    await steps.clone(repository)


async def _update(steps: Steps, url: str = "", version: str = "", **more: Any) -> StepResult:
    charts = [{"repository": url, "name": "greeter", "version": version}]
    config = {"path": "./src/umbrella"} | ({"charts": charts} if version else {})
    return await steps.run("helm-update-chart", config, **more)


async def test_classic(steps: Steps, repository: Repository, maker: ChartMaker) -> None:
    """A classic repository behind a password: only the version changes in Chart.yaml."""
    for version in ("1.0.0", "1.1.0"):
        maker.package("greeter", version)
    maker.index()
    async with classic_repository(maker.folder) as charts:
        files = _depends(charts.url)
        await _clone(steps, repository, files)
        result = await _update(steps, charts.url, "1.1.0")
    expected = files["Chart.yaml"].replace("version: 1.0.0 #", "version: 1.1.0 #")
    assert steps.text("src/umbrella/Chart.yaml") == expected
    assert "version: 1.1.0" in steps.text("src/umbrella/Chart.lock")
    packaged = steps.workspace.root / "src/umbrella/charts/greeter-1.1.0.tgz"
    assert packaged.read_bytes() == (maker.folder / "greeter-1.1.0.tgz").read_bytes()
    assert result.output == {
        "commitMessage": "Updated chart dependencies for ./src/umbrella\n\n- greeter: 1.1.0"
    }


async def test_oci(steps: Steps, repository: Repository, maker: ChartMaker, tmp_path: Path) -> None:
    """An OCI registry behind a password; the newest within the declared range is taken."""
    with running_registry(tmp_path, password=True) as registry:
        for version in ("1.0.0", "1.4.0", "2.0.0"):
            maker.push(maker.package("greeter", version), registry, "charts")
        await _clone(steps, repository, _depends(f"oci://{registry.host}/charts", "^1.0.0"))
        first = await _update(steps, f"oci://{registry.host}/charts", "1.0.0")
        assert first.output["commitMessage"].endswith("\n- greeter: 1.0.0")
        second = await _update(steps, f"oci://{registry.host}/charts", "^1.0.0")
    assert second.output["commitMessage"].endswith("\n- greeter: 1.0.0 -> 1.4.0")
    packages = (steps.workspace.root / "src/umbrella/charts").iterdir()
    assert [path.name for path in packages] == ["greeter-1.4.0.tgz"]


async def test_again(steps: Steps, repository: Repository, maker: ChartMaker) -> None:
    """Run again with its pins, the step makes the same tree, though newer versions are out."""
    maker.package("greeter", "1.0.0")
    maker.index()
    async with classic_repository(maker.folder) as charts:
        await _clone(steps, repository, _depends(charts.url, "1.x"))
        first = await _update(steps)
        tree = await steps.workspace.fingerprint()
        maker.package("greeter", "1.1.0")
        maker.index()
        steps.workspace.checkouts["src"].root.joinpath("umbrella/Chart.lock").unlink()
        again = await _update(steps, pins=first.pins)
        assert await steps.workspace.fingerprint() == tree
        assert again.pins == first.pins
        (maker.folder / "greeter-1.0.0.tgz").unlink()
        maker.package("greeter", "1.0.0", says="something else")
        with pytest.raises(PermanentError, match=r"greeter-1\.0\.0\.tgz cannot be fetched again"):
            await _update(steps, pins=first.pins)


async def test_local(steps: Steps, repository: Repository, maker: ChartMaker) -> None:
    """A chart of the same repository is packaged alike at any time."""
    files = {f"../greeter/{name}": text for name, text in chart("greeter").items()}
    moved = {name.removeprefix("../"): text for name, text in files.items()}
    repository.commit(moved, "Greeter")
    await _clone(steps, repository, _depends("file://../greeter", "0.x.x"))
    first = await _update(steps)
    package = steps.workspace.root / "src/umbrella/charts/greeter-0.1.0.tgz"
    content = package.read_bytes()
    for path in (steps.workspace.root / "src").rglob("*.yaml"):
        path.touch()
    package.unlink()
    await _update(steps, pins=first.pins)
    assert package.read_bytes() == content
    maker.helm("template", "rel", str(package.parents[1]))


async def test_passwords(steps: Steps, repository: Repository, maker: ChartMaker) -> None:
    """A refused password is a matter of credentials, and is in no message."""
    maker.package("greeter", "1.0.0")
    maker.index()
    async with classic_repository(maker.folder) as charts:
        charts.password = "another"
        await _clone(steps, repository, _depends(charts.url))
        with pytest.raises(CredentialError, match="401") as caught:
            await _update(steps)
    assert CREDENTIAL.password not in str(caught.value)
    assert list((steps.tools.folder).iterdir()) == []


@pytest.mark.usefixtures("maker")
async def test_password_of_a_registry(steps: Steps, repository: Repository, tmp_path: Path) -> None:
    """A registry that wants a password that we have not is a matter of credentials."""
    steps.credential = None
    with running_registry(tmp_path, password=True) as registry:
        await _clone(steps, repository, _depends(f"oci://{registry.host}/charts", "1.x"))
        with pytest.raises(CredentialError, match="cred-type: helm"):
            await _update(steps)


@pytest.mark.parametrize("missing", ["greeter 7.0.0", "nobody 1.0.0"])
async def test_not_there(
    steps: Steps, repository: Repository, maker: ChartMaker, missing: str
) -> None:
    """A chart or version that the repository lacks is told with helm's own line."""
    maker.package("greeter", "1.0.0")
    maker.index()
    name, version = missing.split()
    async with classic_repository(maker.folder) as charts:
        await _clone(steps, repository, _depends(charts.url, version, name))
        with pytest.raises(PermanentError, match=rf"helm: .*{name}"):
            await _update(steps)


@pytest.mark.usefixtures("maker")
async def test_nobody_answers(steps: Steps, repository: Repository) -> None:
    """A repository that does not answer is a matter of time."""
    await _clone(steps, repository, _depends("http://127.0.0.1:9/charts"))
    with pytest.raises(TemporaryError, match="connection refused"):
        await _update(steps)


@pytest.mark.usefixtures("maker")
async def test_no_such_dependency(steps: Steps, repository: Repository) -> None:
    """A chart that Chart.yaml does not depend on is refused before anything is fetched."""
    await _clone(steps, repository, _depends("https://charts.example.com"))
    with pytest.raises(InvalidError, match="has no dependency greeter from 'https://other'"):
        await _update(steps, "https://other", "1.0.0")


@pytest.mark.usefixtures("maker")
async def test_outside(steps: Steps, repository: Repository) -> None:
    """A chart outside of the work tree is refused."""
    await _clone(steps, repository, _depends("file://../../../../elsewhere"))
    with pytest.raises(InvalidError, match="leaves the promotion's work tree"):
        await _update(steps)


@pytest.mark.usefixtures("maker")
async def test_plain_http(steps: Steps, repository: Repository) -> None:
    """A password is not sent over plain HTTP to another machine."""
    await _clone(steps, repository, _depends("http://charts.example.com"))
    with pytest.raises(InvalidError, match="over plain http"):
        await _update(steps)


def test_one_chart_by_two_aliases() -> None:
    """The first gets the version; each entry of `charts` changes one dependency, as with Kargo."""
    url = "https://charts.example.com"
    entry = f"- {{name: redis, version: 1.0.0, repository: {url}, alias: "
    before = f"dependencies:\n{entry}cache}}\n{entry}queue}}\n"
    edited = with_versions(
        before.encode(), [ChartConfig(repository=url, name="redis", version="2.0.0")]
    )
    assert edited.decode() == before.replace("1.0.0", "2.0.0", 1)
