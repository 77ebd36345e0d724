"""Real git for tests: bare repositories made by plain git, and a server that hands them out."""

from __future__ import annotations

import re
import subprocess
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

from ferryman.domain.ports import Credential, GitRemote
from server.demo.git_server import GitServer
from tests.servers.asgi import serving

CREDENTIAL = Credential("ann", "wind/in:the 'sails")
"""Who may use the server."""

_ENVIRONMENT = {
    "PATH": "/usr/local/bin:/usr/bin:/bin",
    "HOME": "/nonexistent",
    "GIT_CONFIG_NOSYSTEM": "1",
    **{f"GIT_{who}_NAME": "Other" for who in ("AUTHOR", "COMMITTER")},
    **{f"GIT_{who}_EMAIL": "other@example.com" for who in ("AUTHOR", "COMMITTER")},
}


@dataclass(frozen=True)
class Repository:
    """A bare repository, and what plain git says of it."""

    path: Path

    def git(self, *args: str, stdin: bytes = b"", env: Mapping[str, str] | None = None) -> str:
        """Run plain git on it; return what it says."""
        command = ["git", f"--git-dir={self.path}", *args]
        done = subprocess.run(
            command,
            input=stdin,
            capture_output=True,
            check=True,
            env={**_ENVIRONMENT, **(env or {})},
        )
        return done.stdout.decode("utf-8", "surrogateescape").strip()

    def commit(
        self, files: Mapping[str, str | bytes | None], message: str = "Change", branch: str = "main"
    ) -> str:
        """Commit files (None removes one) as somebody else would; return the commit."""
        ref = f"refs/heads/{branch}"
        lines = [f"commit {ref}\nmark :1\ncommitter Other <other@example.com> now\n"]
        lines.append(f"data {len(message.encode())}\n{message}\n")
        if self.has(branch):
            lines.append(f"from {ref}^0\n")
        stream = "".join(lines).encode()
        for path, content in files.items():
            if content is None:
                stream += f"D {path}\n".encode()
                continue
            data = content.encode() if isinstance(content, str) else content
            mode, name = path.split(":", 1) if path[:3] in ("100", "120") else ("100644", path)
            quoted = re.sub(rb'(["\\])', rb"\\\1", name.encode("utf-8", "surrogateescape"))
            stream += b'M %s inline "%s"\ndata %d\n%s\n' % (mode.encode(), quoted, len(data), data)
        stream += b"get-mark :1\n"
        return self.git("fast-import", "--quiet", "--date-format=now", stdin=stream)

    def has(self, branch: str) -> bool:
        """Whether there is such a branch."""
        ref, packed = f"refs/heads/{branch}", self.path / "packed-refs"
        return (self.path / ref).is_file() or (
            packed.is_file() and f" {ref}\n" in packed.read_text()
        )

    def head(self, branch: str = "main") -> str:
        """Return a branch's commit."""
        return self.git("rev-parse", f"refs/heads/{branch}")

    def show(self, path: str, branch: str = "main") -> str:
        """Return a file's text."""
        return self.git("show", f"refs/heads/{branch}:{path}")

    def subjects(self, branch: str = "main") -> list[str]:
        """Return the first lines of the messages, newest first."""
        return self.git("log", "--format=%s", f"refs/heads/{branch}").splitlines()

    def hook(self, name: str, script: str) -> None:
        """Install a hook of the server's."""
        path = self.path / "hooks" / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(f"#!/bin/sh\n{script}\n")
        path.chmod(0o755)

    def file_remote(self, scope: str = "") -> GitRemote:
        """The repository as a neighbour on disk."""
        return GitRemote(f"file://{self.path}", scope=scope)


def make_repository(
    path: Path, files: Mapping[str, str | bytes | None] | None = None
) -> Repository:
    """Make a bare repository whose branch `main` has one commit with these files.

    Git makes the first one; a copy of it in this process's memory makes the others.
    """
    files = files or {"README.md": "A repository.\n"}
    repository, key = Repository(path), tuple(files.items())
    if key in _made:
        _made[key].write(path)
        return repository
    options = ["--quiet", "--bare", "--template=", "--initial-branch=main"]
    subprocess.run(["git", "init", *options, str(path)], check=True, env=_ENVIRONMENT)
    repository.commit(files, "First")
    _made[key] = _Copy.of(path)
    return repository


@dataclass(frozen=True)
class _Copy:
    """What a folder holds."""

    folders: Sequence[Path]
    files: Mapping[Path, bytes]

    @classmethod
    def of(cls, folder: Path) -> _Copy:
        everything = sorted(folder.rglob("*"))
        return cls(
            [path.relative_to(folder) for path in everything if path.is_dir()],
            {path.relative_to(folder): path.read_bytes() for path in everything if path.is_file()},
        )

    def write(self, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        for name in self.folders:
            (folder / name).mkdir()
        for name, content in self.files.items():
            (folder / name).write_bytes(content)


_made: dict[tuple[tuple[str, str | bytes | None], ...], _Copy] = {}


@dataclass(frozen=True)
class RunningGit:
    """A git server that answers over HTTP, to CREDENTIAL alone."""

    url: str
    server: GitServer

    def remote(
        self, name: str, credential: Credential | None = CREDENTIAL, scope: str = ""
    ) -> GitRemote:
        """One of its repositories, as a step names it."""
        return GitRemote(f"{self.url}/{name}.git", credential, scope=scope)


@asynccontextmanager
async def running_git(root: Path) -> AsyncIterator[RunningGit]:
    """Serve the bare repositories below `root` at a free port, in the test's event loop."""
    server = GitServer(root, {CREDENTIAL.username: CREDENTIAL.password})
    async with serving(server.app) as url:
        yield RunningGit(url, server)
