"""A leash: when we die, however we die, the kernel kills the processes that we have on it.

Measured alternatives (a start of git from a worker of 300 MB): plain 1.6 ms, leash 1.6 ms,
`setpriv --pdeathsig` 2.6 ms, prctl in a preexec_fn 19 ms. And PDEATHSIG reaches the first process
only: git's helpers (git-remote-http, send-pack) went on for as long as the server made them wait.
Linux only.
"""

from __future__ import annotations

import contextlib
import fcntl
import os
import signal


class Leash:
    """A pipe that ties one process group to us.

    The group inherits `end`, the reading end. It is told to send SIGKILL to the group (fcntl(2):
    F_SETOWN, F_SETSIG) when something happens on it; and all that can happen is that the writing
    end, which nobody else has, is closed: by us, or by the kernel when we are gone. A process
    that started in the instant before our death, and is not tied yet, stays: what must not
    happen twice is fenced at the remote, not here.
    """

    def __init__(self) -> None:
        self.end, self._hand = os.pipe()
        self._group = 0

    def tie(self, group: int) -> None:
        """Tie the group whose leader has just been started."""
        self._group = group
        fcntl.fcntl(self.end, fcntl.F_SETSIG, signal.SIGKILL)
        fcntl.fcntl(self.end, fcntl.F_SETOWN, -group)
        fcntl.fcntl(self.end, fcntl.F_SETFL, os.O_ASYNC)
        os.close(self.end)
        self.end = -1

    def ask(self) -> None:
        """Ask the group to end: git then removes its lock files."""
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self._group, signal.SIGTERM)

    def close(self) -> None:
        """End the group, and let go of the pipe."""
        for end in (self.end, self._hand):
            if end >= 0:
                os.close(end)
        self.end = self._hand = -1
