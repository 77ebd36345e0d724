"""Updates of single values in a YAML file; every other byte stays as it was.

Our scanner (`scan`) finds the value, or ruamel.yaml (`parse`) where the file uses what the scanner
is not sure of. The result is then read again (`check`), and refused if anything but the wanted
values has changed.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from activities.tools.text_files import decoded
from activities.tools.updates import Update, Value, is_same
from activities.tools.yaml_edit.check import is_exact
from activities.tools.yaml_edit.event import Event
from activities.tools.yaml_edit.path import Target, locate
from activities.tools.yaml_edit.reading import content, read
from activities.tools.yaml_edit.render import render
from activities.tools.yaml_edit.scalar import fits_tag, scalar_meaning
from ferryman.domain.errors import InvalidError


def update_yaml(source: bytes, updates: Sequence[Update]) -> bytes:
    """`source` with each update's value in the place that its key leads to.

    Only the first document is updated, as in Kargo. Of two updates of one place the last counts.
    A value that every reader takes for the wanted one already keeps its notation.

    Raises `InvalidError` where a key does not lead to one existing value, a new value is not a
    single one, the file is not YAML in UTF-8, or the edit would change more than was asked for.
    """
    text = decoded(source)
    reading = read(text)
    values: dict[int, Value] = {}
    written: dict[int, str] = {}
    for update in updates:
        target = locate(text, reading.events, update.key)
        values[target.number], written[target.number] = _edit(text, target, update)
    result = _spliced(text, reading.events, written)
    if result == text:
        return source
    if not is_exact(text, reading, result, values):
        keys = ", ".join(f"`{update.key}`" for update in updates)
        raise InvalidError(
            f"updating {keys} would change more of the file than that; in the file, give the "
            "value a line of its own, as `key: value`"
        )
    return result.encode()


def read_scalar(source: bytes, key: str) -> str | None:
    """What stands at `key`, as a string; `None` where there is no single value to read."""
    return read_scalars(source, [key])[0]


def read_scalars(source: bytes, keys: Sequence[str]) -> list[str | None]:
    """The same for each of some keys."""
    try:
        text = decoded(source)
        events = read(text).events
    except InvalidError:
        return [None] * len(keys)
    return [_scalar(text, events, key) for key in keys]


def _scalar(text: str, events: list[Event], key: str) -> str | None:
    try:
        return content(text, locate(text, events, key).scalar)
    except InvalidError:
        return None


def _edit(text: str, target: Target, update: Update) -> tuple[Value, str]:
    """The value that is wanted, and what to write for it."""
    scalar, value = target.scalar, update.value
    if not isinstance(value, Value):
        raise update.refused("takes a string, number, boolean or null; update each value alone")
    if not fits_tag(scalar.tag, value):
        raise update.refused(
            f"has the tag `{scalar.tag}`, under which the new value would read as another; "
            "give a value of that type, or remove the tag from the file"
        )
    if scalar.start < 0:
        raise update.refused("has no value in the file; write one there first, such as null")
    if is_same(scalar_meaning(text, scalar), value):
        return value, text[scalar.start : scalar.end]
    try:
        return value, render(text, scalar, value, flow=target.flow)
    except InvalidError as error:
        raise update.refused(f"cannot hold this value: {error}") from None


def _spliced(text: str, events: list[Event], written: Mapping[int, str]) -> str:
    """`text` with some scalars, by their events' numbers, written anew."""
    parts: list[str] = []
    copied = 0
    for number, scalar in sorted((number, events[number]) for number in written):
        parts += text[copied : scalar.start], written[number]
        copied = scalar.end
    return "".join([*parts, text[copied:]])
