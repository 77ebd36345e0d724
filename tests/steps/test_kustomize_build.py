"""kustomize-build: overlays rendered with real kustomize."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pytest

from ferryman.clients.tools import Programs, ToolClient
from ferryman.domain.errors import InvalidError, NotFoundError, PermanentError
from tests.servers.charts import chart
from tests.servers.git import Repository
from tests.servers.tools import HELM_3, installed_tools
from tests.steps.conftest import Steps

DEPLOYMENT = """\
apiVersion: apps/v1
kind: Deployment
metadata:
  name: shop
spec:
  template:
    spec:
      containers:
      - {name: shop, image: shop:1}
"""
FILES = {
    "base/kustomization.yaml": (
        "resources: [deployment.yaml]\n"
        "configMapGenerator:\n- name: settings\n  files: [main=settings.ini]\n"
        "generatorOptions: {disableNameSuffixHash: true}\n"
    ),
    "base/deployment.yaml": DEPLOYMENT,
    "base/settings.ini": "a=1\n",
    "base/unused.bin": "x" * 100,
    "stages/dev/kustomization.yml": (
        "namespace: dev\nresources:\n- ../../base\ncomponents: [../../parts/labels]\n"
        "patches:\n- path: patch.yaml\nimages:\n- {name: shop, newTag: '2'}\n"
    ),
    "stages/dev/patch.yaml": DEPLOYMENT.replace(
        "spec:\n  template", "spec:\n  replicas: 3\n  template"
    ),
    "parts/labels/Kustomization": (
        "apiVersion: kustomize.config.k8s.io/v1alpha1\nkind: Component\n"
        "labels: [{pairs: {team: crew}}]\n"
    ),
}
OVERLAY = {"path": "./src/stages/dev", "outPath": "./out"}


@pytest.fixture(params=["", HELM_3], ids=["new", "old"])
def _tools(request: pytest.FixtureRequest, steps: Steps, tmp_path: Path) -> None:
    folder = installed_tools(request.param) if request.param else installed_tools()
    steps.tools = ToolClient(tmp_path / "runs", Programs(folder, search=""))


pytestmark = [pytest.mark.servers, pytest.mark.usefixtures("_tools")]


async def _clone(steps: Steps, repository: Repository, files: Mapping[str, str] = FILES) -> None:
    repository.commit(files, "Manifests")
    await steps.clone(repository)


async def test_names_as_kargo(steps: Steps, repository: Repository) -> None:
    """A folder gets one file per object, named by namespace, kind and name."""
    await _clone(steps, repository)
    await steps.run("kustomize-build", OVERLAY)
    out = steps.workspace.root / "out"
    assert {path.name for path in out.iterdir()} == {
        "dev-deployment-shop.yaml",
        "dev-configmap-settings.yaml",
    }
    deployment = (out / "dev-deployment-shop.yaml").read_text()
    assert "replicas: 3\n" in deployment
    assert "image: shop:2\n" in deployment
    assert "team: crew\n" in deployment


async def test_names_as_kustomize(steps: Steps, repository: Repository) -> None:
    """With outputFormat: kustomize, kustomize names the files."""
    await _clone(steps, repository)
    await steps.run("kustomize-build", OVERLAY | {"outputFormat": "kustomize"})
    out = steps.workspace.root / "out"
    assert {path.name for path in out.iterdir()} == {
        "apps_v1_deployment_shop.yaml",
        "v1_configmap_settings.yaml",
    }


async def test_to_one_file(steps: Steps, repository: Repository) -> None:
    """An outPath that ends in .yaml is one file, in a checkout, too."""
    await _clone(steps, repository)
    await steps.run("kustomize-build", OVERLAY | {"outPath": "./src/rendered/dev.yaml"})
    assert steps.text("src/rendered/dev.yaml").count("\nkind: ") == 2


async def test_after_setting_images(steps: Steps, repository: Repository) -> None:
    """What an earlier step has changed in a base is what is built."""
    await _clone(steps, repository)
    images = [{"image": "shop", "newName": "mirror/shop", "tag": "9"}]
    await steps.run("kustomize-set-image", {"path": "./src/base", "images": images})
    await steps.run("kustomize-build", {"path": "./src/base", "outPath": "./out.yaml"})
    assert "image: mirror/shop:9\n" in steps.text("out.yaml")


async def test_only_what_is_named(steps: Steps, repository: Repository) -> None:
    """Of the repository, only the kustomization comes to the work tree, and what was built."""
    await _clone(steps, repository)
    await steps.run("kustomize-build", OVERLAY | {"outPath": "./src/rendered"})
    tree = steps.workspace.root / "src"
    assert {str(path.relative_to(tree)) for path in tree.rglob("*") if path.is_file()} == {
        "stages/dev/kustomization.yml",
        "rendered/dev-configmap-settings.yaml",
        "rendered/dev-deployment-shop.yaml",
    }


async def test_charts(steps: Steps, repository: Repository) -> None:
    """A chart in the repository is inflated with our helm, told of the cluster's versions."""
    files = {f"app/charts/greeter/{name}": text for name, text in chart("greeter").items()}
    files["app/charts/greeter/templates/caps.yaml"] = (
        '{{ if .Capabilities.APIVersions.Has "x/v9" }}\napiVersion: v1\nkind: ConfigMap\n'
        "metadata: {name: caps}\ndata: {v: {{ .Capabilities.KubeVersion.Version }}}\n{{ end }}\n"
    )
    files["app/values.yaml"] = "says: from a file\n"
    files["app/kustomization.yaml"] = (
        "helmCharts:\n- {name: greeter, releaseName: r, valuesFile: values.yaml}\n"
    )
    await _clone(steps, repository, files)
    plugin = {"helm": {"apiVersions": ["x/v9"], "kubeVersion": "1.29.3"}}
    config = {"path": "src/app", "outPath": "out.yaml", "plugin": plugin}
    await steps.run("kustomize-build", config)
    assert "from a file" in steps.text("out.yaml")
    assert "v: v1.29.3" in steps.text("out.yaml")


