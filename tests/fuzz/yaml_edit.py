"""Coverage-guided fuzzing of the YAML edits: `python -m tests.fuzz.yaml_edit`.

It needs `pip install atheris`, which is not in our locks; the tests call the entry without it.
Arguments are libFuzzer's: `-max_total_time=600`, a folder with a corpus, and so on.
"""

from __future__ import annotations

from tests.fuzz import atheris
from tests.unit.yaml_edit.promises import changed_or_refused, scanner_agrees_or_is_silent


def fuzz(data: bytes) -> None:
    """One case."""
    text, key, value = atheris.case(data)
    scanner_agrees_or_is_silent(text)
    changed_or_refused(text, key, value)


if __name__ == "__main__":
    atheris.run(fuzz)
