"""The standard library's reading of a TOML text, and what a key leads to in it."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping, Sequence
from typing import Any, Final, NamedTuple

from activities.tools.dotted_keys import Part, dotted_parts
from activities.tools.text_files import BYTE_ORDER_MARK
from activities.tools.toml_edit.scanner import LostError, Path, Place, scan, too_deep
from activities.tools.updates import Update
from ferryman.domain.errors import InvalidError

_SHOWN: Final = 8
"""How many keys of a table a message names."""


class Reading(NamedTuple):
    """A TOML document."""

    data: dict[str, Any]
    places: Mapping[Path, Place]
    """Where its single values stand."""


def read(text: str) -> Reading:
    """Read `text`; raises `InvalidError` where it is not TOML, or nested too deep."""
    try:
        # First, as it bounds how deep what `tomllib` follows next can be.
        places = scan(text, int(text.startswith(BYTE_ORDER_MARK)))
    except LostError:
        places = {}
    try:
        return Reading(tomllib.loads(text.removeprefix(BYTE_ORDER_MARK)), places)
    except RecursionError:
        raise too_deep() from None
    except ValueError as error:
        raise InvalidError(f"this cannot be read as TOML: {error}; mend the file first") from None


def load(text: str) -> dict[str, Any]:
    """The data of a TOML text; raises `InvalidError` as `read` does."""
    return read(text).data


def locate(data: dict[str, Any], update: Update) -> Path:
    """The path of the single value that the update's key leads to; raises `InvalidError`."""
    here: Any = data
    path: Path = ()
    for part in dotted_parts(update.key):
        where = f"`{'.'.join(map(str, path))}`" if path else "the document"
        step = _step(here, part, where, update)
        here, path = here[step], (*path, step)
    if isinstance(here, (dict, list)):
        kind = "a table" if isinstance(here, dict) else "a list"
        raise update.refused(f"is {kind}; name one value inside it")
    return path


def put(data: Any, path: Path, value: Any) -> None:
    """Set what stands at `path`."""
    *way, last = path
    for step in way:
        data = data[step]
    data[last] = value


def _step(here: Any, part: Part, where: str, update: Update) -> str | int:
    if isinstance(here, dict):
        if part.name in here:
            return part.name
        raise update.refused(
            f"leads nowhere: {where} has no `{part.name}`, {_content(list(here))}; correct the "
            "key, or add it to the file first"
        )
    if isinstance(here, list):
        if part.position is not None and part.position < len(here):
            return part.position
        last = f"0 to {len(here) - 1}" if here else "as it is empty"
        raise update.refused(
            f"leads nowhere: {where} is a list, and `{part.name}` is none of its positions, {last}"
        )
    raise update.refused(
        f"leads nowhere: {where} is a single value, with no `{part.name}` in it (a dot inside a "
        "name is written `\\.`)"
    )


def _content(keys: Sequence[str]) -> str:
    shown = ", ".join(f"`{key}`" for key in keys[:_SHOWN])
    more = ", …" if len(keys) > _SHOWN else ""
    return f"it has {shown}{more}" if shown else "it is empty"
