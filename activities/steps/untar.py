"""untar: unpack a tar archive, compressed by gzip, bzip2, xz or not at all."""

from __future__ import annotations

import asyncio
import shutil
import tempfile
from functools import partial
from pathlib import Path

from pydantic import Field

from activities.kinds import StepConfig, StepContext, StepKind, StepResult
from activities.tools import folders
from activities.tools.disk import on_disk
from activities.tools.folders import Entry, Place
from activities.tools.ignoring import Ignored
from activities.tools.paths import TreePath
from activities.tools.trees import put
from activities.tools.unpacking import unpack
from ferryman.domain.errors import InvalidError


class Config(StepConfig):
    """What to unpack, and where to."""

    in_path: TreePath = Field(min_length=1)
    """The archive: at most 1 GiB unpacked and 50,000 members, without devices, and without names
    or links that lead out of it. Its first bytes say how it is compressed."""
    out_path: TreePath = Field(min_length=1)
    """A folder, over whose files it is unpacked; missing folders are made."""
    strip_components: int | None = Field(default=None, ge=0)
    """How many leading parts to take off each name; members with no more are left out."""
    ignore: str | None = Field(default=None, min_length=1)
    """What to leave out, in gitignore's syntax, one pattern a line, relative to `outPath`. `.git`
    is never unpacked."""


async def run(config: Config, context: StepContext) -> StepResult:
    """Unpack it beside the work tree; what has come out well is then moved into it."""
    workspace, path = context.workspace, config.in_path
    ignored = Ignored(config.ignore)
    archive = await workspace.reach(path, field="inPath")
    if not await on_disk(archive.path.is_file, path, field="inPath"):
        raise InvalidError(f"there is no file {path!r}", field="inPath")
    make = partial(tempfile.mkdtemp, prefix="untar-", dir=workspace.folder)
    scratch = Path(await on_disk(make, path, field="inPath"))
    try:
        work = partial(_unpacked, archive, Place(scratch, ""), config, ignored)
        entries = await on_disk(work, path, field="inPath")
        source = Place(scratch, "")
        await put(workspace, source, entries, config.out_path, folders.move, field="outPath")
    finally:
        await asyncio.to_thread(shutil.rmtree, scratch, ignore_errors=True)
    files = sum(entry.kind != "folder" for entry in entries)
    context.log(f"{path} → {config.out_path}: {files} files")
    return StepResult()


def _unpacked(archive: Place, into: Place, config: Config, ignored: Ignored) -> list[Entry]:
    folder, name = archive.parent
    with folders.opened(folder) as descriptor, folders.reading(descriptor, name) as file:
        unpack(file, into, strip=config.strip_components or 0, ignored=ignored)
    return list(folders.walk(into, lambda _entry: False))


KIND = StepKind(
    kind="untar",
    summary="Unpack a tar archive, compressed by gzip, bzip2, xz or not at all.",
    config=Config,
    run=run,
    nature="workspace",
    example="""
- uses: untar
  config:
    inPath: ./src/vendor/policies.tgz
    outPath: ./out/policies
    stripComponents: 1
""",
)
