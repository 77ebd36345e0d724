"""`ferryman`, and `python -m cli`."""

from __future__ import annotations

from cli.app import app


def main() -> None:
    """Run a command."""
    app(prog_name="ferryman")


if __name__ == "__main__":
    main()
