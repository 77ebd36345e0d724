"""`spec.promotionMechanisms` as Kargo 0.x had it (reference §2)."""

from __future__ import annotations

from typing import Any, Literal

from pydantic import Field

from ferryman.domain.freight import Origin
from ferryman.domain.model import Model


class _WithOrigin(Model):
    """Where artifacts come from; inherited by what is inside, unless that says otherwise."""

    origin: Origin | None = None


class KustomizeImage(_WithOrigin):
    """An image to set in the kustomization at `path`."""

    image: str
    path: str
    use_digest: bool = False


class Kustomize(_WithOrigin):
    """`kustomize edit set image`."""

    images: tuple[KustomizeImage, ...] = Field(min_length=1)


class HelmImage(_WithOrigin):
    """A key of a values file that follows an image."""

    image: str
    values_file_path: str
    key: str
    value: Literal["ImageAndTag", "Tag", "ImageAndDigest", "Digest"]


class HelmChart(_WithOrigin):
    """A dependency of the chart at `chart_path`."""

    repository: str
    name: str
    chart_path: str


class Helm(_WithOrigin):
    """Edits of values files and of charts' dependencies."""

    images: tuple[HelmImage, ...] = ()
    charts: tuple[HelmChart, ...] = ()


class PullRequest(Model):
    """Merge by pull request; the key that is there names the provider."""

    github: Any = None
    gitlab: Any = None


class GitRepoUpdate(_WithOrigin):
    """One repository to change."""

    repo_url: str
    insecure_skip_tls_verify: bool = False
    read_branch: str = ""
    write_branch: str = Field(min_length=1)
    pull_request: PullRequest | None = None
    kustomize: Kustomize | None = None
    helm: Helm | None = None


class ArgoCDKustomizeImage(_WithOrigin):
    """An image that an Application's kustomize source overrides."""

    image: str
    use_digest: bool = False


class ArgoCDKustomize(_WithOrigin):
    """Overrides of a kustomize source."""

    images: tuple[ArgoCDKustomizeImage, ...] = Field(min_length=1)


class ArgoCDHelmImage(_WithOrigin):
    """A Helm parameter that follows an image."""

    image: str
    key: str
    value: Literal["ImageAndTag", "Tag", "ImageAndDigest", "Digest"]


class ArgoCDHelm(_WithOrigin):
    """Parameters of a Helm source."""

    images: tuple[ArgoCDHelmImage, ...] = Field(min_length=1)


class ArgoCDSourceUpdate(_WithOrigin):
    """One source of an Application to change."""

    repo_url: str
    chart: str = ""
    update_target_revision: bool = False
    kustomize: ArgoCDKustomize | None = None
    helm: ArgoCDHelm | None = None


class ArgoCDAppUpdate(_WithOrigin):
    """One Application to change and sync."""

    app_name: str
    app_namespace: str = ""
    source_updates: tuple[ArgoCDSourceUpdate, ...] = ()


class PromotionMechanisms(_WithOrigin):
    """How Freight got into a Stage: all git updates first, then Argo CD."""

    git_repo_updates: tuple[GitRepoUpdate, ...] = ()
    argo_cd_app_updates: tuple[ArgoCDAppUpdate, ...] = Field(default=(), alias="argoCDAppUpdates")


def innermost(*origins: Origin | None) -> str:
    """The Warehouse that holds, of origins named from the inside outwards; "" for none."""
    return next((origin.name for origin in origins if origin), "")
