"""Which changed paths make a commit count."""

from __future__ import annotations

import pytest

from ferryman.domain.errors import InvalidError
from ferryman.domain.path_filter import PathFilter


@pytest.mark.parametrize(
    ("include", "exclude", "path", "counts"),
    [
        ([], [], "any", True),
        (["apps"], [], "apps/a/v.yaml", True),
        (["apps/"], [], "apps", True),
        (["./apps/a"], [], "apps/a/v.yaml", True),
        (["/apps"], [], "apps/a", True),
        (["app"], [], "apps/a", False),
        (["."], [], "any", True),
        (["glob:apps/*/v.yaml"], [], "apps/a/v.yaml", True),
        (["glob:apps/*/v.yaml"], [], "apps/a/b/v.yaml", False),
        (["glob:apps/**/v.yaml"], [], "apps/a/b/v.yaml", True),
        (["regex:[.]ya?ml$"], [], "x.yml", True),
        (["regexp:^x"], [], "ax", False),
        (["c:d"], [], "c:d/e", True),
        (["apps"], ["apps/docs"], "apps/docs/x", False),
        ([], ["glob:**/*.md"], "README.md", False),
    ],
)
def test_paths(include: list[str], exclude: list[str], path: str, counts: bool) -> None:  # noqa: FBT001 - a parameter
    """An entry is a file or folder, a glob or an expression; excluding wins."""
    assert PathFilter(include, exclude).accepts([path]) is counts


def test_one_path_is_enough() -> None:
    """A commit counts if one of its paths does; one without paths does not."""
    chosen = PathFilter(["src"], [])
    assert chosen.accepts(["docs/x", "src/x"])
    assert not chosen.accepts([])


@pytest.mark.parametrize("entry", ["regex:(", "glob:["])
def test_bad_patterns(entry: str) -> None:
    """A bad pattern is an error that names its place."""
    with pytest.raises(InvalidError, match=r"excludePaths\[1\]"):
        PathFilter([], ["x", entry])
