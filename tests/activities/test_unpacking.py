"""Hostile archives: nothing leaves the folder, everything is bounded, errors name the member."""

from __future__ import annotations

import bz2
import gzip
import io
import lzma
import os
import tarfile
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from activities.tools.folders import Place
from activities.tools.ignoring import Ignored
from activities.tools.unpacking import LIMITS, Limits, unpack
from ferryman.domain.errors import InvalidError
from tests.fuzz.untar import stays_within

pytestmark = pytest.mark.slow

KINDS = {
    "file": tarfile.REGTYPE,
    "folder": tarfile.DIRTYPE,
    "link": tarfile.SYMTYPE,
    "hard": tarfile.LNKTYPE,
    "device": tarfile.CHRTYPE,
    "disk": tarfile.BLKTYPE,
    "pipe": tarfile.FIFOTYPE,
    "sparse": tarfile.GNUTYPE_SPARSE,
    "unknown": b"Z",
}
Member = tuple[str, str, str]
"""Kind, name, and content or where it leads."""


def packed(*members: Member, mode: int = 0o644) -> bytes:
    """An archive."""
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w") as archive:
        for kind, name, fact in members:
            member = tarfile.TarInfo(name)
            member.type, member.mode = KINDS[kind], mode
            if kind in {"link", "hard"}:
                member.linkname = fact
            content = fact.encode("utf-8", "surrogateescape")
            member.size = len(content) if kind == "file" else 0
            archive.addfile(member, io.BytesIO(content))
    return buffer.getvalue()


def unpacked(folder: Path, content: bytes, *, limits: Limits = LIMITS, strip: int = 0) -> Path:
    """Unpack into folder/out; return it."""
    (folder / "out").mkdir()
    (folder / "archive").write_bytes(content)
    with (folder / "archive").open("rb") as file:
        place = Place(folder / "out", "")
        unpack(file, place, strip=strip, ignored=Ignored(None), limits=limits)
    return folder / "out"


@pytest.mark.parametrize(
    ("members", "sentence"),
    [
        ([("file", "../x", "")], "member '../x' has a path that leads out"),
        ([("file", "a/../../x", "")], "member 'a/../../x' has a path that leads out"),
        ([("file", "/etc/x", "")], "member '/etc/x' has an absolute path"),
        ([("folder", "..", "")], "member '..' has a path that leads out"),
        ([("link", "l", "/etc/passwd")], "member 'l' is a link that leads out, to '/etc/passwd'"),
        ([("link", "a/l", "../../x")], "member 'a/l' is a link that leads out"),
        ([("link", "l", "a"), ("file", "l/x", "")], "member 'l/x' a file or link is in its way"),
        ([("link", "l", "."), ("link", "m", "l/..")], "the link 'm' leads out"),
        ([("link", "a/l", "b/../.."), ("link", "a/b", "..")], "the link 'a/l' leads out"),
        ([("link", "l", "l")], "the link 'l' leads out or in a circle"),
        ([("hard", "h", "../x")], "member 'h' has a path that leads out"),
        ([("hard", "h", "none")], "member 'h' is a hard link to 'none', which is not unpacked"),
        ([("link", "l", "x"), ("hard", "h", "l/x")], "member 'h' is a hard link to 'l/x'"),
        ([("folder", "d", ""), ("hard", "h", "d")], "member 'h' .*in its way|member 'h' is a hard"),
        ([("device", "dev/null", "")], "member 'dev/null' is neither"),
        ([("disk", "sda", "")], "member 'sda' is neither"),
        ([("pipe", "pipe", "")], "member 'pipe' is neither"),
        ([("sparse", "s", "")], "member 's' is neither"),
        ([("unknown", "u", "")], "member 'u'|damaged"),
        ([("file", "a", ""), ("file", "a/b", "")], "member 'a/b' a file or link is in its way"),
        ([("file", "a/b", ""), ("file", "a", "")], "member 'a' a folder is in its way"),
        ([("file", "x" * 300, "")], "its name is too long"),
        ([("file", "a/" * 150 + "x", "")], "lies deeper than 100 folders"),
    ],
)  # fmt: skip
def test_hostile_members(tmp_path: Path, members: list[Member], sentence: str) -> None:
    """Whatever would land or lead elsewhere is refused by its name."""
    with pytest.raises(InvalidError, match=f"^inPath: .*({sentence})"):
        unpacked(tmp_path, packed(*members))
    assert {p.name for p in tmp_path.iterdir()} == {"out", "archive"}


def test_links_within(tmp_path: Path) -> None:
    """Links that stay within are unpacked; a hard link becomes a file of its own."""
    out = unpacked(
        tmp_path,
        packed(("file", "a/x", "x"), ("link", "b/l", "../a/x"), ("hard", "b/h", "a/x"),
               ("link", "d", "none"), ("link", "a/b/up", "../../b")),
    )  # fmt: skip
    assert (out / "b/l").read_text() == "x"
    (out / "b/h").write_text("y")
    assert (out / "a/x").read_text() == "x"


