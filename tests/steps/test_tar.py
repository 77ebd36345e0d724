"""tar: the same files always give the same archive."""

from __future__ import annotations

import gzip
import os
import tarfile
from typing import Any

import pytest

from ferryman.domain.errors import InvalidError
from tests.servers.git import Repository
from tests.steps.conftest import Steps

FILES = {
    "charts/x/Chart.yaml": "name: x\n",
    "charts/x/README.md": "# x\n",
    "charts/x/a.yaml": "a: 1\n",
    "charts/x/a/b.yaml": "b: 1\n",
    "100755:charts/x/run.sh": "#!/bin/sh\n",
    "120000:charts/x/link": "a/b.yaml",
    "charts/x/grüße \udcff.txt": "hi\n",
}


async def tar(steps: Steps, source: str, target: str, **more: Any) -> tarfile.TarFile:
    """Archive, and open what has been written."""
    await steps.run("tar", {"inPath": source, "outPath": target, **more})
    return tarfile.open(steps.workspace.root / target)


async def test_a_folder(steps: Steps, repository: Repository) -> None:
    """Names begin below the folder and are sorted; modes are git's; nothing tells who or when."""
    repository.commit(FILES)
    await steps.clone(repository)
    with await tar(steps, "./src/charts/x", "out/x.tar") as archive:
        members = archive.getmembers()
        content = archive.extractfile("a/b.yaml")
        assert content
        assert content.read() == b"b: 1\n"
    assert {m.name: m.mode for m in members} == {
        "Chart.yaml": 0o644,
        "README.md": 0o644,
        "a": 0o755,
        "a.yaml": 0o644,
        "a/b.yaml": 0o644,
        "grüße \udcff.txt": 0o644,
        "link": 0o777,
        "run.sh": 0o755,
    }
    assert [m.name for m in members] == sorted(m.name for m in members)
    assert {(m.uid, m.gid, m.uname, m.gname, m.mtime) for m in members} == {(0, 0, "", "", 0)}
    assert not (steps.workspace.root / "src/values.yaml").exists()


@pytest.mark.parametrize("more", [{}, {"gzip": True}, {"gzip": False}])
async def test_the_same_bytes(steps: Steps, more: dict[str, Any]) -> None:
    """Times, owners' rights and the order of creation make no difference."""
    for folder, names in (("one", "abc"), ("two", "cab")):
        for name in names:
            await steps.workspace.write(f"{folder}/{name}/x", name.encode())
    os.utime(steps.workspace.root / "two/a/x", (1, 1))
    (steps.workspace.root / "two/a/x").chmod(0o600)
    for folder in ("one", "two"):
        await steps.run("tar", {"inPath": folder, "outPath": f"{folder}.tar", **more})
    one, two = [await steps.workspace.read(f"{folder}.tar") for folder in ("one", "two")]
    assert one == two
    assert (one[:2] == b"\x1f\x8b") == bool(more.get("gzip"))


async def test_gzip(steps: Steps) -> None:
    """A compressed archive has no time and no name of its own in it."""
    await steps.workspace.write("a/x", b"x")
    (await tar(steps, "a", "a.tgz", gzip=True)).close()
    (await tar(steps, "a", "a.tar")).close()
    packed = await steps.workspace.read("a.tgz")
    assert packed[3:8] == bytes(5)  # no flags, no time
    assert gzip.decompress(packed) == await steps.workspace.read("a.tar")


async def test_a_file(steps: Steps, repository: Repository) -> None:
    """A file is archived under its own name."""
    await steps.clone(repository)
    with await tar(steps, "./src/values.yaml", "./src/v.tar") as archive:
        assert archive.getnames() == ["values.yaml"]
    await steps.commit()
    await steps.run("git-push", {"path": "./src"})
    assert repository.git("ls-tree", "--name-only", "refs/heads/main") == "v.tar\nvalues.yaml"


async def test_ignored(steps: Steps, repository: Repository) -> None:
    """What `ignore` names is left out, and git's data always."""
    repository.commit(FILES)
    await steps.clone(repository)
    (steps.workspace.root / "src/charts/.git").mkdir(parents=True)
    ignore = "*.md\n/x/a/\ngr*"
    with await tar(steps, "./src/charts", "x.tar", ignore=ignore) as archive:
        assert archive.getnames() == ["x", "x/Chart.yaml", "x/a.yaml", "x/link", "x/run.sh"]


async def test_the_archive_itself(steps: Steps) -> None:
    """An archive within what is archived is not in itself, nor is an earlier one of its name."""
    await steps.workspace.write("a/x", b"x")
    for _ in range(2):
        with await tar(steps, ".", "a/all.tar") as archive:
            assert archive.getnames() == ["a", "a/x"]


async def test_empty(steps: Steps) -> None:
    """An empty folder gives an empty archive."""
    (steps.workspace.root / "a").mkdir()
    with await tar(steps, "a", "a.tar") as archive:
        assert archive.getnames() == []


REFUSED = [
    ("none", "x.tar", "inPath: there is no file or folder"),
    ("../x", "x.tar", "inPath: .*leaves"),
    ("a", "../x.tar", "outPath: .*leaves"),
    ("a", ".git/x", "outPath: .*git's own"),
    ("a", "a", "outPath: 'a' is a folder"),
    ("a", "a/x/y", "outPath: .*cannot be used"),
]


async def test_refused(steps: Steps) -> None:
    """Paths that lead out, are missing, or are no place for a file are refused by their field."""
    await steps.workspace.write("a/x", b"x")
    for source, target, sentence in REFUSED:
        with pytest.raises(InvalidError, match=f"^{sentence}"):
            await steps.run("tar", {"inPath": source, "outPath": target})


@pytest.mark.parametrize("leads", ["/etc/passwd", "../b", "../../../x", "link"])
async def test_links_that_lead_out(steps: Steps, leads: str) -> None:
    """A link out of what is archived would lead elsewhere once it is unpacked."""
    await steps.workspace.write("a/x", b"x")
    (steps.workspace.root / "a/link").symlink_to(leads)
    with pytest.raises(InvalidError, match="inPath: the link 'link' leads out"):
        await steps.run("tar", {"inPath": "a", "outPath": "a.tar"})
    await steps.run("tar", {"inPath": "a", "outPath": "a.tar", "ignore": "link"})
