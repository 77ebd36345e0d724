"""Which files a checkout brings to disk, and how they look there."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from ferryman.clients.git import GitClient
from ferryman.clients.git.checkout import Checkout
from ferryman.domain.errors import InvalidError
from tests.clients.git.deeds import commit
from tests.servers.git import Repository

ODD = {
    "crlf.yaml": b"a: 1\r\nb: 2\r\n",
    "with space.txt": b"x",
    'quo"te\\back.txt': b"x",
    "tab\tnew\\nline": b"x",
    "umläut.txt": b"x",
    os.fsdecode(b"latin\xe9.txt"): b"x",
    "-option": b"x",
    "*glob?[a].txt": b"x",
    "empty": b"",
    "binary": bytes(range(256)),
}


async def _clone(client: GitClient, repository: Repository, root: Path) -> Checkout:
    return await client.clone(repository.file_remote(), root, hold="p.1/src")


def _on_disk(root: Path) -> set[str]:
    return {str(path.relative_to(root)) for path in root.rglob("*") if not path.is_dir()}


async def test_only_what_is_asked_for_is_on_disk(
    client: GitClient, repository: Repository, tmp_path: Path
) -> None:
    """A clone is empty; a file comes alone, a folder with all that is in it."""
    checkout = await _clone(client, repository, tmp_path / "work")
    assert _on_disk(checkout.root) == set()
    await checkout.materialise("apps/a/values.yaml")
    assert _on_disk(checkout.root) == {"apps/a/values.yaml"}
    await checkout.materialise("./apps/")
    assert _on_disk(checkout.root) == {f"apps/{app}/values.yaml" for app in "abc"}


async def test_the_whole_tree_may_be_asked_for(
    client: GitClient, repository: Repository, tmp_path: Path
) -> None:
    """`.` is everything."""
    repository.commit({"README.md": "x", ".gitignore": "y"})
    checkout = await _clone(client, repository, tmp_path / "work")
    await checkout.materialise(".")
    assert len(_on_disk(checkout.root)) == 5


async def test_what_does_not_exist_is_no_error(
    client: GitClient, repository: Repository, tmp_path: Path
) -> None:
    """The step that wants a missing file says so itself."""
    checkout = await _clone(client, repository, tmp_path / "work")
    await checkout.materialise("missing", "apps/a/values.yaml/below", "apps/z/values.yaml")
    assert _on_disk(checkout.root) == set()


async def test_odd_files_survive_byte_by_byte(
    client: GitClient, repository: Repository, tmp_path: Path
) -> None:
    """CRLF, odd names and binary content come as they are, and committing changes none of them."""
    repository.commit({**ODD, ".gitattributes": "* text=auto eol=lf\n*.txt filter=evil\n"})
    checkout = await _clone(client, repository, tmp_path / "work")
    await checkout.materialise(".")
    for name, content in ODD.items():
        assert (checkout.root / name).read_bytes() == content
    assert await commit(checkout) is None
    (checkout.root / os.fsdecode(b"latin\xe9.txt")).write_bytes(b"y\r\n")
    made = await commit(checkout)
    changed = repository_changes(checkout, made)
    assert changed == ['"latin\\351.txt"']


def repository_changes(checkout: Checkout, made: str | None) -> list[str]:
    """The names that a commit in the mirror changed, as plain git writes them."""
    mirror = Repository(checkout._mirror.path)
    return mirror.git("diff", "--name-only", f"{made}~1", f"{made}").splitlines()


async def test_programs_and_links_survive(
    client: GitClient, repository: Repository, tmp_path: Path
) -> None:
    """Exec bits and links come as they are, links to nowhere too."""
    repository.commit({"100755:run.sh": "#!/bin/sh\n", "120000:dangling": "../../nowhere"})
    checkout = await _clone(client, repository, tmp_path / "work")
    await checkout.materialise("run.sh", "dangling")
    assert os.access(checkout.root / "run.sh", os.X_OK)
    assert (checkout.root / "dangling").readlink() == Path("../../nowhere")
    assert await commit(checkout) is None


async def test_links_bring_what_they_lead_to(
    client: GitClient, repository: Repository, tmp_path: Path
) -> None:
    """A file behind links, to files and to folders, is readable once it was asked for."""
    repository.commit(
        {
            "120000:env/prod.yaml": "../base/values.yaml",
            "base/values.yaml": "found",
            "120000:current": "env/v2",
            "env/v2/x/y.yaml": "found too",
            "120000:circle": "circle/on",
        }
    )
    checkout = await _clone(client, repository, tmp_path / "work")
    await checkout.materialise("env/prod.yaml", "current/x/y.yaml", "circle/x")
    assert (checkout.root / "env/prod.yaml").read_text() == "found"
    assert (checkout.root / "current/x/y.yaml").read_text() == "found too"


async def test_a_folder_of_200_files_comes_whole(
    client: GitClient, repository: Repository, tmp_path: Path
) -> None:
    """All files of a large folder are there, and nothing of its neighbours."""
    repository.commit({f"big/{n % 7}/{n}.yaml": f"n: {n}\n" for n in range(200)})
    checkout = await _clone(client, repository, tmp_path / "work")
    await checkout.materialise("big")
    assert len(_on_disk(checkout.root)) == 200
    assert (checkout.root / "big/3/150.yaml").read_text() == "n: 150\n"


async def test_what_a_step_did_is_not_undone(
    client: GitClient, repository: Repository, tmp_path: Path
) -> None:
    """Asking again neither restores a removed file nor overwrites a written one."""
    checkout = await _clone(client, repository, tmp_path / "work")
    await checkout.materialise("apps/a")
    (checkout.root / "apps/a/values.yaml").unlink()
    (checkout.root / "apps/b").mkdir()
    (checkout.root / "apps/b/values.yaml").write_text("mine")
    await checkout.materialise("apps")
    assert _on_disk(checkout.root) == {"apps/b/values.yaml", "apps/c/values.yaml"}
    assert (checkout.root / "apps/b/values.yaml").read_text() == "mine"


@pytest.mark.parametrize("path", ["../x", "/etc/passwd", "a/../../x", ".."])
async def test_paths_outside_are_refused(
    client: GitClient, repository: Repository, tmp_path: Path, path: str
) -> None:
    """A path that leads out of the checkout is an error that shows it."""
    checkout = await _clone(client, repository, tmp_path / "work")
    with pytest.raises(InvalidError, match="leads out of the checkout"):
        await checkout.materialise(path)


async def test_nothing_is_written_through_a_link(
    client: GitClient, repository: Repository, tmp_path: Path
) -> None:
    """A link that stands where a folder was leads no file out of the checkout."""
    outside = tmp_path / "outside"
    outside.mkdir()
    checkout = await _clone(client, repository, tmp_path / "work")
    (checkout.root / "apps").symlink_to(outside)
    await checkout.materialise("apps")
    assert list(outside.iterdir()) == []
