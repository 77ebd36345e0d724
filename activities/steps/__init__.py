"""The kinds of steps, one file each; STEPS is the only registry."""

from __future__ import annotations

from typing import Any

from activities.kinds import StepKind
from activities.steps import git_clear, git_clone, git_commit, git_push, yaml_update

STEPS: dict[str, StepKind[Any]] = {
    module.KIND.kind: module.KIND
    for module in (git_clone, git_clear, yaml_update, git_commit, git_push)
}
