"""Repositories, and work trees of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Protocol

from ferryman.domain.ports.credentials import Credential
from ferryman.domain.ports.effects import Fence


@dataclass(frozen=True)
class GitRemote:
    """A repository, and as whom it is spoken to.

    `scope` names the owner of the credential: mirrors are shared within one scope only, so two
    Projects with different credentials never see each other's objects.
    """

    url: str
    credential: Credential | None = None
    insecure_skip_tls_verify: bool = False
    scope: str = ""
    unmatched: str = field(default="", compare=False)
    """Why there is no credential: which Secrets were looked at; for those who are refused."""


@dataclass(frozen=True)
class GitAuthor:
    """A name and an address on a commit."""

    name: str
    email: str
    signing_key: str = field(default="", repr=False)
    """The private key that signs what this one commits or tags: GPG, armoured, or SSH; "": none."""


@dataclass(frozen=True)
class GitObject:
    """A commit or a tag that was made, and the signature in it ("": unsigned)."""

    id: str
    signature: str = ""


@dataclass(frozen=True)
class Submodule:
    """Another repository, that a commit has at one of its paths."""

    path: str
    url: str
    commit: str


@dataclass(frozen=True)
class Pushed:
    """What a push left on the remote."""

    commit: str
    branch: str
    """"" for a tag."""
    already: bool
    """It was there before: an earlier attempt had pushed it, or there was nothing to push."""
    notes: Sequence[str] = ()
    """What a person should know of how it got there."""


class Checkout(Protocol):
    """One work tree of a Promotion; only the files that were asked for are on disk."""

    root: Path
    branch: str | None

    async def head(self) -> str:
        """The id of the commit that it stands on."""

    async def materialise(self, *paths: str) -> None:
        """Bring these files or folders (relative to `root`) to disk, where they exist.

        Of a sparse checkout, only those that it shows.
        """

    async def overwrite(self, *paths: str) -> None:
        """Prepare for files to be replaced; what is in them is not brought to disk."""

    async def export(self, folder: Path, *paths: str) -> None:
        """Write what of these files and folders is not on disk below another folder.

        Links are brought to disk instead.
        """

    async def names(self, path: str) -> Sequence[str]:
        """The files at and below `path` that could be brought to disk, and are not yet."""

    async def clear(self) -> None:
        """Remove every file that the checkout shows; the history stays."""

    async def commit(
        self,
        message: str,
        *,
        author: GitAuthor,
        committer: GitAuthor,
        date: datetime,
        trailers: Mapping[str, str],
        signature: str = "",
    ) -> GitObject | None:
        """Commit every difference; None when there is none. The same input gives the same id.

        The committer's key signs it, unless `signature` is given: the one of an earlier time.
        """

    async def tag(
        self,
        name: str,
        message: str,
        *,
        tagger: GitAuthor,
        date: datetime,
        trailers: Mapping[str, str],
        signature: str = "",
    ) -> GitObject:
        """Put an annotated tag on the head, replacing an earlier one of this checkout."""

    async def submodules(self, url: str) -> Sequence[Submodule]:
        """The submodules of the head; `url` is this repository's own."""

    async def nest(self, path: str) -> None:
        """Leave a folder to a checkout of its own: what is in it is no difference of this one."""

    async def tagged(self, remote: GitRemote, name: str) -> str | None:
        """What the tag stands on here, else on the remote; None where there is no such tag."""

    async def reset(self, commit: str) -> None:
        """Stand on `commit`, with its tree."""

    async def fingerprint(self) -> str:
        """A hash of the head and of every difference to it."""

    async def push(
        self,
        remote: GitRemote,
        *,
        branch: str,
        force: bool,
        trailer: tuple[str, str],
        max_attempts: int,
        before: Fence,
        signing_key: str = "",
    ) -> Pushed:
        """Put the head on the remote branch, rebased where it moved on; find an earlier push.

        Commits of ours that were signed are signed again with the key when they are rebased.
        """

    async def push_tag(
        self, remote: GitRemote, name: str, *, force: bool, max_attempts: int, before: Fence
    ) -> Pushed:
        """Put a tag of this checkout on the remote; find an earlier push of it."""


class Git(Protocol):
    """Repositories, cloned from mirrors on this worker's disk."""

    async def clone(
        self,
        remote: GitRemote,
        root: Path,
        *,
        branch: str = "",
        tag: str = "",
        commit: str = "",
        create: bool = False,
        sparse: Sequence[str] = (),
        before: Fence | None = None,
        hold: str,
    ) -> Checkout:
        """Check out at most one of branch, tag and commit (none: the default branch).

        With `sparse`, only these folders are shown, and the files of those above them. `before`
        is asked just before a branch is created.
        """

    async def open(self, remote: GitRemote, root: Path) -> Checkout:
        """An existing checkout; raises NotFoundError when it is missing or damaged."""

    async def release(self, root: Path) -> None:
        """Remove a checkout and what kept its commits alive."""

    async def tidy(self) -> Sequence[str]:
        """Keep the mirrors within their bounds; names those that were removed."""
