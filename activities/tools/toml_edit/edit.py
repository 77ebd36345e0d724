"""Updates of single values in a TOML file; every other byte stays as it was.

Our scanner finds where the values stand, `tomllib` what they are (`reading`), and `tomllib` reads
the result again, which is refused if anything but the wanted values has changed.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, time
from typing import Any

from activities.tools.text_files import decoded
from activities.tools.toml_edit.reading import Reading, locate, put, read
from activities.tools.toml_edit.render import is_moment, render
from activities.tools.toml_edit.scanner import Path
from activities.tools.updates import Update, Value, is_same
from ferryman.domain.errors import InvalidError


def update_toml(source: bytes, updates: Sequence[Update]) -> bytes:
    """`source` with each update's value in the place that its key leads to.

    Of two updates of one place the last counts. A value that is there already keeps its notation.

    Raises `InvalidError` where a key does not lead to one existing value, a new value is not a
    string, number or boolean, or the file is not TOML in UTF-8.
    """
    text = decoded(source)
    reading = read(text)
    written: dict[Path, str] = {}
    for update in updates:
        path = locate(reading.data, update)
        written[path] = _edit(text, reading, path, update)
    result = _spliced(text, reading, written)
    if result == text:
        return source
    if repr(read(result).data) != repr(_wanted(reading, written)):
        keys = ", ".join(f"`{update.key}`" for update in updates)
        raise InvalidError(
            f"updating {keys} would change more of the file than that; do it by hand"
        )
    return result.encode()


def _edit(text: str, reading: Reading, path: Path, update: Update) -> str:
    """What to write at `path`."""
    value = update.value
    if not isinstance(value, Value):
        raise update.refused("takes a string, number or boolean; update each value alone")
    if path not in reading.places:
        raise update.refused("stands where it cannot be found; write it as `key = value`")
    start, end = reading.places[path]
    raw, was = text[start:end], _at(reading.data, path)
    if value is not None and is_same(was, value):
        return raw
    try:
        written = render(value, raw, was, "\r\n" if "\r\n" in text else "\n")
    except InvalidError as error:
        raise update.refused(f"cannot hold this value: {error}") from None
    if not _means(written, value, was):
        raise update.refused("cannot hold this value: it would be read as another one")
    return written


def _means(written: str, value: Value, was: Any) -> bool:
    """Whether the new text is read as the value, or as the date that the value writes."""
    found = _read_alone(written)
    if isinstance(found, (date, time)):
        return isinstance(value, str) and written == value and is_moment(value, was)
    return is_same(found, value)


def _read_alone(written: str) -> Any:
    return read(f"a = {written}").data["a"]


def _wanted(reading: Reading, written: Mapping[Path, str]) -> dict[str, Any]:
    """The data with the new values; the reading's own is changed."""
    for path, text in written.items():
        put(reading.data, path, _read_alone(text))
    return reading.data


def _at(data: Any, path: Path) -> Any:
    for step in path:
        data = data[step]
    return data


def _spliced(text: str, reading: Reading, written: Mapping[Path, str]) -> str:
    """`text` with some values, by their paths, written anew."""
    parts: list[str] = []
    copied = 0
    for (start, end), new in sorted((reading.places[path], new) for path, new in written.items()):
        parts += text[copied:start], new
        copied = end
    return "".join([*parts, text[copied:]])
