"""`python -m server.pages`: writes the pages; in a checkout, from its root."""

from __future__ import annotations

from pathlib import Path

from activities.steps import STEPS
from server.pages.rules import with_rules
from server.pages.steps import step_pages


def write(docs: Path) -> None:
    """Write all of them, and remove those of steps that are gone."""
    folder = docs / "steps"
    folder.mkdir(exist_ok=True)
    pages = step_pages(STEPS)
    for old in folder.glob("*.md"):
        if old.name not in pages:
            old.unlink()
    for name, text in pages.items():
        (folder / name).write_text(text, encoding="utf-8")
    lint = docs / "lint.md"
    lint.write_text(with_rules(lint.read_text(encoding="utf-8")), encoding="utf-8")


if __name__ == "__main__":
    write(Path("docs"))
