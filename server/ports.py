"""Ports: whether they are free, and which one is."""

from __future__ import annotations

import asyncio
import os
import socket

from ferryman.domain.errors import PermanentError

LOOPBACK = "127.0.0.1"
_PATIENCE = 3.0


async def require_free(host: str, port: int, *, option: str) -> None:
    """Return once nobody listens on `port`; raises PermanentError if that does not come true.

    Children of a server that was killed give up their ports within moments, so that a start
    right after it waits for them.
    """
    loop = asyncio.get_running_loop()
    deadline = loop.time() + _PATIENCE
    while (reason := refusal(host, port)) is not None:
        if loop.time() > deadline:
            raise PermanentError(
                f"port {port} on {host} cannot be used ({reason}): "
                f"stop what uses it, or choose another with {option}"
            )
        await asyncio.sleep(0.05)


def free_port(preferred: int = 0, *, host: str = LOOPBACK) -> int:
    """`preferred` where nobody listens on it, else any free port."""
    if preferred and refusal(host, preferred) is None:
        return preferred
    with socket.create_server((host, 0)) as listener:
        return int(listener.getsockname()[1])


def refusal(host: str, port: int) -> str | None:
    """Why nobody can listen there now; None when one can."""
    try:
        family = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0][0]
        with socket.create_server((host, port), family=family):
            return None
    except socket.gaierror as error:
        return error.strerror
    except OSError as error:
        return os.strerror(error.errno or 0)  # its own words name the address once more
