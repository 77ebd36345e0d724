"""The history of a remote: its refs in one request, its commits from the mirror."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

import pytest

from ferryman.clients.git import GitClient
from ferryman.clients.git.history import GitHistory
from ferryman.domain.errors import NotFoundError, TemporaryError
from ferryman.domain.ports import Credential, GitRemote, Head
from tests.servers.git import Repository, RunningGit, running_git
from tests.servers.ssh import running_ssh

FORMER = "0123456789" * 4


@pytest.fixture
def history(client: GitClient) -> GitHistory:
    """What is tested."""
    return client.history


@pytest.fixture
async def served(repository: Repository) -> AsyncIterator[RunningGit]:
    """A server that hands out the repository as `shop`."""
    async with running_git(repository.path.parent) as running:
        yield running


async def log(
    history: GitHistory, remote: GitRemote, *, count: int = 10, skip: int = 0, paths: bool = False
) -> list[tuple[str, tuple[str, ...]]]:
    """Subjects and paths of the default branch."""
    head = await history.head(remote)
    found = await history.log(remote, head, skip=skip, count=count, paths=paths)
    return [(one.subject, tuple(one.paths)) for one in found]


async def test_the_default_branch(history: GitHistory, repository: Repository) -> None:
    """Without a name, the head is the remote's own; with one, that branch's."""
    repository.commit({"x": "1"}, branch="x/main")
    remote = repository.file_remote()
    assert await history.head(remote) == Head("main", repository.head())
    assert await history.head(remote, "x/main") == Head("x/main", repository.head("x/main"))


async def test_no_such_branch(history: GitHistory, repository: Repository) -> None:
    """A branch that is not there is named."""
    with pytest.raises(NotFoundError, match="has no branch 'mian'"):
        await history.head(repository.file_remote(), "mian")
    repository.git("update-ref", "-d", "refs/heads/main")
    with pytest.raises(NotFoundError, match="no default branch with a commit"):
        await history.head(repository.file_remote())


async def test_commits(history: GitHistory, repository: Repository) -> None:
    """Commits come newest first, whole or page by page, with odd messages and names."""
    repository.commit({"x": "1"}, "", branch="main")
    repository.commit({"x": "2"}, f"{'long ' * 30}\n\nbody")
    remote = repository.file_remote()
    subjects = [subject for subject, _ in await log(history, remote)]
    assert subjects == ["long " * 16, "", "First"]
    assert await log(history, remote, skip=1, count=1) == [("", ())]
    newest = (await history.log(remote, await history.head(remote), skip=0, count=1, paths=False))[
        0
    ]
    assert newest.author == newest.committer == "Other <other@example.com>"
    assert newest.created_at.isoformat() == repository.git("log", "-1", "--format=%cI", "main")


async def test_paths(history: GitHistory, repository: Repository) -> None:
    """A rename counts with both names, a merge as all that it brought to the first parent."""
    remote = repository.file_remote()
    repository.commit({"apps/a/values.yaml": None, "apps/z/é.yaml": "x\n"}, "Rename")
    repository.git("update-ref", "refs/heads/side", _commit(repository, "main", "Side", {"s": "1"}))
    merge = _merge(repository, "main", "side")
    repository.git("update-ref", "refs/heads/main", merge)
    found = await log(history, remote, paths=True)
    assert found == [
        ("Merge", ("s",)),
        ("Rename", ("apps/a/values.yaml", "apps/z/é.yaml")),
        ("First", tuple(f"apps/{app}/values.yaml" for app in "abc")),
    ]


def _commit(repository: Repository, parent: str, message: str, files: dict[str, str]) -> str:
    """A commit with files on top of `parent`'s, on no branch."""
    lines = [f"100644 blob {_blob(repository, text)}\t{path}" for path, text in files.items()]
    rest = repository.git("ls-tree", parent)
    tree = repository.git("mktree", stdin="\n".join([rest, *lines, ""]).encode())
    return repository.git("commit-tree", tree, "-p", parent, "-m", message)


def _blob(repository: Repository, text: str) -> str:
    return repository.git("hash-object", "-w", "--stdin", stdin=text.encode())


def _merge(repository: Repository, into: str, other: str) -> str:
    return repository.git(
        "commit-tree", f"{other}^{{tree}}", "-p", into, "-p", other, "-m", "Merge"
    )


async def test_requests(history: GitHistory, served: RunningGit, repository: Repository) -> None:
    """Asking for a head is one request for refs; a pack is fetched once, and not for old news."""
    remote = served.remote("shop")
    await log(history, remote)
    asked = dict(served.server.requests)
    await history.head(remote)
    await history.tags(remote)
    assert served.server.requests["info/git-upload-pack"] == asked["info/git-upload-pack"] + 2
    packs = served.server.requests["git-upload-pack"]
    await log(history, remote)
    assert served.server.requests["git-upload-pack"] == packs + 1  # protocol 2 lists refs so
    repository.commit({"x": "1"}, "News")
    assert (await log(history, remote))[0] == ("News", ())


