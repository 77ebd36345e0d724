"""Puts commits on top of others, and merges, without a work tree."""

from __future__ import annotations

from ferryman.clients.git.commits import CommitObject
from ferryman.clients.git.mirror import Mirror
from ferryman.clients.git.written import read_commits, write_commit
from ferryman.domain.errors import PermanentError


async def lacking(mirror: Mirror, head: str, onto: str) -> list[str]:
    """Return the commits, oldest first, that `head` has and `onto` has not; merges are left out.

    Raises `PermanentError` where there are more than a promotion can have made.
    """
    limit = mirror.commands.options.longest_rebase
    bases = await mirror.commands.local(mirror.path, "merge-base", onto, head, accept=(0, 1))
    # The base is named, though `onto` implies it: rev-list goes by the commits' dates, and where
    # a clock was wrong, it does not find out in time that the base's history is excluded.
    excluded = [f"^{commit}" for commit in (onto, *bases.text.split())]
    listed = await mirror.commands.local(
        mirror.path, "rev-list", "--reverse", "--topo-order", "--no-merges",
        f"--max-count={limit + 1}", head, *excluded,
    )  # fmt: skip
    commits = listed.text.split()
    if len(commits) > limit:
        raise PermanentError(
            f"more than {limit} commits would have to be rebased: the target branch does not share "
            "its history with the branch that was checked out; check out the target branch"
        )
    return commits


async def pick(mirror: Mirror, commit: str, onto: str, *, signing_key: str) -> str:
    """Put one commit on top of `onto`, signed by the key where there is one; return the new one.

    A commit that changes nothing there is left out, as git-rebase does. Author, message and dates
    stay, so that the same input gives the same id. Raises `PermanentError` on a conflict.
    """
    picked, target = await read_commits(mirror, commit, onto)
    if picked.parents == [onto]:
        return commit
    tree = await _picked_tree(mirror, commit, picked, target)
    if tree == target.tree:
        return onto
    moved = picked.moved(tree, [onto])
    return (await write_commit(mirror, moved, signing_key=signing_key)).id


async def merge(mirror: Mirror, head: str, theirs: str, *, message: str, signing_key: str) -> str:
    """Merge `theirs` into `head`, as its committer would at that time; return the merge.

    Where one has the other, that one is returned. Raises `PermanentError` on a conflict.
    """
    found = await mirror.commands.local(mirror.path, "merge-base", head, theirs, accept=(0, 1))
    base = found.text.strip()
    if not base:
        raise PermanentError(
            "the target branch does not share its history with the branch that was checked out, "
            "so they cannot be merged; check out the target branch"
        )
    if base in {head, theirs}:
        return head if base == theirs else theirs
    tree = await _merged_tree(mirror, head, theirs, what=f"commit {head[:7]}")
    (ours,) = await read_commits(mirror, head)
    raw = ours.merged(tree, [head, theirs], message)
    return (await write_commit(mirror, raw, signing_key=signing_key)).id


async def _picked_tree(
    mirror: Mirror, commit: str, picked: CommitObject, target: CommitObject
) -> str:
    """Return the tree of `target` with what `commit` did to its parent.

    That is a merge whose base is that parent. Before 2.40, git takes no base for it but finds
    the common ancestor; so the target's tree is given as a child of the parent.
    """
    sibling = await write_commit(mirror, picked.moved(target.tree, picked.parents))
    return await _merged_tree(mirror, sibling.id, commit, what=f"commit {commit[:7]}")


async def _merged_tree(mirror: Mirror, one: str, other: str, *, what: str) -> str:
    done = await mirror.commands.local(
        mirror.path, "merge-tree", "--write-tree", "--no-messages", "--name-only", "-z",
        "--allow-unrelated-histories", one, other, accept=(0, 1),
    )  # fmt: skip
    tree, *conflicts = done.text.strip("\0").split("\0")
    if done.code == 1:
        raise PermanentError(
            f"{what} conflicts with what was pushed meanwhile, in "
            f"{', '.join(sorted(set(conflicts)))}; promote again to start from the new state"
        )
    return tree
