"""tar: put a file or folder into a tar archive; the same files always give the same bytes."""

from __future__ import annotations

from functools import partial

from pydantic import Field

from activities.kinds import StepConfig, StepContext, StepKind, StepResult
from activities.tools.archives import write_archive
from activities.tools.disk import on_disk
from activities.tools.folders import Entry, Place, creating, opened
from activities.tools.ignoring import Ignored
from activities.tools.paths import TreePath, check_links
from activities.tools.trees import Tree, listed
from ferryman.domain.errors import InvalidError


class Config(StepConfig):
    """What to archive, and where to."""

    in_path: TreePath = Field(min_length=1)
    """A file or folder. The names in the archive begin below the folder; `.git` is never in it.
    Of permissions, it says only who is a program (0755) and who is not (0644)."""
    out_path: TreePath = Field(min_length=1)
    """The archive; missing folders are made, and a file that is there is replaced."""
    gzip: bool | None = None
    """Compress it; usually its name then ends in `.tar.gz` or `.tgz`."""
    ignore: str | None = Field(default=None, min_length=1)
    """What to leave out, in gitignore's syntax, one pattern a line, relative to `inPath`."""


async def run(config: Config, context: StepContext) -> StepResult:
    """Write it, without times and owners; links in it may not lead out of `inPath`."""
    workspace, out = context.workspace, config.out_path
    tree = await listed(workspace, config.in_path, Ignored(config.ignore), field="inPath")
    links = [entry.name for entry in tree.entries if entry.kind == "link"]
    within = tree.folder.path
    await on_disk(
        partial(check_links, within, links, within=within, field="inPath"), out, field="inPath"
    )
    target = await workspace.reach(out, field="outPath")
    if await on_disk(target.path.is_dir, out, field="outPath"):
        raise InvalidError(f"{out!r} is a folder; name the archive in it", field="outPath")
    entries = _without(target, tree)
    pack = partial(_pack, tree.folder, entries, target, compress=bool(config.gzip))
    size = await on_disk(pack, out, field="outPath")
    context.log(f"{out}: {len(entries)} entries, {size} bytes")
    return StepResult()


def _without(target: Place, tree: Tree) -> list[Entry]:
    """What goes into the archive: all but the archive itself."""
    return [entry for entry in tree.entries if tree.folder.below(entry.name) != target]


def _pack(folder: Place, entries: list[Entry], target: Place, *, compress: bool) -> int:
    above, name = target.parent
    with opened(above, make=True) as descriptor, creating(descriptor, name, 0o644) as file:
        write_archive(file, folder, entries, compress=compress)
        return file.tell()


KIND = StepKind(
    kind="tar",
    summary="Put a file or folder into a tar archive; the same files give the same bytes.",
    config=Config,
    run=run,
    nature="workspace",
    example="""
- uses: tar
  config:
    inPath: ./out/manifests
    outPath: ./out/manifests.tgz
    gzip: true
""",
)
