"""git-commit: commit every difference in a checkout."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from pydantic import Field

from activities.kinds import StepConfig, StepContext, StepKind, StepResult
from activities.tools.authors import Author, committer
from activities.tools.paths import TreePath
from ferryman.domain.step import StepStatus


class Config(StepConfig):
    """Which checkout, and what to say."""

    path: TreePath = Field(min_length=1)
    """The folder of the checkout."""
    message: str = Field(min_length=1)
    """What the commit says; secrets in it are masked."""
    author: Author | None = None
    """Who made the change; with a `signingKey` the commit is theirs altogether, else git-clone's
    author commits it."""


async def run(config: Config, context: StepContext) -> StepResult:
    """Commit; without a difference the step is Skipped. A second run makes the same commit."""
    checkout = context.workspace.checkout(config.path)
    pins = dict(context.pins) or {
        "date": context.now.isoformat(),
        "message": context.scrub(config.message),
    }
    who = committer(context, config.path)
    author = config.author.identity() if config.author else who
    if author.signing_key:
        who = author  # a signature vouches for the committer
    key, value = context.trailer
    made = await checkout.commit(
        pins["message"],
        author=author,
        # What was signed or not the first time stays so.
        committer=replace(who, signing_key="") if context.pins else who,
        date=datetime.fromisoformat(pins["date"]),
        trailers={key: value},
        signature=pins.get("signature", ""),
    )
    if made is None:
        head = await checkout.head()
        message = "nothing differs from the last commit"
        return StepResult(status=StepStatus.SKIPPED, message=message, output={"commit": head})
    context.workspace.note(config.path, trailer=value)
    if config.author and config.author.signing_key:
        context.workspace.note(config.path, signer_step=context.path)
    signed = ", signed" if made.signature else ""
    context.log(f"{config.path}: commit {made.id}{signed}")
    if made.signature:
        pins["signature"] = made.signature
    return StepResult(output={"commit": made.id}, pins=pins)


KIND = StepKind(
    kind="git-commit",
    summary="Commit every difference in a checkout; without one the step is Skipped.",
    config=Config,
    run=run,
    nature="workspace",
    outputs={"commit": "the new commit, or the present one when nothing differs"},
    example="""
- uses: git-commit
  as: commit
  config:
    path: ./out
    message: "${{ ctx.stage }}: ${{ imageFrom('ghcr.io/org/app').Tag }}"
""",
)
