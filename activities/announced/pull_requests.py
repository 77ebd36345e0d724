"""git-open-pr, git-wait-for-pr and git-merge-pr: pull requests."""

from __future__ import annotations

from typing import Annotated, Final, Literal

from pydantic import Field

from activities.announced.announced import DURATION, Announced
from activities.kinds import StepConfig

_URL: Final = r"^[A-Za-z][A-Za-z0-9+.-]*:"
"""With a scheme; `git@host:path` is none, and forges are asked over HTTPS."""


class _Repository(StepConfig):
    """Where the pull request is."""

    repo_url: str = Field(min_length=1, pattern=_URL)
    """The repository."""
    provider: Literal["azure", "bitbucket", "gitea", "github", "gitlab"] | None = None
    """Who hosts it; without it, guessed from the host's name."""
    insecure_skip_tls_verify: bool | None = None
    """Whether any certificate will do."""


class OpenConfig(_Repository):
    """A pull request to open, or to find again."""

    source_branch: str = Field(min_length=1)
    """The branch to merge."""
    target_branch: str = Field(min_length=1)
    """The branch to merge it into; it must exist."""
    title: str | None = Field(default=None, min_length=1)
    """Its title; without it, the first line of the branch's last commit."""
    description: str | None = Field(default=None, min_length=1)
    """Its text."""
    labels: tuple[Annotated[str, Field(min_length=1)], ...] | None = None
    """Its labels."""
    create_target_branch: bool | None = None
    """Accepted, and without effect in Kargo too."""


class WaitConfig(_Repository):
    """A pull request to wait for."""

    pr_number: int = Field(ge=1)
    """Its number."""
    poll_interval: str | None = Field(default=None, pattern=DURATION)
    """How often to look; 30s unless given."""


class MergeConfig(_Repository):
    """A pull request to merge."""

    pr_number: int = Field(ge=1)
    """Its number."""
    merge_method: str | None = Field(default=None, min_length=1)
    """How to merge, in the provider's words: `squash`, `rebase`."""
    wait: bool | None = None
    """Whether to wait until it can be merged."""
    poll_interval: str | None = Field(default=None, pattern=DURATION)
    """How often to look while waiting; 10s unless given."""


_PR = {"pr": "the pull request: its `id` and `url`"}

KINDS = (
    Announced("git-open-pr", "Open a pull request; Skipped without a difference.", OpenConfig, _PR),
    Announced(
        "git-wait-for-pr",
        "Wait until a pull request is merged; Failed where it is closed.",
        WaitConfig,
        {"commit": "the merge commit", **_PR},
    ),
    Announced("git-merge-pr", "Merge a pull request.", MergeConfig, {"commit": "the merge commit"}),
)
