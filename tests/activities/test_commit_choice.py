"""Which commits and tags a git subscription accepts, in a real repository."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from activities.git_discovery import discover_commits
from ferryman.clients.git import GitClient, GitOptions
from ferryman.domain.warehouse import DiscoveredCommit, Subscription
from tests.servers.git import Repository, make_repository

STRATEGY = "commitSelectionStrategy"


_LATER = "2099-01-01T00:00:00Z"


@pytest.fixture(scope="module")
def app(tmp_path_factory: pytest.TempPathFactory) -> Repository:
    """The repository of an app, with commits on a branch and tags."""
    repository = make_repository(tmp_path_factory.mktemp("choice") / "app.git")
    repository.git("branch", "old")
    for tag in ("v1.0.0", "nightly-1", "3"):
        repository.git("tag", tag)
    repository.git("tag", "-a", "-m", "Ready", "v1.1.0", env={"GIT_COMMITTER_DATE": _LATER})
    repository.commit({"src/a.go": "a\n"}, "Feature")
    repository.git("tag", "v2.0.0")
    repository.git("tag", "nightly-2")
    repository.commit({"src/a.go": None, "lib/a.go": "a\n"}, "Move")
    repository.commit({"docs/a.md": "a\n"}, "Docs")
    return repository


@pytest.fixture(scope="module")
def client(app: Repository) -> Iterator[GitClient]:
    """Who reads it."""
    made = GitClient(app.path.parent / "data", GitOptions(allow_file_urls=True))
    yield made
    made.close()


async def commits(
    client: GitClient, app: Repository, fields: dict[str, Any]
) -> tuple[DiscoveredCommit, ...]:
    """What a subscription with these fields finds."""
    subscription = Subscription.load({"git": {"repoURL": "https://git.example/app", **fields}})
    found = await discover_commits(client.history, app.file_remote(), subscription)
    return found.discovery.commits


@pytest.mark.parametrize(
    ("fields", "subjects"),
    [
        ({}, ["Docs", "Move", "Feature", "First"]),
        ({"discoveryLimit": 2}, ["Docs", "Move"]),
        ({"branch": "old"}, ["First"]),
        ({"includePaths": ["src"]}, ["Move", "Feature"]),
        ({"includePaths": ["src/", "docs"], "excludePaths": ["glob:**/*.md"]}, ["Move", "Feature"]),
        ({"includePaths": ["regex:^lib/.*[.]go$"]}, ["Move"]),
        ({"excludePaths": ["glob:{src,lib}/**", "README.md"]}, ["Docs"]),
        ({"expressionFilter": "subject contains 'e' && author != ''"}, ["Move", "Feature"]),
        ({"expressionFilter": "commitDate.Year() < 9"}, []),
        ({"since": "2999-01-01T00:00:00Z"}, []),
    ],
)  # fmt: skip
async def test_filters(
    client: GitClient, app: Repository, fields: dict[str, Any], subjects: list[str]
) -> None:
    """Paths, expressions and dates choose among the commits of a branch."""
    found = await commits(client, app, fields)
    assert [commit.subject for commit in found] == subjects
    assert {commit.branch for commit in found} <= {fields.get("branch", "main")}


async def test_since(client: GitClient, tmp_path: Path) -> None:
    """The walk ends at the first commit that is older; a commit's date is the committer's."""
    app = make_repository(tmp_path / "app.git")
    head = app.head()
    old = {"GIT_COMMITTER_DATE": "2001-01-01T00:00:00Z"}
    older = app.git("commit-tree", f"{head}^{{tree}}", "-p", head, "-m", "Older", env=old)
    app.git("update-ref", "refs/heads/main", older)
    newest = app.commit({"x": "1"}, "Newest")
    (found,) = await commits(client, app, {"since": "2020-01-01T00:00:00Z"})
    assert found.id == newest
    date = datetime.fromtimestamp(int(app.git("log", "-1", "--format=%ct", "main")), UTC)
    assert found.creator_date == date


@pytest.mark.parametrize(
    ("fields", "tags"),
    [
        ({STRATEGY: "SemVer"}, ["v2.0.0", "v1.1.0", "v1.0.0"]),
        ({STRATEGY: "SemVer", "semverConstraint": "^1.0.0"}, ["v1.1.0", "v1.0.0"]),
        ({STRATEGY: "SemVer", "strictSemvers": False, "discoveryLimit": 1}, ["3"]),
        ({STRATEGY: "Lexical", "allowTagsRegexes": ["^n"]}, ["nightly-2", "nightly-1"]),
        ({STRATEGY: "NewestTag", "discoveryLimit": 1}, ["v1.1.0"]),
        ({STRATEGY: "NewestTag", "expressionFilter": "annotation == 'Ready'"}, ["v1.1.0"]),
        ({STRATEGY: "SemVer", "includePaths": ["src"]}, ["v2.0.0"]),
        ({STRATEGY: "Lexical", "ignoreTagsRegexes": ["^[3v]", "1$"]}, ["nightly-2"]),
    ],
)  # fmt: skip
async def test_tags(
    client: GitClient, app: Repository, fields: dict[str, Any], tags: list[str]
) -> None:
    """Tags are chosen by version, by name or by date, and filtered like commits."""
    found = await commits(client, app, fields)
    assert [commit.tag for commit in found] == tags
    subjects = {commit.tag: commit.subject for commit in found}
    assert all(
        subject == ("Feature" if tag in {"v2.0.0", "nightly-2"} else "First")
        for tag, subject in subjects.items()
    )
    assert {commit.branch for commit in found} == {""}
