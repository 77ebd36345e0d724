"""Remarks: what is to be said of one object, with the field and the place."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from ferryman.domain.manifests.documents import Mark
from ferryman.domain.manifests.paths import Loc, path


@dataclass(frozen=True)
class Remark:
    """One thing that was seen while an object was read; `str` is the sentence for people."""

    topic: str
    """What it is about, as `ferryman lint` calls it: `old-form`, `schema`."""
    severity: Literal["error", "warning"]
    about: str
    loc: Loc
    mark: Mark
    text: str

    def __str__(self) -> str:
        field = f"{path(self.loc)} (line {self.mark.line}): " if self.loc else ""
        return f"{self.about}: {field}{self.text}"
