"""What steps on whole folders leave out: gitignore's patterns, and always git's own data."""

from __future__ import annotations

import os
import re
from collections.abc import Iterable
from itertools import accumulate

import re2
from pathspec import GitIgnoreSpec

from activities.tools.folders import Entry
from ferryman.domain.errors import InvalidError


class Patterns:
    """Lines of gitignore's syntax; matched by RE2, in time linear to the name."""

    def __init__(self, lines: Iterable[str], *, field: str) -> None:
        try:
            self._spec = GitIgnoreSpec.from_lines(lines, backend="re2")
        except (ValueError, re.error, re2.error) as error:
            raise InvalidError(f"is not in gitignore's syntax: {error}", field=field) from None

    def match(self, entry: Entry) -> bool:
        """Whether an entry is meant, though no folder above it is."""
        # RE2 wants characters; git's names are bytes, which need not be any.
        name = os.fsencode(entry.name).decode(errors="replace")
        return self._spec.match_file(f"{name}/" if entry.kind == "folder" else name)


class Ignored(Patterns):
    """What `ignore` names, relative to the folder that the step works on; `.git` always."""

    def __init__(self, ignore: str | None, *, field: str = "ignore") -> None:
        super().__init__((ignore or "").splitlines(), field=field)

    def __call__(self, entry: Entry) -> bool:
        """Whether an entry is left out, though no folder above it is."""
        return is_gits_own(entry) or self.match(entry)

    def anywhere(self, entry: Entry) -> bool:
        """Whether an entry, or a folder above it, is left out."""
        *above, _ = accumulate(entry.name.split("/"), "{}/{}".format)
        return any(self(Entry(folder, "folder")) for folder in above) or self(entry)


def is_gits_own(entry: Entry) -> bool:
    """Whether it is git's data, on systems that do not tell case apart, too."""
    return entry.name.rpartition("/")[2].lower() == ".git"
