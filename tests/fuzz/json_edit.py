"""Coverage-guided fuzzing of the JSON edits: `python -m tests.fuzz.json_edit`.

It needs `pip install atheris`, which is not in our locks; the tests call the entry without it.
Arguments are libFuzzer's: `-max_total_time=600`, a folder with a corpus, and so on.
"""

from __future__ import annotations

from tests.fuzz import atheris
from tests.unit.json_edit.promises import changed_or_refused


def fuzz(data: bytes) -> None:
    """One case."""
    text, key, value = atheris.case(data)
    changed_or_refused(text, key, value)


if __name__ == "__main__":
    atheris.run(fuzz)
