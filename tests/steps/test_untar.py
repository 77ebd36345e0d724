"""untar: archives into the work tree."""

from __future__ import annotations

import io
import tarfile
from typing import Any

import pytest
from pydantic import ValidationError

from activities.steps.untar import Config
from ferryman.domain.errors import InvalidError
from tests.servers.git import Repository
from tests.steps.conftest import VALUES, Steps

FILES = {"x/Chart.yaml": "name: x\n", "x/templates/a.yaml": "a: 1\n", "x/README.md": "# x\n"}


def packed(files: dict[str, str], mode: Any = "w") -> bytes:
    """An archive of files; `>` in a name stands before where a link leads."""
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode=mode) as archive:
        for name, content in files.items():
            member = tarfile.TarInfo(name.partition(">")[0])
            if ">" in name:
                member.type, member.linkname = tarfile.SYMTYPE, name.partition(">")[2]
            member.size = len(content)
            member.mode = 0o755 if name.endswith(".sh") else 0o664
            archive.addfile(member, io.BytesIO(content.encode()))
    return buffer.getvalue()


async def untar(steps: Steps, content: bytes, out: str = "out", **more: Any) -> None:
    """Unpack."""
    await steps.workspace.write("x.tar", content)
    await steps.run("untar", {"inPath": "x.tar", "outPath": out, **more})


def found(steps: Steps, folder: str = "out") -> set[str]:
    """The files below a folder."""
    root = steps.workspace.root / folder
    return {str(p.relative_to(root)) for p in root.rglob("*") if not p.is_dir()}


@pytest.mark.parametrize("mode", ["w", "w:gz", "w:bz2", "w:xz"])
async def test_compressions(steps: Steps, mode: str) -> None:
    """The first bytes say how an archive is compressed, whatever it is called."""
    await untar(steps, packed(FILES, mode))
    assert found(steps) == set(FILES)
    assert steps.text("out/x/templates/a.yaml") == "a: 1\n"
    assert steps.lines == ["x.tar → out: 3 files"]


async def test_in_a_checkout(steps: Steps, repository: Repository) -> None:
    """Files of a checkout, though never on disk, are replaced, others stay; modes are kept."""
    repository.commit({"charts/x/Chart.yaml": "old\n", "100755:charts/x/y.yaml": "y\n"})
    await steps.clone(repository)
    await untar(steps, packed({**FILES, "x/run.sh": "#!", "x/l>Chart.yaml": ""}), "./src/charts")
    assert not (steps.workspace.root / "src/charts/x/y.yaml").exists()
    await steps.commit()
    await steps.run("git-push", {"path": "./src"})
    lines = repository.git("ls-tree", "-r", "refs/heads/main").splitlines()
    assert {line.split("\t")[1]: line[:6] for line in lines} == {
        "values.yaml": "100644",
        "charts/x/Chart.yaml": "100644",
        "charts/x/README.md": "100644",
        "charts/x/l": "120000",
        "charts/x/run.sh": "100755",
        "charts/x/templates/a.yaml": "100644",
        "charts/x/y.yaml": "100755",
    }
    assert repository.show("charts/x/Chart.yaml") == "name: x"


@pytest.mark.parametrize(
    ("strip", "names"),
    [
        (0, {"x/Chart.yaml", "x/templates/a.yaml", "x/README.md"}),
        (1, {"Chart.yaml", "templates/a.yaml", "README.md"}),
        (2, {"a.yaml"}),
        (3, set()),
    ],
)
async def test_strip(steps: Steps, strip: int, names: set[str]) -> None:
    """Leading parts are taken off; what has no more parts is left out."""
    await untar(steps, packed({f"./{name}": text for name, text in FILES.items()}),
                stripComponents=strip)  # fmt: skip
    assert found(steps) == names
    assert (steps.workspace.root / "out").is_dir()


async def test_ignored(steps: Steps) -> None:
    """`ignore` is relative to where the files land; even a hostile member may be left out."""
    files = {**FILES, "x/bad>/etc": "", "x/.git/config": "", "x/templates/b/c.yaml": ""}
    await untar(steps, packed(files), stripComponents=1, ignore="/bad\n*.md\ntemplates/b/\n")
    assert found(steps) == {"Chart.yaml", "templates/a.yaml"}


async def test_twice(steps: Steps) -> None:
    """A member that comes twice is there as it came last, and what is there is replaced."""
    await untar(steps, packed(FILES))
    content = packed({"x/README.md": "one"})[:1024] + packed({"x/README.md": "two"})
    await untar(steps, content)
    assert steps.text("out/x/README.md") == "two"


async def test_a_hostile_member_leaves_nothing(steps: Steps) -> None:
    """Nothing of an archive with a hostile member reaches the work tree, or stays beside it."""
    with pytest.raises(InvalidError, match=r"^inPath: member '\.\./x' has a path that leads out"):
        await untar(steps, packed({**FILES, "../x": ""}))
    assert found(steps, ".") == {"x.tar"}
    assert {p.name for p in steps.workspace.folder.iterdir()} == {"tree", "state.json"}


async def test_links_that_lead_out_from_there(steps: Steps) -> None:
    """A link that a folder of the work tree would make lead out is refused by its name."""
    (steps.workspace.root / "out").mkdir()
    (steps.workspace.root / "out/up").symlink_to("..")
    with pytest.raises(InvalidError, match="outPath: the link 'l' leads out"):
        await untar(steps, packed({"l>up/..": ""}))


async def test_in_the_way(steps: Steps) -> None:
    """What is of another kind is not replaced; links in the work tree are not followed."""
    await steps.workspace.write("other/kept", b"kept")
    await steps.workspace.write("out/x/templates", b"a file")
    with pytest.raises(InvalidError, match=r"outPath: 'out/x/templates'.*in its way"):
        await untar(steps, packed(FILES))
    (steps.workspace.root / "out/d").symlink_to("../other")
    with pytest.raises(InvalidError, match=r"outPath: 'out/d'.*in its way"):
        await untar(steps, packed({"d/kept": "new"}))
    assert steps.text("other/kept") == "kept"


REFUSED = [
    ("none", "out", "inPath: there is no file 'none'"),
    ("folder", "out", "inPath: there is no file 'folder'"),
    ("values.yaml", "out", "inPath: .*no tar archive"),
    ("../x", "out", "inPath: .*leaves"),
    ("x.tar", "../out", "outPath: .*leaves"),
    ("x.tar", ".git", "outPath: .*git's own"),
    ("x.tar", "x.tar", "outPath: .*in its way"),
]


async def test_refused(steps: Steps) -> None:
    """Paths that lead out or are no archive are refused by their field."""
    await steps.workspace.write("x.tar", packed(FILES))
    await steps.workspace.write("values.yaml", VALUES.encode())
    (steps.workspace.root / "folder").mkdir()
    for source, target, sentence in REFUSED:
        with pytest.raises(InvalidError, match=f"^{sentence}"):
            await steps.run("untar", {"inPath": source, "outPath": target})


def test_strip_below_zero() -> None:
    """A number of parts is not negative."""
    with pytest.raises(ValidationError, match="stripComponents"):
        Config.load({"inPath": "a", "outPath": "b", "stripComponents": -1})
