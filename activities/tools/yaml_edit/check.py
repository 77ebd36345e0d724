"""The proof of an edit: read again, the file differs in the wanted values alone."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from activities.tools.updates import Value, is_same
from activities.tools.yaml_edit.event import Event, UnsureError
from activities.tools.yaml_edit.parse import parse
from activities.tools.yaml_edit.reading import Reading
from activities.tools.yaml_edit.scalar import scalar_meaning
from activities.tools.yaml_edit.scan import rescan
from ferryman.domain.errors import InvalidError

JUDGED: Final = 64 * 1024
"""Characters up to which ruamel.yaml reads every result; a million would take it 4 seconds."""


def is_exact(before: str, reading: Reading, after: str, values: Mapping[int, Value]) -> bool:
    """Whether `after` says what `before` says, but for `values` in place of some events.

    ruamel.yaml decides for texts up to `JUDGED`, and wherever our scanner is not sure; for long
    ones it is enough that the scanner finds the lines around the edits as they should be.
    """
    comparison = Comparison(before, reading, after, values)
    if len(after) > JUDGED and reading.marks and comparison.near():
        return True
    return comparison.whole()


class Comparison:
    """Two texts, and the events by whose numbers they may differ."""

    def __init__(
        self, before: str, reading: Reading, after: str, values: Mapping[int, Value]
    ) -> None:
        self.before = before
        self.reading = reading
        self.after = after
        self.values = values

    def near(self) -> bool:
        """Whether our scanner finds the lines around the edits alike.

        It reads on until it stands just as it stood at that line of the first text; behind it
        the two texts are the same, and so it would go on the same way.
        """
        events, shift = self.reading.events, len(self.after) - len(self.before)
        edited = [events[number] for number in self.values]
        begin, end = self.reading.around(
            min(event.start for event in edited), max(event.end for event in edited)
        )
        last = len(events)
        if end:
            last, end = end.events, end._replace(pos=end.pos + shift)
        try:
            again = rescan(self.after, events, begin, end)
        except UnsureError:
            return False
        return self._alike(range(begin.events, last), again)

    def whole(self) -> bool:
        """Whether ruamel.yaml finds the documents alike."""
        try:
            again = parse(self.after)
        except InvalidError:
            return False
        return self._alike(range(len(self.reading.events)), again)

    def _alike(self, numbers: range, again: list[Event]) -> bool:
        if len(numbers) != len(again):
            return False
        pairs = zip(numbers, again, strict=True)
        return all(self._is_kept(number, event) for number, event in pairs)

    def _is_kept(self, number: int, now: Event) -> bool:
        """Whether one event is the same, or has the value that it should have."""
        was = self.reading.events[number]
        if was.kind != now.kind or was.tag != now.tag:
            return False
        if number in self.values:
            return is_same(scalar_meaning(self.after, now), self.values[number])
        return self.before[was.start : was.end] == self.after[now.start : now.end]