@pytest.mark.parametrize(
    ("mode", "expected"),
    [(0o777, 0o755), (0o7755, 0o755), (0o666, 0o644), (0o600, 0o600), (0, 0o600), (0o411, 0o600)],
)
def test_modes(tmp_path: Path, mode: int, expected: int) -> None:
    """Its owner can read and write a file; others cannot write it, nor take on its rights."""
    out = unpacked(tmp_path, packed(("file", "x", ""), mode=mode))
    assert (out / "x").stat().st_mode & 0o7777 == expected


ZEROS = ("file", "zeros", "\0" * 300_000)


@pytest.mark.parametrize(
    ("limits", "content", "sentence"),
    [
        (replace(LIMITS, members=2), packed(*[("file", n, "") for n in "abc"]), "more than 2 mem"),
        (replace(LIMITS, size=200_000), packed(ZEROS), "exceeds 200000 bytes"),
        (replace(LIMITS, size=200_000), gzip.compress(packed(ZEROS)), "exceeds 200000 bytes"),
        (replace(LIMITS, small=0), gzip.compress(packed(ZEROS)), "exceeds 200 times"),
        (replace(LIMITS, small=0), lzma.compress(packed(ZEROS)), "exceeds 200 times"),
        (replace(LIMITS, seconds=-1), packed(ZEROS), "takes longer than -1 s"),
        (replace(LIMITS, size=700_000), packed(ZEROS, ("hard", "h", "zeros"), ("hard", "i", "h")),
         "exceeds 700000 bytes"),
        (LIMITS, packed(("file", "x/" * 40_000, "")), "the header of a member exceeds 36864 bytes"),
    ],
    ids=range(8),
)  # fmt: skip
def test_limits(tmp_path: Path, limits: Limits, content: bytes, sentence: str) -> None:
    """Each limit is an error that names it."""
    with pytest.raises(InvalidError, match=f"^inPath: the archive cannot.*{sentence}"):
        unpacked(tmp_path, content, limits=limits)


def test_global_headers(tmp_path: Path) -> None:
    """Headers for all that follows are bounded, too."""
    buffer = io.BytesIO()
    headers = {f"k{n}": "v" for n in range(101)}
    with tarfile.open(fileobj=buffer, mode="w", pax_headers=headers) as archive:
        archive.addfile(tarfile.TarInfo("x"))
    with pytest.raises(InvalidError, match="more than 100 global headers"):
        unpacked(tmp_path, buffer.getvalue())


WHOLE = packed(("file", "a", "a" * 700), ("file", "b", "b" * 700), ("file", "c", "c"))


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"not an archive",
        bytes(range(256)) * 8,
        WHOLE[:1800],
        WHOLE[:1536] + b"x" + WHOLE[1537:],
        gzip.compress(WHOLE)[:-30],
        gzip.compress(WHOLE)[:-8] + bytes(8),
        lzma.compress(WHOLE)[:-30],
        b"BZh9" + b"x" * 90,
        b"\xfd7zXZ\0" + b"x" * 90,
        b"\x28\xb5\x2f\xfd" + b"x" * 90,
    ],
    ids=range(11),
)
def test_damaged(tmp_path: Path, content: bytes) -> None:
    """What is cut off or damaged is said to be so, also in the middle."""
    with pytest.raises(InvalidError, match=r"damaged|is cut off"):
        unpacked(tmp_path, content)


@pytest.mark.parametrize("compress", [bytes, gzip.compress, bz2.compress, lzma.compress])
def test_large_files(tmp_path: Path, compress: Callable[[bytes], bytes]) -> None:
    """What takes many pieces comes out whole, whether it compresses well or not."""
    noise = os.urandom(200_000).decode("utf-8", "surrogateescape")
    content = compress(packed(("file", "noise", noise), ZEROS, ("file", "last", "x")))
    out = unpacked(tmp_path, content)
    assert (out / "noise").read_bytes() == noise.encode("utf-8", "surrogateescape")
    assert [(out / name).stat().st_size for name in ("zeros", "last")] == [300_000, 1]


PARTS = st.lists(st.sampled_from(["..", ".", "a", "b", "", "l", ".git"]), max_size=5).map("/".join)
MEMBERS = st.lists(st.tuples(st.sampled_from(sorted(KINDS)), PARTS, PARTS), max_size=8)


@settings(max_examples=80, deadline=None)
@given(members=MEMBERS, strip=st.integers(0, 2))
def test_whatever_is_in_it(members: list[Member], strip: int) -> None:
    """No archive that is accepted leaves a file or link that leads out."""
    stays_within(packed(*members), strip=strip)


@settings(max_examples=80, deadline=None)
@given(data=st.data())
def test_whatever_was_damaged(data: st.DataObject) -> None:
    """An archive with other bytes here and there is unpacked within its folder, or refused."""
    members = ("file", "a/b", "b" * 600), ("link", "a/l", "b"), ("hard", "h", "a/b")
    content = bytearray(packed(*members))
    for _ in range(data.draw(st.integers(1, 6))):
        content[data.draw(st.integers(0, len(content) - 1))] = data.draw(st.integers(0, 255))
    stays_within(bytes(content))
