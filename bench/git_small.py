"""A promotion's git work on a small repository: 20 files, one commit."""

from __future__ import annotations

from bench.git_race import race


def history() -> bytes:
    """What the repository is made of, for git-fast-import."""
    files = b"".join(b"M 100644 inline env/%d.yaml\ndata 11\nimage: x:1\n\n" % n for n in range(20))
    return b"commit refs/heads/main\ncommitter B <b@example.com> 1 +0000\ndata 4\nInit\n" + files


if __name__ == "__main__":
    race("git: clone, edit, commit, push; 20 files, 1 commit", history, "env/7.yaml", rounds=15)
