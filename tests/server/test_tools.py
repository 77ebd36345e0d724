"""`ferryman tools` installs and lists helm and kustomize."""

from __future__ import annotations

from pathlib import Path

import pytest
from typer.testing import CliRunner

from server.commands import app
from tests.servers.tools import installed_tools


def test_nothing_there(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A tool that is missing is named, with what to do, and the exit code is 1."""
    monkeypatch.setenv("PATH", str(tmp_path))
    result = CliRunner().invoke(app, ["tools", "list", "--data", str(tmp_path / "data")])
    assert result.exit_code == 1
    assert "helm: helm 3.8.0 or newer is neither on the worker's PATH" in result.stderr
    assert result.stderr.count("run `ferryman tools install`") == 2


@pytest.mark.servers
def test_what_is_there(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A worker finds what is in its data folder."""
    monkeypatch.setenv("PATH", str(tmp_path))
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "tools").symlink_to(installed_tools())
    result = CliRunner().invoke(app, ["tools", "list", "--data", str(tmp_path / "data")])
    assert result.exit_code == 0
    assert result.stdout.startswith("helm 4.")
    assert f"{tmp_path}/data/tools/kubectl kustomize\n" in result.stdout


@pytest.mark.servers
def test_installing(tmp_path: Path) -> None:
    """The tools are installed where asked, and work there."""
    folder = tmp_path / "bin"
    result = CliRunner().invoke(app, ["tools", "install", "--to", str(folder)])
    assert result.exit_code == 0, result.stderr
    assert result.stdout.splitlines()[:2] == [
        f"installed {folder}/helm",
        f"installed {folder}/kubectl",
    ]
    assert {path.name for path in folder.iterdir()} == {"helm", "kubectl"}
