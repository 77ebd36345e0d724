"""Scrubbing: the second net that keeps secret values out of what is emitted."""

from __future__ import annotations

import base64
from collections.abc import Iterable
from typing import Any
from urllib.parse import quote

MASK = "***"
_SHORTEST = 4
"""Shorter values would tear ordinary words apart."""


class Scrubber:
    """Masks the secret values that were read, also where they are encoded."""

    def __init__(self) -> None:
        self._forms: set[str] = set()

    def learn(self, values: Iterable[str]) -> None:
        """These must not be seen."""
        for value in values:
            lines = [value, *value.splitlines()]
            for text in (t for t in lines if len(t) >= _SHORTEST):
                encoded = base64.b64encode(text.encode()).decode()
                self._forms |= {text, encoded, encoded.rstrip("="), quote(text, safe="")}

    @property
    def knows_any(self) -> bool:
        """Was any secret read?"""
        return bool(self._forms)

    def text(self, text: str) -> str:
        """`text` with every known value masked, longest first."""
        for form in sorted(self._forms, key=len, reverse=True):
            text = text.replace(form, MASK)
        return text

    def holds(self, value: Any) -> bool:
        """Did a secret flow into this data?"""
        if isinstance(value, str):
            return self.text(value) != value
        if isinstance(value, dict):
            return any(self.holds(item) for pair in value.items() for item in pair)
        return isinstance(value, list | tuple) and any(self.holds(item) for item in value)
