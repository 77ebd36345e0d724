"""What holds of every update, for the tests and the fuzzer alike."""

from __future__ import annotations

import tomllib

from activities.tools.toml_edit import update_toml
from activities.tools.updates import Update
from ferryman.domain.errors import InvalidError


def changed_or_refused(before: str, key: str, value: object) -> None:
    """An update changes one value by `tomllib`'s reading, or is refused by `InvalidError`."""
    try:
        after = update_toml(before.encode(), [Update(key, value)]).decode()
    except InvalidError:
        return
    was, now = (leaves(tomllib.loads(text.removeprefix("\ufeff"))) for text in (before, after))
    assert was.keys() == now.keys()
    assert len([path for path in was if repr(was[path]) != repr(now[path])]) <= 1


def leaves(data: object, path: tuple[str | int, ...] = ()) -> dict[tuple[str | int, ...], object]:
    """Every single value of `data`, under its path."""
    found: dict[tuple[str | int, ...], object] = {}
    if isinstance(data, (dict, list)):
        entries = data.items() if isinstance(data, dict) else enumerate(data)
        for step, inside in entries:
            found |= leaves(inside, (*path, step))
    return found if isinstance(data, (dict, list)) else {path: data}
