"""Orders: how much chaos, for how long, and from which seed."""

from __future__ import annotations

import argparse
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Orders:
    """What one run does. The seed fixes who is struck how, when and for how long."""

    kills: int = 1000
    """kill -9 of processes; freezes, and cuts of the network, come on top."""
    promotions: int = 300
    """At least so many; there are more while the kills last longer."""
    minutes: float = 30.0
    """The blows are spread over nine tenths of it."""
    calm: int = 12
    """Single kills before the storm, by which recovery is measured; of each way to die."""
    seed: int = 1
    postgres: bool = False
    """PostgreSQL instead of SQLite; then it is struck, too."""
    report: Path | None = None
    """A file for the report, as Markdown."""
    keep: Path | None = None
    """A folder that keeps everything of the run, logs included."""


def given(argv: list[str] | None = None) -> Orders:
    """What the command line asks for."""
    usual = Orders()
    parser = argparse.ArgumentParser(
        prog="make chaos", description="Kill everything everywhere, and count what was lost."
    )
    parser.add_argument("--kills", type=int, default=usual.kills)
    parser.add_argument("--promotions", type=int, default=usual.promotions)
    parser.add_argument("--minutes", type=float, default=usual.minutes)
    parser.add_argument("--calm", type=int, default=usual.calm)
    parser.add_argument("--seed", type=int, default=usual.seed)
    parser.add_argument("--postgres", action="store_true", help="instead of SQLite")
    parser.add_argument("--report", type=Path, help="a file for the report, as Markdown")
    parser.add_argument("--keep", type=Path, help="a folder that keeps stores and logs")
    return Orders(**vars(parser.parse_args(argv)))
