"""A dictionary that forgets what was not used for the longest time."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable
from typing import Generic, TypeVar

Key = TypeVar("Key")
Value = TypeVar("Value")


class RecentlyUsed(Generic[Key, Value]):
    """Holds values that together weigh at most `limit`; each weighs 1 unless `weigh` says else."""

    def __init__(self, limit: int, weigh: Callable[[Value], int] = lambda _: 1) -> None:
        self._limit = limit
        self._weigh = weigh
        self._weight = 0
        self._values: OrderedDict[Key, Value] = OrderedDict()

    def get(self, key: Key) -> Value | None:
        """Return the value, which was thereby used."""
        if key not in self._values:
            return None
        self._values.move_to_end(key)
        return self._values[key]

    def put(self, key: Key, value: Value) -> None:
        """Keep `value` if it has room at all, forgetting others until it has."""
        self.forget(key)
        if self._weigh(value) > self._limit:
            return
        self._values[key] = value
        self._weight += self._weigh(value)
        while self._weight > self._limit:
            self.forget(next(iter(self._values)))

    def forget(self, key: Key) -> None:
        """Drop the value, if there is one."""
        if key in self._values:
            self._weight -= self._weigh(self._values.pop(key))
