"""Repositories of any size, for `git fast-import`: folders of 100 YAML files, edited one by one.

Their contents cannot be compressed much: most of each file is random, though always the same.
"""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Iterator
from dataclasses import dataclass
from random import Random

_IN_A_FOLDER = 100


@dataclass(frozen=True)
class MadeRepository:
    """What a repository is made of."""

    files: int
    commits: int
    size: int
    """Random bytes in a file."""

    def history(self, *others: tuple[str, bytes]) -> Iterator[bytes]:
        """Yield all commits; `others`, paths and contents, are in the first one, too."""
        random = Random(self.files)  # noqa: S311 - contents, not secrets
        yield _commit(0)
        for path, content in others:
            yield _file(path, content)
        for number in range(self.files):
            yield _file(self.path(number), self._content(random))
        for number in range(1, self.commits):
            yield _commit(number)
            yield _file(self.path(number * 7919 % self.files), self._content(random))

    def path(self, number: int) -> str:
        """Where a file is."""
        folder, file = divmod(number, _IN_A_FOLDER)
        return f"apps/{folder:04}/{file:02}.yaml"

    def _content(self, random: Random) -> bytes:
        return b"image: shop:first\nkey: %s\n" % b64encode(random.randbytes(self.size))


def _commit(number: int) -> bytes:
    return b"commit refs/heads/main\ncommitter B <b@example.com> %d +0000\ndata 2\nC\n" % number


def _file(path: str, content: bytes) -> bytes:
    return b"M 100644 inline %s\ndata %d\n%s\n" % (path.encode(), len(content), content)
