"""A worker's identity: kept on its disk, so that a restarted worker gets its trees back."""

from __future__ import annotations

import secrets
from pathlib import Path


def worker_id(data: Path) -> str:
    """The id in `data`, made at first start."""
    path = data / "worker-id"
    data.mkdir(parents=True, exist_ok=True)
    if not path.exists():
        new = path.with_suffix(".new")
        new.write_text(secrets.token_hex(6))
        new.replace(path)  # at once: a kill must not leave an empty one
    return path.read_text().strip()


def process_identity(worker: str) -> str:
    """What this process of a worker is called in Temporal; each of its processes otherwise."""
    return f"{_of(worker)}{secrets.token_hex(4)}"


def earlier_process(identity: str, *, worker: str, now: str) -> bool:
    """Is `identity` a process of this worker's, but not the one that runs `now`?"""
    return identity.startswith(_of(worker)) and identity != now


def _of(worker: str) -> str:
    return f"ferryman.worker.{worker}/"
