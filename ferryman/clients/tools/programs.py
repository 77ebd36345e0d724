"""Programs: where helm and kustomize are on this machine, and which versions they have."""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from ferryman import processes
from ferryman.domain.errors import NotFoundError, PermanentError, TemporaryError

Tool = Literal["helm", "kustomize"]

_OLDEST = {"helm": (3, 8, 0), "kustomize": (4, 2, 0)}
"""The first helm that speaks OCI by itself; the first kustomize that can be told of Kubernetes."""

_VERSION = re.compile(r"(?:^|[ /:\"])v?(\d{1,6})\.(\d{1,6})\.(\d{1,6})", re.MULTILINE)
_ASKING = 30.0
"""Seconds that a program may take to say its version: it may come from a slow disk."""


@dataclass(frozen=True)
class Program:
    """A program that was found."""

    tool: Tool
    argv: tuple[str, ...]
    """How its command line begins: kustomize may be a part of kubectl."""
    version: tuple[int, ...]

    @property
    def path(self) -> Path:
        """The file that runs."""
        return Path(self.argv[0])

    @property
    def shown(self) -> str:
        """Its version, as people write it."""
        return ".".join(str(part) for part in self.version)


@dataclass(frozen=True)
class _Candidate:
    path: str | None
    build: tuple[str, ...] = ()
    """What follows the program's name."""
    ask: tuple[str, ...] = ("version",)
    says: str = ""
    """The line with the version begins so."""


class Programs:
    """Finds programs on PATH and in `folder`, and remembers them.

    A program that is missing is looked for each time: it may have been installed since.
    """

    def __init__(self, folder: Path, *, search: str | None = None) -> None:
        self.folder = folder
        self._search = search
        """Stands in for PATH."""
        self._found: dict[Tool, Program] = {}

    async def find(self, tool: Tool) -> Program:
        """The program; raises NotFoundError, which says what to do, where there is none."""
        known = self._found.get(tool)
        if known and known.path.exists():
            return known
        rejected = []
        for candidate in self._candidates(tool):
            if candidate.path is None:
                continue
            version = await _version(candidate)
            if version >= _OLDEST[tool]:
                argv = (candidate.path, *candidate.build)
                self._found[tool] = Program(tool, argv, version)
                return self._found[tool]
            rejected.append(candidate.path)
        raise NotFoundError(self._missing(tool, rejected))

    def _candidates(self, tool: Tool) -> Iterator[_Candidate]:
        """In the order of preference; kubectl on PATH comes last, for it is often an old one."""
        if tool == "helm":
            for path in (self._on_path("helm"), self._in_folder("helm")):
                yield _Candidate(path, ask=("version", "--short"))
            return
        for path in (self._on_path("kustomize"), self._in_folder("kustomize")):
            yield _Candidate(path, build=("build",))
        for path in (self._in_folder("kubectl"), self._on_path("kubectl")):
            yield _Candidate(path, ("kustomize",), ("version", "--client"), "Kustomize Version:")

    def _on_path(self, name: str) -> str | None:
        return shutil.which(name, path=self._search)

    def _in_folder(self, name: str) -> str | None:
        return shutil.which(name, path=str(self.folder.absolute()))

    def _missing(self, tool: Tool, rejected: list[str]) -> str:
        oldest = ".".join(str(part) for part in _OLDEST[tool])
        what = tool if tool == "helm" else "kustomize (or kubectl, which has it)"
        old = f"; {' and '.join(rejected)} cannot be used" if rejected else ""
        return (
            f"{what} {oldest} or newer is neither on the worker's PATH nor in {self.folder}{old}: "
            "run `ferryman tools install` on the worker's machine, or put it on PATH"
        )


async def _version(candidate: _Candidate) -> tuple[int, ...]:
    """What the program says of itself; empty where it says nothing that we understand."""
    try:
        done = await processes.run([str(candidate.path), *candidate.ask], timeout=_ASKING)
    except (PermanentError, TemporaryError):
        return ()
    lines = [line for line in done.text.splitlines() if line.startswith(candidate.says)]
    match = _VERSION.search("\n".join(lines))
    return tuple(int(part) for part in match.groups()) if match else ()
