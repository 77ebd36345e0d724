"""What a client knows of a checkout beside its files, kept on disk for the next process."""

from __future__ import annotations

import hashlib
import json
import os
from dataclasses import asdict, dataclass, field
from pathlib import Path

from ferryman.clients.git.objects import Leaf


@dataclass(slots=True)
class Record:
    """One checkout."""

    root: str
    mirror: str
    """The key of its mirror."""
    hold: str
    """The private ref that keeps its commits."""
    branch: str | None
    head: str
    tags: dict[str, str] = field(default_factory=dict)
    """The tags that were made here, each with its object."""
    nested: list[str] = field(default_factory=list)
    """The folders that are left to checkouts of their own."""
    sparse: list[str] = field(default_factory=list)
    """The folders that are shown; none: all of them."""
    known: dict[str, Leaf] = field(default_factory=dict)
    """The files of `head` that were brought to disk, or removed on purpose. All others count as
    unchanged, though they are not there."""


class Records:
    """The records below one folder; it is not in the checkouts, where steps could change it."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def load(self, root: Path) -> Record | None:
        """Return the record of the checkout at `root`; None where there is no readable one."""
        try:
            stored = json.loads(self._path(str(root.absolute())).read_bytes())
            known = {path: Leaf(*leaf) for path, leaf in stored.pop("known").items()}
            return Record(**stored, known=known)
        except (FileNotFoundError, ValueError, TypeError, KeyError, AttributeError):
            return None

    def save(self, record: Record) -> None:
        """Store a record, in one instant."""
        self._folder.mkdir(parents=True, exist_ok=True)
        path = self._path(record.root)
        fresh = path.with_suffix(f".{os.getpid()}")
        fresh.write_text(json.dumps(asdict(record)))
        fresh.replace(path)

    def remove(self, root: Path) -> None:
        """Forget the checkout at `root`."""
        self._path(str(root.absolute())).unlink(missing_ok=True)

    def _path(self, root: str) -> Path:
        return self._folder / f"{hashlib.sha256(os.fsencode(root)).hexdigest()[:40]}.json"
