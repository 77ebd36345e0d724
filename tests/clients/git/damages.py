"""Every kind of damage that a mirror is known to take, as something to do to its folder."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

from ferryman.clients.git import GitClient
from ferryman.domain.ports import GitRemote
from tests.servers.git import Repository

GARBAGE = b"\xff\x00 not what git wrote \xfe\n"


async def worn(
    client: GitClient, remote: GitRemote, repository: Repository, tmp_path: Path
) -> Path:
    """Have a mirror with a pack, loose objects, packed refs and a checkout; return its folder."""
    await client.clone(remote, tmp_path / "old", branch="main", hold="old")
    repository.commit({"apps/a/values.yaml": "app: a\nimage: x:1\nend: 2\n"})
    (mirror,) = (tmp_path / "data/mirrors").glob("*.git")
    Repository(mirror).git("pack-refs", "--all")
    await client.clone(remote, tmp_path / "older", branch="main", hold="older")
    await client.release(tmp_path / "old")
    return mirror


def mirrors(like: Path) -> list[Path]:
    """Return the folders of the mirrors beside one."""
    return sorted(like.parent.glob("*.git"))


def _loose(mirror: Path, kind: str) -> Path:
    """Return the file of the newest commit, of its tree, or of a blob in it."""
    named = {"commit": "main", "tree": "main^{tree}", "blob": "main:apps/a/values.yaml"}
    oid = Repository(mirror).git("rev-parse", f"refs/heads/{named[kind]}")
    return mirror / "objects" / oid[:2] / oid[2:]


def _pack(mirror: Path, ending: str) -> Path:
    (found,) = (mirror / "objects/pack").glob(f"*{ending}")
    return found


def _write(file: Path, content: bytes) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    if file.exists():
        file.chmod(0o600)
    file.write_bytes(content)


def _cut(file: Path) -> None:
    _write(file, file.read_bytes()[: file.stat().st_size // 2])


def _flip(file: Path) -> None:
    """Turn a byte in every sixteen over, past the header."""
    content = bytearray(file.read_bytes())
    for at in range(20, len(content) - 20, 16):
        content[at] ^= 0xFF
    _write(file, bytes(content))


def _into_file(folder: Path) -> None:
    shutil.rmtree(folder)
    folder.write_bytes(GARBAGE)


def _into_folder(file: Path) -> None:
    file.unlink(missing_ok=True)
    (file / "inside").mkdir(parents=True)


def _empty(folder: Path) -> None:
    shutil.rmtree(folder)
    folder.mkdir()


def _strangers(mirror: Path) -> None:
    """Put another repository in its place, as a restored backup may."""
    other = mirror.parent.parent / "other.git"
    shutil.rmtree(mirror)
    Repository(other).git("init", "--quiet", "--bare", "--template=", str(other))
    Repository(other).commit({"apps/a/values.yaml": "stranger: 1\n"})
    other.rename(mirror)


def _insteadof(mirror: Path) -> None:
    """Have every URL rewritten to another repository's."""
    other = mirror.parent.parent / "other.git"
    Repository(other).git("init", "--quiet", "--bare", "--template=", str(other))
    Repository(other).commit({"apps/a/values.yaml": "image: x:1 of a stranger\n"})
    Repository(mirror).git("config", f"url.{other}.insteadOf", "http://127.0.0.1")
    Repository(mirror).git("config", "--add", f"url.{other}.insteadOf", "file://")


