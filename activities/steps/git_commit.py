"""git-commit: commit every difference in a checkout."""

from __future__ import annotations

from datetime import datetime

from pydantic import Field

from activities.kinds import StepConfig, StepContext, StepKind, StepResult
from activities.tools.authors import Author
from ferryman.domain.ports import GitAuthor
from ferryman.domain.step import StepStatus


class Config(StepConfig):
    """Which checkout, and what to say."""

    path: str = Field(min_length=1)
    message: str = Field(min_length=1)
    author: Author | None = None


async def run(config: Config, context: StepContext) -> StepResult:
    """Commit; without a difference the step is Skipped. A second run makes the same commit."""
    checkout = context.workspace.checkout(config.path)
    pins = context.pins or {
        "date": context.now.isoformat(),
        "message": context.scrub(config.message),
    }
    given = GitAuthor(
        name=context.workspace.noted(config.path, "author_name", context.author.name),
        email=context.workspace.noted(config.path, "author_email", context.author.email),
    )
    author = GitAuthor(config.author.name, config.author.email) if config.author else given
    key, value = context.trailer
    commit = await checkout.commit(
        pins["message"],
        author=author,
        committer=given,
        date=datetime.fromisoformat(pins["date"]),
        trailers={key: value},
    )
    if commit is None:
        head = await checkout.head()
        message = "nothing differs from the last commit"
        return StepResult(status=StepStatus.SKIPPED, message=message, output={"commit": head})
    context.workspace.note(config.path, trailer=value)
    context.log(f"{config.path}: commit {commit}")
    return StepResult(output={"commit": commit}, pins=pins)


KIND = StepKind(
    kind="git-commit",
    summary="Commit every difference in a checkout; without one the step is Skipped.",
    config=Config,
    run=run,
    nature="workspace",
    outputs={"commit": "the new commit, or the present one when nothing differs"},
)
