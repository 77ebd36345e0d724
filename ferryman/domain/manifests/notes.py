"""Notes: what is to be said of one object, each sentence with its field and line."""

from __future__ import annotations

import json
from typing import Any

from ferryman.domain.manifests.documents import Document
from ferryman.domain.manifests.paths import Loc, path

_SHOWN = 60


class Notes:
    """Collects warnings and errors; `silent` shows no values, since they may be secrets."""

    def __init__(self, about: str, document: Document, *, silent: bool = False) -> None:
        self.about = about
        self.warnings: list[str] = []
        self.errors: list[str] = []
        self.silent = silent
        self._document = document
        for loc, text in document.warnings:
            if loc[: len(document.base)] == document.base:
                self.warn(loc[len(document.base) :], text)

    def warn(self, loc: Loc, text: str) -> None:
        """Say something that does not keep the object from being read."""
        self.warnings.append(self._sentence(loc, text))

    def refuse(self, loc: Loc, text: str) -> None:
        """Say why the object cannot be read."""
        self.errors.append(self._sentence(loc, text))

    def shown(self, value: Any) -> str:
        """A value as it may stand in a sentence."""
        if self.silent:
            return _noun(value)
        text = json.dumps(value, ensure_ascii=False, default=str)
        return text if len(text) <= _SHOWN else f"{text[:_SHOWN]}…"

    def _sentence(self, loc: Loc, text: str) -> str:
        field = f"{path(loc)} (line {self._document.line(loc)}): " if loc else ""
        return f"{self.about}: {field}{text}"


def _noun(value: Any) -> str:
    nouns = {bool: "a boolean", int: "a number", float: "a number", str: "text", list: "a list"}
    return nouns.get(type(value), "a mapping" if isinstance(value, dict) else "nothing")
