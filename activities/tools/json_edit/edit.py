"""Updates of single values in a JSON file; every other byte stays as it was.

The standard library reads the text, our scanner finds the place (`place`), and the standard library
reads the result again (`check`), which is refused if anything but the wanted values has changed.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from activities.tools.dotted_keys import dotted_parts
from activities.tools.json_edit.check import get, is_alike, load, put, says
from activities.tools.json_edit.place import splice
from activities.tools.json_edit.render import render
from activities.tools.text_files import BYTE_ORDER_MARK, decoded
from activities.tools.updates import Update, Value, is_same
from ferryman.domain.errors import InvalidError


def update_json(source: bytes, updates: Sequence[Update]) -> bytes:
    """`source` with each update's value in the place that its key leads to, one after the other.

    What a key does not find is added behind its neighbours, written as they are; a position
    behind a list's end fills it with null up to there. A value that is there already keeps its
    notation. All of it is as in Kargo, and so is an empty file: it counts as one without keys.

    Raises `InvalidError` where a key cannot lead anywhere, or to a key that stands there twice;
    where a value is not a string, number or boolean; and where the file is not JSON in UTF-8.
    """
    text = decoded(source)
    wanted = _loaded(text)
    for update in updates:
        parts, value = dotted_parts(update.key), _value(update)
        written = _rendered(value, update)
        change = splice(text, parts, written, update)
        if not is_same(get(wanted, parts), value):
            wanted = put(wanted, parts, load(written))
            text = text[: change.start] + change.text + text[change.end :]
    result = text.encode()
    if result != source and not is_alike(_loaded(text), wanted):
        keys = ", ".join(f"`{update.key}`" for update in updates)
        raise InvalidError(
            f"updating {keys} would change more of the file than that; write it by hand"
        )
    return result


def _loaded(text: str) -> Any:
    body = text.removeprefix(BYTE_ORDER_MARK)
    return load(body) if body.strip(" \t\r\n") else None


def _value(update: Update) -> Value:
    value = update.value
    if value is None or not isinstance(value, Value):
        raise update.refused("takes a string, number or boolean; update each value alone")
    return value


def _rendered(value: Value, update: Update) -> str:
    try:
        text = render(value)
    except InvalidError as error:
        raise update.refused(f"cannot hold this value: {error}") from None
    if not says(text, value):
        raise update.refused("cannot hold this value: it would be read as another one")
    return text
