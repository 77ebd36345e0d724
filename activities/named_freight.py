"""Named Freight: what expressions ask for by name or alias, read once they have asked for it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TypeVar

from ferryman.domain.errors import FerrymanError, InvalidError
from ferryman.domain.freight import Freight
from ferryman.storage.freight import FreightRecords

V = TypeVar("V")

_MOST = 500
"""Names that one step may ask for."""


@dataclass
class NamedFreight:
    """Of one Project, and for one step.

    Expressions cannot wait for SQL: what they ask for is noted, read with one query, and they are
    evaluated again. So it costs the same however much Freight there is.
    """

    records: FreightRecords
    project: str
    _known: dict[str, Freight | None] = field(default_factory=dict)
    _asked: set[str] = field(default_factory=set)

    def know(self, freight: Freight) -> None:
        """This one was read already."""
        self._known |= {freight.alias: freight, freight.name: freight}

    def get(self, name: str) -> Freight | None:
        """By name or alias; None where there is none, or none that was read yet."""
        if name not in self._known and len(self._known) + len(self._asked) >= _MOST:
            raise InvalidError(f"asks for more than {_MOST} Freight by name; ask for fewer")
        if name not in self._known:
            self._asked.add(name)
        return self._known.get(name)

    async def settled(self, evaluate: Callable[[], V]) -> V:
        """What `evaluate` gives, or raises, once all the Freight that it asks for was read."""
        while True:
            try:
                value = evaluate()
            except FerrymanError:
                if not await self._read():
                    raise
            else:
                if not await self._read():
                    return value

    async def _read(self) -> bool:
        """Read what was asked for since the last time; False: nothing was."""
        if not self._asked:
            return False
        found = await self.records.called(self.project, self._asked)
        self._known |= dict.fromkeys(self._asked)
        self._known |= {freight.alias: freight for freight in found}
        self._known |= {freight.name: freight for freight in found}
        self._asked.clear()
        return True
