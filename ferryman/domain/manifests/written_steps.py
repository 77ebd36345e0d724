"""Steps that we write ourselves, in the form in which users write them."""

from __future__ import annotations

from collections import Counter
from typing import Any

from ferryman.domain.manifests.lookups import template

Raw = dict[str, Any]


class Steps:
    """Steps with an alias each: the second `clone` is `clone-2`."""

    def __init__(self) -> None:
        """Begin with none."""
        self.written: list[Raw] = []
        self._used: Counter[str] = Counter()

    def add(self, uses: str, alias: str, config: Raw, *, only_if: str = "") -> str:
        """Write a step; the result is the alias that it got."""
        self._used[alias] += 1
        unique = alias if self._used[alias] == 1 else f"{alias}-{self._used[alias]}"
        condition = {"if": template(only_if)} if only_if else {}
        self.written.append({"uses": uses, "as": unique, **condition, "config": config})
        return unique