@pytest.mark.parametrize(
    "resource",
    ["https://example.com/x.yaml", "github.com/org/repo//base?ref=v1", "git@example.com:org/repo"],
)
async def test_other_machines(steps: Steps, repository: Repository, resource: str) -> None:
    """What lies on another machine is refused, for it may have changed at a rebuild."""
    await _clone(steps, repository, {"app/kustomization.yaml": f"resources: ['{resource}']\n"})
    with pytest.raises(InvalidError, match="on another machine"):
        await steps.run("kustomize-build", {"path": "src/app", "outPath": "out.yaml"})


@pytest.mark.parametrize("key", ["resources", "Resources", "components"])
async def test_outside(steps: Steps, repository: Repository, key: str) -> None:
    """A base outside of the work tree is refused."""
    content = f"{key}: [../../../../../other/tree/base]\n"
    await _clone(steps, repository, {"app/kustomization.yaml": content})
    with pytest.raises(InvalidError, match="leaves the promotion's work tree"):
        await steps.run("kustomize-build", {"path": "src/app", "outPath": "out.yaml"})


async def test_links(steps: Steps, repository: Repository, tmp_path: Path) -> None:
    """A link within the repository is followed; one that leads out of it is refused."""
    (tmp_path / "secret.yaml").write_text(DEPLOYMENT)
    link = {"120000:app/link.yaml": "../base/deployment.yaml"}
    files = FILES | link | {"app/kustomization.yaml": "resources: [link.yaml]\n"}
    files |= {"120000:bad/link.yaml": str(tmp_path / "secret.yaml")}
    files |= {"bad/kustomization.yaml": "resources: [link.yaml]\n"}
    await _clone(steps, repository, files)
    await steps.run("kustomize-build", {"path": "src/app", "outPath": "out.yaml"})
    assert "name: shop" in steps.text("out.yaml")
    with pytest.raises(InvalidError, match="leaves the promotion's work tree"):
        await steps.run("kustomize-build", {"path": "src/bad", "outPath": "bad.yaml"})


async def test_its_own_words(steps: Steps, repository: Repository) -> None:
    """A build that fails does so with kustomize's own line."""
    await _clone(steps, repository, {"app/kustomization.yaml": "resources: [missing.yaml]\n"})
    with pytest.raises(PermanentError, match=r"kustomize: .*missing\.yaml"):
        await steps.run("kustomize-build", {"path": "src/app", "outPath": "out.yaml"})


async def test_no_kustomization(steps: Steps, repository: Repository) -> None:
    """A folder without a kustomization is named, with the names that count."""
    await _clone(steps, repository)
    with pytest.raises(InvalidError, match="'src/parts' has none of"):
        await steps.run("kustomize-build", {"path": "src/parts", "outPath": "out.yaml"})


async def test_no_tools(steps: Steps, repository: Repository, tmp_path: Path) -> None:
    """Without kustomize, the error says how to get it."""
    steps.tools = ToolClient(tmp_path / "runs", Programs(tmp_path / "none", search=""))
    await _clone(steps, repository)
    with pytest.raises(NotFoundError, match="ferryman tools install"):
        await steps.run("kustomize-build", OVERLAY)
