"""`python -m server.lint`, which is also `ferryman lint`."""

from __future__ import annotations

from server.lint.command import app

if __name__ == "__main__":
    app(prog_name="ferryman lint")
