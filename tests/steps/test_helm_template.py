"""helm-template: charts rendered with real helm."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from ferryman import processes
from ferryman.clients.tools import Programs, ToolClient
from ferryman.domain.errors import InvalidError, PermanentError
from tests.servers.charts import chart
from tests.servers.git import Repository
from tests.servers.tools import HELM_3, installed_tools
from tests.steps.conftest import Steps

pytestmark = [pytest.mark.servers, pytest.mark.usefixtures("_tools")]

CONFIG = {"path": "./src/chart", "releaseName": "rel", "outPath": "./out.yaml"}
HOOK = (
    "apiVersion: v1\nkind: Pod\nmetadata:\n  name: {name}\n"
    "  annotations: {{helm.sh/hook: {hook}}}\n"
)


@pytest.fixture(params=["", HELM_3], ids=["helm4", "helm3"])
def _tools(request: pytest.FixtureRequest, steps: Steps, tmp_path: Path) -> None:
    folder = installed_tools(request.param) if request.param else installed_tools()
    steps.tools = ToolClient(tmp_path / "runs", Programs(folder, search=""))


async def _clone(steps: Steps, repository: Repository, more: Mapping[str, str] = {}) -> None:
    files = {f"chart/{name}": text for name, text in chart("greeter").items()}
    repository.commit({**files, **more}, "Chart")
    await steps.clone(repository)


async def _render(steps: Steps, **more: Any) -> str:
    await steps.run("helm-template", CONFIG | more)
    return steps.text("out.yaml")


def _files(steps: Steps) -> set[str]:
    out = steps.workspace.root / "out"
    return {path.relative_to(out).as_posix() for path in out.rglob("*.yaml")}


async def test_one_file(steps: Steps, repository: Repository) -> None:
    """Everything in one file, with the chart's own values."""
    await _clone(steps, repository)
    rendered = await _render(steps)
    assert "name: rel-greeter\n" in rendered
    assert r'says: "\"hello\""' in rendered


@pytest.mark.parametrize(
    ("more", "names"),
    [
        ({}, {"greeter/templates/cm.yaml"}),
        ({"useReleaseName": True}, {"rel/greeter/templates/cm.yaml"}),
        ({"outLayout": "flat"}, {"configmap-rel-greeter.yaml"}),
    ],
)
async def test_folders(
    steps: Steps, repository: Repository, more: Mapping[str, Any], names: set[str]
) -> None:
    """A folder is laid out as the chart is, or flat."""
    await _clone(steps, repository)
    await steps.run("helm-template", {**CONFIG, "outPath": "./out", **more})
    assert _files(steps) == names


async def test_values_files(steps: Steps, repository: Repository) -> None:
    """Of several files the last wins; a missing one is an error unless it may be missing."""
    await _clone(steps, repository, {"a.yaml": "says: a\n", "b.yaml": "says: b\n"})
    files = ["./src/a.yaml", "./src/none.yaml", "./src/b.yaml"]
    with pytest.raises(InvalidError, match=r"valuesFiles: there is no file '\./src/none\.yaml'"):
        await _render(steps, valuesFiles=files)
    rendered = await _render(steps, valuesFiles=files, ignoreMissingValueFiles=True)
    assert r'says: "\"b\""' in rendered


@pytest.mark.parametrize(
    ("key", "value", "literal"),
    [
        ("says", 'it\'s, a: \\ "test"\n', True),
        ("says", "plain", False),
        ("says", r"one\,two", False),
        ("says", "8080", False),
        ("says", "08", False),
        ("says", "-5", False),
        ("says", "1.50", False),
        ("says", "true", False),
        ("says", "true", True),
        ("says", "null", False),
        ("says", "{x,1,true}", False),
        ("says", "{}", False),
        (r"says.deep\.er", "v", False),
        ("says.deeper.still", "1", False),
        ("says", "a,list[1]=c", False),
        ("list[0]", "7", False),
        ("list[1]", "b\nc", True),
        ("says", "", False),
        ("says", "a=b", False),
    ],
)
async def test_set_values(
    steps: Steps, repository: Repository, key: str, value: str, *, literal: bool
) -> None:
    """A single value is read as helm reads that of `--set` and `--set-literal`."""
    await _clone(steps, repository)
    ours = await _render(steps, setValues=[{"key": key, "value": value, "literal": literal}])
    flag = "--set-literal" if literal else "--set"
    helm = (await steps.tools.programs.find("helm")).path
    chart = await steps.workspace.bring("src/chart")
    theirs = await processes.run([str(helm), "template", "rel", str(chart), flag, f"{key}={value}"])
    assert ours == theirs.text


