"""Unpacking tar archives that may be hostile: nothing leaves the folder, and all is bounded."""

from __future__ import annotations

import errno
import io
import os
import posixpath
import shutil
import tarfile
import time
from contextlib import suppress
from dataclasses import dataclass
from typing import BinaryIO, Final, Self

from activities.tools.decompression import pieces
from activities.tools.folders import Entry, Place, copy, creating, opened
from activities.tools.ignoring import Ignored
from activities.tools.paths import check_links
from ferryman.domain.errors import InvalidError

_FIELD: Final = "inPath"
_LONGEST_NAME: Final = 2048
_DEEPEST: Final = 100
_MOST_GLOBAL_HEADERS: Final = 100
_SYSTEM_REFUSES: Final = {
    errno.EEXIST: "something of another kind is in its way",
    errno.EISDIR: "a folder is in its way",
    errno.ELOOP: "a link is in its way",
    errno.ENAMETOOLONG: "its name is too long",
    errno.ENOTDIR: "a file or link is in its way",
}


@dataclass(frozen=True)
class Limits:
    """What an archive may cost; the error names the one that was passed."""

    members: int = 50_000
    """Files, folders and links."""
    size: int = 1 << 30
    """Bytes of the archive when decompressed, and of what is made from hard links."""
    ratio: int = 200
    """How many times larger it may be decompressed."""
    small: int = 64 << 20
    """Bytes up to which any ratio will do."""
    header: int = 36 * 1024
    """Bytes read before one member: tarfile takes quadratic time for some headers."""
    seconds: float = 300
    """The longest that it may take."""


LIMITS: Final = Limits()


def unpack(
    file: BinaryIO, into: Place, *, strip: int, ignored: Ignored, limits: Limits = LIMITS
) -> None:
    """Unpack a tar archive, compressed or not, into an empty folder that nobody else uses.

    The first `strip` parts of each name are taken off; members with no more are left out. Raises
    InvalidError, which names the member, for one that would land or lead elsewhere, and for all
    that is neither a file, a folder nor a link.
    """
    meter = _Meter(file, limits)
    members = _Members(into, strip, ignored, meter)
    try:
        with tarfile.open(mode="r|", fileobj=meter, tarinfo=_Header, encoding="utf-8") as archive:
            while member := archive.next():
                members.take(archive, member)
                # It would remember each. typeshed does not know the attribute.
                archive.members.clear()  # type: ignore[attr-defined]
        meter.drain()
    except (tarfile.TarError, ValueError, OverflowError) as error:
        where = f"after member {members.last!r}, " if members.last else ""
        raise _refused(f"{where}it is damaged, or no tar archive: {error}") from None
    check_links(into.path, members.links, within=into.path, field=_FIELD)


class _Meter(io.RawIOBase):
    """The decompressed bytes of an archive, as long as they stay within the limits."""

    def __init__(self, file: BinaryIO, limits: Limits) -> None:
        self.limits = limits
        self._pieces = pieces(file, field=_FIELD)
        self._passed = 0
        self._header_ends = limits.header
        self._ratio_ends = max(limits.small, limits.ratio * os.fstat(file.fileno()).st_size)
        self._deadline = time.monotonic() + limits.seconds

    def read(self, _size: int = -1, /) -> bytes:
        """The next bytes, however many; none at the end."""
        piece = next(self._pieces, b"")
        self.add(len(piece))
        if self._passed > self._header_ends:
            raise _refused(f"the header of a member exceeds {self.limits.header} bytes")
        return piece

    def add(self, size: int) -> None:
        """Count bytes that go to disk."""
        self._passed += size
        if self._passed > self.limits.size:
            raise _refused(f"unpacked it exceeds {self.limits.size} bytes")
        if self._passed > self._ratio_ends:
            raise _refused(f"unpacked it exceeds {self.limits.ratio} times its own size")
        if time.monotonic() > self._deadline:
            raise _refused(f"unpacking it takes longer than {self.limits.seconds} s")

    def drain(self) -> None:
        """Read what is left: at the very end stands the checksum."""
        self.expect(self.limits.size)
        while self.read():
            pass

    def expect(self, content: int) -> None:
        """After so many bytes of content, a header comes next."""
        self._header_ends = self._passed + content + self.limits.header


