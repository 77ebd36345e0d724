"""The parts that the server runs beside Temporal: API and worker, as they run alone."""

from __future__ import annotations

import sys

import httpx

from ferryman.settings import Settings
from server.environment import environment
from server.log import Log
from server.program import Program

_EVERYWHERE = {"0.0.0.0": "127.0.0.1", "::": "[::1]"}  # noqa: S104 - recognised, not bound to
_BEYOND_GRACE = 5.0


def api_url(settings: Settings) -> str:
    """Where this machine reaches the API."""
    return f"http://{local(settings.host)}:{settings.port}"


def local(host: str) -> str:
    """`host` as a URL names it; an address that means every interface becomes loopback."""
    return _EVERYWHERE.get(host, f"[{host}]" if ":" in host else host)


def api_program(settings: Settings) -> Program:
    """The API, as `python -m api`; ready once it says that it is healthy."""

    async def ready(_log: Log) -> bool:
        async with httpx.AsyncClient(trust_env=False, timeout=2) as client:
            try:
                return (await client.get(f"{api_url(settings)}/healthz")).is_success
            except httpx.HTTPError:
                return False

    return Program("api", _module("api"), environment(settings), ready)


def worker_program(settings: Settings) -> Program:
    """The worker, as `python -m worker`; ready once it says so."""

    async def ready(log: Log) -> bool:
        return "worker ready" in log.said()

    grace = settings.worker.graceful_shutdown.total_seconds() + _BEYOND_GRACE
    return Program("worker", _module("worker"), environment(settings), ready, grace)


def _module(name: str) -> list[str]:
    # -P: a folder of that name where the user happens to stand must not be taken for ours.
    return [sys.executable, "-P", "-m", name]
