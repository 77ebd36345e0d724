"""Commits that change what nobody else has changed, put on top of others without merging.

Merging takes ten git processes a commit, which many promotions at once would feel. Most edit files
of their own: then it is enough to have that checked, and all of them are written by one process.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import partial
from pathlib import PurePosixPath
from stat import S_ISDIR

from ferryman.clients.git.commits import CommitObject, copied, trailer_line
from ferryman.clients.git.mirror import Mirror
from ferryman.clients.git.objects import Leaf, Objects, Tree
from ferryman.clients.git.refs import scratch_ref
from ferryman.clients.git.threads import in_thread

_HEADERS = (b"tree", b"parent", b"author", b"committer")


@dataclass(frozen=True, slots=True)
class Graft:
    """A commit that can be put on top of others as it is."""

    commit: str
    parsed: CommitObject
    changes: dict[str, Leaf]


async def grafts(
    mirror: Mirror, base: str, wanted: Sequence[tuple[str, tuple[str, str]]]
) -> list[Graft]:
    """Return those of `wanted`, commits with their trailers, that can be put on top of `base`.

    All of them can be at once. Those that are there already, in whatever form, are left out.
    """
    found = await in_thread(partial(_plain, mirror, base, wanted))
    lines = {commit: trailer_line(*trailer) for commit, trailer in wanted}
    parents = {graft.parsed.parents[0] for graft in found} - {base}
    said = {parent: await _said_since(mirror, parent, base) for parent in parents} | {base: set()}
    return [
        graft
        for graft in found
        if (since := said[graft.parsed.parents[0]]) is not None and lines[graft.commit] not in since
    ]


async def graft_all(mirror: Mirror, base: str, found: Sequence[Graft]) -> list[str]:
    """Put the grafts on top of `base`, one on the other; return the new commits."""
    if not found:
        return []
    first = found[0]
    kept = [first.commit] if first.parsed.parents == [base] else []
    rest = found[len(kept) :]
    if not rest:
        return kept
    ref = scratch_ref(base)
    stream = [
        _reset(ref, kept[0] if kept else base),
        *(copied(it.parsed, it.changes, ref, mark) for mark, it in enumerate(rest, start=1)),
        _reset(ref, "0" * 40),  # that removes it
    ]
    done = await mirror.commands.local(
        mirror.path, "fast-import", "--quiet", "--force", stdin=b"".join(stream)
    )
    return [*kept, *done.text.split()]


def _reset(ref: str, commit: str) -> bytes:
    return f"reset {ref}\nfrom {commit}\n\n".encode()


def _plain(mirror: Mirror, base: str, wanted: Sequence[tuple[str, tuple[str, str]]]) -> list[Graft]:
    with mirror.objects() as objects:
        ground = _Ground(objects.tree(base))
        found = (_graft(objects, commit, trailer_line(*trailer)) for commit, trailer in wanted)
        return [it for it in found if it and ground.takes(objects, it)]


def _graft(objects: Objects, commit: str, line: str) -> Graft | None:
    """Return the commit if it is one of ours, unsigned, that removes nothing."""
    parsed = CommitObject.parse(objects.read(commit))
    if tuple(key for key, _ in parsed.headers) != _HEADERS or line not in parsed.lines:
        return None
    before, after = objects.tree(parsed.parents[0]), objects.tree(commit)
    changes = dict(before.differences(after))
    kept = {path: leaf for path, leaf in changes.items() if leaf is not None}
    # Where nothing is removed, nothing was renamed either: a merge would look for that.
    return Graft(commit, parsed, kept) if kept and len(kept) == len(changes) else None


@dataclass(slots=True)
class _Ground:
    """What grafts are put on: the tree of the base, and what the grafts before have changed."""

    tree: Tree
    files: set[str] = field(default_factory=set)
    folders: set[str] = field(default_factory=set)

    def takes(self, objects: Objects, graft: Graft) -> bool:
        """Whether all that the graft changes is here as it was before it; if so, it is taken."""
        before = objects.tree(graft.parsed.parents[0])
        fits = all(self._is_untouched(path, before) for path in graft.changes)
        if fits:
            self.files.update(graft.changes)
            self.folders.update(at for path in graft.changes for at in _above(path))
        return fits

    def _is_untouched(self, path: str, before: Tree) -> bool:
        if path in self.files or path in self.folders or self.tree.find(path) != before.find(path):
            return False
        return all(at not in self.files and self._is_folder(at, before) for at in _above(path))

    def _is_folder(self, path: str, before: Tree) -> bool:
        """Whether a folder of the graft's is one here: none has gone, nothing is in its place."""
        here = self.tree.find(path)
        return S_ISDIR(here[1].mode) if here else before.find(path) is None


def _above(path: str) -> Iterator[str]:
    return (str(folder) for folder in PurePosixPath(path).parents if folder.name)


async def _said_since(mirror: Mirror, parent: str, base: str) -> set[str] | None:
    """Return the lines of messages since `parent`; None where `base` does not come after it."""
    run = partial(mirror.commands.local, mirror.path)
    if (await run("merge-base", "--is-ancestor", parent, base, accept=(0, 1))).code:
        return None
    return set(_lines((await run("log", "--format=%B", base, f"^{parent}")).text))


def _lines(text: str) -> Iterable[str]:
    return (line for line in text.splitlines() if ": " in line)
