"""Chart repositories for tests: a classic one over HTTP, and charts pushed to a real registry."""

from __future__ import annotations

import base64
import hashlib
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

from starlette.requests import Request
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from ferryman.domain.ports import Credential
from server.demo.images import push_blob, push_manifest
from tests.servers.asgi import serving
from tests.servers.registry import RunningRegistry

CREDENTIAL = Credential("ann", "wind/in:the 'sails")
"""Who may use a repository that asks for a password."""

_CONFIG_TYPE = "application/vnd.cncf.helm.config.v1+json"
_MANIFEST_TYPE = "application/vnd.oci.image.manifest.v1+json"

Answer = Callable[[Scope, Receive, Send], Awaitable[None]]


@dataclass
class ChartServer:
    """An ASGI application that serves one index.yaml; `spoilt` answers come before good ones."""

    index: bytes = b""
    password: bool = False
    validators: bool = True
    spoilt: list[Answer] = field(default_factory=list)
    answered: Counter[int] = field(default_factory=Counter)
    """How often, by status."""

    def publish(self, **charts: list[str]) -> None:
        """Write the index as Helm does."""
        lines = ["apiVersion: v1", "entries:"]
        for name, versions in charts.items():
            lines += [f"  {name}:", *(_entry(name, version) for version in versions)]
        self.index = "\n".join([*lines, 'generated: "2026-01-05T09:00:00Z"', ""]).encode()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer."""
        if self.spoilt:
            await self.spoilt.pop(0)(scope, receive, send)
            return
        response = self._respond(Request(scope))
        self.answered[response.status_code] += 1
        await response(scope, receive, send)

    def _respond(self, request: Request) -> Response:
        pair = base64.b64encode(f"{CREDENTIAL.username}:{CREDENTIAL.password}".encode()).decode()
        if self.password and request.headers.get("Authorization") != f"Basic {pair}":
            return Response(status_code=401, headers={"WWW-Authenticate": 'Basic realm="charts"'})
        if request.url.path != "/charts/index.yaml":
            return Response(status_code=404)
        etag = f'"{hashlib.sha256(self.index).hexdigest()[:16]}"'
        if self.validators and request.headers.get("If-None-Match") == etag:
            return Response(status_code=304)
        return Response(self.index, headers={"ETag": etag} if self.validators else {})


def _entry(name: str, version: str) -> str:
    return f"""\
  - apiVersion: v2
    appVersion: 9.9.9
    created: "2026-01-05T09:00:00Z"
    dependencies:
    - name: common
      version: 7.7.7
    description: |
      Sails.
      version: 8.8.8
    name: {name}
    urls:
    - {name}-{version}.tgz
    version: {version}"""


@asynccontextmanager
async def running_charts(**charts: list[str]) -> AsyncIterator[tuple[str, ChartServer]]:
    """Serve a classic repository; yields its URL, and the server."""
    server = ChartServer()
    server.publish(**charts)
    async with serving(server) as url:
        yield f"{url}/charts", server


async def push_chart(registry: RunningRegistry, name: str, version: str) -> None:
    """Push a chart as Helm does, but for its contents."""
    target = f"{registry.url}/v2/{name}"
    async with registry.pusher() as client:
        config = await push_blob(client, target, b"{}", _CONFIG_TYPE)
        manifest = {
            "schemaVersion": 2,
            "mediaType": _MANIFEST_TYPE,
            "config": config,
            "layers": [],
        }
        await push_manifest(client, target, version.replace("+", "_"), manifest)
