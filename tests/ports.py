"""Ports for servers that have to be told theirs before they start.

They lie below those that the system gives to outgoing connections, one of which would take a port
between the look and the start; and no two processes of one test run choose from the same.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from itertools import cycle

from server.ports import LOOPBACK, refusal

_FIRST, _EACH, _PROCESSES = 10_000, 1_000, 20
_worker = int(os.environ.get("PYTEST_XDIST_WORKER", "gw0").removeprefix("gw")) % _PROCESSES
_own = range(_FIRST + _worker * _EACH, _FIRST + (_worker + 1) * _EACH)
_start = os.getpid() % _EACH  # another test run may be at work on this machine
_next: Iterator[int] = cycle((*_own[_start:], *_own[:_start]))


def fresh_port() -> int:
    """A port of loopback that nobody has, and nobody else here will be given soon."""
    return next(port for port in _next if refusal(LOOPBACK, port) is None)
