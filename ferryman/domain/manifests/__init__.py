"""Manifests: YAML documents ↔ the objects that they declare.

What people have today loads: Kargo manifests of every generation. Old names are read as what they
are called now, with a warning that says so; what nothing acts on yet is kept and listed; what
cannot be meant is refused with the field, the value and what to do, all of it at once.
"""

from __future__ import annotations

from ferryman.domain.manifests.items import Item, Loaded
from ferryman.domain.manifests.loading import load, load_all
from ferryman.domain.manifests.together import validate_together
from ferryman.domain.manifests.unsupported import condition
from ferryman.domain.manifests.writing import dump, plain

__all__ = ["Item", "Loaded", "condition", "dump", "load", "load_all", "plain", "validate_together"]
