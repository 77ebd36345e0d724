"""delete: remove files and folders; in a checkout, the next commit removes them, too."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import Annotated, Self

from pydantic import Field, model_validator

from activities.kinds import StepConfig, StepContext, StepKind, StepResult
from activities.tools.disk import on_disk
from activities.tools.folders import Place, remove
from activities.tools.globbing import found
from activities.tools.paths import TreePath
from ferryman.domain.errors import InvalidError


class Config(StepConfig):
    """What to remove; either `path` or `paths`."""

    path: TreePath | None = Field(default=None, min_length=1)
    """A file or folder. Of a link, the link itself is removed, not what it leads to."""
    paths: tuple[Annotated[TreePath, Field(min_length=1)], ...] | None = Field(
        default=None, min_length=1
    )
    """Several of them."""
    paths_are_globs: bool = False
    """Read `path` and `paths` as patterns: `*` and `?` match within a name (leading dots, too),
    `[a-c]` one character, `**` any number of folders, and a backslash takes the next character as
    it is."""
    strict: bool = False
    """Fail where there is nothing to remove."""

    @model_validator(mode="after")
    def _one_of_two(self) -> Self:
        if (self.path is None) == (self.paths is None):
            raise ValueError("give either path or paths")
        return self


async def run(config: Config, context: StepContext) -> StepResult:
    """Remove each; what is not there is no mistake, unless `strict` says so."""
    wanted = {"path": config.path} if config.path else _numbered(config.paths or ())
    for field, path in wanted.items():
        places = await found(context.workspace, path, is_glob=config.paths_are_globs, field=field)
        if config.strict and not places:
            raise InvalidError(f"there is nothing at {path!r} to remove", field=field)
        for place in places:
            await _remove(place, path, field, context)
    return StepResult()


async def _remove(place: Place, path: str, field: str, context: StepContext) -> None:
    for folder in context.workspace.checkouts_in(place):
        await context.git.release(context.workspace.root / folder)
        context.workspace.forget(folder)
        context.log(f"{folder} is no checkout any more; to empty one, use git-clear")
    await on_disk(partial(remove, place), path, field=field)
    context.log(f"removed {place.name}")


def _numbered(paths: Sequence[str]) -> dict[str, str]:
    return {f"paths[{index}]": path for index, path in enumerate(paths)}


KIND = StepKind(
    kind="delete",
    summary="Remove files and folders; in a checkout, the next commit removes them, too.",
    config=Config,
    run=run,
    nature="workspace",
    example="""
- uses: delete
  config:
    path: ./out/manifests/*.yaml
    pathsAreGlobs: true
""",
)
