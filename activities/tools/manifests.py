"""Rendered manifests: told apart, named, and written to the tree."""

from __future__ import annotations

import asyncio
import re
from functools import partial
from pathlib import Path

from activities.tools.disk import on_disk
from activities.tools.folders import Place, move, walk
from activities.tools.trees import put, put_contents
from activities.tools.yaml_edit import read_scalars
from activities.workspace import Workspace

_BORDER = re.compile(r"^---(?=\s|\Z)[ \t]*(?:#.*)?\n?", re.MULTILINE)
_COMMENT = re.compile(r"^\s*(?:#.*)?$")
_UNSAFE = re.compile(r"[^a-z0-9._-]+")


def is_file(path: str) -> bool:
    """Whether an `outPath` names a file, and not a folder (Kargo's rule)."""
    return path.endswith((".yaml", ".yml"))


def by_name(rendered: str) -> dict[str, str]:
    """Each document under `[namespace-]kind-name.yaml`, as Kargo names them.

    Of several with the same name all stand in one file.
    """
    files: dict[str, str] = {}
    for document in _BORDER.split(rendered):
        if all(_COMMENT.match(line) for line in document.splitlines()):
            continue
        name, text = _name(document), document.rstrip("\n") + "\n"
        files[name] = f"{files[name]}---\n{text}" if name in files else text
    return files


async def put_rendered(workspace: Workspace, rendered: str, path: str) -> None:
    """Put all documents in the file that an `outPath` is, else each in a file of its own there.

    What else is in that folder stays.
    """
    if is_file(path):
        await workspace.write(path, encoded(rendered), field="outPath")
        return
    files = await asyncio.to_thread(by_name, rendered)
    contents = {name: encoded(text) for name, text in files.items()}
    await put_contents(workspace, contents, path, field="outPath")


async def put_all(workspace: Workspace, folder: Path, path: str) -> None:
    """Put all files in `folder` to where an `outPath` leads; what else is there stays."""
    source = Place(folder, "")
    listed = partial(walk, source, lambda _entry: False)
    entries = await on_disk(lambda: list(listed()), path, field="outPath")
    await put(workspace, source, entries, path, move, field="outPath")


def encoded(text: str) -> bytes:
    """What a tool wrote, as it wrote it."""
    return text.encode("utf-8", "surrogateescape")


def _name(document: str) -> str:
    content = encoded(document)
    keys = ("metadata.namespace", "kind", "metadata.name")
    parts = [_UNSAFE.sub("_", (text or "").lower()) for text in read_scalars(content, keys)]
    return "-".join(part for part in parts if part) + ".yaml"
