"""What the demo shows: calm lines on the terminal, and the only place of it that prints."""

from __future__ import annotations

import sys
from collections.abc import Mapping, Sequence
from io import TextIOWrapper

from rich.console import Console
from rich.text import Text

from server.demo.repository import Commit

_INDENT = 3
_DEEPER = 5
_NARROWEST = 20
_DIFF = {"+": "green", "-": "red", "@": "dim"}
_FILE = "+++ b/"
_HEADERS = ("diff ", "index ", "--- ", "+++ ")


class Screen:
    """Writes to standard output; in colour only where a person looks."""

    def __init__(self) -> None:
        if isinstance(sys.stdout, TextIOWrapper):
            sys.stdout.reconfigure(errors="replace")  # a terminal without ✓ shows ?
        self._console = Console(highlight=False, emoji=False)
        self._act = 0

    def title(self, text: str, below: str) -> None:
        """The first words."""
        self._show(Text(text, style="bold"), indent=0)
        self._show(Text(below, style="dim"), indent=0)

    def act(self, title: str) -> None:
        """Begin the next part of the story."""
        self._act += 1
        self._console.print()
        self._console.print(Text(f"{self._act}  {title}", style="bold cyan"))

    def end(self, sentence: str) -> None:
        """The last words."""
        self._console.print()
        self._console.print(Text(sentence, style="bold"))

    def say(self, sentence: str, *, style: str = "") -> None:
        """A sentence."""
        self._show(Text(sentence, style=style))

    def done(self, sentence: str, more: str = "") -> None:
        """Something that has happened."""
        self._show(Text.assemble(("✓ ", "green"), sentence, (f"  {more}" if more else "", "dim")))

    def waits(self, sentence: str) -> None:
        """Something that waits for a person."""
        self._show(Text.assemble(("… ", "yellow"), sentence))

    def failed(self, sentence: str) -> None:
        """Something that went wrong."""
        self._show(Text.assemble(("✗ ", "red"), sentence))

    def facts(self, facts: Mapping[str, str]) -> None:
        """Names and values, beside each other."""
        width = max(map(len, facts))
        for name, value in facts.items():
            self._show(Text.assemble((f"{name:<{width}}  ", "dim"), value))

    def commit(self, commit: Commit) -> None:
        """A commit as `git log` and `git show` tell it."""
        self._show(
            Text.assemble((commit.id, "yellow"), f" {commit.subject} ", (commit.author, "dim"))
        )
        for line in commit.diff.splitlines():
            if line.startswith(_FILE):
                self._show(Text(line.removeprefix(_FILE), style="dim"), indent=_DEEPER)
            elif not line.startswith(_HEADERS):
                self._show(Text(line, style=_DIFF.get(line[:1], "")), indent=_DEEPER)

    def commands(self, commands: Sequence[tuple[str, str]]) -> None:
        """Things to try: what for, and the line to type, whole, so that it can be copied."""
        for purpose, line in commands:
            self._show(Text(purpose, style="dim"))
            self._console.print(" " * _DEEPER + line, markup=False, soft_wrap=True)

    def _show(self, text: Text, *, indent: int = _INDENT) -> None:
        """Wrap it to the terminal; in a file, leave it whole."""
        console = self._console
        width = max(console.width - indent, _NARROWEST) if console.is_terminal else len(text) + 1
        for line in text.wrap(console, width):
            console.print(Text(" " * indent) + line, soft_wrap=True)
