"""Charts and their repositories for tests: packaged by real helm, served by real servers."""

from __future__ import annotations

import base64
import json
import subprocess
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

from starlette.types import Receive, Scope, Send

from tests.servers.asgi import serving
from tests.servers.registry import CREDENTIAL, RunningRegistry


@dataclass(frozen=True)
class ChartMaker:
    """Makes charts with the helm in `tools`."""

    tools: Path
    folder: Path

    def package(self, name: str, version: str, *, says: str = "") -> Path:
        """A chart with one ConfigMap, packaged."""
        source = self.folder / f"{name}-{version}-source"
        for path, content in chart(name, version, says=says or version).items():
            (source / path).parent.mkdir(parents=True, exist_ok=True)
            (source / path).write_text(content)
        self.helm("package", str(source), "--destination", str(self.folder))
        return self.folder / f"{name}-{version}.tgz"

    def index(self) -> None:
        """Make a classic repository of the folder."""
        self.helm("repo", "index", str(self.folder))

    def push(self, package: Path, registry: RunningRegistry, repository: str) -> None:
        """Push a package to an OCI registry."""
        pair = base64.b64encode(f"{CREDENTIAL.username}:{CREDENTIAL.password}".encode()).decode()
        login = self.folder / "login.json"
        login.write_text(json.dumps({"auths": {registry.host: {"auth": pair}}}))
        target = f"oci://{registry.host}/{repository}"
        self.helm("push", str(package), target, "--plain-http", "--registry-config", str(login))

    def helm(self, *arguments: str) -> str:
        """Run helm; return what it says."""
        environment = {"HOME": str(self.folder / "home"), "PATH": ""}
        done = subprocess.run(
            [self.tools / "helm", *arguments],
            check=True,
            capture_output=True,
            text=True,
            env=environment,
        )
        return done.stdout


def chart(
    name: str, version: str = "0.1.0", *, says: str = "hello", dependencies: str = ""
) -> Mapping[str, str]:
    """The files of a chart with one ConfigMap."""
    return {
        "Chart.yaml": f"apiVersion: v2\nname: {name}\nversion: {version}\n{dependencies}",
        "values.yaml": f"says: {says}\nlist: [a, b]\n",
        "templates/cm.yaml": (
            "apiVersion: v1\nkind: ConfigMap\nmetadata:\n"
            "  name: {{ .Release.Name }}-{{ .Chart.Name }}\n"
            "data:\n  says: {{ .Values.says | toJson | quote }}\n"
            "  list: {{ .Values.list | toJson | quote }}\n"
        ),
    }


@dataclass
class ClassicRepository:
    """A folder of packages behind Basic auth."""

    folder: Path
    url: str = ""
    password: str = CREDENTIAL.password
    asked: list[str] = field(default_factory=list)

    async def __call__(self, scope: Scope, _receive: Receive, send: Send) -> None:
        """Serve a file to who may see it."""
        headers = dict(scope["headers"])
        pair = base64.b64encode(f"{CREDENTIAL.username}:{self.password}".encode())
        path = self.folder / str(scope["path"]).lstrip("/")
        self.asked.append(str(scope["path"]))
        status = 200 if path.is_file() else 404
        if self.password and headers.get(b"authorization") != b"Basic " + pair:
            status = 401
        body = path.read_bytes() if status == 200 else b""
        length = (b"content-length", str(len(body)).encode())
        await send({"type": "http.response.start", "status": status, "headers": [length]})
        await send({"type": "http.response.body", "body": body})


@asynccontextmanager
async def classic_repository(folder: Path) -> AsyncIterator[ClassicRepository]:
    """Serve the packages in `folder`, of which there must be an index."""
    repository = ClassicRepository(folder)
    async with serving(repository) as repository.url:
        yield repository
