"""Clone, edit one file, commit, push: the git client against plain git, on one server."""

from __future__ import annotations

import asyncio
import os
import shutil
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import AsyncIterator, Callable, Iterable
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path
from subprocess import DEVNULL, PIPE

from ferryman import processes
from ferryman.clients.git import GitClient
from ferryman.domain.ports import Credential, GitAuthor, GitRemote

_WHO = GitAuthor("Bench", "bench@example.com")
CREDENTIAL = Credential("ann", "secret")
ENVIRONMENT = {
    "PATH": os.environ["PATH"],
    "HOME": "/nonexistent",
    "GIT_CONFIG_NOSYSTEM": "1",
    **{f"GIT_{who}_NAME": "Bench" for who in ("AUTHOR", "COMMITTER")},
    **{f"GIT_{who}_EMAIL": "bench@example.com" for who in ("AUTHOR", "COMMITTER")},
}


def race(name: str, history: Callable[[], bytes], file: str, *, rounds: int) -> None:
    """Print one row: name, ours, plain git's, how many times faster we are. Times are medians.

    `history` is what `git fast-import` makes the repository of; our mirror is warm.
    """
    with tempfile.TemporaryDirectory(prefix="bench-git-") as folder:
        ours, plain = asyncio.run(_race(Path(folder), history(), file, rounds))
    print(f"| {name} | {ours * 1000:.0f} ms | {plain * 1000:.0f} ms | {plain / ours:.1f} x |")


async def _race(folder: Path, history: bytes, file: str, rounds: int) -> tuple[float, float]:
    for name in ("ours", "plain"):
        make_remote(folder / "remotes" / f"{name}.git", history)
    accounts = folder / "accounts"
    await asyncio.to_thread(accounts.write_text, f"{CREDENTIAL.username}:{CREDENTIAL.password}")
    async with serving(folder / "remotes", accounts) as url:
        client = GitClient(folder / "data")
        remote = GitRemote(f"{url}/ours.git", CREDENTIAL)
        await by_git_client(client, remote, folder / "work", file)  # fills the mirror
        ours, plain = [], []
        for _ in range(rounds):  # in turns, so that both meet the same noise
            ours.append(await by_git_client(client, remote, folder / "work", file))
            plain.append(await asyncio.to_thread(by_plain_git, url, folder / "plain", file))
        client.close()
    return statistics.median(ours), statistics.median(plain)


async def by_git_client(client: GitClient, remote: GitRemote, root: Path, file: str) -> float:
    """Do it with the client of ours; how many seconds that took."""
    await client.release(root)
    began = time.perf_counter()
    checkout = await client.clone(remote, root, branch="main", hold="bench")
    await checkout.materialise(file)
    _edit(root / file)
    now = datetime.now(UTC)
    await checkout.commit("Promote", author=_WHO, committer=_WHO, date=now, trailers={"Step": "1"})
    await checkout.push(
        remote, branch="main", force=False, trailer=("Step", "1"), max_attempts=3, before=_pass
    )
    return time.perf_counter() - began


def by_plain_git(url: str, root: Path, file: str) -> float:
    """Do the same with plain git; how many seconds that took."""
    shutil.rmtree(root, ignore_errors=True)
    began = time.perf_counter()
    address = url.replace("://", f"://{CREDENTIAL.username}:{CREDENTIAL.password}@")
    run_git("clone", "--quiet", f"{address}/plain.git", str(root))
    _edit(root / file)
    run_git("-C", str(root), "commit", "--quiet", "--all", "--message=Promote")
    run_git("-C", str(root), "push", "--quiet", "origin", "main")
    return time.perf_counter() - began


async def _pass() -> None:
    """Let the push go on: nobody else is here."""


def _edit(file: Path) -> None:
    file.write_text(f"image: shop:{time.time_ns()}\n")


def make_remote(bare: Path, history: bytes | Iterable[bytes]) -> None:
    """Make a bare repository of what `git fast-import` reads, packed."""
    run_git("init", "--quiet", "--bare", "--initial-branch=main", "--template=", str(bare))
    chunks = [history] if isinstance(history, bytes) else history
    argv = ["git", f"--git-dir={bare}", "fast-import", "--quiet"]
    with subprocess.Popen(argv, stdin=PIPE, env=ENVIRONMENT) as importing:
        assert importing.stdin
        importing.stdin.writelines(chunks)
    assert importing.returncode == 0, "git fast-import failed"
    # As a server packs: with bitmaps. What fast-import found no delta for has none.
    run_git(f"--git-dir={bare}", "repack", "-adbq", "--window=0")


def run_git(*args: str) -> None:
    """Run plain git; raises CalledProcessError when it fails."""
    subprocess.run(["git", *args], stdin=DEVNULL, check=True, env=ENVIRONMENT)


@asynccontextmanager
async def serving(root: Path, accounts: Path) -> AsyncIterator[str]:
    """Run the git server as a process of its own."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    argv = [sys.executable, "-m", "server.demo.git_server"]
    argv += ["--root", str(root), "--port", str(port), "--accounts", str(accounts)]
    async with processes.started(argv, stderr=DEVNULL):
        while True:
            try:
                _, writer = await asyncio.open_connection("127.0.0.1", port)
            except ConnectionRefusedError:
                await asyncio.sleep(0.02)
            else:
                writer.close()
                break
        yield f"http://127.0.0.1:{port}"
