"""Objects that are written into a mirror from their bytes: commits and tags, signed or not."""

from __future__ import annotations

from functools import partial
from typing import Literal

from ferryman.clients.git.commits import CommitObject, signed
from ferryman.clients.git.mirror import Mirror
from ferryman.clients.git.threads import in_thread
from ferryman.domain.ports import GitObject


async def write_commit(
    mirror: Mirror, raw: bytes, *, signing_key: str = "", signature: str = ""
) -> GitObject:
    """Store a commit, with this signature or one by this key."""
    signature = signature or await mirror.commands.signature(raw, signing_key)
    return GitObject(await write(mirror, "commit", signed(raw, signature)), signature)


async def write(mirror: Mirror, kind: Literal["commit", "tag"], raw: bytes) -> str:
    """Store an object; return its id."""
    done = await mirror.commands.local(
        mirror.path, "hash-object", "-t", kind, "-w", "--stdin", stdin=raw
    )
    return done.text.strip()


async def read_commits(mirror: Mirror, *commits: str) -> list[CommitObject]:
    """Read commits and take them apart."""
    return await in_thread(partial(_read, mirror, commits))


def _read(mirror: Mirror, commits: tuple[str, ...]) -> list[CommitObject]:
    with mirror.objects() as objects:
        return [CommitObject.parse(objects.read(commit)) for commit in commits]
