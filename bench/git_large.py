"""A promotion's git work on a large repository: 20,000 files, 5,000 commits, a warm mirror."""

from __future__ import annotations

import hashlib

from bench.git_race import race

_FOLDERS, _FILES, _COMMITS = 200, 100, 5_000


def history() -> bytes:
    """What the repository is made of, for git-fast-import."""
    stream = [_commit(0)]
    stream += [_file(n // _FILES, n % _FILES, "first") for n in range(_FOLDERS * _FILES)]
    for number in range(1, _COMMITS):
        stream += [_commit(number), _file(number % _FOLDERS, number * 7 % _FILES, str(number))]
    return b"".join(stream)


def _commit(number: int) -> bytes:
    return b"commit refs/heads/main\ncommitter B <b@example.com> %d +0000\ndata 2\nC\n" % number


def _file(folder: int, file: int, seed: str) -> bytes:
    digest = hashlib.sha256(f"{folder}/{file}/{seed}".encode()).hexdigest()
    text = "".join(f"key{line}: {digest[line:]}\n" for line in range(30)).encode()
    path = b"apps/%03d/%03d.yaml" % (folder, file)
    return b"M 100644 inline %s\ndata %d\n%s\n" % (path, len(text), text)


if __name__ == "__main__":
    name = "git: clone, edit, commit, push; 20,000 files, 5,000 commits, warm"
    race(name, history, "apps/042/042.yaml", rounds=5)
