"""git-tag: put an annotated tag on the head of a checkout; git-push with `tag` pushes it."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from pydantic import ConfigDict, Field

from activities.kinds import StepConfig, StepContext, StepKind, StepResult
from activities.tools.authors import Author, committer
from activities.tools.paths import TreePath
from ferryman.domain.errors import ConflictError
from ferryman.domain.ports import Checkout
from ferryman.domain.urls import without_userinfo


class Config(StepConfig):
    """Which checkout, and what to call its head; other keys are let pass, as Kargo does."""

    model_config = ConfigDict(extra="ignore")

    path: TreePath = Field(min_length=1)
    """The folder of the checkout."""
    tag: str = Field(min_length=1)
    """The tag's name."""
    message: str = Field(min_length=1)
    """What the tag says."""
    force: bool = False
    """Make the tag though there is one of that name at another commit."""
    signer: Author | None = None
    """Who tags, and the key that signs; none: who commits in this checkout (Kargo's older form)."""


async def run(config: Config, context: StepContext) -> StepResult:
    """Tag the head. A second run makes the same tag."""
    checkout = context.workspace.checkout(config.path)
    tagger = config.signer.identity() if config.signer else committer(context, config.path)
    pins = dict(context.pins)
    if pins:
        tagger = replace(tagger, signing_key="")  # what was signed or not then stays so
    else:
        await _check_free(config, checkout, context)
        pins = {"date": context.now.isoformat(), "message": context.scrub(config.message)}
    name, value = context.trailer
    made = await checkout.tag(
        config.tag,
        pins["message"],
        tagger=tagger,
        date=datetime.fromisoformat(pins["date"]),
        trailers={name: value},
        signature=pins.get("signature", ""),
    )
    commit = await checkout.head()
    context.log(f"{config.path}: tag {config.tag} at {commit}")
    return StepResult(output={"commit": commit}, pins=pins | {"signature": made.signature})


async def _check_free(config: Config, checkout: Checkout, context: StepContext) -> None:
    """Raise ConflictError where the name is taken; at this commit it is an earlier run's."""
    if config.force:
        return
    url = context.workspace.noted(config.path, "url")
    remote = await context.remotes(
        url, insecure_skip_tls_verify=context.workspace.noted(config.path, "insecure") == "True"
    )
    there = await checkout.tagged(remote, config.tag)
    if there and there != await checkout.head():
        message = (
            f"{without_userinfo(url)} has the tag {config.tag!r} already, at {there[:7]}; "
            "choose another name, or set force here and in git-push to replace it"
        )
        raise ConflictError(message)


KIND = StepKind(
    kind="git-tag",
    summary="Put an annotated tag on the head of a checkout; git-push with `tag` pushes it.",
    config=Config,
    run=run,
    nature="workspace",
    outputs={"commit": "the commit that was tagged"},
    example="""
- uses: git-tag
  config:
    path: ./src
    tag: ${{ ctx.stage }}-${{ imageFrom("ghcr.io/example/shop").Tag }}
    message: ${{ ctx.stage }} runs ${{ imageFrom("ghcr.io/example/shop").Tag }}
- uses: git-push
  config:
    path: ./src
    tag: ${{ ctx.stage }}-${{ imageFrom("ghcr.io/example/shop").Tag }}
""",
)
