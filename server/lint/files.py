"""Which files are looked at."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path

from cli.sources import manifests

_GROUPS = ("kargo.akuity.io", "ferryman.dev")


def texts(names: Iterable[str]) -> Iterator[tuple[str, str]]:
    """Every (source, text): the files that are named, `-`, and of folders those that concern us.

    Those are the ones that speak of Kargo's group or of ours; repositories hold other YAML too.
    Raises UsageError for what is not there, CommandError for what cannot be read.
    """
    for name in names:
        folder = Path(name).is_dir()
        for file in manifests([name], recursive=True)["manifests"]:
            if not folder or any(group in file["text"] for group in _GROUPS):
                yield file["source"], file["text"]
