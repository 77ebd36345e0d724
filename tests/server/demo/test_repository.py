"""The demo's repository: made once, and its new commits told once."""

from __future__ import annotations

from pathlib import Path

from server.demo.example import Example
from server.demo.repository import Repository, _git

_EXAMPLE = Example(image="127.0.0.1:1/echo-server", repository="http://127.0.0.1:2/r", password="p")


async def test_a_commit_is_told_once_with_its_diff(tmp_path: Path) -> None:
    """Abbreviated id, author, subject, and the changed line."""
    repository = Repository(tmp_path / "r.git")
    await repository.make(_EXAMPLE)
    assert not await repository.new_commits()
    await _release(tmp_path, "1.0.0")
    (commit,) = await repository.new_commits()
    assert (commit.author, commit.subject) == ("Ann", "release 1.0.0")
    assert '+  tag: "1.0.0"  # Ferryman writes this, and nothing else' in commit.diff.splitlines()
    assert not await repository.new_commits()


async def test_a_repository_of_an_earlier_demo_is_kept(tmp_path: Path) -> None:
    """With --data a second demo goes on where the first one ended."""
    await Repository(tmp_path / "r.git").make(_EXAMPLE)
    await _release(tmp_path, "1.0.0")
    again = Repository(tmp_path / "r.git")
    await again.make(_EXAMPLE)
    assert not await again.new_commits()
    await _release(tmp_path, "1.1.0")
    (commit,) = await again.new_commits()
    assert commit.subject == "release 1.1.0"


async def _release(folder: Path, version: str) -> None:
    work = folder / version
    await _git(folder, "clone", "--quiet", "r.git", str(work))
    values = work / "app" / "development.yaml"
    lines = values.read_text().splitlines(keepends=True)
    values.write_text(
        "".join(
            f'  tag: "{version}"{line[line.index("  #") :]}' if "tag:" in line else line
            for line in lines
        )
    )
    await _git(work, "commit", "--quiet", "--all", f"--message=release {version}")
    await _git(work, "push", "--quiet")
