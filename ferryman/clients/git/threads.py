"""Blocking work on files, done in a thread."""

from __future__ import annotations

import asyncio
import errno
from collections.abc import Callable
from datetime import timedelta
from typing import Final, TypeVar

from ferryman.domain.errors import NotFoundError, PermanentError, TemporaryError

_FULL: Final = {errno.ENOSPC, errno.EDQUOT, errno.EROFS, errno.EIO}

Result = TypeVar("Result")


async def in_thread(work: Callable[[], Result]) -> Result:
    """Do blocking work; whoever is cancelled waits until it is done with the files.

    A disk that is full or cannot be written is a `TemporaryError`, a missing file a
    `NotFoundError`.
    """
    task = asyncio.ensure_future(asyncio.to_thread(work))
    try:
        return await asyncio.shield(task)
    except asyncio.CancelledError:
        await asyncio.gather(task, return_exceptions=True)
        raise
    except FileNotFoundError as error:
        raise NotFoundError(f"files of a checkout are gone ({error}); clone it again") from None
    except OSError as error:
        if error.errno in _FULL:
            raise TemporaryError(
                f"the worker's disk is full or cannot be written ({error}); make room on it",
                delay=timedelta(minutes=1),
            ) from None
        raise PermanentError(f"the worker cannot use its own files: {error}") from None