async def test_tags(history: GitHistory, repository: Repository) -> None:
    """Annotated tags tell who tagged and why; what is no commit is left out; order is kept."""
    repository.git("tag", "light")
    repository.git("-c", "user.name=A", "-c", "user.email=a@x", "tag", "-a", "v1", "-m", "One\n\nx")
    repository.git("tag", "file", f"{repository.head()}:apps/a/values.yaml")
    remote = repository.file_remote()
    tags = await history.tags(remote)
    assert set(tags) == {"light", "v1", "file"}
    wanted = {name: tags[name] for name in ("v1", "file", "light")}
    annotated, light = await history.tagged(remote, wanted)
    assert (annotated.tag, annotated.id, annotated.annotation) == ("v1", repository.head(), "One")
    assert annotated.tagger.startswith("Other <")
    assert annotated.subject == light.subject == "First"
    assert annotated.author == light.author == "Other <other@example.com>"
    assert (light.tag, light.id, light.tagger, light.annotation) == ("light", annotated.id, "", "")


async def test_odd_tags(history: GitHistory, repository: Repository) -> None:
    """A tag without tagger and date is as of 1970; one whose name is no UTF-8 is left out."""
    head = repository.head()
    tag = f"object {head}\ntype commit\ntag old\n\nOld\n"
    made = repository.git(
        "hash-object", "-t", "tag", "-w", "--stdin", "--literally", stdin=tag.encode()
    )
    repository.git("update-ref", "refs/tags/old", made)
    repository.git("update-ref", "refs/tags/caf\udce9", head)
    remote = repository.file_remote()
    tags = await history.tags(remote)
    assert set(tags) == {"old"}
    (old,) = await history.tagged(remote, tags)
    assert (old.id, old.annotation, old.created_at.year) == (head, "Old", 1970)


async def test_many_tags(history: GitHistory, repository: Repository) -> None:
    """Hundreds of tags come in one fetch, and moved ones are seen as they are now."""
    head = repository.head()
    lines = "".join(f"create refs/tags/v{n} {head}\n" for n in range(150))
    repository.git("update-ref", "--stdin", stdin=lines.encode())
    remote = repository.file_remote()
    assert len(await history.tagged(remote, await history.tags(remote))) == 150
    moved = repository.commit({"x": "1"})
    repository.git("tag", "-f", "v7", moved)
    tags = await history.tags(remote)
    assert [one.id for one in await history.tagged(remote, {"v7": tags["v7"]})] == [moved]


async def test_a_tag_deleted_in_between(history: GitHistory, repository: Repository) -> None:
    """What went between list and fetch is a reason to look again soon, not a damaged mirror."""
    repository.git("tag", "v1")
    remote = repository.file_remote()
    tags = await history.tags(remote)
    repository.git("tag", "-d", "v1")
    with pytest.raises(TemporaryError, match="while it was looked at"):
        await history.tagged(remote, tags)
    assert await history.tagged(remote, await history.tags(remote)) == []


async def test_a_branch_forced_away(history: GitHistory, repository: Repository) -> None:
    """A head that no branch leads to any more is a reason to look again soon."""
    with pytest.raises(TemporaryError, match="branch 'main' was moved"):
        await history.log(
            repository.file_remote(), Head("main", FORMER), skip=0, count=1, paths=False
        )
    assert (await log(history, repository.file_remote()))[0][0] == "First"


async def test_what_tags_changed(history: GitHistory, repository: Repository) -> None:
    """The paths of any commits come in one go, also where several tags name one."""
    for name in ("v1", "again"):
        repository.git("tag", name)
    repository.commit({"x": "1"})
    repository.git("tag", "v2")
    remote = repository.file_remote()
    found = await history.tagged(remote, await history.tags(remote))
    changed = {one.tag: tuple(one.paths) for one in await history.changed(remote, found)}
    first = tuple(f"apps/{app}/values.yaml" for app in "abc")
    assert changed == {"v1": first, "again": first, "v2": ("x",)}


async def test_a_damaged_mirror(
    history: GitHistory, repository: Repository, tmp_path: Path
) -> None:
    """A mirror whose objects are gone is made anew on the way."""
    remote = repository.file_remote()
    await log(history, remote)
    for pack in (tmp_path / "data/mirrors").glob("*.git/objects/pack/*"):
        pack.unlink()
    for loose in (tmp_path / "data/mirrors").glob("*.git/objects/??/*"):
        loose.unlink()
    assert (await log(history, remote))[0][0] == "First"


@pytest.mark.servers
async def test_over_ssh(history: GitHistory, repository: Repository, tmp_path: Path) -> None:
    """Heads, tags and commits are read over SSH with a deploy key."""
    repository.git("tag", "v1")
    with running_ssh(tmp_path) as server:
        remote = GitRemote(server.url(repository.path), Credential("", "", server.key))
        assert (await log(history, remote))[0][0] == "First"
        assert set(await history.tags(replace(remote))) == {"v1"}
