"""What holds of every update, for the tests and the fuzzer alike."""

from __future__ import annotations

import json

from activities.tools.json_edit import update_json
from activities.tools.updates import Update
from ferryman.domain.errors import InvalidError


def changed_or_refused(before: str, key: str, value: object) -> None:
    """An update leads to JSON that differs in one span at most, or to an `InvalidError`."""
    try:
        after = update_json(before.encode(), [Update(key, value)]).decode()
    except InvalidError:
        return
    json.loads(after.removeprefix("\ufeff"))
    again = update_json(after.encode(), [Update(key, value)]).decode()
    assert again == after or "-1" in key.split(".")
