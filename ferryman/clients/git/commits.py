"""Commits as bytes: messages with trailers, new commits for git fast-import, copies of old ones."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime

from ferryman.clients.git.objects import Leaf
from ferryman.domain.errors import InvalidError
from ferryman.domain.ports import GitAuthor

Changes = Mapping[str, Leaf | None]
"""What differs from a commit, by path; None stands for "removed"."""

_SIGNATURE = b"gpgsig"
"""The header of a commit's signature, whoever made it: gpg or ssh-keygen."""
_TRAILER = re.compile(r"[A-Za-z0-9-]+: .*")


@dataclass(frozen=True, slots=True)
class NewCommit:
    """A commit to be made."""

    parent: str
    message: str
    author: GitAuthor
    committer: GitAuthor
    date: datetime

    def instructions(
        self, ref: str, changes: Changes, content: Callable[[str], bytes]
    ) -> Iterator[bytes]:
        """Yield what git-fast-import needs to make it, move `ref` to it and print its id."""
        yield f"commit {ref}\nmark :1\n".encode()
        yield b"author " + ident(self.author, self.date) + b"\n"
        yield b"committer " + ident(self.committer, self.date) + b"\n"
        yield _data(self.message.encode())
        yield f"from {self.parent}\n".encode()
        # Removals first: a file may have become a folder.
        for path in (path for path, leaf in changes.items() if leaf is None):
            yield b"D %s\n" % _quoted(path)
        for path, leaf in changes.items():
            if leaf is not None:
                yield b"M %o inline %s\n" % (leaf.mode, _quoted(path)) + _data(content(path))
        yield b"\nget-mark :1\n"


def ident(who: GitAuthor, date: datetime) -> bytes:
    """Return a person and a moment as commits have them; what git would leave out is left out."""
    name, email = (
        re.sub(r"[<>\x00-\x1f]", "", text).strip(" .,:;\"'") for text in (who.name, who.email)
    )
    return f"{name} <{email}> {int(date.timestamp())} +0000".encode()


def with_trailers(message: str, trailers: Mapping[str, str]) -> str:
    """Return the message with trailers below it, as git-interpret-trailers puts them there."""
    text = message.strip()
    if not text or "\0" in text:
        raise InvalidError("a commit needs a message, without NUL characters", field="message")
    lines = "".join(f"\n{trailer_line(*trailer)}" for trailer in trailers.items())
    *_, last = text.split("\n\n")
    ends_in_trailers = last != text and all(_TRAILER.fullmatch(line) for line in last.split("\n"))
    return text + ("" if ends_in_trailers or not lines else "\n") + lines + "\n"


def trailer_line(name: str, value: str) -> str:
    """Return the line that a trailer is in a message."""
    return f"{name}: {' '.join(value.split())}"


@dataclass(frozen=True, slots=True)
class CommitObject:
    """A commit that exists, taken apart."""

    headers: tuple[tuple[bytes, bytes], ...]
    body: bytes

    @classmethod
    def parse(cls, raw: bytes) -> CommitObject:
        """Take a commit object's bytes apart."""
        head, _, body = raw.partition(b"\n\n")
        lines = head.replace(b"\n ", b"\0").split(b"\n")  # long headers go on in indented lines
        pairs = (line.partition(b" ") for line in lines)
        return cls(tuple((key, value.replace(b"\0", b"\n ")) for key, _, value in pairs), body)

    @property
    def tree(self) -> str:
        """The id of its tree."""
        return dict(self.headers)[b"tree"].decode()

    @property
    def parents(self) -> list[str]:
        """The ids of its parents."""
        return [value.decode() for key, value in self.headers if key == b"parent"]

    @property
    def signature(self) -> str:
        """Its signature; "" where it has none."""
        return dict(self.headers).get(_SIGNATURE, b"").replace(b"\n ", b"\n").decode()

    @property
    def lines(self) -> list[str]:
        """The lines of its message."""
        return self.body.decode("utf-8", "replace").split("\n")

    def moved(self, tree: str, parents: list[str]) -> bytes:
        """Return the object of a commit that differs in tree and parents alone.

        A signature does not come along: it would not hold.
        """
        kept = [pair for pair in self.headers if pair[0] in (b"author", b"committer", b"encoding")]
        return _commit(tree, parents, kept, self.body)

    def merged(self, tree: str, parents: list[str], message: str) -> bytes:
        """Return the object of a merge that this commit's committer made at the same time."""
        committer = dict(self.headers)[b"committer"]
        return _commit(
            tree, parents, [(b"author", committer), (b"committer", committer)], message.encode()
        )


def copied(commit: CommitObject, changes: Mapping[str, Leaf], ref: str, mark: int) -> bytes:
    """Return what git-fast-import needs to make the same commit, with `changes`, on top of `ref`.

    It prints the new id.
    """
    headers = dict(commit.headers)
    who = b"author %s\ncommitter %s\n" % (headers[b"author"], headers[b"committer"])
    start = b"commit %s\nmark :%d\n" % (ref.encode(), mark) + who + _data(commit.body)
    files = (b"M %o %s %s\n" % (it.mode, it.id.encode(), _quoted(at)) for at, it in changes.items())
    return start + b"".join(files) + b"\nget-mark :%d\n" % mark


def signed(raw: bytes, signature: str) -> bytes:
    """Return a commit object with a signature that was made over its bytes; "" adds none."""
    if not signature:
        return raw
    head, _, body = raw.partition(b"\n\n")
    folded = signature.strip().replace("\n", "\n ").encode()
    return b"%s\n%s %s\n\n%s" % (head, _SIGNATURE, folded, body)


def _commit(
    tree: str, parents: list[str], others: Iterable[tuple[bytes, bytes]], body: bytes
) -> bytes:
    first = [(b"tree", tree.encode()), *((b"parent", parent.encode()) for parent in parents)]
    return b"".join(b"%s %s\n" % pair for pair in (*first, *others)) + b"\n" + body


def _data(content: bytes) -> bytes:
    return b"data %d\n%s\n" % (len(content), content)


def _quoted(path: str) -> bytes:
    text = path.encode("utf-8", "surrogateescape")
    return b'"%s"' % text.replace(b"\\", b"\\\\").replace(b'"', b'\\"').replace(b"\n", b"\\n")
