"""What is in a file that may be compressed, piece by piece, in little memory."""

from __future__ import annotations

import bz2
import gzip
import lzma
import zlib
from collections.abc import Callable, Iterator, Mapping
from functools import partial
from typing import BinaryIO, Final

from ferryman.domain.errors import InvalidError

_PIECE: Final = 10 * 1024
_LZMA_MEMORY: Final = 256 << 20
"""An xz file says how much memory it needs; `xz -9` takes 65 MiB."""

Decompress = Callable[[BinaryIO], Iterator[bytes]]


def pieces(file: BinaryIO, *, field: str) -> Iterator[bytes]:
    """The content of gzip, bzip2 and xz, told by its first bytes; of all else, the bytes as is.

    No piece is empty. Raises InvalidError for compressed data that is damaged or cut off.
    """
    start = file.read(6)
    file.seek(0)
    decompress = next((by for magic, by in _BY_MAGIC.items() if start.startswith(magic)), _plain)
    try:
        yield from decompress(file)
    except (EOFError, zlib.error, lzma.LZMAError) as error:
        raise InvalidError(f"its compressed data is damaged: {error}", field=field) from None
    except OSError as error:
        if error.errno is not None:  # the disk's; gzip's and bzip2's own have no number
            raise
        raise InvalidError(f"its compressed data is damaged: {error}", field=field) from None


def _plain(file: BinaryIO) -> Iterator[bytes]:
    return iter(partial(file.read, _PIECE), b"")


def _gzip(file: BinaryIO) -> Iterator[bytes]:
    with gzip.GzipFile(fileobj=file) as unpacked:
        yield from iter(partial(unpacked.read, _PIECE), b"")


def _bzip2(file: BinaryIO) -> Iterator[bytes]:
    with bz2.BZ2File(file) as unpacked:
        yield from iter(partial(unpacked.read, _PIECE), b"")


def _xz(file: BinaryIO) -> Iterator[bytes]:
    # LZMAFile would do, but it cannot be told how much memory it may take.
    decompressor = lzma.LZMADecompressor(memlimit=_LZMA_MEMORY)
    while not decompressor.eof:
        more = file.read(_PIECE) if decompressor.needs_input else b""
        if decompressor.needs_input and not more:
            raise EOFError("it ends too early")
        if piece := decompressor.decompress(more, _PIECE):
            yield piece


def _zstandard(_: BinaryIO) -> Iterator[bytes]:
    raise EOFError("Zstandard is not supported; use gzip, bzip2 or xz")


_BY_MAGIC: Final[Mapping[bytes, Decompress]] = {
    b"\x1f\x8b": _gzip,
    b"BZh": _bzip2,
    b"\xfd7zXZ\0": _xz,
    b"\x28\xb5\x2f\xfd": _zstandard,
}
