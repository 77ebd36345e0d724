"""Notes: what is to be said of one object, as it is found."""

from __future__ import annotations

import json
from typing import Any, Literal

from ferryman.domain.manifests.documents import Document
from ferryman.domain.manifests.paths import Loc
from ferryman.domain.manifests.remarks import Remark

_SHOWN = 60


class Notes:
    """Collects warnings and errors; `silent` shows no values, since they may be secrets.

    `topic` is what the next remarks are about.
    """

    def __init__(self, about: str, document: Document, *, silent: bool = False) -> None:
        self.about = about
        self.topic = "duplicate-key"
        self.remarks: list[Remark] = []
        self.silent = silent
        self._document = document
        for loc, text in document.warnings:
            if loc[: len(document.base)] == document.base:
                self.warn(loc[len(document.base) :], text)

    def warn(self, loc: Loc, text: str) -> None:
        """Say something that does not keep the object from being read."""
        self._add("warning", loc, text)

    def refuse(self, loc: Loc, text: str) -> None:
        """Say why the object cannot be read."""
        self._add("error", loc, text)

    @property
    def refused(self) -> bool:
        """Is there an error?"""
        return any(remark.severity == "error" for remark in self.remarks)

    def shown(self, value: Any) -> str:
        """A value as it may stand in a sentence."""
        return _noun(value) if self.silent else shown(value)

    def _add(self, severity: Literal["error", "warning"], loc: Loc, text: str) -> None:
        mark = self._document.mark(loc)
        self.remarks.append(Remark(self.topic, severity, self.about, loc, mark, text))


def shown(value: Any) -> str:
    """A value as it may stand in a sentence: JSON, cut where it is long."""
    text = json.dumps(value, ensure_ascii=False, default=str)
    return text if len(text) <= _SHOWN else f"{text[:_SHOWN]}…"


def _noun(value: Any) -> str:
    nouns = {bool: "a boolean", int: "a number", float: "a number", str: "text", list: "a list"}
    return nouns.get(type(value), "a mapping" if isinstance(value, dict) else "nothing")
