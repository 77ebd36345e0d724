"""Grants: what a worker gives its steps to work with."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

from activities.credentials import Credentials
from activities.kinds import StepKind
from activities.slots import Slots
from activities.tree_turns import TreeTurns
from ferryman.domain.ports import Git, GitAuthor, Tools
from ferryman.storage.store import Store


@dataclass(frozen=True)
class Grants:
    """Ports, and facts about this worker."""

    store: Store
    kinds: Mapping[str, StepKind[Any]]
    git: Git
    tools: Tools
    credentials: Credentials
    workspaces: Path
    author: GitAuthor
    """Who commits where neither step nor ClusterConfig says."""
    worker: str
    queue: str
    """This worker's own queue: where the rest of a Promotion's steps find its trees."""
    slots: Slots
    clock: Callable[[], datetime]
    secrets_project: str = "kargo-system-resources"
    """The Project whose Secrets the ClusterConfig names."""
    shared_projects: Sequence[str] = ()
    """The Projects whose Secrets and ConfigMaps the shared functions read."""
    tree_turns: TreeTurns = field(default_factory=TreeTurns)
