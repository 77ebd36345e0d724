"""What effects are given: a last look, and somebody to tell."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

Fence = Callable[[], Awaitable[None]]
"""Called just before an effect; raises FencedError when another attempt owns the step now."""

Log = Callable[[str], None]
"""Told one or more lines that people may want to read."""
