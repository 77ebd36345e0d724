"""copy: files and folders, within the work tree and from one checkout into another."""

from __future__ import annotations

import os

import pytest

from ferryman.domain.errors import InvalidError
from tests.servers.git import Repository
from tests.steps.conftest import VALUES, Steps

CHART = {
    "charts/x/Chart.yaml": "name: x\n",
    "charts/x/README.md": "# x\n",
    "charts/x/.gitignore": "*.tgz\n",
    "charts/x/templates/a.yaml": "a: 1\n",
    "100755:charts/x/run.sh": "#!/bin/sh\n",
    "120000:charts/x/latest.yaml": "templates/a.yaml",
    "charts/y/Chart.yaml": "name: y\n",
}


@pytest.fixture
async def both(steps: Steps, repository: Repository) -> Steps:
    """`main` with charts in ./src, an empty branch in ./out."""
    repository.commit(CHART)
    out = {"path": "./out", "branch": "env/dev", "create": True}
    await steps.clone(repository)
    url = repository.file_remote().url
    await steps.run("git-clone", {"repoURL": url, "checkout": [out]})
    return steps


async def copy(steps: Steps, source: str, target: str, **more: str) -> None:
    """Copy."""
    await steps.run("copy", {"inPath": source, "outPath": target, **more})


async def published(steps: Steps, repository: Repository) -> dict[str, str]:
    """Commit and push ./out; each file's mode, by its path."""
    await steps.run("git-commit", {"path": "./out", "message": "Render"})
    await steps.run("git-push", {"path": "./out"})
    lines = repository.git("ls-tree", "-r", "refs/heads/env/dev").splitlines()
    return {line.split("\t")[1]: line[:6] for line in lines}


async def test_from_one_checkout_into_another(both: Steps, repository: Repository) -> None:
    """Files that were never on disk are copied with their modes, links as links."""
    await copy(both, "./src/charts/x", "./out/charts/x")
    assert await published(both, repository) == {
        "charts/x/.gitignore": "100644",
        "charts/x/Chart.yaml": "100644",
        "charts/x/README.md": "100644",
        "charts/x/latest.yaml": "120000",
        "charts/x/run.sh": "100755",
        "charts/x/templates/a.yaml": "100644",
    }
    assert repository.show("charts/x/templates/a.yaml", "env/dev") == "a: 1"


async def test_only_what_is_copied_comes_to_disk(both: Steps) -> None:
    """Of either checkout, nothing else is brought."""
    await copy(both, "./src/charts/x", "./out/charts/x")
    assert not (both.workspace.root / "src/charts/y").exists()
    assert not (both.workspace.root / "src/values.yaml").exists()
    assert both.lines[-1] == "./src/charts/x → ./out/charts/x: 6 files"


async def test_a_whole_checkout(both: Steps, repository: Repository) -> None:
    """A checkout may be copied onto another; its git data stays behind."""
    await copy(both, "./src", "./out")
    names = {name.split(":")[-1] for name in CHART}
    assert set(await published(both, repository)) == {*names, "values.yaml"}


async def test_over_what_is_there(both: Steps, repository: Repository) -> None:
    """A folder is copied into one that exists: files are replaced, others stay."""
    await copy(both, "./src/charts/x", "./out")
    await published(both, repository)
    await both.workspace.write("new/Chart.yaml", b"name: z\n")
    await copy(both, "./new", "./out")
    assert set(await published(both, repository)) >= {"Chart.yaml", "run.sh"}
    assert repository.show("Chart.yaml", "env/dev") == "name: z"


async def test_a_copy_of_the_same_is_no_difference(both: Steps, repository: Repository) -> None:
    """What was there already leaves nothing to commit."""
    await copy(both, "./src/charts/x", "./out")
    await published(both, repository)
    await copy(both, "./src/charts/x", "./out")
    again = await both.run("git-commit", {"path": "./out", "message": "Again"})
    assert again.status == "Skipped"


async def test_a_file(both: Steps, repository: Repository) -> None:
    """A file gets the name that it is given; missing folders are made."""
    await copy(both, "./src/values.yaml", "./out/deep/er/new.yaml")
    await copy(both, "./src/charts/x/run.sh", "./out/run")
    assert await published(both, repository) == {"deep/er/new.yaml": "100644", "run": "100755"}
    assert repository.show("deep/er/new.yaml", "env/dev") + "\n" == VALUES


async def test_ignored(both: Steps, repository: Repository) -> None:
    """`ignore` is read like a .gitignore of the folder, with folders, anchors and exceptions."""
    ignore = "# not these\n*.md\n/templates/\n*.yaml\n!Chart.yaml\n"
    await copy(both, "./src/charts/x", "./out", ignore=ignore)
    assert set(await published(both, repository)) == {".gitignore", "Chart.yaml", "run.sh"}


async def test_git_data_stays_behind(both: Steps) -> None:
    """`.git` is never copied, wherever it is and however it is written."""
    loose = both.workspace.root / "loose"
    for name in (".git/config", "sub/.GIT/config", "a.git/kept", ".gitkeep"):
        (loose / name).parent.mkdir(parents=True, exist_ok=True)
        (loose / name).write_text("x")
    await copy(both, "loose", "copied", ignore="!.git")
    copied = both.workspace.root / "copied"
    files = {str(p.relative_to(copied)) for p in copied.rglob("*") if p.is_file()}
    assert files == {"a.git/kept", ".gitkeep"}


async def test_permissions_and_empty_folders(steps: Steps) -> None:
    """Of loose files, permissions are kept, and empty folders are copied."""
    await steps.run("file-write", {"path": "a/secret", "contents": "x"})
    (steps.workspace.root / "a/empty").mkdir()
    await copy(steps, "a", "b")
    assert (steps.workspace.root / "b/secret").stat().st_mode & 0o777 == 0o600
    assert (steps.workspace.root / "b/empty").is_dir()


