"""delete: files and folders, also by patterns."""

from __future__ import annotations

from typing import Any

import pytest
from pydantic import ValidationError

from activities.steps.delete import Config
from activities.tools.globbing import found
from ferryman.domain.errors import InvalidError
from tests.servers.git import Repository
from tests.steps.conftest import Steps

FILES = {
    "a/one.yaml": "1\n",
    "a/two.yaml": "2\n",
    "a/.hidden.yaml": "h\n",
    "a/deep/three.yaml": "3\n",
    "a/deep/four.txt": "4\n",
    "a/[x].yaml": "x\n",
    "120000:link": "a",
    "120000:out": "/etc",
}


@pytest.fixture
async def cloned(steps: Steps, repository: Repository) -> Steps:
    """`main` in ./src, nothing of it on disk."""
    repository.commit(FILES)
    await steps.clone(repository)
    return steps


async def left(steps: Steps, repository: Repository) -> set[str]:
    """Commit and push; the files that are left below a/, and the links."""
    await steps.commit()
    await steps.run("git-push", {"path": "./src"})
    listed = repository.git("ls-tree", "-r", "--name-only", "refs/heads/main").splitlines()
    return {name.removeprefix("a/") for name in listed} - {"values.yaml"}


async def test_a_file(cloned: Steps, repository: Repository) -> None:
    """A file that was never on disk is removed by the next commit."""
    await cloned.run("delete", {"path": "./src/a/one.yaml"})
    assert "one.yaml" not in await left(cloned, repository)


async def test_a_folder(cloned: Steps, repository: Repository) -> None:
    """A folder goes with all that is in it; nothing else comes to disk."""
    await cloned.run("delete", {"path": "src/a/deep/"})
    assert not (cloned.workspace.root / "src/a/one.yaml").exists()
    there = await left(cloned, repository)
    assert "one.yaml" in there
    assert not {name for name in there if name.startswith("deep")}


async def test_a_link(cloned: Steps, repository: Repository) -> None:
    """Of a link, the link itself goes, wherever it leads; on the way, it is followed."""
    await cloned.run("delete", {"paths": ["src/out", "src/link/two.yaml", "src/link"]})
    there = await left(cloned, repository)
    assert not there & {"link", "out", "two.yaml"}
    assert "one.yaml" in there


async def test_written_and_deleted(cloned: Steps) -> None:
    """What an earlier step wrote is gone, and leaves nothing to commit."""
    await cloned.workspace.write("src/new/file", b"x")
    await cloned.run("delete", {"path": "src/new"})
    assert (await cloned.commit()).status == "Skipped"


@pytest.mark.parametrize(
    ("globs", "gone"),
    [
        (["src/a/*.yaml"], {"one.yaml", "two.yaml", ".hidden.yaml", "[x].yaml"}),
        (["src/a/?ne.yaml", "src/a/deep/*.txt"], {"one.yaml", "deep/four.txt"}),
        (["src/a/**/t*.yaml"], {"two.yaml", "deep/three.yaml"}),
        (["./src/a/[!ot]*"], {".hidden.yaml", "[x].yaml", "deep/three.yaml", "deep/four.txt"}),
        (["src/a/\\[x\\].yaml"], {"[x].yaml"}),
        (["src/*/deep"], {"deep/three.yaml", "deep/four.txt"}),
        (["src/a/one.yaml"], {"one.yaml"}),
        (["src/[ol]*"], {"link", "out"}),
        (["src/b/*", "*/c", "src/a/one.yaml/*"], set()),
    ],
)
async def test_globs(
    cloned: Steps, repository: Repository, globs: list[str], gone: set[str]
) -> None:
    """Patterns match names in checkouts whose files were never on disk."""
    before = {name.split(":")[-1].removeprefix("a/") for name in FILES}
    await cloned.run("delete", {"paths": globs, "pathsAreGlobs": True})
    assert await left(cloned, repository) == before - gone


async def test_globs_bring_only_what_they_match(cloned: Steps) -> None:
    """Other files of the folder do not come to disk for it."""
    places = await found(cloned.workspace, "src/a/**/t*.yaml", is_glob=True, field="path")
    assert [place.name for place in places] == ["src/a/deep/three.yaml", "src/a/two.yaml"]
    on_disk = {path.name for path in (cloned.workspace.root / "src").rglob("*.yaml")}
    assert on_disk == {"three.yaml", "two.yaml"}


async def test_not_a_glob(cloned: Steps, repository: Repository) -> None:
    """Without pathsAreGlobs, every character stands for itself."""
    await cloned.run("delete", {"path": "src/a/[x].yaml"})
    await cloned.run("delete", {"path": "src/a/*"})
    assert await left(cloned, repository) >= {"one.yaml", "deep/four.txt"}


@pytest.mark.parametrize("more", [{}, {"pathsAreGlobs": True}])
async def test_nothing_there(cloned: Steps, more: dict[str, Any]) -> None:
    """What is not there is a mistake if `strict`, and is named with its field."""
    paths = ["src/a/one.yaml", "src/none"]
    await cloned.run("delete", {"path": "none/x", **more})
    with pytest.raises(InvalidError, match=r"^paths\[1\]: there is nothing at 'src/none'"):
        await cloned.run("delete", {"paths": paths, "strict": True, **more})


async def test_strict_globs(cloned: Steps) -> None:
    """A pattern that matches nothing is a mistake if `strict`."""
    with pytest.raises(InvalidError, match="nothing at"):
        await cloned.run("delete", {"path": "src/a/*.toml", "pathsAreGlobs": True, "strict": True})


OUT_OF_REACH = {
    "..": "leaves",
    "/../etc/passwd": "leaves",
    "src/out/passwd": "leaves",
    "src/.git": "git's own",
    "src/.GIT/config": "git's own",
    ".": "whole work tree",
    "src/..": "whole work tree",
}


async def test_out_of_reach(cloned: Steps) -> None:
    """Nothing outside of the work tree, and not all of it; a pattern leads out no more."""
    for path, sentence in OUT_OF_REACH.items():
        for is_glob in (False, True):
            with pytest.raises(InvalidError, match=f"^path: .*{sentence}"):
                await cloned.run("delete", {"path": path, "pathsAreGlobs": is_glob})
    for glob in ("../*", "/../*", "src/out/*", "src/.git/*"):
        with pytest.raises(InvalidError, match=r"leaves|git's own"):
            await cloned.run("delete", {"path": glob, "pathsAreGlobs": True})


async def test_a_checkout(cloned: Steps, repository: Repository) -> None:
    """A checkout that is deleted is none any more, and its folder can be cloned into again."""
    await cloned.run("delete", {"path": "src"})
    with pytest.raises(InvalidError, match="not a git checkout"):
        await cloned.commit()
    await cloned.clone(repository)
    assert await cloned.workspace.read("src/a/one.yaml")


async def test_all_checkouts(cloned: Steps) -> None:
    """`*` empties the work tree."""
    await cloned.workspace.write("out/x", b"")
    await cloned.run("delete", {"path": "*", "pathsAreGlobs": True})
    assert list(cloned.workspace.root.iterdir()) == []
    assert cloned.workspace.state.checkouts == {}


@pytest.mark.parametrize("config", [{}, {"path": "a", "paths": ["b"]}, {"paths": []}])
def test_either_or(config: dict[str, Any]) -> None:
    """Exactly one of path and paths."""
    with pytest.raises(ValidationError):
        Config.load(config)
