"""file-write: write a text file."""

from __future__ import annotations

from pydantic import Field, field_validator

from activities.kinds import StepConfig, StepContext, StepKind, StepResult
from activities.tools.disk import on_disk
from ferryman.domain.errors import InvalidError

_NEW_FILE = 0o600
_NOT_ALLOWED = 0o113
"""Programs for anybody, and files that everybody may write."""


class Config(StepConfig):
    """Which file, and what to write."""

    path: str = Field(min_length=1)
    """The file; missing folders are made."""
    contents: str
    """All that is in the file afterwards; no newline is added. Wrap an expression whose text could
    be read as a number or as JSON in `quote()`."""
    permissions: str | None = Field(default=None, pattern=r"^0[0-7]{3}$")
    """The file's permissions as octal digits, such as `"0644"`; it may be neither executable nor
    writable by everybody. Without, a new file gets 0600, and one that is overwritten keeps its
    own."""
    overwrite: bool = False
    """Replace a file that exists, instead of failing."""

    @field_validator("permissions")
    @classmethod
    def _harmless(cls, permissions: str | None) -> str | None:
        if permissions and int(permissions, 8) & _NOT_ALLOWED:
            raise ValueError("a file may be neither executable nor writable by everybody")
        return permissions


async def run(config: Config, context: StepContext) -> StepResult:
    """Write it; a link at `path` is followed within the work tree."""
    workspace, path = context.workspace, config.path
    target = await workspace.bring(path)
    if await on_disk(target.is_dir, path, field="path"):
        raise InvalidError(f"{path!r} is a folder, not a file", field="path")
    exists = await on_disk(target.exists, path, field="path")
    if exists and not config.overwrite:
        message = f"{path!r} exists already; set overwrite: true to replace it"
        raise InvalidError(message, field="path")
    mode = int(config.permissions, 8) if config.permissions else None
    if mode is None and not exists:
        mode = _NEW_FILE
    content = config.contents.encode("utf-8", "surrogateescape")
    await workspace.write(path, content, mode=mode)
    context.log(f"{path}: {len(content)} bytes")
    return StepResult()


KIND = StepKind(
    kind="file-write",
    summary="Write a text file.",
    config=Config,
    run=run,
    nature="workspace",
    example="""
- uses: file-write
  config:
    path: ./src/VERSION
    contents: ${{ quote(imageFrom("ghcr.io/example/shop").Tag) }}
    permissions: "0644"
    overwrite: true
""",
)
