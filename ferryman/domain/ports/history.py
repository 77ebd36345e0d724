"""What git repositories have, for who only looks."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from ferryman.domain.ports.git import GitRemote


@dataclass(frozen=True)
class Head:
    """A branch of a remote, and the commit that it stands at."""

    branch: str
    commit: str


@dataclass(frozen=True)
class Revision:
    """What git says of a commit, or of a tag and the commit that it names.

    `created_at` is the committer's date, or that of an annotated tag; people are `Name <address>`.
    """

    id: str
    author: str
    committer: str
    created_at: datetime
    subject: str
    tag: str = ""
    tagger: str = ""
    annotation: str = ""
    """The first line of an annotated tag's message."""
    paths: Sequence[str] = ()
    """What differs from the first parent, where that was asked for; a rename counts twice."""


class History(Protocol):
    """The history of repositories, read from the mirrors that checkouts are made from."""

    async def head(self, remote: GitRemote, branch: str = "") -> Head:
        """Where a branch of the remote stands now (none named: the default one)."""

    async def log(
        self, remote: GitRemote, head: Head, *, skip: int, count: int, paths: bool
    ) -> Sequence[Revision]:
        """The commits `skip` to `skip + count` below `head`, newest first, by first parents."""

    async def tags(self, remote: GitRemote) -> Mapping[str, str]:
        """The tags of the remote now, and the object that each names."""

    async def tagged(self, remote: GitRemote, tags: Mapping[str, str]) -> Sequence[Revision]:
        """What these of its `tags` name, in their order; one that names no commit is left out."""

    async def changed(self, remote: GitRemote, revisions: Sequence[Revision]) -> Sequence[Revision]:
        """The same with their `paths`."""
