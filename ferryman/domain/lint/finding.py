"""Findings: what lint has to say, and where."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from ferryman.domain.manifests.documents import Mark


class Severity(StrEnum):
    """How much it matters."""

    ERROR = "error"
    """It is refused, or cannot work."""
    WARNING = "warning"
    """It will probably not do what was meant."""
    NOTE = "note"
    """Good to know."""


@dataclass(frozen=True)
class Finding:
    """One thing that a rule found."""

    severity: Severity
    rule: str
    source: str
    """The file, as it was named."""
    mark: Mark
    about: str
    """`Stage/dev`; "" of a whole file."""
    field: str
    """The path of the field; "" of a whole object."""
    text: str

    @property
    def message(self) -> str:
        """The sentence, with object and field."""
        return ": ".join(part for part in (self.about, self.field, self.text) if part)
