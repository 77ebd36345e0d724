"""Paths of steps stay below the work tree."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from activities.tools.paths import confined
from ferryman.domain.errors import InvalidError

PARTS = st.lists(st.sampled_from(["..", ".", "a", "out", "deep", "", ".git", "x" * 9]), max_size=7)


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """A tree with links out of it, and within."""
    root = tmp_path / "root"
    (root / "deep" / "er").mkdir(parents=True)
    (root / "out").symlink_to("/etc")
    (root / "up").symlink_to("../..")
    (root / "in").symlink_to("deep/er")
    (root / "loop").symlink_to("loop")
    (root / "hidden").symlink_to("deep/.git")
    return root


@pytest.mark.parametrize(
    "path", ["a", "./a/b", "deep/../a", "in/x", ".", ".gitignore", "a/.github"]
)
def test_within(root: Path, path: str) -> None:
    """What stays below the root is allowed, links within the tree too."""
    assert confined(root, path).is_relative_to(root)


@pytest.mark.parametrize(
    "path",
    ["..", "../root2", "a/../../b", "/etc/passwd", "out/passwd", "up", "up/x", "a\0b",
     "a/" + "é" * 128, "\ud800", ".git", "deep/.git/config", "in/.GIT", "hidden/config"],
)  # fmt: skip
def test_out_of_reach(root: Path, path: str) -> None:
    """What leads out, by dots or links, or into git's own data, is refused by the field's name."""
    with pytest.raises(InvalidError, match=r"^path: "):
        confined(root, path)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60)
@given(parts=PARTS)
def test_whatever_is_written(root: Path, parts: list[str]) -> None:
    """No path that is accepted leads out of the tree."""
    try:
        target = confined(root, "/".join(parts))
    except InvalidError:
        return
    assert target.resolve().is_relative_to(root)
    assert ".git" not in target.parts
