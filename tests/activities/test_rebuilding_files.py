"""Steps on files: a tree that is lost is built anew, with the same hash."""

from __future__ import annotations

import errno
import os
import shutil
from collections.abc import Mapping
from typing import Any

import pytest

from tests.activities.conftest import PUSH, Dock, clone, commit
from tests.servers.git import Repository

pytestmark = pytest.mark.slow

FILES = {
    "charts/x/Chart.yaml": "name: x\n",
    "charts/x/README.md": "# x\n",
    "charts/x/old/a.yaml": "a: 1\n",
    "100755:charts/x/run.sh": "#!/bin/sh\n",
    "120000:charts/x/link": "Chart.yaml",
}


def step(uses: str, **config: Any) -> Mapping[str, Any]:
    """A step."""
    return {"uses": uses, "config": config}


def pipeline(repository: Repository) -> list[Mapping[str, Any]]:
    """Clone, copy, archive, unpack, delete, write, archive again, commit, push."""
    return [
        clone(repository.file_remote().url),
        step("copy", inPath="./src/charts", outPath="./work", ignore="*.md"),
        step("tar", inPath="./work", outPath="./x.tgz", gzip=True),
        step("untar", inPath="./x.tgz", outPath="./src/new", stripComponents=1),
        step("delete", paths=["./src/charts/*/old", "./work/x/run.sh"], pathsAreGlobs=True),
        step("file-write", path="./src/new/version", contents="1.1"),
        step("tar", inPath="./src/new", outPath="./src/new.tar", ignore="version"),
        commit("Render"),
        PUSH,
    ]


@pytest.mark.parametrize("how", ["another disk each time", "a folder that is gone"])
async def test_rebuilt(dock: Dock, repository: Repository, how: str) -> None:
    """After each step the tree is lost; each time it comes out as it was, and one commit goes."""
    repository.commit(FILES)
    steps = pipeline(repository)
    await dock.begin(*steps)
    for number in range(1, len(steps) + 1):
        elsewhere = how == "another disk each time"
        worker = f"w{number % 3}" if elsewhere else "w1"
        assert (await dock.run(number, worker=worker)).status == "Succeeded", number
        if not elsewhere:
            shutil.rmtree(dock.work())
    listed = repository.git("ls-tree", "-r", "--name-only", "refs/heads/main").split("\n")
    assert listed == [
        "charts/x/Chart.yaml", "charts/x/README.md", "charts/x/link", "charts/x/run.sh",
        "new.tar", "new/Chart.yaml", "new/link", "new/old/a.yaml", "new/run.sh", "new/version",
        "values.yaml",
    ]  # fmt: skip
    assert repository.subjects() == ["Render", "Change", "First"]


async def test_a_disk_that_was_full(
    dock: Dock, repository: Repository, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A copy that a full disk interrupted is waited for, and nothing half-written stays."""
    repository.commit(FILES)
    await dock.begin(*pipeline(repository)[:3])
    await dock.run(1)
    written: list[int] = []
    chmod = os.fchmod

    def full(descriptor: int, mode: int) -> None:
        if len(written) == 2:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        written.append(descriptor)
        chmod(descriptor, mode)

    monkeypatch.setattr(os, "fchmod", full)
    waiting = await dock.run(2)
    assert (waiting.status, "disk is full" in waiting.message) == ("Running", True)
    half = dock.work() / "tree/work/half"
    half.write_text("x")
    monkeypatch.undo()
    assert (await dock.run(2, attempt=2)).status == "Succeeded"
    assert not half.exists()
    assert (await dock.run(3, worker="w2")).status == "Succeeded"


async def test_a_deleted_checkout(dock: Dock, repository: Repository) -> None:
    """A checkout that was deleted and cloned again is rebuilt as the second one."""
    url = repository.file_remote().url
    await dock.begin(
        clone(url), step("delete", path="./src"), clone(url),
        step("file-write", path="./src/new", contents="x"), commit("New"), PUSH,
    )  # fmt: skip
    for number in range(1, 7):
        assert (await dock.run(number, worker=f"w{number}")).status == "Succeeded", number
    assert repository.show("new") == "x"