REFUSED = [
    ("./none", "./out/x", "inPath: there is no file or folder './none'"),
    ("./src/none/x", "./out", "inPath: there is no file"),
    ("../x", "./out", "inPath: .*leaves"),
    ("./src", "/../etc", "outPath: .*leaves"),
    ("./src", "./out/.git/hooks", "outPath: .*git's own"),
    ("./src", "./src/copy", "outPath: .*lies in what is copied"),
    ("./src", "./src", "outPath: .*lies in what is copied"),
    (".", "./out", "outPath: .*lies in what is copied"),
    ("./src/values.yaml", "./out", r"outPath: .*is a folder; .*'\./out/values\.yaml'"),
    ("./src/charts", "./out/file", "outPath: .*in its way"),
    ("./src/charts/x", "./out/file/x", "outPath: .*in its way"),
    ("./src/values.yaml", "./out/file/x", "outPath: .*in its way"),
]


async def test_refused(both: Steps) -> None:
    """Paths that lead out, are missing, or in the way of one another are refused by their field."""
    await both.workspace.write("out/file", b"x")
    for source, target, sentence in REFUSED:
        with pytest.raises(InvalidError, match=f"^{sentence}"):
            await copy(both, source, target)


async def test_a_bad_pattern(both: Steps) -> None:
    """A pattern that is none is refused by its field."""
    with pytest.raises(InvalidError, match=r"^ignore: "):
        await copy(both, "./src", "./copy", ignore="\\")


async def test_links_that_lead_out(steps: Steps, repository: Repository) -> None:
    """A link that leads out of the work tree from where it comes to be is refused by its name."""
    hostile = ("/etc", "../../..", "../../../x", "link", "x/../../../..")
    repository.commit({f"120000:{n}/link": leads for n, leads in enumerate(hostile)})
    await steps.clone(repository)
    for number in range(len(hostile)):
        with pytest.raises(InvalidError, match="outPath: the link 'link'"):
            await copy(steps, f"./src/{number}", "./out")


async def test_links_that_are_left_out(steps: Steps, repository: Repository) -> None:
    """`ignore` helps with links that could not be copied."""
    repository.commit({"120000:charts/out": "/etc", "charts/a.yaml": "a: 1\n"})
    await steps.clone(repository)
    await copy(steps, "./src/charts", "./out", ignore="/out")
    assert steps.text("out/a.yaml") == "a: 1\n"


async def test_through_links_of_the_source(steps: Steps, repository: Repository) -> None:
    """A link on the way to what is copied, or at its end, is followed within the work tree."""
    repository.commit({"real/deep/a.yaml": "a: 1\n", "120000:link": "real", "120000:other": "link"})
    await steps.clone(repository)
    await copy(steps, "./src/link/deep", "./one")
    await copy(steps, "./src/other", "./two")
    assert steps.text("one/a.yaml") == steps.text("two/deep/a.yaml") == "a: 1\n"


async def test_links_in_the_target(steps: Steps, repository: Repository) -> None:
    """A link at the target is followed, one in it replaced, and one to a folder is in the way."""
    outside = repository.path.parent / "outside"
    outside.mkdir()
    links = {"120000:link": "real", "120000:real/a": str(outside / "a"), "120000:real/d": "../x"}
    repository.commit({**links, "x/keep": "x"})
    await steps.clone(repository)
    await steps.workspace.write("new/a", b"new")
    await copy(steps, "./new", "./src/link")
    assert steps.text("src/real/a") == "new"
    await steps.workspace.write("new/d/keep", b"new")
    with pytest.raises(InvalidError, match="in its way"):
        await copy(steps, "./new", "./src/link")
    assert await steps.workspace.read("src/x/keep") == b"x"
    assert not list(outside.iterdir())


async def test_a_link_into_another_checkout(both: Steps, repository: Repository) -> None:
    """What a link leads to in another checkout comes to disk, too."""
    (both.workspace.root / "link").symlink_to("src/charts")
    (both.workspace.root / "further").symlink_to("link/x")
    await copy(both, "./further/templates", "./out")
    assert set(await published(both, repository)) == {"a.yaml"}


async def test_sparse_hides_the_rest(steps: Steps, repository: Repository) -> None:
    """Files outside of a checkout's `sparse` folders are not there; a copy of it all has none."""
    repository.commit(CHART)
    checkout = {"path": "./src", "branch": "main", "sparse": ["charts/x"]}
    url = repository.file_remote().url
    await steps.run("git-clone", {"repoURL": url, "checkout": [checkout]})
    with pytest.raises(InvalidError, match=r"no file or folder './src/charts/y/Chart.yaml'"):
        await copy(steps, "./src/charts/y/Chart.yaml", "./one.yaml")
    await copy(steps, "./src", "./all")
    copied = {path.name for path in (steps.workspace.root / "all").rglob("*.yaml")}
    assert copied == {"Chart.yaml", "a.yaml", "latest.yaml", "values.yaml"}


async def test_neither_file_nor_folder(steps: Steps) -> None:
    """A pipe holds nobody up."""
    steps.workspace.root.joinpath("a").mkdir()
    os.mkfifo(steps.workspace.root / "a" / "pipe")

    for source in ("a", "a/pipe"):
        with pytest.raises(InvalidError, match=r"inPath: .*neither a file"):
            await copy(steps, source, "b")
    with pytest.raises(InvalidError, match="cannot be read"):
        await steps.workspace.read("a/pipe")
    with pytest.raises(InvalidError, match="cannot be used"):
        await steps.workspace.write("a/pipe", b"")
