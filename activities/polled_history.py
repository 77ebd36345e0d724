"""Where the refs of git repositories stand, asked once for all who subscribe to them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from activities.polling import Polling
from ferryman.domain.ports import GitRemote, Head, History, Revision
from ferryman.domain.source import Need, Source
from ferryman.domain.urls import without_userinfo


@dataclass(frozen=True)
class PolledHistory:
    """Implements the port `History` for one look; commits are read as ever."""

    history: History
    polling: Polling
    need: Need

    async def head(self, remote: GitRemote, branch: str = "") -> Head:
        """Where a branch of the remote stands (none named: the default one)."""

        async def ask(_known: Any) -> Any:
            return asdict(await self.history.head(remote, branch))

        return Head(**await self.polling.see(_source(remote, "head", branch), self.need, ask))

    async def tags(self, remote: GitRemote) -> Mapping[str, str]:
        """The tags of the remote, and the object that each names."""

        async def ask(known: Any) -> Any:
            tags = dict(await self.history.tags(remote))
            return known if tags == known else tags

        tags: Mapping[str, str] = await self.polling.see(_source(remote, "tags"), self.need, ask)
        return tags

    async def log(
        self, remote: GitRemote, head: Head, *, skip: int, count: int, paths: bool
    ) -> Sequence[Revision]:
        """The commits `skip` to `skip + count` below `head`."""
        return await self.history.log(remote, head, skip=skip, count=count, paths=paths)

    async def tagged(self, remote: GitRemote, tags: Mapping[str, str]) -> Sequence[Revision]:
        """What these tags name."""
        return await self.history.tagged(remote, tags)

    async def changed(self, remote: GitRemote, revisions: Sequence[Revision]) -> Sequence[Revision]:
        """The same with their `paths`."""
        return await self.history.changed(remote, revisions)


def _source(remote: GitRemote, *what: str) -> Source:
    viewer = remote.credential.identity if remote.credential else ()
    tls = "unverified" if remote.insecure_skip_tls_verify else ""
    return Source("git", without_userinfo(remote.url), (remote.url, tls, *what, *viewer))
