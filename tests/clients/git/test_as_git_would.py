"""Whatever happens to a tree, the commit is the one that plain git would make of it."""

from __future__ import annotations

import asyncio
import shutil
import tempfile
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from ferryman.clients.git import GitClient
from tests.clients.git.conftest import OPTIONS
from tests.clients.git.deeds import commit
from tests.servers.git import Repository, make_repository

_NAMES = st.sampled_from(["a", "b", "ignored", ".gitignore", "ä b", "run.sh"])
_PATHS = st.lists(_NAMES, min_size=1, max_size=3).map("/".join)
_ACTS = st.tuples(
    st.sampled_from(["write", "remove", "link", "program"]), _PATHS, st.integers(0, 2)
)


@settings(max_examples=8, deadline=None)
@given(st.lists(_ACTS, max_size=12), st.booleans())
def test_the_tree_is_what_git_add_makes_of_it(
    acts: list[tuple[str, str, int]],
    clear: bool,  # noqa: FBT001 — hypothesis gives it by position
) -> None:
    """Random writes, removals, links and exec bits end as the tree of `git add --all`."""
    with tempfile.TemporaryDirectory() as folder:
        asyncio.run(_compare(Path(folder), acts, clear=clear))


async def _compare(folder: Path, acts: list[tuple[str, str, int]], *, clear: bool) -> None:
    files = {".gitignore": "ignored\n", "a/b": "0", "b": "0", "100755:ä b/run.sh": "0"}
    repository = make_repository(folder / "shop.git", files)
    client = GitClient(folder / "data", OPTIONS)
    checkout = await client.clone(repository.file_remote(), folder / "work", hold="1")
    await checkout.materialise(".")
    if clear:
        await checkout.clear()
    for act, path, number in acts:
        _do(act, checkout.root / path, number)
    expected = _tree_by_git(repository, checkout.root, folder / "index")
    await commit(checkout)
    mirror = Repository(next((folder / "data/mirrors").glob("*.git")))
    assert mirror.git("rev-parse", f"{await checkout.head()}^{{tree}}") == expected
    client.close()


def _do(act: str, path: Path, number: int) -> None:
    """Do it by force: what is in the way goes."""
    for place in (*reversed(path.parents), path):
        if place.is_symlink() or (place.exists() and not place.is_dir()):
            place.unlink()
    if path.is_dir():
        shutil.rmtree(path)
    if act == "remove":
        return
    path.parent.mkdir(parents=True, exist_ok=True)
    if act == "link":
        path.symlink_to(f"nowhere{number}")
        return
    # What .gitignore says must not hide a file that the other side tracks.
    path.write_text(str(number) if path.name != ".gitignore" else f"ignored{number}\n")
    path.chmod(0o755 if act == "program" else 0o644)


def _tree_by_git(repository: Repository, root: Path, index: Path) -> str:
    env = {"GIT_INDEX_FILE": str(index), "GIT_WORK_TREE": str(root)}
    repository.git("read-tree", "main", env=env)
    repository.git("add", "--all", env=env)
    return repository.git("write-tree", env=env)