class _Header(tarfile.TarInfo):
    """tarfile takes a damaged header for the end of the archive; we do not."""

    @classmethod
    def frombuf(cls, buf: bytes | bytearray, encoding: str, errors: str) -> Self:
        try:
            return super().frombuf(buf, encoding, errors)
        except tarfile.HeaderError as error:
            if any(buf):
                raise tarfile.ReadError(str(error)) from None
            raise


class _Members:
    """Puts one member after the other where it belongs."""

    def __init__(self, into: Place, strip: int, ignored: Ignored, meter: _Meter) -> None:
        self.links: list[str] = []
        self.last = ""
        self._into = into
        self._strip = strip
        self._ignored = ignored
        self._meter = meter
        self._count = 0

    def take(self, archive: tarfile.TarFile, member: tarfile.TarInfo) -> None:
        """Unpack a member, unless it is left out."""
        self.last = member.name
        self._count += 1
        if self._count > self._meter.limits.members:
            raise _refused(f"it has more than {self._meter.limits.members} members")
        if len(archive.pax_headers) > _MOST_GLOBAL_HEADERS:
            raise _refused(f"it has more than {_MOST_GLOBAL_HEADERS} global headers")
        self._meter.expect(member.size if member.isreg() else 0)
        name = self._landing(member.name, member)
        entry = Entry(name, "folder" if member.isdir() else "file")
        if not name or self._ignored.anywhere(entry):
            return
        try:
            self._place(archive, member, name)
        except OSError as error:
            if error.errno not in _SYSTEM_REFUSES:
                raise
            raise _refused(_SYSTEM_REFUSES[error.errno], member) from None

    def _place(self, archive: tarfile.TarFile, member: tarfile.TarInfo, name: str) -> None:
        if member.isdir():
            with opened(self._into.below(name), make=True):
                return
        above, base = posixpath.split(name)
        with opened(self._into.below(above), make=True) as folder:
            if member.issym():
                self._link(member, name, folder)
            elif member.islnk():
                self._copy(member, folder, base)
            elif not member.isreg() or member.issparse():
                raise _refused("is neither a plain file, a folder nor a link", member)
            elif content := archive.extractfile(member):
                with creating(folder, base, _mode(member.mode)) as file:
                    shutil.copyfileobj(content, file)

    def _link(self, member: tarfile.TarInfo, name: str, folder: int) -> None:
        leads = member.linkname
        led = posixpath.normpath(posixpath.join(posixpath.dirname(name), leads))
        if not leads or "\0" in leads or led == ".." or led.startswith(("/", "../")):
            raise _refused(f"is a link that leads out, to {leads!r}", member)
        base = posixpath.basename(name)
        with suppress(FileNotFoundError):
            os.unlink(base, dir_fd=folder)
        os.symlink(leads, base, dir_fd=folder)
        self.links.append(name)

    def _copy(self, member: tarfile.TarInfo, folder: int, base: str) -> None:
        """Make a file of a hard link: changing one must not change the other."""
        original = self._landing(member.linkname, member)
        above, name = posixpath.split(original)
        try:
            with opened(self._into.below(above)) as source:
                self._meter.add(os.stat(name, dir_fd=source, follow_symlinks=False).st_size)
                copy(source, name, folder, base)
        except OSError as error:
            if error.errno not in {errno.ENOENT, *_SYSTEM_REFUSES}:
                raise
            message = f"is a hard link to {member.linkname!r}, which is not unpacked before it"
            raise _refused(message, member) from None

    def _landing(self, name: str, member: tarfile.TarInfo) -> str:
        """Where a name lands below the folder; "" for what is left out."""
        parts = [part for part in name.split("/") if part not in {"", "."}]
        if name.startswith("/"):
            raise _refused("has an absolute path; make the archive without", member)
        if ".." in parts or "\0" in name:
            raise _refused("has a path that leads out", member)
        if len(parts) > _DEEPEST or len(name) > _LONGEST_NAME:
            message = f"lies deeper than {_DEEPEST} folders or {_LONGEST_NAME} characters"
            raise _refused(message, member)
        return "/".join(parts[self._strip :])


def _mode(mode: int) -> int:
    """Permissions without anything that hurts: its owner may read and write, others not write."""
    allowed = 0o755 if mode & 0o100 else 0o644
    return mode & allowed | 0o600


def _refused(message: str, member: tarfile.TarInfo | None = None) -> InvalidError:
    subject = f"member {member.name!r} " if member else "the archive cannot be unpacked: "
    return InvalidError(subject + message, field=_FIELD)
