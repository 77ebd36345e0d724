"""Kustomizations: which file is one, and what it takes to build it.

A build needs the files and folders that kustomizations name, and those that these name in turn,
not the whole repository. Every string in them may be a path, wherever it stands: what is none
names nothing that exists, and costs a look.
"""

from __future__ import annotations

import asyncio
import os
import posixpath
import re
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path, PurePosixPath
from typing import Any

from activities.tools import lenient_yaml
from activities.tools.replica import Replica
from activities.workspace import Workspace
from ferryman.domain.errors import InvalidError

NAMES = ("kustomization.yaml", "kustomization.yml", "Kustomization")
"""What kustomize recognises."""

_LONGEST = 255
"""Bytes of one name in a path; longer strings are patches or data."""
_MOST = 1000
"""Kustomizations and plugin files that one build may consist of."""

_FILES = (".yaml", ".yml", ".json")

_FOLDERS = frozenset({"resources", "bases", "components"})
_PLUGINS = frozenset({"generators", "transformers", "validators"})
"""Fields that name folders, or files which refer to more themselves."""
_NO_PATHS = frozenset(
    {"apiversion", "kind", "metadata", "images", "labels", "commonlabels", "commonannotations",
     "namespace", "nameprefix", "namesuffix", "replicas", "vars"}
)  # fmt: skip
_CHARTS = frozenset({"helmcharts", "helmchartinflationgenerator", "helmglobals"})
_REMOTE = re.compile(
    r"(?:\w+::)?(?:[a-z][a-z+.-]*://|[\w.-]+@[\w.-]+:)|"
    r"(?:www\.)?(?:github\.com|gitlab\.com|bitbucket\.org)[/:]|.*\?(?:ref|version|submodules)=",
    re.IGNORECASE,
)


async def kustomization_in(workspace: Workspace, folder: str) -> str:
    """The path of the folder's kustomization; raises InvalidError unless there is exactly one."""
    place = await workspace.reach(folder, NAMES, field="path")
    names = await asyncio.to_thread(_names_in, place.path)
    paths = [str(PurePosixPath(folder, name)) for name in names]
    found = [path for path in paths if (await workspace.bring(path)).is_file()]
    if len(found) == 1:
        return found[0]
    if found:
        raise InvalidError(f"{' and '.join(found)} stand side by side; keep one", field="path")
    raise InvalidError(f"{folder!r} has none of {', '.join(NAMES)}", field="path")


async def take_kustomization(replica: Replica, folder: str) -> None:
    """Copy what it takes to build the kustomization in `folder`.

    Raises InvalidError for what lies outside of the work tree, or on another machine.
    """
    level, seen = {posixpath.normpath(folder): False}, set[str]()
    while level:
        seen |= level.keys()
        if len(seen) > _MOST:
            raise InvalidError(f"{folder!r} refers to more than {_MOST} others", field="path")
        further, files = dict[str, bool](), set[str]()
        for file in await _taken(replica, level):
            for field, names in _named_in(replica.place(file, field="path"), file):
                if field in _FOLDERS | _PLUGINS:
                    further |= dict.fromkeys(names, field in _PLUGINS)
                else:
                    files.update(names)
        await replica.take_all(sorted(files), field="path")
        level = {name: plugin for name, plugin in further.items() if name not in seen}


async def _taken(replica: Replica, level: Mapping[str, bool]) -> list[str]:
    """Copy the kustomizations of folders, else the files; return what may refer to more."""
    # Most are files, which shows in their names. To look for three in each would take its time.
    likely = [path for path in level if path.endswith(_FILES)]
    await replica.take_all(likely, field="path")
    files = {path for path in likely if replica.place(path, field="path").is_file()}
    candidates = {
        posixpath.join(path, name): path for path in level.keys() - files for name in NAMES
    }
    await replica.take_all(sorted(candidates), field="path")
    found = [file for file in candidates if replica.place(file, field="path").is_file()]
    others = level.keys() - {candidates[file] for file in found}
    await replica.take_all(sorted(others - files), field="path")
    return sorted([*found, *(path for path in others if level[path])])


def _named_in(place: Path, file: str) -> Iterator[tuple[str, list[str]]]:
    """Each field of a kustomization or a plugin's file, and the paths that may be in it."""
    base = posixpath.dirname(file)
    # What is not YAML is for kustomize to complain about.
    for document in lenient_yaml.read_all(place.read_bytes()) if place.is_file() else ():
        data = document if isinstance(document, dict) else {}
        fields = {str(key).lower(): list(_strings(value)) for key, value in data.items()}
        if _CHARTS & fields.keys():
            fields["charts"] = ["charts"]  # where kustomize looks for them unless told otherwise
        for field in fields.keys() - _NO_PATHS:
            if field in _FOLDERS | _PLUGINS:
                _refuse_remote(fields[field], file, field)
            yield field, [path for text in fields[field] for path in _paths(text, base)]


def _names_in(folder: Path) -> list[str]:
    return [name for name in NAMES if os.path.lexists(folder / name)]


def _strings(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for item in value.values():
            yield from _strings(item)
    elif isinstance(value, list):
        for item in value:
            yield from _strings(item)


def _paths(text: str, base: str) -> Iterator[str]:
    """The paths that a string may be: the whole, and what follows `key=` in generators."""
    for path in dict.fromkeys((text, text.partition("=")[2])):
        parts = path.split("/")
        if (
            path not in {"", "."}
            and path.isprintable()
            and parts[0]
            and all(len(part.encode()) <= _LONGEST for part in parts)
        ):
            yield posixpath.normpath(posixpath.join(base, path))


def _refuse_remote(texts: Iterable[str], file: str, field: str) -> None:
    for text in texts:
        if text.isprintable() and _REMOTE.match(text):
            raise InvalidError(
                f"{file}: {field} has {text.partition('?')[0]!r}, which is on another machine "
                "and may have changed when this tree is built again; copy it into the repository"
            )
