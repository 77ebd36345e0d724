"""git-clone: check out branches, tags or commits of a repository into folders."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from typing import Any, Self

from pydantic import Field, model_validator

from activities.kinds import StepConfig, StepContext, StepKind, StepResult
from activities.tools.authors import Author
from activities.tools.paths import confined
from ferryman.domain.errors import InvalidError
from ferryman.domain.ports import Checkout, GitRemote


class CheckoutConfig(StepConfig):
    """One folder; at most one of branch, commit and tag (none: the default branch)."""

    path: str = Field(min_length=1)
    as_: str = Field(default="", alias="as")
    branch: str | None = None
    commit: str | None = None
    tag: str | None = None
    create: bool = False
    """Make the branch, empty, where the remote lacks it."""
    sparse: tuple[str, ...] = ()
    """Accepted; only what steps read comes to disk anyway."""

    @model_validator(mode="after")
    def _one_revision(self) -> Self:
        if sum(map(bool, (self.branch, self.commit, self.tag))) > 1:
            raise ValueError("give at most one of branch, commit and tag")
        return self


class Config(StepConfig):
    """What to clone, and what to check out of it."""

    repo_url: str = Field(min_length=1)
    checkout: tuple[CheckoutConfig, ...] = Field(min_length=1)
    author: Author | None = None
    insecure_skip_tls_verify: bool | None = None
    blobless: bool | None = None
    """Accepted; mirrors are kept on the worker's disk, and fetched from incrementally."""
    recurse_submodules: bool | None = None

    @model_validator(mode="after")
    def _supported(self) -> Self:
        if self.recurse_submodules:
            raise ValueError("recurseSubmodules is not supported yet")
        if self.author and self.author.signing_key:
            raise ValueError("author.signingKey is not supported yet")
        return self


async def run(config: Config, context: StepContext) -> StepResult:
    """Check every folder out; a second run takes the commits of the first."""
    remote = await context.remotes(
        config.repo_url, insecure_skip_tls_verify=bool(config.insecure_skip_tls_verify)
    )
    author = config.author
    pins: dict[str, Any] = {}
    commits: dict[str, str] = {}
    for wanted in config.checkout:
        pinned = context.pins.get(wanted.path, {})
        checkout = await _check_out(wanted, remote, context, pinned)
        head = await checkout.head()
        branch = pinned.get("branch") or checkout.branch or ""
        pins[wanted.path] = {"commit": head, "branch": branch}
        commits[wanted.as_ or wanted.path] = head
        context.workspace.add_checkout(
            wanted.path,
            checkout,
            url=config.repo_url,
            insecure=remote.insecure_skip_tls_verify,
            branch=branch,
            trailer="",
            author_name=author.name if author else context.author.name,
            author_email=author.email if author else context.author.email,
        )
        context.log(f"{wanted.path}: {branch or 'detached'} at {head}")
    return StepResult(output={"commits": commits}, pins=pins)


async def _check_out(
    wanted: CheckoutConfig, remote: GitRemote, context: StepContext, pinned: Mapping[str, str]
) -> Checkout:
    root = confined(context.workspace.root, wanted.path, field="checkout.path")
    if root.exists() and any(root.iterdir()):
        message = f"{wanted.path!r} has files in it already; check out into a folder of its own"
        raise InvalidError(message, field="checkout.path")
    hold = hashlib.sha256(f"{context.path}/{wanted.path}".encode()).hexdigest()[:12]
    hold = f"{context.project}/{context.promotion}/{hold}"
    if pinned:
        return await context.git.clone(remote, root, commit=pinned["commit"], hold=hold)
    if wanted.create:
        await context.fence()
    return await context.git.clone(
        remote,
        root,
        branch=wanted.branch or "",
        tag=wanted.tag or "",
        commit=wanted.commit or "",
        create=wanted.create,
        hold=hold,
    )


KIND = StepKind(
    kind="git-clone",
    summary="Check out branches, tags or commits of a git repository into folders.",
    config=Config,
    run=run,
    nature="workspace",
    outputs={"commits": "the commit of each checkout, by its `as`, else its path"},
)
