"""Files that people write, as text: UTF-8, and of bounded size."""

from __future__ import annotations

from typing import Final

from ferryman.domain.errors import InvalidError

LARGEST: Final = 4 * 1024 * 1024
"""Bytes of a file that steps read or edit as a document."""

BYTE_ORDER_MARK: Final = "\ufeff"


def decoded(source: bytes) -> str:
    """`source` as text; raises `InvalidError` where it is too large or not UTF-8."""
    if len(source) > LARGEST:
        raise InvalidError(
            f"the file has {len(source)} bytes, and only files up to {LARGEST} are read; split it"
        )
    try:
        return source.decode()
    except UnicodeDecodeError as error:
        raise InvalidError(
            f"the file is not UTF-8 (byte {error.start + 1}); save it in that encoding"
        ) from None
