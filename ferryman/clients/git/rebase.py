"""Puts commits on top of others, without a work tree."""

from __future__ import annotations

from functools import partial

from ferryman.clients.git.commits import CommitObject
from ferryman.clients.git.mirror import Mirror
from ferryman.clients.git.threads import in_thread
from ferryman.domain.errors import PermanentError


async def rebase(mirror: Mirror, head: str, onto: str) -> str:
    """Put the commits of `head` that `onto` lacks on top of `onto`; return the new head.

    Commits that change nothing there are left out, as git-rebase does. Author, message and dates
    stay, so that the same input gives the same id. Raises `PermanentError` on a conflict.
    """
    limit = mirror.commands.options.longest_rebase
    commits = await _lacking(mirror, head, onto, limit + 1)
    if len(commits) > limit:
        raise PermanentError(
            f"more than {limit} commits would have to be rebased: the target branch does not share "
            "its history with the branch that was checked out; check out the target branch"
        )
    for commit in commits:
        onto = await _pick(mirror, commit, onto)
    return onto


async def write_commit(mirror: Mirror, raw: bytes) -> str:
    """Store a commit object; return its id."""
    done = await mirror.commands.local(
        mirror.path, "hash-object", "-t", "commit", "-w", "--stdin", stdin=raw
    )
    return done.text.strip()


async def _lacking(mirror: Mirror, head: str, onto: str, limit: int) -> list[str]:
    """Return the first commits, oldest first, that `head` has and `onto` has not."""
    bases = await mirror.commands.local(mirror.path, "merge-base", onto, head, accept=(0, 1))
    # The base is named, though `onto` implies it: rev-list goes by the commits' dates, and where
    # a clock was wrong, it does not find out in time that the base's history is excluded.
    excluded = [f"^{commit}" for commit in (onto, *bases.text.split())]
    listed = await mirror.commands.local(
        mirror.path, "rev-list", "--reverse", "--topo-order", "--no-merges",
        f"--max-count={limit}", head, *excluded,
    )  # fmt: skip
    return listed.text.split()


async def _pick(mirror: Mirror, commit: str, onto: str) -> str:
    picked, target = await in_thread(partial(_read, mirror, commit, onto))
    if picked.parents == [onto]:
        return commit
    tree = await _merged(mirror, commit, picked, target)
    if tree == target.tree:
        return onto
    return await write_commit(mirror, picked.moved(tree, [onto]))


async def _merged(mirror: Mirror, commit: str, picked: CommitObject, target: CommitObject) -> str:
    """Return the tree of `target` with what `commit` did to its parent.

    That is a merge whose base is that parent. Before 2.40, git takes no base for it but finds
    the common ancestor; so the target's tree is given as a child of the parent.
    """
    sibling = await write_commit(mirror, picked.moved(target.tree, picked.parents))
    done = await mirror.commands.local(
        mirror.path, "merge-tree", "--write-tree", "--no-messages", "--name-only", "-z",
        "--allow-unrelated-histories", sibling, commit, accept=(0, 1),
    )  # fmt: skip
    tree, *conflicts = done.text.strip("\0").split("\0")
    if done.code == 1:
        raise PermanentError(
            f"commit {commit[:7]} conflicts with what was pushed meanwhile, in "
            f"{', '.join(sorted(set(conflicts)))}; promote again to start from the new state"
        )
    return tree


def _read(mirror: Mirror, *commits: str) -> list[CommitObject]:
    with mirror.objects() as objects:
        return [CommitObject.parse(objects.read(commit)) for commit in commits]
