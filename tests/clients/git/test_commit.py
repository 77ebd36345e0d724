"""What a commit has in it."""

from __future__ import annotations

from pathlib import Path

import pytest

from ferryman.clients.git import GitClient
from ferryman.clients.git.checkout import Checkout
from ferryman.clients.git.commits import with_trailers
from ferryman.domain.errors import InvalidError
from tests.clients.git.deeds import commit, edit
from tests.servers.git import Repository


@pytest.fixture
async def checkout(client: GitClient, repository: Repository, tmp_path: Path) -> Checkout:
    """A checkout of the branch `main`."""
    return await client.clone(repository.file_remote(), tmp_path / "work", hold="p.1/src")


def _status(checkout: Checkout, made: str | None) -> list[str]:
    """What the commit did to its parent, as plain git sees it."""
    mirror = Repository(checkout._mirror.path)
    mirror.git("fsck", "--strict", f"{made}")
    return mirror.git("diff", "--no-renames", "--name-status", f"{made}~1", f"{made}").splitlines()


async def test_without_a_difference_there_is_no_commit(checkout: Checkout) -> None:
    """None, whether nothing was touched or the same was written again."""
    assert await commit(checkout) is None
    await checkout.materialise("apps")
    file = checkout.root / "apps/a/values.yaml"
    file.write_bytes(file.read_bytes())
    assert await commit(checkout) is None


async def test_a_file_written_as_it_was_is_no_difference(checkout: Checkout) -> None:
    """Even where nobody asked for it before."""
    (checkout.root / "apps/a").mkdir(parents=True)
    (checkout.root / "apps/a/values.yaml").write_text("app: a\nimage: x:1\nend: 1\n")
    assert await commit(checkout) is None


async def test_every_kind_of_change_is_committed(checkout: Checkout) -> None:
    """Edits, new files, removed ones, exec bits, a file that became a folder, and the reverse."""
    await checkout.materialise("apps")
    root = checkout.root
    (root / "apps/a/values.yaml").write_text("changed")
    (root / "new/deep").mkdir(parents=True)
    (root / "new/deep/file").write_text("new")
    (root / "apps/b/values.yaml").chmod(0o755)
    (root / "apps/c/values.yaml").unlink()
    (root / "apps/c/values.yaml").mkdir()
    (root / "apps/c/values.yaml/inner").symlink_to("nowhere")
    assert _status(checkout, await commit(checkout)) == [
        "M\tapps/a/values.yaml",
        "M\tapps/b/values.yaml",
        "D\tapps/c/values.yaml",
        "A\tapps/c/values.yaml/inner",
        "A\tnew/deep/file",
    ]
    assert await commit(checkout) is None


async def test_what_is_not_on_disk_is_unchanged(checkout: Checkout) -> None:
    """Committing one file leaves all those alone that nobody asked for."""
    await edit(checkout, "apps/a/values.yaml", "x:1", "x:2")
    assert _status(checkout, await commit(checkout)) == ["M\tapps/a/values.yaml"]


async def test_the_same_input_gives_the_same_commit(
    client: GitClient, repository: Repository, tmp_path: Path
) -> None:
    """A rebuilt tree has the commit ids of the lost one."""
    made = []
    for number in range(2):
        root = tmp_path / f"work{number}"
        checkout = await client.clone(repository.file_remote(), root, hold=f"p.{number}")
        await edit(checkout, "apps/a/values.yaml", "x:1", "x:2")
        made.append(await commit(checkout))
    assert made[0] == made[1]


