"""What the outside world must offer us, as Protocols: granted by the composition root."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Protocol

Fence = Callable[[], Awaitable[None]]
"""Called just before an effect; raises FencedError when another attempt owns the step now."""


@dataclass(frozen=True)
class Credential:
    """Who we are at a repository or registry."""

    username: str
    password: str = field(repr=False)
    ssh_private_key: str = field(default="", repr=False)


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


@dataclass(frozen=True)
class GitAuthor:
    """A name and an address on a commit."""

    name: str
    email: str


@dataclass(frozen=True)
class Pushed:
    """What a push left on the remote."""

    commit: str
    branch: str
    already: bool
    """It was there before: an earlier attempt had pushed it."""


class Checkout(Protocol):
    """One work tree of a Promotion; only the files that were asked for are on disk."""

    root: Path
    branch: str | None

    async def head(self) -> str:
        """The id of the commit that it stands on."""

    async def materialise(self, *paths: str) -> None:
        """Bring these files or folders (relative to `root`) to disk, where they exist."""

    async def clear(self) -> None:
        """Remove every file; the history stays."""

    async def commit(
        self,
        message: str,
        *,
        author: GitAuthor,
        committer: GitAuthor,
        date: datetime,
        trailers: Mapping[str, str],
    ) -> str | None:
        """Commit every difference; None when there is none. The same input gives the same id."""

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
    ) -> Pushed:
        """Put the head on the remote branch, rebased where it moved on; find an earlier push."""


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
        hold: str,
    ) -> Checkout:
        """Check out at most one of branch, tag and commit (none: the default branch)."""

    async def open(self, remote: GitRemote, root: Path) -> Checkout:
        """An existing checkout; raises NotFoundError when it is missing or damaged."""

    async def release(self, root: Path) -> None:
        """Remove a checkout and what kept its commits alive."""


@dataclass(frozen=True)
class ImageRepository:
    """A repository of images, and as whom it is spoken to."""

    url: str
    credential: Credential | None = None
    insecure_skip_tls_verify: bool = False


@dataclass(frozen=True)
class FoundImage:
    """What a registry says of one tag."""

    tag: str
    digest: str
    created_at: datetime | None = None
    annotations: Mapping[str, str] = field(default_factory=dict)
    platforms: Sequence[str] = ()


class Registry(Protocol):
    """OCI registries."""

    async def tags(self, repository: ImageRepository) -> list[str]:
        """Every tag, in the registry's order."""

    async def image(
        self, repository: ImageRepository, tag: str, *, platform: str | None
    ) -> FoundImage | None:
        """What a tag points to; None when it is gone or not for that platform."""


class Nudges(Protocol):
    """Wakes durable processes; losing one costs time only, since SQL knows what is due."""

    async def stage(self, project: str, stage: str) -> None:
        """Let a Stage's lane look again, starting it where it sleeps."""

    async def promotion(self, project: str, name: str) -> None:
        """Let a Promotion look again, starting its workflow where none runs."""

    async def warehouse(self, project: str, name: str) -> None:
        """Discover now; during a discovery, once more after it."""

    async def watch(self, project: str, name: str, every: float) -> None:
        """Discover every `every` seconds from now on."""

    async def forget(self, project: str, name: str) -> None:
        """Stop watching."""
