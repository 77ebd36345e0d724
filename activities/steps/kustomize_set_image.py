"""kustomize-set-image: set images in a kustomization; no other byte changes."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from typing import Self

from pydantic import Field, model_validator

from activities.kinds import StepConfig, StepContext, StepKind, StepResult
from activities.tools.kustomizations import kustomization_in
from activities.tools.kustomize_images import KEEP, ImageChange, set_images
from activities.tools.paths import TreePath
from ferryman.domain.errors import InvalidError
from ferryman.domain.freight import FreightReference


class ImageConfig(StepConfig):
    """One image, by its tag or its digest."""

    image: str = Field(min_length=1)
    """The image's repository."""
    name: str = ""
    """What the kustomization calls it, if not by its repository."""
    new_name: str = ""
    """The repository to take it from instead."""
    tag: str | None = None
    """Its tag; `*` keeps the present one."""
    digest: str | None = None
    """Its digest, `sha256:…`."""

    @model_validator(mode="after")
    def _one_revision(self) -> Self:
        if bool(self.tag) == bool(self.digest):
            raise ValueError(
                "give one of tag and digest, such as tag: "
                "${{ quote(imageFrom('" + self.image + "').Tag) }}"
            )
        return self

    def change(self) -> ImageChange:
        """What its entry shall say."""
        name = self.name or self.image
        return ImageChange(name, self.new_name, self.tag or "", self.digest or "")


class Config(StepConfig):
    """Which kustomization, and the images in it."""

    path: TreePath = Field(min_length=1)
    """The folder with the kustomization."""
    images: tuple[ImageConfig, ...] = ()
    """None given: every image that the Promotion carries."""


async def run(config: Config, context: StepContext) -> StepResult:
    """Set every image, or none when one cannot be set."""
    changes = [image.change() for image in config.images] or _carried(context.freight)
    path = await kustomization_in(context.workspace, config.path)
    before = await context.workspace.read(path)
    after = await asyncio.to_thread(set_images, before, changes)
    if after != before:
        await context.workspace.write(path, after)
    for change in changes:
        context.log(f"{path}: {_shown(change)}")
    return StepResult(output={"commitMessage": _message(config.path, changes)})


def _carried(freight: Sequence[FreightReference]) -> list[ImageChange]:
    """Every image of the Freight; raises InvalidError where a repository is in it twice."""
    origins: dict[str, str] = {}
    changes = []
    for reference in freight:
        for image in reference.images:
            if image.repo_url in origins:
                raise InvalidError(
                    f"{image.repo_url} comes from {origins[image.repo_url]} and from "
                    f"{reference.origin}; name the images, and which of them is meant",
                    field="images",
                )
            origins[image.repo_url] = str(reference.origin)
            changes.append(ImageChange(image.repo_url, "", image.tag, image.digest))
    if not changes:
        raise InvalidError("the Freight carries no image; name the images to set", field="images")
    return changes


def _message(path: str, changes: Sequence[ImageChange]) -> str:
    lines = "".join(f"\n- {_shown(change)}" for change in sorted(changes, key=_shown))
    return f"Updated {path} to use new image{'s' if len(changes) > 1 else ''}\n{lines}"


def _shown(change: ImageChange) -> str:
    """The image as it will run."""
    tag = f":{change.new_tag}" if change.new_tag not in {"", KEEP} else ""
    digest = f"@{change.digest}" if change.digest else ""
    return f"{change.new_name or change.name}{tag}{digest}"


KIND = StepKind(
    kind="kustomize-set-image",
    summary="Set images in a kustomization; no other byte changes.",
    config=Config,
    run=run,
    nature="workspace",
    outputs={"commitMessage": "the images that were set, as a message for git-commit"},
    example="""
- uses: kustomize-set-image
  as: update
  config:
    path: ./src/base
    images:
    - image: ghcr.io/example/shop
      tag: ${{ quote(imageFrom("ghcr.io/example/shop").Tag) }}
""",
)
