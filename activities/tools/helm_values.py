"""The values that a chart is rendered with, as arguments for helm that tell none of them."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from activities.tools.replica import Replica
from activities.tools.set_values import Assignment, tree
from ferryman.domain.errors import InvalidError

_FOLDER = ".values"


async def from_files(copy: Replica, paths: Sequence[str], *, ignore_missing: bool) -> list[str]:
    """Arguments for files of values; raises InvalidError for one that does not exist."""
    arguments = []
    for path in paths:
        place = await copy.take(path, field="valuesFiles")
        if place.is_file():
            arguments.append(f"--values={place}")
        elif not ignore_missing:
            raise InvalidError(
                f"there is no file {path!r}; with ignoreMissingValueFiles it may be missing",
                field="valuesFiles",
            )
    return arguments


async def from_assignments(copy: Replica, given: Sequence[Assignment]) -> list[str]:
    """Arguments for single values, which wait in files beside the chart."""
    return await asyncio.to_thread(_written, copy.root / _FOLDER, given)


def _written(folder: Path, given: Sequence[Assignment]) -> list[str]:
    folder.mkdir()
    arguments, values = [], dict[str, Any]()
    for number, assignment in enumerate(given):
        key, value, path = assignment.key, assignment.value, assignment.path
        if isinstance(value, str):
            (folder / str(number)).write_text(value)
            arguments.append(f"--set-file={key}={folder / str(number)}")
        elif path:
            values = tree(path, value, values)
        elif isinstance(value, list):
            message = f"{key!r} leads into a list, where no list can be set; use a file of values"
            raise InvalidError(message, field="setValues.key")
        else:  # no file holds a number for a place in a list
            arguments.append(f"--set={key}={json.dumps(value)}")
    if values:
        (folder / "values.json").write_text(json.dumps(values))
        arguments.insert(0, f"--values={folder / 'values.json'}")
    return arguments