MIRROR: dict[str, Callable[[Path], object]] = {
    # objects
    "a missing loose commit": lambda mirror: _loose(mirror, "commit").unlink(),
    "a missing loose tree": lambda mirror: _loose(mirror, "tree").unlink(),
    "a missing loose blob": lambda mirror: _loose(mirror, "blob").unlink(),
    "an empty loose commit": lambda mirror: _write(_loose(mirror, "commit"), b""),
    "an empty loose blob": lambda mirror: _write(_loose(mirror, "blob"), b""),
    "a truncated loose tree": lambda mirror: _cut(_loose(mirror, "tree")),
    "a loose blob of garbage": lambda mirror: _write(_loose(mirror, "blob"), GARBAGE),
    "a loose blob in the place of another": lambda mirror: shutil.copy(
        _loose(mirror, "tree"), _remade(_loose(mirror, "blob"))
    ),
    "a truncated pack": lambda mirror: _cut(_pack(mirror, ".pack")),
    "an empty pack": lambda mirror: _write(_pack(mirror, ".pack"), b""),
    "a pack with flipped bytes": lambda mirror: _flip(_pack(mirror, ".pack")),
    "a deleted pack": lambda mirror: _pack(mirror, ".pack").unlink(),
    "a deleted pack with its index": lambda mirror: shutil.rmtree(mirror / "objects/pack"),
    "a missing index of a pack": lambda mirror: _pack(mirror, ".idx").unlink(),
    "a truncated index of a pack": lambda mirror: _cut(_pack(mirror, ".idx")),
    "an index of a pack with flipped bytes": lambda mirror: _flip(_pack(mirror, ".idx")),
    "a half-written pack": lambda mirror: _write(mirror / "objects/pack/tmp_pack_x", GARBAGE),
    "a commit graph of garbage": lambda mirror: _write(
        mirror / "objects/info/commit-graph", GARBAGE
    ),
    "an index of many packs of garbage": lambda mirror: _write(
        mirror / "objects/pack/multi-pack-index", GARBAGE
    ),
    "alternates that lead nowhere": lambda mirror: _write(
        mirror / "objects/info/alternates", b"/nowhere/objects\n"
    ),
    "no objects folder": lambda mirror: shutil.rmtree(mirror / "objects"),
    "a file for the objects folder": lambda mirror: _into_file(mirror / "objects"),
    # refs
    "packed refs of garbage": lambda mirror: _write(mirror / "packed-refs", GARBAGE),
    "empty packed refs": lambda mirror: _write(mirror / "packed-refs", b""),
    "truncated packed refs": lambda mirror: _cut(mirror / "packed-refs"),
    "a folder for packed refs": lambda mirror: _into_folder(mirror / "packed-refs"),
    "an empty ref": lambda mirror: _write(mirror / "refs/heads/main", b""),
    "a ref of garbage": lambda mirror: _write(mirror / "refs/heads/main", GARBAGE),
    "a ref of zeros": lambda mirror: _write(mirror / "refs/heads/main", b"0" * 40 + b"\n"),
    "a ref to nothing": lambda mirror: _write(mirror / "refs/heads/main", b"1" * 40 + b"\n"),
    "a ref that leads to itself": lambda mirror: _write(
        mirror / "refs/heads/main", b"ref: refs/heads/main\n"
    ),
    "a folder for a ref": lambda mirror: _into_folder(mirror / "refs/heads/main"),
    "an empty private ref": lambda mirror: _write(_private(mirror), b""),
    "a private ref of garbage": lambda mirror: _write(_private(mirror), GARBAGE),
    "no refs folder": lambda mirror: shutil.rmtree(mirror / "refs"),
    "a file for the refs folder": lambda mirror: _into_file(mirror / "refs"),
    # the rest
    "no HEAD": lambda mirror: (mirror / "HEAD").unlink(),
    "an empty HEAD": lambda mirror: _write(mirror / "HEAD", b""),
    "a HEAD of garbage": lambda mirror: _write(mirror / "HEAD", GARBAGE),
    "no config": lambda mirror: (mirror / "config").unlink(),
    "an empty config": lambda mirror: _write(mirror / "config", b""),
    "a config of garbage": lambda mirror: _write(mirror / "config", GARBAGE),
    "a config of another format": lambda mirror: _write(
        mirror / "config", b"[core]\n\trepositoryformatversion = 7\n"
    ),
    "a folder for the config": lambda mirror: _into_folder(mirror / "config"),
    "a config that sends git elsewhere": _insteadof,
    "an empty folder": _empty,
    "no folder": shutil.rmtree,
    "a file for the folder": _into_file,
    "another repository in its place": _strangers,
}
"""What is broken, and how."""

LOCKS = (
    "index.lock",
    "packed-refs.lock",
    "HEAD.lock",
    "config.lock",
    "shallow.lock",
    "gc.pid.lock",
    "refs/heads/main.lock",
    "refs/ferryman/%s.lock",
    "objects/info/commit-graph.lock",
    "objects/info/commit-graphs/commit-graph-chain.lock",
    "objects/pack/multi-pack-index.lock",
)
"""What a git that was killed may leave behind; `%s` stands for the name of a private ref."""


def _remade(file: Path) -> Path:
    file.unlink()
    return file


def _private(mirror: Path) -> Path:
    """Return the file of the ref that keeps a checkout's commits."""
    listed = Repository(mirror).git("for-each-ref", "--format=%(refname)", "refs/ferryman/")
    return mirror / listed.split()[0]
