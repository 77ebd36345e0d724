"""A git server over HTTP with Basic auth, for demo and tests: `git http-backend` behind Starlette.

`python -m server.demo.git_server --root DIR --port 3000 --accounts FILE` runs it until Ctrl-C.
For loopback only: passwords go over plain HTTP.
"""

from __future__ import annotations

import argparse
import base64
import binascii
import hmac
from collections import Counter
from collections.abc import AsyncIterator, Mapping
from contextlib import AsyncExitStack, suppress
from pathlib import Path
from subprocess import PIPE

import uvicorn
from starlette.applications import Starlette
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response, StreamingResponse
from starlette.routing import Route

from ferryman import processes

_CHUNK = 64 * 1024


class GitServer:
    """Serves the bare repositories below `root` to `accounts`: passwords by user."""

    def __init__(self, root: Path, accounts: Mapping[str, str]) -> None:
        self.root = root
        self.app = Starlette(routes=[Route("/{path:path}", self._serve, methods=["GET", "POST"])])
        self.requests: Counter[str] = Counter()
        """How often it was asked, by service: `git-upload-pack` and `git-receive-pack` count
        packs, with `info/` before them, the questions for refs."""
        self._accounts = {user: password.encode() for user, password in accounts.items()}

    async def create(self, name: str, *, branch: str = "main") -> Path:
        """Make an empty repository and return its folder."""
        path = self.root / f"{name}.git"
        command = ["git", "init", "--quiet", "--bare", f"--initial-branch={branch}", str(path)]
        done = await processes.run(command, env=_environment())
        if done.code != 0:
            raise RuntimeError(done.errors)
        return path

    async def _serve(self, request: Request) -> Response:
        user = self._user(request)
        if user is None:
            return Response(status_code=401, headers={"WWW-Authenticate": 'Basic realm="git"'})
        service = request.query_params.get("service")
        self.requests[f"info/{service}" if service else Path(request.scope["path"]).name] += 1
        async with AsyncExitStack() as stack:
            process = await stack.enter_async_context(
                processes.started(
                    ["git", "http-backend"],
                    env=_environment() | _variables(request, user, self.root),
                    stdin=PIPE,
                    stdout=PIPE,
                )
            )
            # Whole, before the answer begins: then starlette listens to the client itself.
            await _feed(request, process)
            status, headers = await _head(process)
            return StreamingResponse(_body(process, stack.pop_all()), status, headers)

    def _user(self, request: Request) -> str | None:
        """Return who asks, if the password is right."""
        scheme, _, encoded = request.headers.get("authorization", "").partition(" ")
        with suppress(binascii.Error, UnicodeDecodeError):
            user, _, password = base64.b64decode(encoded).decode().partition(":")
            right = self._accounts.get(user)
            if scheme == "Basic" and right and hmac.compare_digest(password.encode(), right):
                return user
        return None


def _environment() -> dict[str, str]:
    return {"GIT_CONFIG_NOSYSTEM": "1", "GIT_CONFIG_GLOBAL": "/dev/null", "HOME": "/nonexistent"}


def _variables(request: Request, user: str, root: Path) -> dict[str, str]:
    """Return the request as CGI variables (RFC 3875), and what git-http-backend wants beside."""
    headers = {
        "CONTENT_TYPE": "content-type",
        "CONTENT_LENGTH": "content-length",
        "HTTP_CONTENT_ENCODING": "content-encoding",
        "GIT_PROTOCOL": "git-protocol",
    }
    sent = {name: request.headers[key] for name, key in headers.items() if key in request.headers}
    settings = {"http.receivepack": "true", "safe.directory": "*", "gc.auto": "0"}
    return {
        **sent,
        "GIT_PROJECT_ROOT": str(root),
        "GIT_HTTP_EXPORT_ALL": "1",
        "PATH_INFO": request.scope["path"],
        "QUERY_STRING": request.url.query,
        "REQUEST_METHOD": request.method,
        "REMOTE_USER": user,
        "REMOTE_ADDR": request.client.host if request.client else "",
        "GIT_CONFIG_COUNT": str(len(settings)),
        **{f"GIT_CONFIG_KEY_{number}": key for number, key in enumerate(settings)},
        **{f"GIT_CONFIG_VALUE_{number}": value for number, value in enumerate(settings.values())},
    }


async def _feed(request: Request, process: processes.Process) -> None:
    if process.stdin is None:
        return
    with suppress(BrokenPipeError, ConnectionResetError, ClientDisconnect):
        async for chunk in request.stream():
            process.stdin.write(chunk)
            await process.stdin.drain()
    process.stdin.close()


async def _head(process: processes.Process) -> tuple[int, dict[str, str]]:
    """Read the CGI response up to the blank line; return its status and headers."""
    headers: dict[str, str] = {}
    while process.stdout and (line := (await process.stdout.readline()).decode().strip()):
        name, _, value = line.partition(":")
        headers[name] = value.strip()
    status = headers.pop("Status", "200" if headers else "502")
    return int(status.split()[0]), headers


async def _body(process: processes.Process, stack: AsyncExitStack) -> AsyncIterator[bytes]:
    async with stack:
        while process.stdout and (chunk := await process.stdout.read(_CHUNK)):
            yield chunk


def main() -> None:
    """Serve until Ctrl-C."""
    parser = argparse.ArgumentParser(description="A git server over HTTP, for trials on loopback.")
    parser.add_argument("--root", type=Path, required=True, help="folder of bare repositories")
    parser.add_argument("--port", type=int, default=3000)
    parser.add_argument("--accounts", type=Path, required=True, help="file of NAME:PASSWORD lines")
    options = parser.parse_args()
    accounts = dict(line.split(":", 1) for line in options.accounts.read_text().splitlines())
    server = GitServer(options.root.absolute(), accounts)
    uvicorn.run(server.app, host="127.0.0.1", port=options.port, log_level="warning")


if __name__ == "__main__":
    main()
