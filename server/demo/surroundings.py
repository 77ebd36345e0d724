"""What the demo needs around the server: a registry and a git server, on loopback."""

from __future__ import annotations

import os
import secrets
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx

from server.demo.example import PROJECT, USER, Example
from server.demo.registry_program import registry_command
from server.demo.repository import Repository
from server.folder import DataFolder
from server.log import Log
from server.ports import LOOPBACK, free_port
from server.program import Program, Tell, kept

_REGISTRY_PORT = 5000
_GIT_PORT = 3000


@dataclass(frozen=True)
class Surroundings:
    """What runs, and how it is reached."""

    registry: str
    """The registry's address: http://127.0.0.1:5000"""
    example: Example
    repository: Repository


@asynccontextmanager
async def surroundings(folder: DataFolder, tell: Tell) -> AsyncIterator[Surroundings]:
    """Run both while the block lasts, with the example's repository in place."""
    registry_port, git_port = free_port(_REGISTRY_PORT), free_port(_GIT_PORT)
    example = Example(
        image=f"{LOOPBACK}:{registry_port}/{PROJECT}",
        repository=f"http://{LOOPBACK}:{git_port}/{PROJECT}.git",
        password=secrets.token_urlsafe(12),
    )
    repositories = folder.path / "git"
    repository = Repository(repositories / f"{PROJECT}.git")
    repositories.mkdir(exist_ok=True)
    await repository.make(example)
    registry = _registry(folder.path / "registry", registry_port)
    git = _git_server(repositories, git_port, example.password)
    async with (
        kept(registry, folder, tell) as registry_ready,
        kept(git, folder, tell) as git_ready,
    ):
        await registry_ready
        await git_ready
        yield Surroundings(f"http://{LOOPBACK}:{registry_port}", example, repository)


def _registry(folder: Path, port: int) -> Program:
    async def ready(_log: Log) -> bool:
        return await _status(f"http://{LOOPBACK}:{port}/v2/") == httpx.codes.OK

    return Program("registry", registry_command(folder, port), dict(os.environ), ready)


def _git_server(repositories: Path, port: int, password: str) -> Program:
    accounts = repositories / "accounts"
    accounts.unlink(missing_ok=True)
    accounts.touch(mode=0o600)
    accounts.write_text(f"{USER}:{password}\n")

    async def ready(_log: Log) -> bool:
        return await _status(f"http://{LOOPBACK}:{port}/") == httpx.codes.UNAUTHORIZED

    argv = [
        *(sys.executable, "-P", "-m", "server.demo.git_server"),
        *("--root", str(repositories), "--port", str(port), "--accounts", str(accounts)),
    ]
    return Program("git-server", argv, dict(os.environ), ready)


async def _status(url: str) -> int:
    """What it answers; 0 while it does not."""
    async with httpx.AsyncClient(trust_env=False, timeout=2) as client:
        try:
            return (await client.get(url)).status_code
        except httpx.HTTPError:
            return 0
