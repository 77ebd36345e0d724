"""Submodules: checkouts within a checkout, each from a mirror and by a credential of its own."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from typing import Any

from activities.kinds import StepContext
from activities.tools.paths import confined
from ferryman.domain.errors import PermanentError
from ferryman.domain.ports import Checkout
from ferryman.domain.urls import check_git_url, without_userinfo

_DEEPEST = 8
_MOST = 100


def hold_of(context: StepContext, folder: str) -> str:
    """What keeps the commits of this step's checkout at `folder`."""
    place = hashlib.sha256(f"{context.path}/{folder}".encode()).hexdigest()[:12]
    return f"{context.project}/{context.workspace.folder.name}/{place}"


async def populate(
    folder: str, checkout: Checkout, context: StepContext, facts: Mapping[str, Any]
) -> None:
    """Check out the submodules of the checkout at `folder`, and theirs; `facts` are noted of each.

    Which commits is pinned by the parent's own. Raises PermanentError beyond 8 levels or 100
    submodules, InvalidError for URLs that git may not be given.
    """
    waiting = [(folder, checkout, str(facts["url"]), 1)]
    found = 0
    while waiting:
        outer, parent, url, depth = waiting.pop()
        for inner in await parent.submodules(url):
            found += 1
            if depth > _DEEPEST or found > _MOST:
                raise PermanentError(
                    f"{without_userinfo(url)} has more than {_MOST} submodules, or some that lie "
                    f"more than {_DEEPEST} levels deep; check out those that you need by git-clone"
                )
            _check(inner.url)
            at = f"{outer}/{inner.path}"
            made = await _check_out(at, inner.url, inner.commit, context, facts)
            await parent.nest(inner.path)
            waiting.append((at, made, inner.url, depth + 1))


async def _check_out(
    at: str, url: str, commit: str, context: StepContext, facts: Mapping[str, Any]
) -> Checkout:
    remote = await context.remotes(url, insecure_skip_tls_verify=bool(facts["insecure"]))
    root = confined(context.workspace.root, at, field="recurseSubmodules")
    made = await context.git.clone(remote, root, commit=commit, hold=hold_of(context, at))
    context.workspace.add_checkout(at, made, **{**facts, "url": url, "branch": ""})
    context.log(f"{at}: submodule at {commit}")
    return made


def _check(url: str) -> None:
    """What a repository names is checked like what a step names; `file://` is for tests."""
    if not url.startswith("file:///"):  # the client refuses it where it is not allowed
        check_git_url(url, field="recurseSubmodules")
