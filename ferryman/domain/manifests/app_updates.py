"""One `argoCDAppUpdate` → an entry of `apps` in the step argocd-update."""

from __future__ import annotations

from ferryman.domain.freight import Origin
from ferryman.domain.manifests.lookups import (
    chart_from,
    commit_from,
    image_value,
    tag_or_digest,
    text,
)
from ferryman.domain.manifests.mechanisms import ArgoCDAppUpdate, ArgoCDSourceUpdate, innermost
from ferryman.domain.manifests.written_steps import Raw
from ferryman.domain.urls import normalize_git


def app_of(app: ArgoCDAppUpdate, inherited: Origin | None, pushed: dict[str, str]) -> Raw:
    """The entry; `pushed` has the expression for the commit of each repository that was written."""
    origin = app.origin or inherited
    sources = [_source(source, origin, pushed) for source in app.source_updates]
    return (
        {"name": app.app_name}
        | ({"namespace": app.app_namespace} if app.app_namespace else {})
        | ({"sources": sources} if sources else {})
    )


def _source(update: ArgoCDSourceUpdate, inherited: Origin | None, pushed: dict[str, str]) -> Raw:
    origin = update.origin or inherited
    source: Raw = {"repoURL": update.repo_url}
    source |= {"chart": update.chart} if update.chart else {}
    source |= _revision(update, innermost(origin), pushed)
    if update.kustomize:
        above = update.kustomize.origin or origin
        images = [
            {"repoURL": i.image}
            | tag_or_digest(i.image, innermost(i.origin, above), use_digest=i.use_digest)
            for i in update.kustomize.images
        ]
        source["kustomize"] = {"images": images}
    if update.helm:
        above = update.helm.origin or origin
        images = [
            {"key": i.key, "value": image_value(i.value, i.image, innermost(i.origin, above))}
            for i in update.helm.images
        ]
        source["helm"] = {"images": images}
    return source


def _revision(update: ArgoCDSourceUpdate, warehouse: str, pushed: dict[str, str]) -> Raw:
    written = pushed.get(normalize_git(update.repo_url))
    if written and not update.chart:
        revision = written
    elif not update.update_target_revision:
        return {}
    elif update.chart:
        # Argo CD writes the repositories of OCI charts without their scheme.
        http = update.repo_url.startswith(("http://", "https://"))
        repository = update.repo_url if http else f"oci://{update.repo_url.removeprefix('oci://')}"
        revision = f"{chart_from(repository, update.chart, warehouse)}.Version"
    else:
        revision = f"{commit_from(update.repo_url, warehouse)}.ID"
    target = {"updateTargetRevision": True} if update.update_target_revision else {}
    return {"desiredRevision": text(revision)} | target
