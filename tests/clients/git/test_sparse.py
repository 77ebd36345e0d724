"""Sparse checkouts: which part is shown, and that the rest stays in every commit."""

from __future__ import annotations

from pathlib import Path

import pytest

from ferryman.clients.git import GitClient
from ferryman.clients.git.checkout import Checkout
from ferryman.clients.git.cone import Cone
from ferryman.domain.errors import InvalidError
from tests.clients.git.conftest import OPTIONS
from tests.clients.git.deeds import commit, push
from tests.servers.git import Repository

FILES = ["root", "a/f", "a/b/f", "a/b/c/f", "a/x/f", "ab/f", "d/f", "d/e/f"]


@pytest.fixture
def repository(repository: Repository) -> Repository:
    """A repository with files in nested folders."""
    repository.commit({"apps": None, **dict.fromkeys(FILES, "1\n")})
    return repository


async def _sparse(client: GitClient, repository: Repository, root: Path, *sparse: str) -> Checkout:
    return await client.clone(repository.file_remote(), root, sparse=sparse, hold=root.name)


def _on_disk(checkout: Checkout) -> set[str]:
    return {str(at.relative_to(checkout.root)) for at in checkout.root.rglob("*") if at.is_file()}


def _files(repository: Repository) -> set[str]:
    return set(repository.git("ls-tree", "-r", "--name-only", "main").splitlines())


def _by_git(repository: Repository, root: Path, sparse: list[str]) -> set[str]:
    """The files that plain git checks out."""
    repository.git("clone", "--quiet", "--no-checkout", f"file://{repository.path}", str(root))
    clone, here = Repository(root / ".git"), (f"--work-tree={root}", "-C", str(root))
    clone.git(*here, "sparse-checkout", "set", *sparse)
    clone.git(*here, "checkout", "--quiet", "main")
    found = {str(at.relative_to(root)) for at in root.rglob("*") if at.is_file()}
    return {path for path in found if not path.startswith(".git/")}


@pytest.mark.parametrize(
    ("sparse", "shown"),
    [
        ([], set(FILES)),
        (["a/b"], {"root", "a/f", "a/b/f", "a/b/c/f"}),
        (["a/b/"], {"root", "a/f", "a/b/f", "a/b/c/f"}),
        (["a/b/c", "d/e"], {"root", "a/f", "a/b/f", "a/b/c/f", "d/f", "d/e/f"}),
        (["a", "a/b"], {"root", "a/f", "a/b/f", "a/b/c/f", "a/x/f"}),
        (["."], {"root"}),
        (["missing/too"], {"root"}),
        (["a/f"], {"root", "a/f"}),
    ],
)
async def test_what_is_shown(
    client: GitClient, repository: Repository, tmp_path: Path, sparse: list[str], shown: set[str]
) -> None:
    """The same files as git-sparse-checkout leaves in its cone, asked for alone or all at once."""
    checkout = await _sparse(client, repository, tmp_path / "work", *sparse)
    assert set(await checkout.names(".")) == shown
    await checkout.materialise(*FILES)
    assert _on_disk(checkout) == shown
    await checkout.materialise(".")
    assert _on_disk(checkout) == shown
    assert await checkout.names(".") == []
    if sparse:
        assert _by_git(repository, tmp_path / "by-git", sparse) == shown


@pytest.mark.parametrize("name", ["a/*", "!a", "/a", "../a", "a/../../b", "", "[a]", "a\\b"])
async def test_patterns_are_refused(
    client: GitClient, repository: Repository, tmp_path: Path, name: str
) -> None:
    """What git refuses as a folder of a cone is refused before anything is fetched."""
    with pytest.raises(InvalidError, match=r"sparse: .*; name (folders|one)"):
        await _sparse(client, repository, tmp_path / "work", name)


async def test_clearing_leaves_the_rest_of_the_branch(
    client: GitClient, repository: Repository, tmp_path: Path
) -> None:
    """After git-clear the commit lacks what was shown, and has all else as it was."""
    checkout = await _sparse(client, repository, tmp_path / "work", "a/b")
    await checkout.materialise("a/b")
    await checkout.clear()
    assert _on_disk(checkout) == set()
    (checkout.root / "a/b").mkdir(parents=True)
    (checkout.root / "a/b/new").write_text("2\n")
    await commit(checkout)
    await push(checkout, repository.file_remote())
    assert _files(repository) == {"a/b/new", "a/x/f", "ab/f", "d/f", "d/e/f"}


async def test_what_is_written_outside_is_committed(
    client: GitClient, repository: Repository, tmp_path: Path
) -> None:
    """A step's files are never lost silently: new ones and changed ones go into the commit."""
    repository.commit({"d/.gitignore": "*.log\n"})
    checkout = await _sparse(client, repository, tmp_path / "work", "a/b")
    await checkout.materialise("d/f", "d/new")
    (checkout.root / "d").mkdir()
    for path in ("d/f", "d/new", "d/x.log"):
        (checkout.root / path).write_text("2\n")
    await commit(checkout)
    await checkout.clear()
    (checkout.root / "root").write_text("1\n")
    await commit(checkout)
    await push(checkout, repository.file_remote())
    assert repository.show("d/f") == repository.show("d/new") == "2"
    gone = {"a/f", "a/b/f", "a/b/c/f"}
    assert _files(repository) == {*FILES, "d/new", "d/.gitignore"} - gone


async def test_it_stays_sparse(client: GitClient, repository: Repository, tmp_path: Path) -> None:
    """Opened again, reset, or moved on to what others pushed, the same part is shown."""
    checkout = await _sparse(client, repository, tmp_path / "work", "a/b")
    await checkout.materialise("a/b/f")
    (checkout.root / "a/b/f").write_text("2\n")
    await commit(checkout)
    repository.commit({"a/b/theirs": "3\n", "d/theirs": "3\n"})
    client.close()
    second = GitClient(tmp_path / "data", OPTIONS)
    opened = await second.open(repository.file_remote(), checkout.root)
    await push(opened, repository.file_remote())
    await opened.materialise(".")
    shown = {"root", "a/f", "a/b/f", "a/b/c/f", "a/b/theirs"}
    assert _on_disk(opened) == shown
    assert "d/theirs" in _files(repository)
    await opened.reset(repository.head())
    await opened.materialise(".")
    assert _on_disk(opened) == shown
    second.close()


async def test_links_out_of_it_lead_nowhere(
    client: GitClient, repository: Repository, tmp_path: Path
) -> None:
    """As with git, what a link leads to is on disk only where it is shown itself."""
    repository.commit({"120000:a/b/in": "../f", "120000:a/b/out": "../../d/f"})
    checkout = await _sparse(client, repository, tmp_path / "work", "a/b")
    await checkout.materialise("a/b/in", "a/b/out")
    assert (checkout.root / "a/b/in").exists()
    assert (checkout.root / "a/b/out").is_symlink()
    assert not (checkout.root / "a/b/out").exists()


def test_folders_with_a_common_beginning() -> None:
    """`ab` is not below `a`."""
    cone = Cone.of(["a"])
    assert not cone.reaches("ab")
    assert not cone.has("ab/f")
    assert cone.reaches("a/deep")
