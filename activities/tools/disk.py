"""The worker's disk: blocking work on it in a thread, and what it refuses in our words."""

from __future__ import annotations

import errno
from collections.abc import Callable
from datetime import timedelta
from typing import Final

from ferryman.domain.errors import FerrymanError, InvalidError, TemporaryError
from ferryman.threads import Result, to_its_end

_OUT_OF_ORDER: Final = {
    errno.EDQUOT,
    errno.EIO,
    errno.EMFILE,
    errno.ENFILE,
    errno.ENOSPC,
    errno.EROFS,
}


async def on_disk(work: Callable[[], Result], path: str, *, field: str) -> Result:
    """Do blocking work on `path`; whoever is cancelled waits until it is done with the files.

    A disk that is full or cannot be written is a TemporaryError, all else that the system
    refuses an InvalidError of `field`.
    """
    try:
        return await to_its_end(work)
    except OSError as error:
        raise refused(error, path, field=field) from None


def refused(error: OSError, path: str, *, field: str, deed: str = "used") -> FerrymanError:
    """What the system said of `path`, as an error of ours."""
    if error.errno in _OUT_OF_ORDER:
        return TemporaryError(
            f"the worker's disk is full or out of order ({error.strerror}, at {path!r});"
            " make room on it",
            delay=timedelta(minutes=1),
        )
    return InvalidError(f"{path!r} cannot be {deed}: {error.strerror or error}", field=field)
