"""Grants: what a worker gives its steps to work with."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from activities.credentials import Credentials
from activities.kinds import StepKind
from ferryman.domain.ports import Git, GitAuthor
from ferryman.storage.store import Store


@dataclass(frozen=True)
class Grants:
    """Ports, and facts about this worker."""

    store: Store
    kinds: Mapping[str, StepKind[Any]]
    git: Git
    credentials: Credentials
    workspaces: Path
    author: GitAuthor
    worker: str
    queue: str
    """This worker's own queue: where the rest of a Promotion's steps find its trees."""
    slots: asyncio.Semaphore
    clock: Callable[[], datetime]
