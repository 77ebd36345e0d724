"""recurseSubmodules: repositories within a checkout."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from ferryman.clients.git.submodules import resolved
from ferryman.domain.errors import InvalidError, NotFoundError, PermanentError
from tests.servers.git import Repository, make_repository
from tests.steps.conftest import Steps

pytestmark = pytest.mark.slow


def add_submodule(parent: Repository, path: str, url: str, commit: str) -> None:
    """Commit a submodule, as `git submodule add` would."""
    try:
        before = parent.show(".gitmodules") + "\n"
    except Exception:  # noqa: BLE001 — there is none yet
        before = ""
    entry = f'[submodule "{path}"]\n\tpath = {path}\n\turl = {url}\n'
    parent.commit({".gitmodules": before + entry})
    stream = (
        f"commit refs/heads/main\ncommitter Other <other@example.com> now\ndata 3\nSub\n"
        f"from refs/heads/main^0\nM 160000 {commit} {path}\n"
    )
    parent.git("fast-import", "--quiet", "--date-format=now", stdin=stream.encode())


@pytest.fixture
def library(tmp_path: Path) -> Repository:
    """A repository beside the steps' own."""
    return make_repository(tmp_path / "remotes" / "library.git", {"base/app.yaml": "base: 1\n"})


async def clone(steps: Steps, repository: Repository, **more: Any) -> Any:
    """Clone with submodules."""
    return await steps.clone(repository, recurseSubmodules=True, **more)


async def test_their_files_are_there(
    steps: Steps, repository: Repository, library: Repository
) -> None:
    """At the commit that the parent has pinned, by a URL relative to the parent's."""
    pinned = library.head()
    library.commit({"base/app.yaml": "base: 2\n"})
    add_submodule(repository, "libs/base", "../library.git", pinned)
    await clone(steps, repository)
    assert await steps.workspace.read("src/libs/base/base/app.yaml") == b"base: 1\n"
    await steps.workspace.bring("src")
    assert steps.text("src/libs/base/base/app.yaml") == "base: 1\n"


async def test_a_commit_of_the_parent_leaves_them_alone(
    steps: Steps, repository: Repository, library: Repository
) -> None:
    """What is written in a submodule is no difference of the parent's, and the pointer stays."""
    add_submodule(repository, "libs/base", library.file_remote().url, library.head())
    await clone(steps, repository)
    await steps.workspace.write("src/libs/base/base/app.yaml", b"base: 9\n")
    await steps.workspace.write("src/libs/base/new.yaml", b"new: 1\n")
    assert (await steps.commit()).status == "Skipped"
    await steps.update()
    await steps.commit()
    await steps.run("git-push", {"path": "./src"})
    changed = repository.git("diff", "--name-only", "main~1", "main")
    assert changed == "values.yaml"
    assert library.subjects() == ["First"]


async def test_within_each_other(
    steps: Steps, repository: Repository, library: Repository, tmp_path: Path
) -> None:
    """Submodules may have submodules."""
    core = make_repository(tmp_path / "remotes/core.git", {"core.yaml": "core: 1\n"})
    add_submodule(library, "core", "../core.git", core.head())
    add_submodule(repository, "lib", "../library.git", library.head())
    await clone(steps, repository)
    assert await steps.workspace.read("src/lib/core/core.yaml") == b"core: 1\n"


async def test_too_many(steps: Steps, repository: Repository, library: Repository) -> None:
    """Their number is bounded."""
    entries = "".join(
        f'[submodule "{n}"]\n\tpath = s{n}\n\turl = ../library.git\n' for n in range(101)
    )
    repository.commit({".gitmodules": entries})
    stream = "commit refs/heads/main\ncommitter O <o@x.y> now\ndata 1\nS\nfrom refs/heads/main^0\n"
    stream += "".join(f"M 160000 {library.head()} s{n}\n" for n in range(101))
    repository.git("fast-import", "--quiet", "--date-format=now", stdin=stream.encode())
    with pytest.raises(PermanentError, match="more than 100 submodules"):
        await clone(steps, repository)


async def test_a_push_that_rebases_keeps_them(
    steps: Steps, repository: Repository, library: Repository
) -> None:
    """Neither a rebase nor a step back to a pushed commit removes their files."""
    add_submodule(repository, "lib", "../library.git", library.head())
    await clone(steps, repository)
    await steps.workspace.read("src/lib/base/app.yaml")
    await steps.update()
    await steps.commit()
    repository.commit({"theirs.yaml": "a: 1\n"}, "Theirs")
    await steps.run("git-push", {"path": "./src"})
    await steps.workspace.checkout("src").reset(repository.head())
    assert steps.text("src/lib/base/app.yaml") == "base: 1\n"


async def test_clearing_removes_them(
    steps: Steps, repository: Repository, library: Repository
) -> None:
    """git-clear removes them with everything else, and the next commit says so."""
    add_submodule(repository, "lib", "../library.git", library.head())
    await clone(steps, repository)
    await steps.run("git-clear", {"path": "./src"})
    await steps.workspace.write("src/only.yaml", b"a: 1\n")
    await steps.commit()
    await steps.run("git-push", {"path": "./src"})
    assert repository.git("ls-tree", "-r", "--name-only", "main") == "only.yaml"


@pytest.mark.parametrize(
    ("url", "words"),
    [
        ("ext::sh -c id", "recurseSubmodules.*not a URL that git may use|has a space"),
        ("-uhack", "recurseSubmodules"),
        ("../../../../../../../../../x", "leads above"),
    ],
)
async def test_hostile_urls(
    steps: Steps, repository: Repository, library: Repository, url: str, words: str
) -> None:
    """What git must not be given is refused in .gitmodules, too."""
    add_submodule(repository, "lib", url, library.head())
    with pytest.raises(InvalidError, match=words):
        await clone(steps, repository)


@pytest.mark.usefixtures("library")
async def test_a_commit_that_is_gone(steps: Steps, repository: Repository) -> None:
    """A pointer to nowhere names the submodule's repository."""
    add_submodule(repository, "lib", "../library.git", "1" * 40)
    with pytest.raises(NotFoundError, match=r"no branch or tag of .*library\.git leads to"):
        await clone(steps, repository)


@pytest.mark.parametrize(
    ("base", "url", "whole"),
    [
        ("https://host/a/b.git", "../c.git", "https://host/a/c.git"),
        ("https://host/a/b.git/", "../../c/d.git", "https://host/c/d.git"),
        ("https://host/a/b.git", "./c.git", "https://host/a/b.git/c.git"),
        ("git@host:a/b.git", "../c.git", "git@host:a/c.git"),
        ("git@host:b.git", "../c.git", "git@host:c.git"),
        ("ssh://git@host/a/b.git", "../c.git", "ssh://git@host/a/c.git"),
        ("https://host/a/b.git", "https://other/c.git", "https://other/c.git"),
    ],
)
def test_relative_urls(base: str, url: str, whole: str) -> None:
    """They are resolved as git does."""
    assert resolved(base, url) == whole


@pytest.mark.parametrize("base", ["https://host/a", "git@host:a"])
def test_above_the_root(base: str) -> None:
    """Nothing is above a server."""
    with pytest.raises(InvalidError, match="leads above"):
        resolved(base, "../../c.git")
