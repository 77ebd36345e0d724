"""`python -m server`, which is also `ferryman server`; see `--help`."""

from __future__ import annotations

from server.commands import app
from starter.ending import end


def main() -> int:
    """Run the command that the arguments name; its exit code leaves by SystemExit."""
    app()
    return 0


if __name__ == "__main__":
    end(main)
