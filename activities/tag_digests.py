"""Which digest a tag was found to have, and when: for all who look at it in one interval."""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from dataclasses import dataclass, field
from datetime import datetime
from weakref import WeakValueDictionary

_MOST = 200_000
"""Tags of all sources together, some 50 MB."""

Tag = tuple[str, str]
"""A source's id, and a tag there."""


@dataclass
class TagDigests:
    """Of one worker; forgets what was not found again for the longest time."""

    _found: OrderedDict[Tag, tuple[str, datetime]] = field(default_factory=OrderedDict)
    _locks: WeakValueDictionary[Tag, asyncio.Lock] = field(default_factory=WeakValueDictionary)

    def since(self, tag: Tag, since: datetime) -> str:
        """The digest that was found since then; "" if none was."""
        digest, at = self._found.get(tag, ("", since))
        return digest if at >= since else ""

    def found(self, tag: Tag, digest: str, at: datetime) -> None:
        """A look that began `at` found this."""
        self._found[tag] = (digest, at)
        self._found.move_to_end(tag)
        while len(self._found) > _MOST:
            self._found.popitem(last=False)

    def lock(self, tag: Tag) -> asyncio.Lock:
        """Held by who asks for the tag, so that others find the answer."""
        return self._locks.setdefault(tag, asyncio.Lock())
