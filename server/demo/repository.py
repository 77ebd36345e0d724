"""The demo's git repository: made from the example, and read to show what was committed."""

from __future__ import annotations

import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from ferryman import processes
from ferryman.domain.errors import PermanentError
from server.demo.example import Example

_BRANCH = "main"
_WHO = {
    f"GIT_{role}_{what}": value
    for role in ("AUTHOR", "COMMITTER")
    for what, value in (("NAME", "Ann"), ("EMAIL", "ann@example.com"))
}
_ALONE = {"GIT_CONFIG_NOSYSTEM": "1", "GIT_CONFIG_GLOBAL": "/dev/null", "HOME": "/nonexistent"}


@dataclass(frozen=True)
class Commit:
    """One commit, as `git log` and `git show` tell it."""

    id: str
    author: str
    subject: str
    diff: str


class Repository:
    """The bare repository at `path`."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._seen = ""

    async def make(self, example: Example) -> None:
        """Make it with the example's files, unless it is there from an earlier demo."""
        if not self.path.exists():
            with tempfile.TemporaryDirectory() as folder:
                work = Path(folder)
                example.write_repository(work)
                await _git(work, "init", "--quiet", f"--initial-branch={_BRANCH}")
                await _git(work, "add", ".")
                await _git(work, "commit", "--quiet", "--message=What runs today")
                await _git(work, "clone", "--quiet", "--bare", ".", str(self.path))
        self._seen = await self._head()

    async def new_commits(self) -> Sequence[Commit]:
        """What has come since this was last asked, oldest first."""
        head = await self._head()
        listed = await _git(self.path, "rev-list", "--reverse", f"{self._seen}..{head}")
        self._seen = head
        return [await self._commit(commit) for commit in listed.split()]

    async def _head(self) -> str:
        return (await _git(self.path, "rev-parse", f"refs/heads/{_BRANCH}")).strip()

    async def _commit(self, commit: str) -> Commit:
        told = await _git(self.path, "log", "-1", "--format=%h%n%an%n%s", commit)
        short, author, subject = told.rstrip("\n").split("\n", 2)
        diff = await _git(self.path, "show", "--format=", "--unified=1", commit)
        return Commit(short, author, subject, diff.strip())


async def _git(folder: Path, *arguments: str) -> str:
    done = await processes.run(["git", *arguments], cwd=folder, env={**_ALONE, **_WHO})
    if done.code != 0:
        raise PermanentError(f"git {arguments[0]} failed in {folder}: {done.errors.strip()}")
    return done.text
