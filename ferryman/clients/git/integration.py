"""How a push takes in what others pushed first: it rebases or merges, and minds signatures.

The policies are Kargo's (§3.1). Rebasing makes new commits, whose signatures have to be made anew.
For our own commits we can; for those that others signed we cannot, so rebasing them is not safe.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from ferryman.clients.git.commits import CommitObject, trailer_line
from ferryman.clients.git.mirror import Mirror
from ferryman.clients.git.rebase import lacking, merge, pick
from ferryman.clients.git.written import read_commits
from ferryman.domain.errors import PermanentError


@dataclass(frozen=True, slots=True)
class Integrated:
    """The commit to push, and what a person should know of it."""

    commit: str
    notes: Sequence[str] = ()


@dataclass(frozen=True, slots=True)
class Integration:
    """The work of one promotion's step, to be put on top of what others pushed."""

    mirror: Mirror
    trailer: tuple[str, str]
    """What marks the step's commits; its value is `<promotion>/<step>`."""
    signing_key: str = ""

    async def onto(self, head: str, theirs: str) -> Integrated:
        """Join `head` with `theirs` as the policy says; raises `PermanentError` on a conflict."""
        policy = self.mirror.commands.options.integration
        if policy == "AlwaysMerge":
            return await self._merge(head, theirs)
        ids = await lacking(self.mirror, head, theirs)
        commits = dict(zip(ids, await read_commits(self.mirror, *ids), strict=True))
        foreign = self._signed_by_others(commits, theirs)
        if foreign and policy == "RebaseOrMerge":
            return await self._merge(head, theirs)
        if foreign and policy == "RebaseOrFail":
            raise PermanentError(
                f"rebasing would drop the signature of {_named(foreign)}, and the policy is "
                "RebaseOrFail; check out the target branch, or choose RebaseOrMerge"
            )
        return await self._rebase(commits, theirs, foreign)

    async def _rebase(
        self, commits: dict[str, CommitObject], theirs: str, foreign: Sequence[str]
    ) -> Integrated:
        at = theirs
        for commit, parsed in commits.items():
            mine = parsed.signature and self._is_ours(parsed)
            if mine and not self.signing_key and parsed.parents != [at]:
                raise PermanentError(
                    f"commit {commit[:7]} was signed, and the key is gone, so it cannot be put on "
                    "top of what was pushed meanwhile; give author.signingKey again"
                )
            at = await pick(self.mirror, commit, at, signing_key=self.signing_key if mine else "")
        dropped = f"rebased without the signature of {_named(foreign)}, which others had signed"
        return Integrated(at, (dropped,) if foreign else ())

    async def _merge(self, head: str, theirs: str) -> Integrated:
        message = f"Merge what reached the branch meanwhile\n\n{trailer_line(*self.trailer)}\n"
        merged = await merge(
            self.mirror, head, theirs, message=message, signing_key=self.signing_key
        )
        return Integrated(merged)

    def _signed_by_others(self, commits: dict[str, CommitObject], theirs: str) -> list[str]:
        """Return the commits that rebasing would change, and whose signature we cannot renew."""
        found, at = [], theirs
        for commit, parsed in commits.items():
            if parsed.parents == [at]:
                at = commit  # it stays as it is
            elif parsed.signature and not self._is_ours(parsed):
                found.append(commit)
        return found

    def _is_ours(self, commit: CommitObject) -> bool:
        name, value = self.trailer
        promotion = trailer_line(name, value.rpartition("/")[0] + "/")
        return any(line.startswith(promotion) for line in commit.lines)


def _named(commits: Sequence[str]) -> str:
    return ", ".join(commit[:7] for commit in commits)
