"""Programs are found on PATH or in the tools folder, and their versions count."""

from __future__ import annotations

from pathlib import Path

import pytest

from ferryman.clients.tools import Programs
from ferryman.domain.errors import NotFoundError


def _program(folder: Path, name: str, says: str) -> Path:
    folder.mkdir(exist_ok=True)
    path = folder / name
    path.write_text(f"#!/bin/sh\necho run >> {folder}/runs\ncat <<'X'\n{says}\nX\n")
    path.chmod(0o755)
    return path


@pytest.fixture
def on_path(tmp_path: Path) -> Path:
    """The folder that stands in for PATH."""
    return tmp_path / "path"


@pytest.fixture
def tools(tmp_path: Path) -> Path:
    """The tools folder."""
    return tmp_path / "tools"


async def test_path_first(on_path: Path, tools: Path) -> None:
    """What is on PATH wins over what was installed."""
    ours = _program(on_path, "helm", "v3.17.2+gcc0bbbd")
    _program(tools, "helm", "v4.3.1+gc0d08d0")
    found = await Programs(tools, search=str(on_path)).find("helm")
    assert (found.path, found.shown) == (ours, "3.17.2")


async def test_too_old(on_path: Path, tools: Path) -> None:
    """An old one is passed over; where there is no other, the error names it."""
    old = _program(on_path, "helm", "v2.17.0+gcc0bbbd")
    programs = Programs(tools, search=str(on_path))
    with pytest.raises(NotFoundError, match=rf"helm 3\.8\.0 or newer .*{old} cannot be used"):
        await programs.find("helm")
    installed = _program(tools, "helm", "v4.3.1+gc0d08d0")
    assert (await programs.find("helm")).path == installed


@pytest.mark.parametrize(
    ("name", "says", "build"),
    [
        ("kustomize", "v5.8.1", ("build",)),
        ("kustomize", "{Version:kustomize/v4.5.7 GitCommit:56d82a8 GoOs:linux}", ("build",)),
        ("kubectl", "Client Version: v1.37.1\nKustomize Version: v5.8.1", ("kustomize",)),
    ],
)
async def test_kustomize(
    on_path: Path, tools: Path, name: str, says: str, build: tuple[str, ...]
) -> None:
    """The program kustomize, or kubectl, which has it."""
    path = _program(on_path, name, says)
    found = await Programs(tools, search=str(on_path)).find("kustomize")
    assert found.argv == (str(path), *build)


async def test_kubectl_on_path_comes_last(on_path: Path, tools: Path) -> None:
    """A kubectl that happens to be on PATH gives way to the one that was installed."""
    _program(on_path, "kubectl", "Kustomize Version: v5.5.0")
    installed = _program(tools, "kubectl", "Kustomize Version: v5.8.1")
    found = await Programs(tools, search=str(on_path)).find("kustomize")
    assert found.path == installed


async def test_a_kubectl_without_kustomize(on_path: Path, tools: Path) -> None:
    """The version of kubectl is not that of its kustomize."""
    _program(on_path, "kubectl", "Client Version: v9.9.9")
    with pytest.raises(NotFoundError, match="ferryman tools install"):
        await Programs(tools, search=str(on_path)).find("kustomize")


async def test_asked_once(on_path: Path, tools: Path) -> None:
    """A version is asked for once, until the program is gone."""
    path = _program(on_path, "helm", "v3.17.2+gcc0bbbd")
    programs = Programs(tools, search=str(on_path))
    await programs.find("helm")
    await programs.find("helm")
    assert (on_path / "runs").read_text() == "run\n"
    path.unlink()
    with pytest.raises(NotFoundError):
        await programs.find("helm")