async def test_what_the_cluster_is(steps: Steps, repository: Repository) -> None:
    """Namespace, versions, CRDs, hooks and tests are as the config says."""
    more = {
        "chart/templates/facts.yaml": "# {{ .Release.Namespace }} {{ .Capabilities.KubeVersion }} "
        '{{ .Capabilities.APIVersions.Has "x/v9" }}\nkind: A\n',
        "chart/templates/hook.yaml": HOOK.format(name="a-hook", hook="pre-install"),
        "chart/templates/test.yaml": HOOK.format(name="a-test", hook="test"),
        "chart/crds/crd.yaml": "kind: CustomResourceDefinition\nmetadata: {name: a-crd}\n",
    }
    await _clone(steps, repository, more)
    rendered = await _render(steps, namespace="shop", kubeVersion="1.29.3", apiVersions=["x/v9"])
    assert "# shop v1.29.3 true" in rendered
    assert ("a-hook" in rendered, "a-test" in rendered, "a-crd" in rendered) == (True, True, False)
    rendered = await _render(steps, skipTests=True, includeCRDs=True)
    assert ("a-hook" in rendered, "a-test" in rendered, "a-crd" in rendered) == (True, False, True)
    assert "a-hook" not in await _render(steps, disableHooks=True)


async def test_dependencies(steps: Steps, repository: Repository) -> None:
    """Charts beside it are fetched for the rendering; the work tree has nothing of it."""
    umbrella = chart(
        "umbrella",
        dependencies="dependencies:\n- {name: greeter, version: 0.x, repository: file://../chart}\n",
    )
    more = {f"umbrella/{name}": text for name, text in umbrella.items()}
    await _clone(steps, repository, more)
    config = {"path": "src/umbrella", "buildDependencies": True}
    rendered = await _render(steps, **config)
    assert "name: rel-greeter\n" in rendered
    assert "name: rel-umbrella\n" in rendered
    assert not (steps.workspace.root / "src/umbrella/Chart.lock").exists()


async def test_its_own_words(steps: Steps, repository: Repository) -> None:
    """A template that fails does so with helm's own line."""
    failing = {"chart/templates/bad.yaml": '{{ fail "no region is set" }}'}
    await _clone(steps, repository, failing)
    with pytest.raises(PermanentError, match=r"helm: .*no region is set"):
        await _render(steps)


async def test_links_that_leave(steps: Steps, repository: Repository, tmp_path: Path) -> None:
    """A chart cannot read what is not in the work tree."""
    (tmp_path / "key").write_text("secret")
    link = {"120000:chart/files/key": str(tmp_path / "key")}
    await _clone(steps, repository, link)
    with pytest.raises(InvalidError, match="leaves the promotion's work tree"):
        await _render(steps)


async def test_no_chart(steps: Steps, repository: Repository) -> None:
    """A folder without Chart.yaml is named."""
    await _clone(steps, repository)
    with pytest.raises(InvalidError, match=r"'\./src' has no Chart\.yaml"):
        await _render(steps, path="./src")


async def test_nothing_secret_in_arguments(
    steps: Steps, repository: Repository, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Values are in no argument of helm's."""
    await _clone(steps, repository)
    helm, seen = steps.tools.helm, list[str]()

    async def listening(arguments: list[str], **more: Any) -> str:
        seen.extend(arguments)
        return await helm(arguments, **more)

    monkeypatch.setattr(steps.tools, "helm", listening)
    values = [
        {"key": "says", "value": "hunter2"},
        {"key": "list", "value": "{hunter2}"},
        {"key": "list[1]", "value": "hunter2", "literal": True},
    ]
    assert "hunter2" in await _render(steps, setValues=values)
    assert "hunter2" not in " ".join(seen)
