"""What the fuzzers share: atheris, and for those of edits, how its bytes become a case."""

from __future__ import annotations

import importlib
import sys
from collections.abc import Callable

_VALUES = ("v2", "1.10", "a: b", "two\nlines\n", "", 3, None)


def case(data: bytes) -> tuple[str, str, str | int | None]:
    """A file, a key and a value, of: a byte that chooses the value, the key's line, the file."""
    choice, key, text = data[:1], *data[1:].decode(errors="ignore").partition("\n")[::2]
    return text, key, _VALUES[sum(choice) % len(_VALUES)]


def run(fuzz: Callable[[bytes], None]) -> None:
    """Fuzz until something breaks or the time is up."""
    atheris = importlib.import_module("atheris")
    atheris.instrument_all()
    atheris.Setup(sys.argv, fuzz)
    atheris.Fuzz()