async def test_ignored_files_stay_out(
    client: GitClient, repository: Repository, tmp_path: Path
) -> None:
    """What .gitignore names is not added, though nobody asked for .gitignore; tracked files are."""
    repository.commit(
        {".gitignore": "*.log\n!keep.log\n/out/\n", "apps/.gitignore": "tmp\n", "t.log": "1"}
    )
    checkout = await client.clone(repository.file_remote(), tmp_path / "work", hold="p.1")
    for path in ("a.log", "keep.log", "out/x", "apps/tmp", "apps/out/x", "t.log"):
        (checkout.root / path).parent.mkdir(parents=True, exist_ok=True)
        (checkout.root / path).write_text("2")
    made = await commit(checkout)
    assert _status(checkout, made) == ["A\tapps/out/x", "A\tkeep.log", "M\tt.log"]
    assert await commit(checkout) is None


async def test_clearing_removes_what_nobody_asked_for_too(checkout: Checkout) -> None:
    """After git-clear, a commit has exactly the files that were written since."""
    await checkout.materialise("apps/a")
    await checkout.clear()
    assert list(checkout.root.iterdir()) == []
    await checkout.materialise("apps")
    assert list(checkout.root.iterdir()) == []
    (checkout.root / "only").write_text("1")
    removed = [f"D\tapps/{app}/values.yaml" for app in "abc"]
    assert _status(checkout, await commit(checkout)) == [*removed, "A\tonly"]


async def test_clearing_and_writing_the_same_is_no_difference(checkout: Checkout) -> None:
    """Rendered again without a change, there is nothing to commit."""
    await checkout.materialise("apps")
    files = {path: path.read_bytes() for path in checkout.root.rglob("*.yaml")}
    await checkout.clear()
    for path, content in files.items():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
    assert await commit(checkout) is None


async def test_the_fingerprint_is_of_head_and_differences(checkout: Checkout) -> None:
    """It changes with a change and back; what is merely on disk, unchanged, has no part in it."""
    first = await checkout.fingerprint()
    await checkout.materialise("apps/a")
    assert await checkout.fingerprint() == first
    file = checkout.root / "apps/a/values.yaml"
    content = file.read_text()
    file.write_text(content.replace("x:1", "x:2"))
    second = await checkout.fingerprint()
    file.write_text(content.replace("x:1", "x:3"))
    third = await checkout.fingerprint()
    file.write_text(content)
    assert len({first, second, third}) == 3
    assert await checkout.fingerprint() == first
    file.write_text(content.replace("x:1", "x:2"))
    await commit(checkout)
    assert await checkout.fingerprint() not in {first, second, third}


async def test_resetting_leaves_nothing_else(checkout: Checkout, repository: Repository) -> None:
    """Standing on a commit again, the tree has its files, and no others."""
    first = await checkout.head()
    await edit(checkout, "apps/a/values.yaml", "x:1", "x:2")
    await commit(checkout)
    (checkout.root / "junk").write_text("junk")
    await checkout.reset(first)
    await checkout.materialise("apps/a")
    assert await checkout.head() == first
    assert "x:1" in (checkout.root / "apps/a/values.yaml").read_text()
    assert not (checkout.root / "junk").exists()
    later = repository.commit({"later": "1"})
    await checkout.reset(later)
    await checkout.materialise("later")
    assert (checkout.root / "later").read_text() == "1"


@pytest.mark.parametrize(
    ("message", "expected"),
    [
        ("Promote", "Promote\n\nStep: 1\n"),
        ("  Promote \n\n", "Promote\n\nStep: 1\n"),
        ("Promote\n\nWhy not.", "Promote\n\nWhy not.\n\nStep: 1\n"),
        ("Promote\n\nSigned-off-by: Ann", "Promote\n\nSigned-off-by: Ann\nStep: 1\n"),
        ("fix: this", "fix: this\n\nStep: 1\n"),
    ],
)
def test_trailers_stand_below_the_message(message: str, expected: str) -> None:
    """In a paragraph of their own, or with the trailers that are there."""
    assert with_trailers(message, {"Step": "1"}) == expected


def test_a_message_is_needed() -> None:
    """A blank message is refused."""
    with pytest.raises(InvalidError, match="needs a message"):
        with_trailers(" \n", {})
