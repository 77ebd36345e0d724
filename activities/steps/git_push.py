"""git-push: put a checkout's commits on a branch of the remote, or one of its tags there."""

from __future__ import annotations

from typing import Literal, Self
from urllib.parse import urlsplit

from pydantic import Field, model_validator

from activities.kinds import StepConfig, StepContext, StepKind, StepResult
from activities.tools.authors import last_key
from activities.tools.paths import TreePath
from ferryman.domain.errors import InvalidError
from ferryman.domain.ports import Checkout, GitRemote, Pushed
from ferryman.domain.urls import without_userinfo

_COMMIT_PAGES = {
    "github": "commit",
    "gitlab": "-/commit",
    "gitea": "commit",
    "bitbucket": "commits",
    "azure": "commit",
}


class Config(StepConfig):
    """Which checkout, and where to."""

    path: TreePath = Field(min_length=1)
    """The folder of the checkout."""
    target_branch: str | None = None
    """None, and no generated one: the branch that was checked out."""
    generate_target_branch: bool = False
    """Push to `kargo/promotion/<promotion>`, which is this Promotion's own."""
    tag: str | None = None
    """Push this tag, which a git-tag step has made, instead of a branch."""
    force: bool = False
    """Replace what is there; for a tag, too, which Kargo does not allow."""
    max_attempts: int = Field(default=10, ge=1, le=2147483647)
    """How often to try again on top of what others pushed meanwhile."""
    provider: Literal["azure", "bitbucket", "gitea", "github", "gitlab"] | None = None
    """Whose pages `commitURL` leads to; none: told by the host's name."""

    @model_validator(mode="after")
    def _one_target(self) -> Self:
        if sum(map(bool, (self.target_branch, self.generate_target_branch, self.tag))) > 1:
            raise ValueError("give at most one of targetBranch, generateTargetBranch and tag")
        return self


async def run(config: Config, context: StepContext) -> StepResult:
    """Push; commits that an earlier attempt had pushed are found, and not pushed again."""
    workspace = context.workspace
    checkout = workspace.checkout(config.path)
    url = workspace.noted(config.path, "url")
    remote = await context.remotes(
        url, insecure_skip_tls_verify=workspace.noted(config.path, "insecure") == "True"
    )
    context.log(f"pushing to {without_userinfo(remote.url)}")
    pushed = await _push(config, context, checkout, remote)
    found = " (it was there already)" if pushed.already else ""
    context.log(f"{config.tag or pushed.branch}: {pushed.commit}{found}")
    for note in pushed.notes:
        context.log(note)
    output = {"commit": pushed.commit} | ({} if config.tag else {"branch": pushed.branch})
    page = _commit_page(url, config.provider, pushed.commit)
    return StepResult(
        output=output | ({"commitURL": page} if page else {}), pins={"commit": pushed.commit}
    )


async def _push(
    config: Config, context: StepContext, checkout: Checkout, remote: GitRemote
) -> Pushed:
    if config.tag:
        return await checkout.push_tag(
            remote,
            config.tag,
            force=config.force,
            max_attempts=config.max_attempts,
            before=context.fence,
        )
    key, _ = context.trailer
    force = config.force or config.generate_target_branch
    if not force:
        context.let_go()  # so that all that wait for one branch can go together
    return await checkout.push(
        remote,
        branch=_branch(config, context),
        force=force,
        trailer=(key, context.workspace.noted(config.path, "trailer")),
        max_attempts=config.max_attempts,
        before=context.fence,
        signing_key=last_key(context, config.path),
    )


async def replay(config: Config, context: StepContext) -> StepResult:
    """Stand on what was pushed; where nothing was rebased, the tree stands there already."""
    if config.tag:
        return StepResult(pins=context.pins)
    checkout, pushed = context.workspace.checkout(config.path), str(context.pins["commit"])
    if await checkout.head() != pushed:
        await checkout.reset(pushed)
    return StepResult(pins=context.pins)


def _branch(config: Config, context: StepContext) -> str:
    if config.generate_target_branch:
        return f"kargo/promotion/{context.promotion}"
    branch = config.target_branch or context.workspace.noted(config.path, "branch")
    if not branch:
        raise InvalidError(
            "a commit or tag was checked out, so there is no branch to push to; name one",
            field="targetBranch",
        )
    return branch


def _commit_page(url: str, provider: str | None, commit: str) -> str:
    """Where the provider shows a commit; "" where we cannot tell."""
    parts = urlsplit(without_userinfo(url))
    name = provider or next((p for p in _COMMIT_PAGES if p in (parts.hostname or "")), "")
    if parts.scheme not in {"http", "https"} or not name:
        return ""
    repository = parts.geturl().removesuffix("/").removesuffix(".git")
    return f"{repository}/{_COMMIT_PAGES[name]}/{commit}"


KIND = StepKind(
    kind="git-push",
    summary="Put a checkout's commits on a branch of the remote, rebased where it moved on.",
    config=Config,
    run=run,
    replay=replay,
    nature="effect",
    outputs={
        "commit": "the commit on the remote: rebasing may have changed it",
        "branch": "the branch that was pushed to; none for a tag",
        "commitURL": "where the provider shows it, if it is a known one",
    },
    example="""
- uses: git-push
  as: push
  config:
    path: ./out
    targetBranch: main
""",
)
