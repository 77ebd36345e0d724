"""Files that a checkout does not bring to disk: they are replaced, or written elsewhere."""

from __future__ import annotations

from pathlib import Path

import pytest

from ferryman.clients.git import GitClient
from ferryman.clients.git.checkout import Checkout
from ferryman.domain.errors import InvalidError
from tests.clients.git.deeds import commit
from tests.servers.git import Repository


@pytest.fixture
async def checkout(client: GitClient, repository: Repository, tmp_path: Path) -> Checkout:
    """Of files, a folder and links, nothing on disk yet."""
    repository.commit(
        {
            "out/a": "old a",
            "out/b": "old b",
            "100755:out/run": "old run",
            "120000:out/link": "../apps/a/values.yaml",
            "out/folder/deep": "deep",
            "120000:current": "out",
        }
    )
    return await client.clone(repository.file_remote(), tmp_path / "work", hold="p.1/src")


def _on_disk(root: Path) -> dict[str, str]:
    files = [path for path in root.rglob("*") if path.is_file() and not path.is_symlink()]
    return {str(path.relative_to(root)): path.read_text() for path in files}


def _changed(checkout: Checkout, made: str | None) -> list[str]:
    mirror = Repository(checkout._mirror.path)
    return mirror.git("diff", "--name-status", "--no-renames", f"{made}~1", f"{made}").splitlines()


async def test_what_is_replaced_need_not_be_there(checkout: Checkout) -> None:
    """The old content stays away, and the new one, also in place of a link, is a difference."""
    await checkout.overwrite("out/a", "out/b", "out/link", "out/new")
    assert not _on_disk(checkout.root)
    (checkout.root / "out").mkdir()
    for name, text in {"a": "new a", "b": "old b", "link": "a file", "new": "new"}.items():
        (checkout.root / "out" / name).write_text(text)
    made = await commit(checkout)
    assert _changed(checkout, made) == ["M\tout/a", "T\tout/link", "A\tout/new"]


async def test_what_is_in_the_way_of_a_replacement(checkout: Checkout) -> None:
    """A folder where a file is to be, and a link on the way to it, are there to be seen."""
    await checkout.overwrite("out/folder", "current/a")
    assert _on_disk(checkout.root) == {"out/folder/deep": "deep"}
    assert (checkout.root / "current").is_symlink()
    assert await commit(checkout) is None


async def test_what_is_exported_is_no_difference(checkout: Checkout, tmp_path: Path) -> None:
    """Files go to another folder; the checkout is as it was, and brings them when it has to."""
    before = await checkout.fingerprint()
    await checkout.export(tmp_path / "elsewhere", "apps/a/values.yaml", "out", "missing")
    there = {"apps/a/values.yaml", "out/a", "out/b", "out/run", "out/folder/deep"}
    assert _on_disk(tmp_path / "elsewhere").keys() == there
    assert (checkout.root / "out/link").is_symlink(), "a link has to be followed in the checkout"
    assert not _on_disk(checkout.root)
    assert await checkout.fingerprint() == before
    await checkout.materialise("out/a")
    assert _on_disk(checkout.root) == {"out/a": "old a"}
    assert await commit(checkout) is None


async def test_what_is_on_disk_is_not_exported(checkout: Checkout, tmp_path: Path) -> None:
    """Neither what a step has changed, nor what it has removed, is seen as it was before."""
    await checkout.materialise("out/a", "out/b")
    (checkout.root / "out/a").write_text("mine")
    (checkout.root / "out/b").unlink()
    await checkout.export(tmp_path / "elsewhere", "out")
    assert _on_disk(tmp_path / "elsewhere").keys() == {"out/run", "out/folder/deep"}


@pytest.mark.parametrize("path", ["../x", "/etc/passwd"])
async def test_paths_outside_are_refused(checkout: Checkout, tmp_path: Path, path: str) -> None:
    """As everywhere."""
    with pytest.raises(InvalidError, match="leads out of the checkout"):
        await checkout.overwrite(path)
    with pytest.raises(InvalidError, match="leads out of the checkout"):
        await checkout.export(tmp_path / "elsewhere", path)
