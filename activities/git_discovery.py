"""What a git subscription accepts: one `ls-remote`, and nothing else while nothing has changed."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterable, Sequence
from dataclasses import dataclass
from hashlib import sha256
from itertools import takewhile

from ferryman.domain.commit_rule import CommitRule, tag_rule
from ferryman.domain.errors import InvalidError
from ferryman.domain.ports import GitRemote, Head, History, Revision
from ferryman.domain.selection import TagRule, newest_first, order_tags
from ferryman.domain.warehouse import (
    DiscoveredCommit,
    GitDiscovery,
    GitSubscription,
    Subscription,
)

DEEPEST = 10_000
"""Commits, or tags, that are looked at for ones that a filter accepts."""

_FIRST_BATCH = 100
_LARGEST_BATCH = 1_000


@dataclass(frozen=True)
class FoundCommits:
    """What a subscription found, and a hash of the refs that it was found at."""

    discovery: GitDiscovery
    refs: str


async def discover_commits(
    history: History,
    remote: GitRemote,
    subscription: Subscription,
    known: FoundCommits | None = None,
) -> FoundCommits:
    """The subscription's commits, best first; raises the port's errors.

    `known` is what was found for the same subscription before: while the refs that count stand
    where they stood, it is the answer.
    """
    wanted = subscription.git
    if wanted is None:
        raise InvalidError("is no git subscription", field="subscriptions")
    rule, tags = CommitRule(wanted), tag_rule(wanted)
    search = _Search(history, remote, wanted, rule)
    found: Iterable[Revision]
    branch = ""
    if tags is None:
        head = await history.head(remote, wanted.branch)
        branch, refs = head.branch, _digest([(head.branch, head.commit)])
        if known and known.refs == refs:
            return known
        found = await search.below(head)
    else:
        there = await history.tags(remote)
        accepted = {tag: there[tag] for tag in order_tags(tags, there)}
        refs = _digest(sorted(accepted.items()))
        if known and known.refs == refs:
            return known
        found = await search.among(tags, accepted)
    discovery = GitDiscovery(
        repo_url=wanted.repo_url,
        subscription_name=subscription.name,
        commits=tuple(_discovered(revision, branch) for revision in found),
    )
    return FoundCommits(discovery, refs)


@dataclass(frozen=True)
class _Search:
    history: History
    remote: GitRemote
    wanted: GitSubscription
    rule: CommitRule

    async def below(self, head: Head) -> list[Revision]:
        """Commits of a branch, from its head down."""
        found: list[Revision] = []
        async for batch in self._log(head):
            recent = list(takewhile(self._is_recent, batch))
            if await self._enough(found, recent) or len(recent) < len(batch):
                break
        return found

    async def among(self, rule: TagRule, tags: dict[str, str]) -> list[Revision]:
        """Tags, best first; by date, all must be read before the first is known."""
        found: list[Revision] = []
        async for batch in self._tagged(rule, tags):
            revisions = batch
            if self.rule.paths:
                revisions = await self.history.changed(self.remote, batch)
            if await self._enough(found, revisions):
                break
        return found

    def _is_recent(self, revision: Revision) -> bool:
        since = self.wanted.since
        return since is None or revision.created_at >= since

    async def _log(self, head: Head) -> AsyncIterator[Sequence[Revision]]:
        skip = 0
        for count in self._batches():
            batch = await self.history.log(
                self.remote, head, skip=skip, count=count, paths=bool(self.rule.paths)
            )
            yield batch
            skip += count
            if len(batch) < count:
                return

    async def _tagged(
        self, rule: TagRule, tags: dict[str, str]
    ) -> AsyncIterator[Sequence[Revision]]:
        if rule.by_date:
            read = newest_first(await self.history.tagged(self.remote, tags))
            for count in self._batches():
                yield read[:count]
                read = read[count:]
            return
        names = list(tags)
        for count in self._batches():
            some, names = names[:count], names[count:]
            if not some:
                return
            yield await self.history.tagged(self.remote, {name: tags[name] for name in some})

    def _batches(self) -> Iterable[int]:
        """How many to look at, again and again: few first, since mostly they will do."""
        limit = self.wanted.discovery_limit
        count = max(limit, _FIRST_BATCH) if self.rule else limit
        looked_at = 0
        while looked_at < DEEPEST:
            yield count
            looked_at += count
            count = min(count * 2, _LARGEST_BATCH)

    async def _enough(self, found: list[Revision], batch: Sequence[Revision]) -> bool:
        """Add what is accepted; in a thread, for expressions and patterns take their time."""
        if self.rule:
            batch = await asyncio.to_thread(self.rule.accepted, batch)
        limit = self.wanted.discovery_limit
        found += batch[: limit - len(found)]
        return len(found) >= limit


def _digest(refs: Sequence[tuple[str, str]]) -> str:
    text = "".join(f"{name}\0{value}\n" for name, value in refs)
    return sha256(text.encode("utf-8", "surrogateescape")).hexdigest()[:32]


def _discovered(revision: Revision, branch: str) -> DiscoveredCommit:
    return DiscoveredCommit(
        id=revision.id,
        branch=branch,
        tag=revision.tag,
        subject=revision.subject,
        author=revision.author,
        committer=revision.committer,
        creator_date=revision.created_at,
    )
