"""Coverage-guided fuzzing of the JSON edits: `python -m tests.fuzz.json_edit`.

It needs `pip install atheris`, which is not in our locks; the tests call the entry without it.
Arguments are libFuzzer's: `-max_total_time=600`, a folder with a corpus, and so on.
"""

from __future__ import annotations

import importlib
import sys

from tests.unit.json_edit.promises import changed_or_refused

VALUES = ("v2", "1.10", "a: b", "two\nlines\n", "", 3, None)


def fuzz(data: bytes) -> None:
    """One case: a byte that chooses the value, a line with the key, and the file."""
    choice, key, text = data[:1], *data[1:].decode(errors="ignore").partition("\n")[::2]
    changed_or_refused(text, key, VALUES[sum(choice) % len(VALUES)])


def main() -> None:
    """Fuzz until something breaks or the time is up."""
    atheris = importlib.import_module("atheris")
    atheris.instrument_all()
    atheris.Setup(sys.argv, fuzz)
    atheris.Fuzz()


if __name__ == "__main__":
    main()
