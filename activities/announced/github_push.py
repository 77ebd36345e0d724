"""github-push: commits that GitHub signs."""

from __future__ import annotations

from typing import Self

from pydantic import Field, model_validator

from activities.announced.announced import Announced
from activities.kinds import StepConfig


class Config(StepConfig):
    """Which checkout, and where to."""

    path: str = Field(min_length=1)
    """The checkout."""
    target_branch: str | None = None
    """The branch to push to; without it, the one that was checked out."""
    generate_target_branch: bool | None = None
    """Whether to push to a branch of this Promotion's own."""
    force: bool = False
    """Whether to overwrite the branch."""
    max_attempts: int | None = Field(default=None, ge=1, le=2147483647)
    """How often to try when others push meanwhile."""
    insecure_skip_tls_verify: bool = False
    """Whether any certificate will do."""

    @model_validator(mode="after")
    def _one_target(self) -> Self:
        if self.target_branch and self.generate_target_branch:
            raise ValueError("give at most one of targetBranch and generateTargetBranch")
        return self


KINDS = (
    Announced(
        "github-push",
        "Push commits that GitHub makes anew, and signs.",
        Config,
        {
            "commit": "the commit on the remote",
            "branch": "the branch that was pushed to",
            "commitURL": "where GitHub shows it",
        },
    ),
)
