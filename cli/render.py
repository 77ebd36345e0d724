"""Render: the only place that prints; results on stdout, all else on stderr."""

from __future__ import annotations

import json
import sys
from collections.abc import Mapping, Sequence
from io import StringIO
from typing import Any

from rich.console import Console
from rich.prompt import Prompt
from rich.text import Text
from ruamel.yaml import YAML
from ruamel.yaml.scalarstring import DoubleQuotedScalarString, LiteralScalarString

_GAP = "   "
_STYLES = {
    **dict.fromkeys(("Succeeded", "Healthy", "Successful"), "green"),
    **dict.fromkeys(("Failed", "Errored", "Unhealthy", "Aborted", "Warning"), "red"),
    **dict.fromkeys(("Pending", "Running", "Progressing"), "yellow"),
}
_YAML_1_1 = {"y", "n", "yes", "no", "on", "off"}
"""Booleans to kubectl, text to us: quoted, so that it stays text everywhere."""
OUT = Console(highlight=False, markup=False, emoji=False)
_ERR = Console(highlight=False, markup=False, emoji=False, stderr=True)


def line(text: str) -> None:
    """One line of a result."""
    OUT.print(safe(text), soft_wrap=True)


def note(text: str) -> None:
    """Something to know that is no result."""
    _ERR.print(safe(text), soft_wrap=True)


def warning(text: str) -> None:
    """Something that may not be as meant."""
    _ERR.print(Text(f"Warning: {safe(text)}", style="yellow"), soft_wrap=True)


def problem(text: str) -> None:
    """Why the command failed."""
    _ERR.print(Text(f"Error: {safe(text)}", style="red"), soft_wrap=True)


def secret(question: str) -> str:
    """Ask for what must not be shown."""
    return Prompt.ask(question, console=_ERR, password=True)


class Table:
    """Rows aligned as kubectl aligns them; later rows keep the widths of the first ones."""

    def __init__(self, headers: Sequence[str], *, show_headers: bool = True) -> None:
        self._widths = [len(header) for header in headers] if show_headers else [0] * len(headers)
        self._pending = [list(headers)] if show_headers else []

    def print(self, rows: Sequence[Sequence[str]]) -> None:
        """Print rows, under the headers when they are the first."""
        shown = self._pending + [[safe(cell, one_line=True) for cell in row] for row in rows]
        self._pending = []
        for row in shown:
            self._widths = [max(w, len(c)) for w, c in zip(self._widths, row, strict=True)]
        for row in shown:
            OUT.print(self._aligned(row), soft_wrap=True)

    def _aligned(self, row: Sequence[str]) -> Text:
        text = Text()
        for cell, width in zip(row[:-1], self._widths, strict=False):
            text.append(cell, style=_STYLES.get(cell)).append(" " * (width - len(cell)) + _GAP)
        return text.append(row[-1], style=_STYLES.get(row[-1]))


def document(data: Any, output: str) -> None:
    """Data for programs, exactly as it came: `json` or `yaml`."""
    if output == "json":
        sys.stdout.write(json.dumps(data, indent=2, ensure_ascii=False) + "\n")
        return
    yaml = YAML()
    yaml.width = 4096
    stream = StringIO()
    yaml.dump(_readable(data), stream)
    sys.stdout.write(stream.getvalue())


def json_line(data: Any) -> None:
    """One change of many, for programs."""
    sys.stdout.write(json.dumps(data, ensure_ascii=False) + "\n")
    sys.stdout.flush()


def styled(status: str) -> Text:
    """A status in its colour."""
    return Text(status, style=_STYLES.get(status, ""))


def safe(text: str, *, one_line: bool = False) -> str:
    """Without control characters: what a server says must not steer the terminal."""
    kept = "" if one_line else "\n"
    spaced = " ".join(text.split("\n")) if one_line else text
    return "".join(
        c if c.isprintable() or c in kept else "\N{REPLACEMENT CHARACTER}" for c in spaced
    )


def _readable(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {key: _readable(inner) for key, inner in value.items()}
    if isinstance(value, list):
        return [_readable(inner) for inner in value]
    if isinstance(value, str) and "\n" in value.strip("\n"):
        return LiteralScalarString(value)
    if isinstance(value, str) and value.lower() in _YAML_1_1:
        return DoubleQuotedScalarString(value)
    return value
