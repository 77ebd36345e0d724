"""ToolClient: runs helm and kustomize, each run with a home of its own."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from ferryman import processes
from ferryman.clients.tools.failures import failure, scrubbed
from ferryman.clients.tools.home import OCI, home, sweep
from ferryman.clients.tools.programs import Program, Programs
from ferryman.domain.errors import NotFoundError, PermanentError
from ferryman.domain.ports import ChartRepository, Log
from ferryman.domain.urls import is_loopback

_NEEDED = (
    *("HTTPS_PROXY", "HTTP_PROXY", "NO_PROXY", "https_proxy", "http_proxy", "no_proxy"),
    *("SSL_CERT_FILE", "SSL_CERT_DIR"),
)
"""What the tools need of our environment to reach the network; they see nothing else of it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ToolOptions:
    """The client's limits and manners."""

    timeout: float = 300.0
    """Seconds that one run may take."""
    limit: int = 64 * 1024 * 1024
    """Bytes that one run may write."""
    allow_credentials_over_http: bool = False
    """Whether credentials may go over plain HTTP to hosts other than loopback."""
    environment: Mapping[str, str] = field(
        default_factory=lambda: {name: os.environ[name] for name in _NEEDED if name in os.environ}
    )
    """What every run has in its environment beside its own home."""


class ToolClient:
    """The tools of this machine; `folder` is for what one run needs, and is swept."""

    def __init__(
        self, folder: Path, programs: Programs, options: ToolOptions | None = None
    ) -> None:
        self.folder = folder
        self.programs = programs
        self.options = options or ToolOptions()
        self._swept = False

    async def helm(
        self,
        arguments: Sequence[str],
        *,
        folder: Path,
        repositories: Sequence[ChartRepository] = (),
        log: Log | None = None,
    ) -> str:
        """Run helm in `folder`; return what it wrote to standard output.

        With `repositories`, it may use the network and their credentials. What it complains of
        without failing goes to `log`. Raises NotFoundError without helm, CredentialError,
        TemporaryError, and PermanentError with helm's own words.
        """
        program = await self.programs.find("helm")
        flags = ["--plain-http"] if _all_here(repositories) else []
        return await self._run(
            program, [*program.argv, *arguments, *flags], folder, repositories, log
        )

    async def kustomize(
        self, arguments: Sequence[str], *, folder: Path, log: Log | None = None
    ) -> str:
        """Run `kustomize build` in `folder`, with helm for its charts; return what it wrote.

        Raises NotFoundError without kustomize, or without helm where charts ask for it, and
        PermanentError with kustomize's own words.
        """
        program = await self.programs.find("kustomize")
        try:
            helm = await self.programs.find("helm")
        except NotFoundError as error:
            missing: NotFoundError | None = error
            flags = []
        else:
            missing = None
            flags = ["--enable-helm", "--helm-command", str(helm.path)]
        try:
            return await self._run(program, [*program.argv, *flags, *arguments], folder, (), log)
        except PermanentError as error:
            if missing and "enable-helm" in str(error):
                raise missing from None
            raise

    async def _run(
        self,
        program: Program,
        argv: Sequence[str],
        folder: Path,
        repositories: Sequence[ChartRepository],
        log: Log | None,
    ) -> str:
        options = self.options
        if not self._swept:
            await asyncio.to_thread(sweep, self.folder, oldest=2 * options.timeout)
            self._swept = True
        lets = options.allow_credentials_over_http
        with home(self.folder, repositories, credentials_over_http=lets) as environment:
            done = await processes.run(
                argv,
                cwd=folder,
                env={**options.environment, **environment},
                timeout=options.timeout,
                limit=options.limit,
            )
        if done.code != 0:
            network = bool(repositories) or "helm pull" in done.errors
            raise failure(program.tool, done, repositories, network=network)
        if log and done.errors.strip():
            log(scrubbed(done.errors.strip(), (r.credential for r in repositories)))
        return done.text


def _all_here(repositories: Sequence[ChartRepository]) -> bool:
    """Whether every OCI registry is on this machine, where plain HTTP does no harm."""
    registries = [r.url for r in repositories if r.url.startswith(OCI)]
    return bool(registries) and all(is_loopback(url) for url in registries)
