"""Builders: a pipeline `development → staging → production`, its Warehouse and Freight.

Models, not YAML; `tests/samples.py` has the same for tests that speak YAML.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from ferryman.domain.freight import (
    ApprovedFor,
    CurrentlyIn,
    Freight,
    FreightStatus,
    Image,
    Origin,
    VerifiedIn,
)
from ferryman.domain.policy import PromotionPolicy
from ferryman.domain.project import Project, ProjectConfig
from ferryman.domain.resource import Metadata, Resource
from ferryman.domain.secret import Secret
from ferryman.domain.stage import Stage
from ferryman.domain.warehouse import Warehouse

NOW = datetime(2026, 1, 5, 9, tzinfo=UTC)
HOUR = timedelta(hours=1)
PROJECT = "shop"
APP = Origin(name="app")
REPOSITORY = "registry.example/shop/app"
STEPS = ("git-clone", "yaml-update", "git-push")


def project(name: str = PROJECT) -> Project:
    """A tenant."""
    return Project(metadata=Metadata(name=name))


def config(*auto: str, name: str = PROJECT) -> ProjectConfig:
    """Settings that let Freight into the Stages named `auto` by itself."""
    rules = [{"stageSelector": {"name": s}, "autoPromotionEnabled": True} for s in auto]
    return ProjectConfig(metadata=_meta(name, name), spec={"promotionPolicies": rules})


def policy(required: int = 1, stage: str = "production", name: str = "ask") -> PromotionPolicy:
    """People are asked before Freight goes into `stage`."""
    spec = {"stageSelector": {"name": stage}, "approvals": {"required": required}}
    return PromotionPolicy(metadata=_meta(name), spec=spec)


def warehouse(name: str = "app", project: str = PROJECT) -> Warehouse:
    """What watches one image."""
    spec = {"subscriptions": [{"image": {"repoURL": REPOSITORY}}]}
    return Warehouse(metadata=_meta(name, project), spec=spec)


def stage(
    name: str,
    *after: str,
    origins: Sequence[str] = ("app",),
    steps: Sequence[str | dict[str, Any]] = STEPS,
    soak: str | None = None,
    every: bool = False,
    match_upstream: bool = False,
    project: str = PROJECT,
) -> Stage:
    """A Stage that takes Freight from the Stages `after`, or straight from the Warehouses."""
    sources: dict[str, Any] = {"stages": after} if after else {"direct": True}
    sources["requiredSoakTime"] = soak
    sources["availabilityStrategy"] = "All" if every else "OneOf"
    if match_upstream:
        sources["autoPromotionOptions"] = {"selectionPolicy": "MatchUpstream"}
    written = [{"uses": s} if isinstance(s, str) else s for s in steps]
    spec = {
        "requestedFreight": [{"origin": {"name": o}, "sources": sources} for o in origins],
        "promotionTemplate": {"spec": {"steps": written}},
    }
    return Stage(metadata=_meta(name, project), spec=spec)


def pipeline(*auto: str, approvals: int = 0) -> list[Resource]:
    """The whole: three Stages in a row, of which `auto` promote by themselves."""
    asked = [policy(approvals)] if approvals else []
    return [
        project(),
        config(*auto),
        warehouse(),
        stage("development"),
        stage("staging", "development"),
        stage("production", "staging"),
        *asked,
    ]


def freight(
    number: int,
    *,
    origin: str = "app",
    alias: str = "",
    at: datetime | None = None,
    status: FreightStatus | None = None,
    project: str = PROJECT,
) -> Freight:
    """Version 1.<number>.0 of an image; it is discovered `number` minutes after NOW."""
    image = Image(repo_url=REPOSITORY, tag=f"1.{number}.0", digest=f"sha256:{number:064x}")
    name = hashlib.sha1(f"{origin}/{image.tag}".encode(), usedforsecurity=False).hexdigest()
    return Freight(
        metadata=_meta(name, project),
        alias=alias,
        origin=Origin(name=origin),
        images=(image,),
        discovered_at=at or NOW + timedelta(minutes=number),
        status=status or FreightStatus(),
    )


def standing(
    *,
    here: dict[str, datetime] | None = None,
    verified: dict[str, timedelta] | None = None,
    approved: Sequence[str] = (),
) -> FreightStatus:
    """Where a Freight is (since when), was found good (longest stay so far), and may go."""
    return FreightStatus(
        currently_in={s: CurrentlyIn(since=since) for s, since in (here or {}).items()},
        verified_in={
            s: VerifiedIn(verified_at=NOW, longest_soak=longest)
            for s, longest in (verified or {}).items()
        },
        approved_for={s: ApprovedFor(approved_at=NOW) for s in approved},
    )


def secret(name: str = "git", **data: str) -> Secret:
    """A credential."""
    labels = {"kargo.akuity.io/cred-type": "git"}
    return Secret(metadata=_meta(name).model_copy(update={"labels": labels}), data=data)


def _meta(name: str, project: str = PROJECT) -> Metadata:
    return Metadata(name=name, namespace=project)
