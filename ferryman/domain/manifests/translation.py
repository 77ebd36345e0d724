"""`promotionMechanisms` → steps that do what Kargo 0.8 did (reference §2)."""

from __future__ import annotations

from ferryman.domain.manifests.app_updates import app_of
from ferryman.domain.manifests.git_updates import GitUpdate
from ferryman.domain.manifests.mechanisms import PromotionMechanisms
from ferryman.domain.manifests.written_steps import Raw, Steps
from ferryman.domain.urls import normalize_git


def steps_of(mechanisms: PromotionMechanisms) -> list[Raw]:
    """The steps, as they would be written: all of git first, then Argo CD."""
    steps = Steps()
    pushed: dict[str, str] = {}
    for number, update in enumerate(mechanisms.git_repo_updates, start=1):
        revision = GitUpdate(steps, update, mechanisms.origin, number).write()
        pushed[normalize_git(update.repo_url)] = revision
    if mechanisms.argo_cd_app_updates:
        apps = [app_of(app, mechanisms.origin, pushed) for app in mechanisms.argo_cd_app_updates]
        steps.add("argocd-update", "sync", {"apps": apps})
    return steps.written
