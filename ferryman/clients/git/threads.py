"""Blocking work on files, done in a thread."""

from __future__ import annotations

import errno
from collections.abc import Callable
from datetime import timedelta
from typing import Final

from ferryman.clients.git.failures import AGAIN, NOT_AGAIN, DamagedError
from ferryman.domain.errors import FerrymanError, PermanentError, TemporaryError
from ferryman.threads import Result, to_its_end

_FULL: Final = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EROFS, errno.EIO}
_BUSY: Final = {errno.EMFILE, errno.ENFILE, errno.ENOMEM, errno.EAGAIN}
_GONE: Final = {errno.ENOENT, errno.ENOTDIR, errno.EISDIR}


async def in_thread(work: Callable[[], Result]) -> Result:
    """Do blocking work; whoever is cancelled waits until it is done with the files.

    What the system refuses is what `refused` makes of it.
    """
    try:
        return await to_its_end(work)
    except OSError as error:
        raise refused(error) from None


def refused(error: OSError) -> FerrymanError:
    """Return what the system said of our files, as an error of ours.

    A disk that is full or cannot be written is a `TemporaryError`, and so are a machine at its
    limits, and a file that is gone, or is none: a `DamagedError`.
    """
    if error.errno in _FULL:
        return TemporaryError(
            f"the worker's disk is full or cannot be written ({error}); make room on it{AGAIN}",
            delay=timedelta(minutes=1),
        )
    if error.errno in _BUSY:
        return TemporaryError(
            f"the worker's machine has no room for more ({error}); let it have more memory or open "
            f"files, or fewer promotions at once{AGAIN}"
        )
    if error.errno in _GONE:
        return DamagedError(f"files of a mirror or checkout are gone ({error}){AGAIN}")
    return PermanentError(
        f"the worker cannot use its own files ({error}); let it read and write its data folder"
        f"{NOT_AGAIN}"
    )
