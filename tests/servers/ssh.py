"""A real SSH server for tests: `sshd` on a free port of loopback, which lets in one key."""

from __future__ import annotations

import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.ports import fresh_port

_PATIENCE = 10.0


@dataclass(frozen=True)
class RunningSsh:
    """An SSH server that answers, and the private key that it lets in."""

    port: int
    key: str

    def url(self, path: Path) -> str:
        """The URL of a repository on this machine."""
        return f"ssh://root@127.0.0.1:{self.port}{path}"


@contextmanager
def running_ssh(folder: Path) -> Iterator[RunningSsh]:
    """Run `sshd` with a host key of its own. Without the program, or root, the test is skipped."""
    program = shutil.which("sshd", path="/usr/sbin:/usr/bin")
    if program is None or not Path("/root").is_dir() or not _may_run():
        pytest.skip("needs the Debian package openssh-server, and root")
    for name in ("host", "user"):
        command = ["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", str(folder / name)]
        subprocess.run(command, check=True)
    port = fresh_port()
    options = {
        "Port": port,
        "ListenAddress": "127.0.0.1",
        "HostKey": folder / "host",
        "AuthorizedKeysFile": folder / "user.pub",
        "PidFile": "none",
        "UsePAM": "no",
        "StrictModes": "no",
        "PasswordAuthentication": "no",
    }
    arguments = [
        argument for key, value in options.items() for argument in ("-o", f"{key}={value}")
    ]
    with subprocess.Popen([program, "-D", "-e", "-f", "none", *arguments], stderr=-3) as process:
        try:
            _wait_for(port)
            yield RunningSsh(port, (folder / "user").read_text())
        finally:
            process.terminate()


def _may_run() -> bool:
    try:
        Path("/run/sshd").mkdir(mode=0o755, exist_ok=True)
    except OSError:
        return False
    return True


def _wait_for(port: int) -> None:
    deadline = time.monotonic() + _PATIENCE
    while time.monotonic() < deadline:
        try:
            socket.create_connection(("127.0.0.1", port)).close()
        except ConnectionRefusedError:
            time.sleep(0.005)
        else:
            return
    pytest.fail("sshd did not start")
