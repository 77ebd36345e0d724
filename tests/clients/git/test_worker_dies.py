"""A worker that is killed takes its git processes along; what it had begun is finished once."""

from __future__ import annotations

import asyncio
import sys
from pathlib import Path

import pytest

from ferryman.clients.git import GitClient
from tests.clients.git.conftest import OPTIONS
from tests.clients.git.deeds import commit, push
from tests.servers.git import CREDENTIAL, Repository, RunningGit

pytestmark = pytest.mark.servers

_WORKER = """
import asyncio, sys
from pathlib import Path
from tests.clients.git.conftest import OPTIONS
from tests.clients.git.deeds import commit, edit, push
from tests.servers.git import CREDENTIAL
from ferryman.clients.git import GitClient
from ferryman.domain.ports import GitRemote

async def work(data, root, url):
    remote = GitRemote(url, CREDENTIAL)
    checkout = await GitClient(data, OPTIONS).clone(remote, root, branch="main", hold="p.1/src")
    await edit(checkout, "apps/a/values.yaml", "x:1", "x:2")
    await commit(checkout)
    await push(checkout, remote)

asyncio.run(work(Path(sys.argv[1]), Path(sys.argv[2]), sys.argv[3]))
"""


async def test_kill_9_in_the_middle_of_a_push(
    served: RunningGit, repository: Repository, tmp_path: Path
) -> None:
    """No git process of its stays, and the next worker brings the push to its one end."""
    running, go = tmp_path / "running", tmp_path / "go"
    repository.hook("pre-receive", f"touch {running}; while [ ! -e {go} ]; do sleep 0.01; done")
    data, root, remote = tmp_path / "data", tmp_path / "work", served.remote("shop")
    worker = await asyncio.create_subprocess_exec(
        sys.executable, "-c", _WORKER, str(data), str(root), remote.url
    )
    while not await asyncio.to_thread(running.exists):  # noqa: ASYNC110 — a file has no event
        await asyncio.sleep(0.01)
    began = await asyncio.to_thread(_using, data)
    worker.kill()
    await worker.wait()
    while await asyncio.to_thread(_using, data):  # noqa: ASYNC110 — nor has somebody's process
        await asyncio.sleep(0.01)
    assert {"git", "git-remote-http"} <= began

    go.touch()
    client = GitClient(data, OPTIONS)
    checkout = await client.open(remote, root)
    await commit(checkout)
    pushed = await push(checkout, remote)
    client.close()
    assert pushed.commit == repository.head()
    assert repository.subjects() == ["Promote", "First"]
    assert CREDENTIAL.password not in repository.git("log", "-1", "main")


def _using(data: Path) -> set[str]:
    """Return the names of the running programs whose environment names the data folder."""
    found = set()
    for environ in Path("/proc").glob("[0-9]*/environ"):
        try:
            if str(data).encode() in environ.read_bytes():
                found.add((environ.parent / "comm").read_text().strip())
        except OSError:  # it has ended
            continue
    return found
