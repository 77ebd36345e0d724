"""git-clone: check out branches, tags or commits of a repository into folders."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any, Self

from pydantic import Field, model_validator

from activities.kinds import StepConfig, StepContext, StepKind, StepResult
from activities.tools.authors import Author
from activities.tools.paths import TreePath, confined
from activities.tools.submodules import hold_of, populate
from ferryman.domain.errors import InvalidError
from ferryman.domain.ports import Checkout, GitRemote
from ferryman.domain.urls import without_userinfo


class CheckoutConfig(StepConfig):
    """One folder; at most one of branch, commit and tag (none: the default branch)."""

    path: TreePath = Field(min_length=1)
    """Where to check out, relative to the Promotion's folder."""
    as_: str = Field(default="", alias="as")
    """The key of this checkout's commit in the output; none: its path."""
    branch: str | None = None
    """A branch, as it is at the remote now."""
    commit: str | None = None
    """A commit's id, of 7 digits or more, that a branch or tag leads to."""
    tag: str | None = None
    """A tag."""
    create: bool = False
    """Make the branch, empty, where the remote lacks it; it is pushed at once, as in Kargo."""
    sparse: tuple[Annotated[str, Field(min_length=1)], ...] = Field(default=(), min_length=1)
    """Show these folders only, and the files (not the folders) of the root and of each folder on
    the way to them. All else is out of the steps' sight, and stays as it is in each commit."""

    @model_validator(mode="before")
    @classmethod
    def _key_as_written(cls, data: Any) -> Any:
        """A slash in front of the path belongs to the key, though not to the folder."""
        path = data.get("path") if isinstance(data, Mapping) else None
        if isinstance(path, str) and path.startswith("/"):
            return {"as": path, **data}
        return data

    @model_validator(mode="after")
    def _one_revision(self) -> Self:
        if sum(map(bool, (self.branch, self.commit, self.tag))) > 1:
            raise ValueError("give at most one of branch, commit and tag")
        return self


class Config(StepConfig):
    """What to clone, and what to check out of it."""

    repo_url: str = Field(min_length=1)
    """`https://…`, `http://…`, `ssh://…` or `user@host:path`."""
    checkout: tuple[CheckoutConfig, ...] = Field(min_length=1)
    """Any number of folders; all come from the same mirror."""
    author: Author | None = None
    """Who commits in these checkouts, and the key that signs; none: the system's."""
    insecure_skip_tls_verify: bool | None = None
    """Take any certificate of the server's; better give its authority as the Secret's caCert."""
    blobless: bool | None = None
    """Accepted; mirrors are kept on the worker's disk, and fetched from incrementally."""
    recurse_submodules: bool | None = None
    """Check submodules out, too, each by the credential for its own URL. A commit in one does not
    move its parent's pointer."""


async def run(config: Config, context: StepContext) -> StepResult:
    """Check every folder out; a second run takes the commits of the first."""
    remote = await context.remotes(
        config.repo_url, insecure_skip_tls_verify=bool(config.insecure_skip_tls_verify)
    )
    context.log(f"fetching {without_userinfo(remote.url)}")
    pins: dict[str, Any] = {}
    commits: dict[str, str] = {}
    for wanted in config.checkout:
        pinned = context.pins.get(wanted.path, {})
        checkout = await _check_out(wanted, remote, context, pinned)
        head = await checkout.head()
        branch = pinned.get("branch") or checkout.branch or ""
        pins[wanted.path] = {"commit": head, "branch": branch}
        commits[wanted.as_ or wanted.path] = head
        facts = {
            "url": config.repo_url,
            "insecure": remote.insecure_skip_tls_verify,
            "branch": branch,
            "trailer": "",
            **_noted(config.author, context),
        }
        context.workspace.add_checkout(wanted.path, checkout, **facts)
        context.log(f"{wanted.path}: {branch or 'detached'} at {head}")
        if config.recurse_submodules:
            await populate(wanted.path, checkout, context, facts)
    return StepResult(output={"commits": commits}, pins=pins)


def _noted(author: Author | None, context: StepContext) -> dict[str, str]:
    """What later steps have to know of the author; the key stays in our recorded config."""
    if author is None:
        return {}
    return {
        "author_name": author.name,
        "author_email": author.email,
        "author_step": context.path,
    }


async def _check_out(
    wanted: CheckoutConfig, remote: GitRemote, context: StepContext, pinned: Mapping[str, str]
) -> Checkout:
    root = confined(context.workspace.root, wanted.path, field="checkout.path")
    if root.exists() and any(root.iterdir()):
        message = f"{wanted.path!r} has files in it already; check out into a folder of its own"
        raise InvalidError(message, field="checkout.path")
    hold = hold_of(context, wanted.path)
    if pinned:
        return await context.git.clone(
            remote, root, commit=pinned["commit"], sparse=wanted.sparse, hold=hold
        )
    return await context.git.clone(
        remote,
        root,
        branch=wanted.branch or "",
        tag=wanted.tag or "",
        commit=wanted.commit or "",
        create=wanted.create,
        sparse=wanted.sparse,
        before=context.fence,
        hold=hold,
    )


KIND = StepKind(
    kind="git-clone",
    summary="Check out branches, tags or commits of a git repository into folders.",
    config=Config,
    run=run,
    nature="workspace",
    outputs={"commits": "the commit of each checkout, by its `as`, else its path"},
    example="""
- uses: git-clone
  config:
    repoURL: https://git.example.com/org/deploy.git
    checkout:
    - branch: main
      path: ./src
    - branch: stage/${{ ctx.stage }}
      create: true
      path: ./out
""",
)
