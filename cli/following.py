"""Following a Promotion to its end, whatever happens to the API meanwhile."""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping
from typing import Any

from cli import render
from cli.client import Client
from cli.failures import UnreachableError

EVERY = 0.25
"""Seconds from one look to the next."""
AWAY = 1.0
"""The same while the server is away."""
ENDED = frozenset({"Succeeded", "Failed", "Errored", "Aborted"})


def states(client: Client, path: str) -> Iterator[Mapping[str, Any]]:
    """The Promotion at `path` until it has ended; a server that is away is waited for."""
    told = False
    while True:
        try:
            promotion = client.get(path).data
        except UnreachableError as error:
            if not told:
                render.note(f"{error}; waiting for it")
            told = True
            time.sleep(AWAY)
            continue
        told = False
        yield promotion
        if phase(promotion) in ENDED:
            return
        time.sleep(EVERY)


def phase(promotion: Mapping[str, Any]) -> str:
    """Where it is."""
    return str(promotion.get("status", {}).get("phase", "Pending"))
