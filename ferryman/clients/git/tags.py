"""Annotated tags: made from their bytes, kept by a private ref, pushed once."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from ferryman.clients.git.commits import ident
from ferryman.clients.git.failures import AGAIN, NOT_AGAIN
from ferryman.clients.git.mirror import Mirror
from ferryman.clients.git.push import Sent, send
from ferryman.clients.git.refs import tag_ref
from ferryman.clients.git.written import write
from ferryman.domain.errors import ConflictError, TemporaryError
from ferryman.domain.ports import Fence, GitAuthor, GitObject, GitRemote, Pushed
from ferryman.domain.urls import without_userinfo


@dataclass(frozen=True, slots=True)
class NewTag:
    """An annotated tag to be made."""

    name: str
    commit: str
    message: str
    tagger: GitAuthor
    date: datetime

    @property
    def raw(self) -> bytes:
        """The tag object's bytes, unsigned."""
        head = f"object {self.commit}\ntype commit\ntag {self.name}\ntagger ".encode()
        return head + ident(self.tagger, self.date) + b"\n\n" + self.message.encode()


@dataclass(frozen=True, slots=True)
class RemoteTag:
    """A tag of a remote."""

    oid: str
    """Of the tag object, or of the commit where the tag is a plain one."""
    commit: str


async def make(mirror: Mirror, tag: NewTag, *, signature: str = "") -> GitObject:
    """Store a tag, with this signature or one by its tagger's key."""
    signature = signature or await mirror.commands.signature(tag.raw, tag.tagger.signing_key)
    below = f"{signature.strip()}\n".encode() if signature else b""
    return GitObject(await write(mirror, "tag", tag.raw + below), signature)


async def find(mirror: Mirror, remote: GitRemote, name: str) -> RemoteTag | None:
    """Ask the remote for a tag; None where it has no such tag."""
    ref = tag_ref(name)
    done = await mirror.commands.remote(
        remote, "ls-remote", "--", "{url}", ref, f"{ref}^{{}}", repository=mirror.path
    )
    found = {name: oid for oid, _, name in (line.partition("\t") for line in _lines(done.text))}
    return RemoteTag(found[ref], found.get(f"{ref}^{{}}", found[ref])) if ref in found else None


async def push_tag(
    mirror: Mirror,
    remote: GitRemote,
    name: str,
    made: RemoteTag,
    *,
    force: bool,
    max_attempts: int,
    before: Fence,
) -> Pushed:
    """Put a tag on the remote; where it stands at that commit already, an earlier push did it.

    At first it is pushed without a look, if no other is there. Only with `force` is another one
    replaced; without, it is a `ConflictError`.
    """
    there: RemoteTag | None = None
    for _ in range(max_attempts + 1):
        await before()
        lease = there.oid if there else ""
        sent = await send(mirror, remote, made.oid, tag_ref(name), lease=lease)
        if sent is not Sent.MOVED:
            return Pushed(made.commit, "", already=sent is Sent.UP_TO_DATE)
        there = await find(mirror, remote, name)
        if there and (there.oid == made.oid or (there.commit == made.commit and not force)):
            return Pushed(made.commit, "", already=True)
        if there and not force:
            raise ConflictError(
                f"{without_userinfo(remote.url)} has the tag {name!r} already, at "
                f"{there.commit[:7]} and not at {made.commit[:7]}; choose another name, or set "
                f"force to replace it{NOT_AGAIN}"
            )
    raise TemporaryError(
        f"the tag {name!r} of {without_userinfo(remote.url)} changed during each of "
        f"{max_attempts} attempts to push it{AGAIN}"
    )


def _lines(text: str) -> list[str]:
    return [line for line in text.splitlines() if "\t" in line]
