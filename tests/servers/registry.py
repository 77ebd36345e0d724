"""Real registries for tests: `docker-registry`, each on its own port and in its own folder."""

from __future__ import annotations

import json
import re
import shutil
import ssl
import subprocess
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import pytest

from ferryman.domain.ports import Credential, ImageRepository

CREDENTIAL = Credential("ferryman", "crew-of-the-ferry")
"""Who may use a registry that was started with `password=True`."""

NO_AUTHORITIES = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
"""Trusts nobody: for clients that speak plain HTTP, as loading all authorities takes 30 ms."""

# `htpasswd -B` of it, at the lowest cost that bcrypt has.
_HTPASSWD = "ferryman:$2y$04$v2Cc9T9rgAZsn2/BEqxXluRKTglIjdesprdIRcgWbvIITsn6RFIay\n"
_LISTENING = re.compile(r"listening on ([^ \",]+:\d+)")
_PATIENCE = 20.0


@dataclass(frozen=True)
class RunningRegistry:
    """A registry that answers; `auth` is what an httpx client needs to push to it."""

    url: str
    auth: tuple[str, str] | None = None

    @property
    def host(self) -> str:
        """Host and port."""
        return httpx.URL(self.url).netloc.decode()

    def repository(self, name: str, credential: Credential | None = None) -> ImageRepository:
        """One of its repositories, as a subscription names it."""
        return ImageRepository(f"{self.host}/{name}", credential)

    def pusher(self) -> httpx.AsyncClient:
        """A client that may push."""
        return httpx.AsyncClient(auth=self.auth, verify=NO_AUTHORITIES)


@contextmanager
def running_registry(
    folder: Path,
    *,
    password: bool = False,
    port: int = 0,
    settings: Mapping[str, Any] | None = None,
) -> Iterator[RunningRegistry]:
    """Run `docker-registry` in `folder`, at a free port of its own choice unless one is given.

    With `password` it lets in nobody but CREDENTIAL. `settings` are sections of its
    configuration, in place of ours. Images stay in the folder, so that a registry may be
    stopped and started again. Where the program is not installed, the test is skipped.
    """
    program = shutil.which("docker-registry")
    if program is None:
        pytest.skip("needs the Debian package docker-registry")
    config = _configuration(folder, password=password, port=port) | dict(settings or {})
    path = folder / "registry.yml"
    path.write_text(json.dumps(config))
    log = folder / "registry.log"
    with log.open("wb") as output:
        process = subprocess.Popen([program, "serve", str(path)], stdout=output, stderr=output)
    try:
        scheme = "https" if "tls" in config["http"] else "http"
        auth = (CREDENTIAL.username, CREDENTIAL.password) if password else None
        yield RunningRegistry(f"{scheme}://{_address(process, log)}", auth)
    finally:
        process.kill()  # it keeps nothing back
        process.wait()


def _configuration(folder: Path, *, password: bool, port: int) -> dict[str, Any]:
    config: dict[str, Any] = {
        "version": "0.1",
        "log": {"level": "info", "accesslog": {"disabled": True}},
        "storage": {
            "filesystem": {"rootdirectory": str(folder / "registry")},
            "delete": {"enabled": True},
        },
        "http": {"addr": f"127.0.0.1:{port}"},
    }
    if password:
        users = folder / "htpasswd"
        users.write_text(_HTPASSWD)
        config["auth"] = {"htpasswd": {"realm": "tests", "path": str(users)}}
    return config


def _address(process: subprocess.Popen[bytes], log: Path) -> str:
    """Wait until the registry has logged where it listens."""
    deadline = time.monotonic() + _PATIENCE
    while time.monotonic() < deadline and process.poll() is None:
        if match := _LISTENING.search(log.read_text()):
            return match[1]
        time.sleep(0.005)
    pytest.fail(f"docker-registry did not start:\n{log.read_text()}")
